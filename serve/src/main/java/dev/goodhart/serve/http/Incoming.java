package dev.goodhart.serve.http;

import dev.goodhart.serve.scoring.Refusal;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body as it arrives. One that ends before its length, or is no chunks where it says so, is the
 * client's mistake; what follows on the connection cannot be told from it, so that it is closed.
 */
final class Incoming extends FilterInputStream {
  private final ServerResponse response;

  Incoming(InputStream in, ServerResponse response) {
    super(in);
    this.response = response;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * @throws Refusal 400
   */
  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    try {
      int n = in.read(to, offset, length);
      SlowClients.heard();
      return n;
    } catch (RuntimeException e) { // the server has a dozen for it
      if (!response.isSent()) response.header(HeaderValues.CONNECTION_CLOSE);
      throw Refusal.bad("the body does not arrive as its headers say");
    }
  }

  @Override
  public void close() {
    try {
      super.close();
    } catch (IOException | RuntimeException e) {
      // What is left of the body is as broken as what was read.
      if (!response.isSent()) response.header(HeaderValues.CONNECTION_CLOSE);
    }
  }
}
