package dev.goodhart.verify.vision;

/**
 * A rectangle with its sides along the axes.
 *
 * @param label what it holds, in lower case; empty where nobody says
 */
record Box(double left, double top, double right, double bottom, String label) {
  /** Whether it has an area. */
  boolean isProper() {
    return left < right && top < bottom;
  }

  double area() {
    return isProper() ? (right - left) * (bottom - top) : 0;
  }

  boolean contains(double x, double y) {
    return left <= x && x <= right && top <= y && y <= bottom;
  }

  /** The area of the intersection over that of the union, in [0, 1]; 0 for a box without area. */
  double iou(Box other) {
    if (!isProper() || !other.isProper()) {
      return 0;
    }
    double common = intersection(other);
    return common / (area() + other.area() - common);
  }

  /**
   * IoU − (C − U) / C with U the area of the union and C that of the smallest box around both, in
   * (−1, 1]: it also tells how far apart two boxes are that do not touch. −1 for a box without
   * area.
   */
  double giou(Box other) {
    if (!isProper() || !other.isProper()) {
      return -1;
    }
    double common = intersection(other);
    double union = area() + other.area() - common;
    double around =
        (Math.max(right, other.right) - Math.min(left, other.left))
            * (Math.max(bottom, other.bottom) - Math.min(top, other.top));
    return common / union - (around - union) / around;
  }

  private double intersection(Box other) {
    double width = Math.min(right, other.right) - Math.max(left, other.left);
    double height = Math.min(bottom, other.bottom) - Math.max(top, other.top);
    return width > 0 && height > 0 ? width * height : 0;
  }
}
