package dev.goodhart.serve.scoring;

import dev.goodhart.GoodhartException;
import dev.goodhart.combine.Combine;
import dev.goodhart.run.IoReason;
import dev.goodhart.score.Fingerprint;
import dev.goodhart.signal.Signal;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.transform.Transform;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Names all that decides a reward: the spec, the models and files that it names, and the code of
 * its methods, so that a verifier that was mended is another version although its spec is the same.
 */
final class Version {
  private static final int DIGITS = 16;

  /** By jar or folder. */
  private final Map<Path, byte[]> code = new HashMap<>();

  /** Of the whole spec. */
  String of(RewardSpec spec) {
    MessageDigest sha = Digests.sha256();
    sha.update(fingerprint(spec).getBytes(StandardCharsets.UTF_8));
    Stream.of(
            spec.signals().values().stream().map(Signal::getClass),
            spec.transform().values().stream().flatMap(List::stream).map(Transform::getClass),
            spec.combine().stream().map(Combine::getClass))
        .flatMap(s -> s)
        .map(this::code)
        .forEach(sha::update);
    return HexFormat.of().formatHex(sha.digest()).substring(0, DIGITS);
  }

  /** Of one signal with its transforms: what a cached reward of it depends on. */
  String of(RewardSpec spec, String signal) {
    Map<String, List<Transform>> transforms = new HashMap<>(spec.transform());
    transforms.keySet().retainAll(List.of(signal));
    Signal own = java.util.Objects.requireNonNull(spec.signals().get(signal));
    return of(new RewardSpec(Map.of(signal, own), transforms, Optional.empty(), List.of()));
  }

  /** Signals of a program's own need not be records; then only their classes are known. */
  private static String fingerprint(RewardSpec spec) {
    return spec.signals().values().stream().allMatch(Record.class::isInstance)
        ? Fingerprint.of(scoring(spec), Path.of(""))
        : spec.signals().toString();
  }

  /** Without those who only watch. */
  private static RewardSpec scoring(RewardSpec spec) {
    return new RewardSpec(spec.signals(), spec.transform(), spec.combine(), List.of());
  }

  private byte[] code(Class<?> method) {
    CodeSource source = method.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return method.getName().getBytes(StandardCharsets.UTF_8);
    }
    try {
      return code.computeIfAbsent(Path.of(source.getLocation().toURI()), Version::digest);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] digest(Path place) {
    MessageDigest sha = Digests.sha256();
    try (Stream<Path> files = Files.walk(place)) { // of a jar, the jar itself
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        sha.update(Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new GoodhartException(place + ": cannot be read: " + IoReason.of(e), e);
    }
    return sha.digest();
  }
}
