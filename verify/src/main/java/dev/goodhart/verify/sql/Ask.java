package dev.goodhart.verify.sql;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A question to SQLite's process.
 *
 * @param stamp changes when the file does
 * @param timeOnly to step through the result and throw it away
 * @param reversed to give what no {@code ORDER BY} orders the other way round
 */
record Ask(
    String database,
    String stamp,
    String sql,
    int millis,
    int rows,
    int resultBytes,
    boolean timeOnly,
    boolean reversed) {
  static Ask read(DataInputStream in) throws IOException {
    return new Ask(
        text(in),
        text(in),
        text(in),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readBoolean(),
        in.readBoolean());
  }

  void write(DataOutputStream out) throws IOException {
    text(out, database);
    text(out, stamp);
    text(out, sql);
    out.writeInt(millis);
    out.writeInt(rows);
    out.writeInt(resultBytes);
    out.writeBoolean(timeOnly);
    out.writeBoolean(reversed);
    out.flush();
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
