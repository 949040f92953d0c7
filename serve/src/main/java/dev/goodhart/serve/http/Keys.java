package dev.goodhart.serve.http;

import dev.goodhart.GoodhartException;
import dev.goodhart.run.IoReason;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Who may ask. A key comes as {@code Authorization: Bearer KEY}, as {@code X-Api-Key}, or, for a
 * trainer that knows nothing but an address, as the password in it: {@code
 * http://me:KEY@host:8000/get_reward}.
 *
 * <p>The file holds a line a key, its name and its SHA-256: {@code trainer-1 9f86d0…}. Keys are 256
 * random bits, so that a digest without salt gives nothing away.
 *
 * @param names of the clients, by digest; empty to let anyone in
 */
public record Keys(Map<String, String> names) {
  /** Anyone may ask. */
  public static final Keys NONE = new Keys(Map.of());

  private static final HeaderName API_KEY = HeaderNames.create("X-Api-Key");
  private static final int BYTES = 32;
  private static final int LONGEST = 1024;

  public Keys {
    names = Map.copyOf(names);
  }

  /**
   * @throws GoodhartException naming the line that is not a key
   */
  public static Keys read(Path file) {
    Map<String, String> names = new HashMap<>();
    int at = 0;
    try {
      for (String line : Files.readAllLines(file)) {
        at++;
        String[] words = line.strip().split("\\s+");
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        if (words.length != 2 || !words[1].matches("[0-9a-f]{64}")) {
          throw new GoodhartException(
              file
                  + ":"
                  + at
                  + ": expected a name and a SHA-256 in hexadecimal, as --new-key writes");
        }
        names.put(words[1], words[0]);
      }
    } catch (IOException e) {
      throw new GoodhartException(file + ": cannot be read: " + IoReason.of(e), e);
    }
    if (names.isEmpty()) {
      throw new GoodhartException(file + ": holds no key; make one with --new-key NAME");
    }
    return new Keys(names);
  }

  /**
   * Makes a key and adds its digest to the file, which is made if it is not there.
   *
   * @return the key, which is written down nowhere else
   */
  public static String add(Path file, String name) {
    if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new GoodhartException(
          "a key's name has letters, digits, '.', '_' and '-', 64 at most, not '" + name + "'");
    }
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    String key = "gh-" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    try {
      if (!Files.exists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.writeString(file, name + " " + digest(key) + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new GoodhartException(file + ": cannot be written: " + IoReason.of(e), e);
    }
    return key;
  }

  /** The name of the client whose key came with a request; empty when there is none that fits. */
  Optional<String> client(ServerRequestHeaders headers) {
    if (names.isEmpty()) {
      return Optional.of("anyone");
    }
    return key(headers)
        .filter(key -> key.length() <= LONGEST)
        .flatMap(key -> Optional.ofNullable(names.get(digest(key))));
  }

  private static Optional<String> key(ServerRequestHeaders headers) {
    Optional<String> plain = headers.first(API_KEY);
    if (plain.isPresent()) {
      return plain;
    }
    String authorization = headers.first(HeaderNames.AUTHORIZATION).orElse("");
    int space = authorization.indexOf(' ');
    if (space < 0) {
      return Optional.empty();
    }
    String key = authorization.substring(space + 1).strip();
    return switch (authorization.substring(0, space).toLowerCase(java.util.Locale.ROOT)) {
      case "bearer" -> Optional.of(key);
      case "basic" -> password(key);
      default -> Optional.empty();
    };
  }

  private static Optional<String> password(String encoded) {
    try {
      String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      return Optional.of(pair.substring(pair.indexOf(':') + 1));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String digest(String key) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
