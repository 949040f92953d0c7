package dev.goodhart.serve.dashboard;

import dev.goodhart.serve.http.Exchange;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A file that the browser loads. Nothing but the server's own files may run or be loaded in the
 * page, whatever a sample says.
 */
record Asset(String type, byte[] bytes) {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String CHARTS = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";

  /** One of the files beside this class. */
  static Asset own(String name) {
    return new Asset(type(name), read(Asset.class.getResourceAsStream(name), name));
  }

  /** The chart library, as its npm package has it. */
  static Asset charts() {
    Properties package_ = new Properties();
    try (InputStream in = Asset.class.getResourceAsStream(CHARTS)) {
      if (in != null) package_.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String path =
        "/META-INF/resources/webjars/chart.js/"
            + package_.getProperty("version")
            + "/dist/chart.umd.min.js";
    return new Asset(type(path), read(Asset.class.getResourceAsStream(path), path));
  }

  private static byte[] read(@Nullable InputStream stream, String name) {
    try (InputStream in = stream) {
      if (in == null) throw new IllegalStateException(name + " is not on the class path");
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> "application/octet-stream";
    };
  }

  @Nullable Object send(Exchange exchange) {
    secure(exchange.response())
        .header(HeaderNames.CONTENT_TYPE, type)
        .header(HeaderNames.CACHE_CONTROL, "no-cache")
        .send(bytes);
    return null;
  }

  static ServerResponse secure(ServerResponse response) {
    return response
        .header(HeaderNames.create("Content-Security-Policy"), POLICY)
        .header(HeaderNames.create("X-Content-Type-Options"), "nosniff")
        .header(HeaderNames.create("Referrer-Policy"), "no-referrer");
  }
}
