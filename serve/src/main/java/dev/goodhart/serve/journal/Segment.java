package dev.goodhart.serve.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One file of a journal: {@code journal-00000007.jsonl}. */
record Segment(Path folder, long number) {
  private static final Pattern NAME = Pattern.compile("journal-(\\d{8,18})\\.jsonl");

  Path file() {
    return folder.resolve("journal-%08d.jsonl".formatted(number));
  }

  Segment next() {
    return new Segment(folder, number + 1);
  }

  /** Those of a folder, oldest first. */
  static List<Segment> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> NAME.matcher(Objects.requireNonNull(file.getFileName()).toString()))
          .filter(Matcher::matches)
          .map(name -> new Segment(folder, Long.parseLong(name.group(1))))
          .sorted(java.util.Comparator.comparingLong(Segment::number))
          .toList();
    }
  }
}
