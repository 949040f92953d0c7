package dev.goodhart.verify.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.Objects;
import java.util.Set;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;

/**
 * OpenNLP's model, one for the whole JVM; it is read-only, its detectors are one for each thread.
 */
final class LanguageModel {
  private static final String RESOURCE = "/langdetect-183.bin";

  /** Where ISO 639-1 or the macro-language has other codes than the model. */
  private static final List<List<String>> ALSO =
      List.of(
          List.of("zh", "zho", "cmn"),
          List.of("ar", "ara"),
          List.of("fa", "fas", "pes"),
          List.of("lv", "lav", "lvs"),
          List.of("et", "est", "ekk"),
          List.of("no", "nor", "nob", "nno"),
          List.of("pa", "pan", "pnb"),
          List.of("he", "heb"),
          List.of("id", "ind"),
          List.of("yi", "yid"));

  private static final class Loaded {
    static final LanguageModel MODEL = new LanguageModel();
  }

  private final ThreadLocal<LanguageDetectorME> detectors;
  private final Set<String> languages;

  private LanguageModel() {
    try (InputStream in = LanguageModel.class.getResourceAsStream(RESOURCE)) {
      LanguageDetectorModel model = new LanguageDetectorModel(Objects.requireNonNull(in, RESOURCE));
      detectors = ThreadLocal.withInitial(() -> new LanguageDetectorME(model));
      languages = Set.copyOf(Arrays.asList(detectors.get().getSupportedLanguages()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static LanguageModel loaded() {
    return Loaded.MODEL;
  }

  /** The languages that it tells, as ISO 639-3. */
  Set<String> languages() {
    return languages;
  }

  /** The most likely language of a text. */
  String of(String text) {
    return detectors.get().predictLanguage(text).getLang();
  }

  /**
   * The ISO 639-3 codes that a name stands for.
   *
   * @throws IllegalArgumentException if it stands for none
   */
  static Set<String> codes(String language) {
    Set<String> codes = new LinkedHashSet<>();
    if (language.matches("[a-z]{3}")) {
      codes.add(language);
    }
    for (List<String> group : ALSO) {
      if (group.contains(language) && !isMember(language)) {
        codes.addAll(group.subList(1, group.size()));
      }
    }
    if (codes.isEmpty() && language.matches("[a-z]{2}")) {
      try {
        String iso3 = Locale.of(language).getISO3Language();
        codes.add(iso3);
      } catch (MissingResourceException e) {
        // not a language: said below
      }
    }
    if (codes.isEmpty()) {
      throw new IllegalArgumentException(
          "languages: expected codes of ISO 639 as 'en' or 'deu', found '" + language + "'");
    }
    return codes;
  }

  /** A single variety, such as nob, does not stand for its whole macro-language. */
  private static boolean isMember(String language) {
    return Set.of("cmn", "pes", "lvs", "ekk", "nob", "nno", "pan", "pnb").contains(language);
  }
}
