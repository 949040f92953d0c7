package dev.goodhart.verify.sql;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What SQLite's process answers: a length, and so many bytes of a table, a time or a failure. The
 * reader trusts no length in it beyond those bytes.
 */
final class Answer {
  static final int READY = 0x51;
  static final int EXIT_MEMORY = 87;
  static final int EXIT_TIME = 86;
  static final int EXIT_BROKEN = 85;

  private static final int TABLE = 0;
  private static final int TIME = 1;
  private static final int FAILURE = 2;

  /** The result is more than the asker takes. */
  static final class TooLarge extends RuntimeException {
    private final Trouble trouble;

    TooLarge(Trouble trouble, String message) {
      super(message);
      this.trouble = trouble;
    }

    Trouble trouble() {
      return trouble;
    }
  }

  private ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 12);
  private DataOutputStream body = new DataOutputStream(bytes);

  void clear() {
    // What a large result has left behind goes back.
    bytes = new ByteArrayOutputStream(1 << 12);
    body = new DataOutputStream(bytes);
  }

  void send(DataOutputStream out) throws IOException {
    out.writeInt(bytes.size());
    bytes.writeTo(out);
    out.flush();
  }

  void failure(Trouble trouble, String detail) {
    write(
        () -> {
          body.writeByte(FAILURE);
          text(trouble.name());
          text(detail.length() > 300 ? detail.substring(0, 300) : detail);
        });
  }

  void time(long nanos) {
    write(
        () -> {
          body.writeByte(TIME);
          body.writeLong(nanos);
        });
  }

  void table(ResultSet result, Ask ask, long start) throws SQLException {
    ResultSetMetaData labels = result.getMetaData();
    int width = labels.getColumnCount();
    List<String> names = new ArrayList<>(width);
    for (int i = 1; i <= width; i++) {
      names.add(labels.getColumnLabel(i));
    }
    write(
        () -> {
          body.writeByte(TABLE);
          body.writeInt(width);
          for (String name : names) {
            text(name);
          }
        });
    for (int rows = 1; result.next(); rows++) {
      if (rows > ask.rows()) {
        throw new TooLarge(Trouble.ROW_LIMIT, "more than " + ask.rows() + " rows");
      }
      write(() -> body.writeBoolean(true));
      for (int i = 1; i <= width; i++) {
        Object value = result.getObject(i);
        write(() -> value(value));
        if (body.size() > ask.resultBytes()) {
          throw new TooLarge(Trouble.SIZE_LIMIT, "more than " + ask.resultBytes() + " bytes");
        }
      }
    }
    write(
        () -> {
          body.writeBoolean(false);
          body.writeLong(System.nanoTime() - start);
        });
  }

  private interface Writing {
    void run() throws IOException;
  }

  private static void write(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
  }

  private void value(@Nullable Object value) throws IOException {
    switch (value) {
      case null -> body.writeByte(0);
      case Integer n -> number(n);
      case Long n -> number(n);
      case Number n -> {
        body.writeByte(2);
        body.writeDouble(n.doubleValue());
      }
      case byte[] blob -> {
        body.writeByte(4);
        body.writeInt(blob.length);
        body.write(blob);
      }
      default -> {
        body.writeByte(3);
        text(value.toString());
      }
    }
  }

  private void number(long n) throws IOException {
    body.writeByte(1);
    body.writeLong(n);
  }

  private void text(String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    body.writeInt(utf8.length);
    body.write(utf8);
  }

  /**
   * @return a table or a failure; for a question about time a table without columns
   */
  static Outcome read(byte[] answer) throws IOException {
    DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(answer));
    return switch (in.readByte()) {
      case TIME -> new Table(List.of(), List.of(), in.readLong() * 1e-9);
      case FAILURE -> new Outcome.Failure(Trouble.valueOf(readText(in)), readText(in));
      case TABLE -> {
        int width = in.readInt();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < width; i++) {
          names.add(readText(in));
        }
        List<Row> rows = new ArrayList<>();
        while (in.readBoolean()) {
          @Nullable Object[] values = new @Nullable Object[width];
          for (int i = 0; i < width; i++) {
            values[i] =
                switch (in.readByte()) {
                  case 0 -> null;
                  case 1 -> (Object) in.readLong();
                  case 2 -> (Object) in.readDouble();
                  case 3 -> readText(in);
                  default -> in.readNBytes(in.readInt());
                };
          }
          rows.add(new Row(values));
        }
        yield new Table(names, rows, in.readLong() * 1e-9);
      }
      default -> throw new IOException("an answer of no known kind");
    };
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}
