package dev.goodhart.serve.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Requests that are no HTTP, or HTTP as attackers write it. */
final class Wire {
  /** How a request is sent, and how many answers it may have at most. */
  record Form(String name, byte[] bytes, int answers) {}

  private static final String GOOD =
      "{\"samples\":[{\"id\":\"a\",\"response\":\"2\",\"reference\":\"2\"}]}";
  private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";

  private final SplittableRandom random;
  private final Bodies bodies;

  Wire(SplittableRandom random) {
    this.random = random;
    bodies = new Bodies(random);
  }

  Form next() {
    return switch (random.nextInt(34)) {
      case 0 -> length("a length too short", Integer.toString(random.nextInt(GOOD.length())), 2);
      case 1 -> length("a length too long", "" + (GOOD.length() + 1 + random.nextInt(99)), 1);
      case 2 -> length("a negative length", "-1", 1);
      case 3 -> length("a length with a sign", "+" + GOOD.length(), 1);
      case 4 -> length("a length that is none", pick("abc", "", "1e3", "0x10", "12 34", "1,2"), 1);
      case 5 ->
          length(
              "a huge length",
              pick("2147483648", "9223372036854775807", "99999999999999999999"),
              1);
      case 6 ->
          text(
              "two lengths", "Content-Length: " + GOOD.length() + "\r\nContent-Length: 3", GOOD, 1);
      case 7 ->
          text(
              "length and chunks",
              "Content-Length: 6\r\nTransfer-Encoding: chunked",
              "0\r\n\r\n" + HIDDEN,
              1);
      case 8 ->
          text(
              "chunks and length",
              "Transfer-Encoding: chunked\r\nContent-Length: " + (5 + HIDDEN.length()),
              "0\r\n\r\n" + HIDDEN,
              1);
      case 9 ->
          text(
              "an odd encoding",
              "Transfer-Encoding: "
                  + pick(
                      "xchunked",
                      "chunked, identity",
                      "identity",
                      " chunked",
                      "gzip, chunked",
                      "chunked;q=1",
                      "\tchunked",
                      "CHUNKED"),
              "0\r\n\r\n",
              1);
      case 10 ->
          text(
              "two encodings",
              "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
              "0\r\n\r\n" + HIDDEN,
              1);
      case 11 ->
          text(
              "bad chunks",
              "Transfer-Encoding: chunked",
              pick(
                  "zz\r\nabc\r\n",
                  "-1\r\n",
                  "ffffffffffffffff\r\nabc",
                  "7fffffff\r\nabc",
                  "5\r\nab\r\n0\r\n\r\n",
                  "\r\n\r\n",
                  "3\nabc\n0\n\n",
                  "3;" + "x".repeat(5000) + "\r\nabc\r\n0\r\n\r\n",
                  "3\r\nabcX0\r\n\r\n"),
              1);
      case 12 -> text("chunks without end", "Transfer-Encoding: chunked", "4\r\n{\"sa\r\n", 1);
      case 13 ->
          text(
              "chunks with a trailer",
              "Transfer-Encoding: chunked",
              Integer.toHexString(GOOD.length()) + "\r\n" + GOOD + "\r\n0\r\nX: y\r\n\r\n",
              1);
      case 14 -> headers("a header over lines", "X: a\r\n b\r\n\tc");
      case 15 -> headers("a space before the colon", "Content-Type : text/plain");
      case 16 -> headers("a header without a colon", "nothing");
      case 17 -> headers("zero bytes in a header", "X: a\0b\u0001c");
      case 18 -> headers("a huge header", "X: " + "y".repeat(10_000 + random.nextInt(100_000)));
      case 19 -> headers("many headers", "X: y\r\n".repeat(500 + random.nextInt(5000)) + "Z: z");
      case 20 ->
          headers(
              "odd headers of ours",
              pick(
                  "Goodhart-Step: x",
                  "Goodhart-Timeout: NaN",
                  "Goodhart-Timeout: 1e400",
                  "Goodhart-Timeout: -1",
                  "Goodhart-Run: " + "r".repeat(5000),
                  "Idempotency-Key: " + "k".repeat(5000),
                  "Idempotency-Key:",
                  "Authorization: Basic %%%",
                  "Authorization: Bearer",
                  "Cookie: ;;;=;=",
                  "Goodhart-Step: 99999999999999999999"));
      case 21 ->
          headers(
              "an odd type",
              "Content-Type: "
                  + pick(
                      "application/json; charset=nothing",
                      "text/plain",
                      ";",
                      "application/x-ndjson",
                      "multipart/form-data; boundary=",
                      "\"\"",
                      "application/json;charset=utf-16"));
      case 22 ->
          headers("an odd coding", "Content-Encoding: " + pick("gzip", "br", "deflate, gzip", "x"));
      case 23 ->
          headers(
              "an upgrade",
              pick(
                  "Upgrade: h2c\r\n"
                      + "Connection: Upgrade, HTTP2-Settings\r\n"
                      + "HTTP2-Settings: AAMAAABkAAQAAP__",
                  "Upgrade: websocket\r\n"
                      + "Connection: Upgrade\r\n"
                      + "Sec-WebSocket-Version: 13\r\n"
                      + "Sec-WebSocket-Key: x",
                  "Expect: 100-continue",
                  "Expect: nothing",
                  "Connection: close, keep-alive",
                  "Host: a\r\nHost: b"));
      case 24 ->
          line(
              "an odd method",
              pick(
                      "GET",
                      "DELETE",
                      "BREW",
                      "post",
                      "P\0ST",
                      "OPTIONS",
                      "HEAD",
                      "TRACE",
                      "CONNECT",
                      "PATCH",
                      "M".repeat(5000),
                      "")
                  + " /v1/rewards HTTP/1.1");
      case 25 ->
          line(
              "an odd path",
              "POST "
                  + pick(
                      "/v1/rewards/../../etc/passwd",
                      "/%00",
                      "/%zz",
                      "/v1/rewards?run=%zz",
                      "/v1/rewards?run=%ff&step=x",
                      "//",
                      "*",
                      "http://other/v1/rewards",
                      "/v1/rewards#x",
                      "/v1/rewards;x=y",
                      "/" + "a".repeat(50_000),
                      "/v1/rewards?" + "a=b&".repeat(3000),
                      "/v1\\rewards",
                      "",
                      "/%2e%2e/%2e%2e",
                      "/v1/rewards?run=" + "r".repeat(3000),
                      "/ü")
                  + " HTTP/1.1");
      case 26 ->
          line(
              "an odd version",
              "POST /v1/rewards "
                  + pick(
                      "HTTP/1.0",
                      "HTTP/0.9",
                      "HTTP/2.0",
                      "HTTP/9.9",
                      "HTTP/1.1.1",
                      "HTTPS/1.1",
                      "",
                      "HTTP/1.1 x",
                      "http/1.1"));
      case 27 ->
          new Form(
              "HTTP/2 at once",
              ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\0\0\0\4\0\0\0\0\0")
                  .getBytes(StandardCharsets.ISO_8859_1),
              1);
      case 28 ->
          new Form("TLS", new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3, 7, 7, 7}, 1);
      case 29 -> new Form("noise", bodies.random(1 + random.nextInt(3000)), 1);
      case 30 ->
          new Form(
              "lines without returns",
              ("POST /v1/rewards HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}")
                  .getBytes(StandardCharsets.ISO_8859_1),
              1);
      case 31 -> new Form("nothing", new byte[0], 0);
      case 32 ->
          new Form(
              "half a head",
              "POST /v1/rewards HTTP/1.1\r\nHost: x\r\nCont".getBytes(StandardCharsets.ISO_8859_1),
              1);
      default -> pipelined(2 + random.nextInt(10));
    };
  }

  private Form pipelined(int requests) {
    var all = new ByteArrayOutputStream();
    for (int i = 0; i < requests; i++) {
      byte[] body =
          random.nextBoolean() ? GOOD.getBytes(StandardCharsets.UTF_8) : bodies.mutated(GOOD);
      all.writeBytes(head("POST /v1/rewards HTTP/1.1", "Content-Length: " + body.length));
      all.writeBytes(body);
    }
    return new Form("many at once", all.toByteArray(), requests);
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static Form length(String name, String length, int answers) {
    return text(name, "Content-Length: " + length, GOOD, answers);
  }

  private static Form headers(String name, String headers) {
    return text(name, headers + "\r\nContent-Length: " + GOOD.length(), GOOD, 1);
  }

  private static Form line(String name, String line) {
    var all = new ByteArrayOutputStream();
    all.writeBytes(head(line, "Content-Length: " + GOOD.length()));
    all.writeBytes(GOOD.getBytes(StandardCharsets.UTF_8));
    // Whoever takes no body of a GET reads it as the next request, and says that it is none.
    return new Form(name, all.toByteArray(), 2);
  }

  private static Form text(String name, String headers, String body, int answers) {
    var all = new ByteArrayOutputStream();
    all.writeBytes(head("POST /v1/rewards HTTP/1.1", headers));
    all.writeBytes(body.getBytes(StandardCharsets.UTF_8));
    return new Form(name, all.toByteArray(), answers);
  }

  static byte[] head(String line, String headers) {
    return (line + "\r\nHost: localhost\r\n" + headers + "\r\n\r\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
