package dev.goodhart.verify.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.signal.Signal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageTest {
  private static final String ENGLISH =
      "The weather was lovely yesterday, so we walked down to the river and had our lunch there. ";
  private static final String GERMAN =
      "Gestern war das Wetter schön, deshalb gingen wir an den Fluss und aßen dort zu Mittag. ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "en | Please send me the report before noon.",
        "de | Bitte schicken Sie mir den Bericht vor Mittag.",
        "fr | Envoyez-moi le rapport avant midi, s'il vous plaît.",
        "spa | Por favor, envíame el informe antes del mediodía.",
        "ru | Пожалуйста, пришлите мне отчёт до полудня.",
        "zh | 请在中午之前把报告发给我。",
        "ja | 正午までに報告書を送ってください。",
        "ko | 정오 전에 보고서를 보내 주세요.",
        "ar | من فضلك أرسل لي التقرير قبل الظهر.",
        "he | אנא שלח לי את הדוח לפני הצהריים.",
        "hi | कृपया मुझे दोपहर से पहले रिपोर्ट भेजें।",
        "id | Tolong kirimkan laporan itu kepada saya sebelum tengah hari.",
      })
  void aSentenceIsInItsLanguageAndNotInAnother(String language, String text) {
    assertEquals(Reward.of(1), new Language(List.of(language)).of(Sample.of("p", text)));
    String other = language.equals("en") ? "de" : "en";
    assertEquals(Reward.of(0), new Language(List.of(other)).of(Sample.of("p", text)));
    assertEquals(Reward.of(1), new Language(List.of(other, language)).of(Sample.of("p", text)));
  }

  @Test
  void theShareOfAMixedTextIsThatOfItsPassages() {
    Signal share = new Language(List.of("en"), Language.Score.SHARE, 20, Within.RESPONSE).open();
    String mixed = ENGLISH.repeat(10) + GERMAN.repeat(10);
    double value = assertInstanceOf(Scored.class, share.of(Sample.of("p", mixed))).value();
    assertEquals(0.5, value, 0.06);
    assertEquals(Reward.of(1), share.of(Sample.of("p", ENGLISH.repeat(5))));
    assertEquals(Reward.of(0), share.of(Sample.of("p", GERMAN.repeat(5))));
  }

  @Test
  void aFormulaHasNoLanguage() {
    Reward reward = new Language(List.of("en")).of(Sample.of("p", "x = 3 + 4 * (y - 2)"));
    assertTrue(reward instanceof Unscored u && u.kind().equals("too short"), reward.toString());
  }

  @Test
  void anUnknownLanguageIsAnError() {
    assertThrows(IllegalArgumentException.class, () -> new Language(List.of("english")));
    assertThrows(IllegalArgumentException.class, () -> new Language(List.of()));
    assertThrows(GoodhartException.class, () -> new Language(List.of("qqq")).open());
  }

  @Test
  void passagesAreTheWholeTextInOrder() {
    String text = ENGLISH.repeat(7) + "今天天气很好".repeat(50);
    List<String> passages = Passages.of(text, 60);
    assertEquals(text, String.join("", passages));
    assertTrue(passages.stream().allMatch(p -> Passages.letters(p) >= 60));
    assertTrue(passages.stream().allMatch(p -> Passages.letters(p) <= 260));
  }

  @Test
  void halfAMegabyteTakesSeconds() {
    String text = ENGLISH.repeat(5_500);
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          new Language(List.of("en")).of(Sample.of("p", text));
          new Language(List.of("en"), Language.Score.SHARE, 20, Within.RESPONSE)
              .of(Sample.of("p", text));
        });
  }
}
