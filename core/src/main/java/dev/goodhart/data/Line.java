package dev.goodhart.data;

/**
 * A piece of a file that should be one row: a line, or a JSON object in a list.
 *
 * @param number of its first line in the file, from 1
 * @param bytes without the line break; only the beginning when there was more than the limit
 * @param length how many bytes there were
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never shared
record Line(long number, byte[] bytes, long length) {
  boolean isWhole() {
    return length == bytes.length;
  }

  boolean isBlank() {
    for (byte b : bytes) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
