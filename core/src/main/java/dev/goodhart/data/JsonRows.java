package dev.goodhart.data;

import dev.goodhart.GoodhartException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A list of objects, an object that holds one list of objects (the rows; what stands beside it is
 * about the file), or objects one after the other, over however many lines.
 *
 * <p>The text is cut into rows by counting brackets outside strings, and only then is a row decoded
 * and parsed: memory stays that of one row, and a row that is broken inside does not disturb the
 * next. Brackets that do not match end the reading with an error, as nothing tells where the next
 * row begins.
 */
final class JsonRows implements Ahead.Reader {
  /** Lists of objects that are one row's content, not rows. */
  private static final Set<String> CONTENT =
      Set.of(
          "messages",
          "conversations",
          "conversation",
          "prompt",
          "context",
          "chosen",
          "rejected",
          "completions",
          "completion",
          "responses",
          "response",
          "answers",
          "summaries",
          "tools");

  private final String file;
  private final int limit;
  private final InputStream in;
  private long line = 1;
  private int peeked = -2;

  /**
   * How many lists and objects around the rows are open: 0 at the top, 1 in a list, 2 in a list in
   * an object.
   */
  private int around;

  private boolean listInObject;
  private @Nullable String listName;

  JsonRows(Source source, int limit) throws IOException {
    this.file = source.file;
    this.limit = limit;
    this.in = source.stream();
    in.skipNBytes(Formats.skipMark(source.head));
    if (peek() == '[') {
      read();
      around = 1;
    }
  }

  @Override
  public @Nullable RowResult next() throws IOException {
    while (true) {
      int c = peek();
      if (c < 0) {
        if (around > 0) {
          throw new GoodhartException(file + ":" + line + ": the JSON ends inside the list");
        }
        return null;
      }
      if (c == ',' && around > 0) {
        read();
      } else if (c == ']' && around > 0) {
        read();
        around--;
        if (listInObject) {
          listInObject = false;
          skipRest();
        }
        if (peek() >= 0) {
          throw new GoodhartException(file + ":" + line + ": more text after the end of the list");
        }
        return null;
      } else {
        Line element = element(around == 0);
        if (element != null) {
          return Json.row(file, element, limit);
        }
      }
    }
  }

  /**
   * The bytes of the next value.
   *
   * @param top whether an object may turn out to hold the rows: then null is returned, with the
   *     reader at the first row
   */
  private @Nullable Line element(boolean top) throws IOException {
    long begin = line;
    Piece piece = new Piece();
    int depth = 0;
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    String lastKey = "";
    do {
      int c = read();
      if (c < 0) {
        throw new GoodhartException(
            file + ":" + begin + ": the JSON ends inside the row that begins here");
      }
      piece.add(c);
      if (c == '"') {
        key.reset();
        string(piece, depth == 1 && top ? key : null, begin);
        if (depth == 1 && top && peek() == ':') {
          lastKey = key.toString(java.nio.charset.StandardCharsets.UTF_8);
        }
      } else if (c == '{' || c == '[') {
        depth++;
        if (top && c == '[' && depth == 2 && peek() == '{' && !CONTENT.contains(lastKey)) {
          around++;
          listInObject = true;
          listName = lastKey;
          return null;
        }
      } else if (c == '}' || c == ']') {
        depth--;
      } else if (depth == 0) {
        scalar(piece);
      }
    } while (depth > 0);
    return piece.line(begin);
  }

  private void scalar(Piece piece) throws IOException {
    for (int c = peekRaw();
        c >= 0 && ",]}[{".indexOf(c) < 0 && !Formats.isSpace((byte) c);
        c = peekRaw()) {
      piece.add(read());
    }
  }

  private void string(Piece piece, @Nullable ByteArrayOutputStream copy, long begin)
      throws IOException {
    while (true) {
      int c = read();
      if (c < 0) {
        throw new GoodhartException(
            file + ":" + begin + ": the JSON ends inside the row that begins here");
      }
      piece.add(c);
      if (c == '"') {
        return;
      }
      if (copy != null && copy.size() < 100) {
        copy.write(c);
      }
      if (c == '\\') {
        piece.add(Math.max(read(), 0));
      }
    }
  }

  /**
   * Reads what stands after the rows in the object around them; a second list of objects would be
   * lost silently.
   */
  private void skipRest() throws IOException {
    int depth = 1;
    Piece nothing = new Piece();
    while (depth > 0) {
      int c = read();
      if (c < 0) {
        throw new GoodhartException(file + ":" + line + ": the JSON ends inside the object");
      } else if (c == '"') {
        string(nothing, null, line);
        nothing = new Piece();
      } else if (c == '{' || c == '[') {
        depth++;
        if (c == '[' && depth == 2 && peek() == '{') {
          throw new GoodhartException(
              file
                  + ":"
                  + line
                  + ": a second list of objects beside '"
                  + listName
                  + "': put the rows to read in a file of their own");
        }
      } else if (c == '}' || c == ']') {
        depth--;
      }
    }
  }

  /** The next byte that is no white space, left in place. */
  private int peek() throws IOException {
    while (peekRaw() >= 0 && Formats.isSpace((byte) peeked)) {
      read();
    }
    return peeked;
  }

  private int peekRaw() throws IOException {
    if (peeked == -2) {
      peeked = in.read();
    }
    return peeked;
  }

  private int read() throws IOException {
    int c = peekRaw();
    peeked = -2;
    line += c == '\n' ? 1 : 0;
    return c;
  }

  /** Collects a row's bytes up to the limit. */
  private final class Piece {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    private long length;

    void add(int c) {
      length++;
      if (length <= limit) {
        bytes.write(c);
      }
    }

    Line line(long number) {
      return new Line(number, bytes.toByteArray(), length);
    }
  }
}
