package dev.goodhart.verify.vision;

/** What the four numbers of a box are. */
public enum BoxFormat {
  /** Left, top, right, bottom. */
  XYXY,
  /** Left, top, width, height: COCO's. */
  XYWH,
  /** The centre, then width and height: YOLO's. */
  CXCYWH;

  Box box(double a, double b, double c, double d, String label) {
    return switch (this) {
      case XYXY -> new Box(a, b, c, d, label);
      case XYWH -> new Box(a, b, a + c, b + d, label);
      case CXCYWH -> new Box(a - c / 2, b - d / 2, a + c / 2, b + d / 2, label);
    };
  }
}
