package dev.goodhart.serve.protocol;

import dev.goodhart.serve.http.Exchange;
import io.helidon.http.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A session that its client carries alone: a random name and our signature of it. Nothing is kept
 * here, so no number of sessions fills the memory, and a forged one is not taken.
 */
final class SessionCookie {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();
  private static final int NAME_BYTES = 16;
  private static final int LONGEST = 8192;

  private final String cookie;
  private final SecretKeySpec key;

  SessionCookie(String cookie) {
    this.cookie = cookie;
    byte[] secret = new byte[32];
    RANDOM.nextBytes(secret);
    key = new SecretKeySpec(secret, "HmacSHA256");
  }

  /** Sends the request's session back, or a new one where it has none of ours. */
  String renew(Exchange exchange) {
    String value = known(exchange).orElseGet(this::fresh);
    exchange
        .response()
        .header(HeaderNames.SET_COOKIE, cookie + "=" + value + "; Path=/; HttpOnly; SameSite=Lax");
    return value.substring(0, value.indexOf('.'));
  }

  private Optional<String> known(Exchange exchange) {
    String header = exchange.header("Cookie").orElse("");
    if (header.length() > LONGEST) {
      return Optional.empty();
    }
    for (String each : header.split(";")) {
      String[] pair = each.strip().split("=", 2);
      if (pair.length == 2 && pair[0].equals(cookie) && isOurs(pair[1])) {
        return Optional.of(pair[1]);
      }
    }
    return Optional.empty();
  }

  private String fresh() {
    byte[] name = new byte[NAME_BYTES];
    RANDOM.nextBytes(name);
    String text = TEXT.encodeToString(name);
    return text + "." + signature(text);
  }

  private boolean isOurs(String value) {
    int dot = value.indexOf('.');
    return dot > 0
        && MessageDigest.isEqual(
            signature(value.substring(0, dot)).getBytes(StandardCharsets.UTF_8),
            value.substring(dot + 1).getBytes(StandardCharsets.UTF_8));
  }

  private String signature(String name) {
    try {
      Mac mac = Mac.getInstance(key.getAlgorithm());
      mac.init(key);
      return TEXT.encodeToString(mac.doFinal(name.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
