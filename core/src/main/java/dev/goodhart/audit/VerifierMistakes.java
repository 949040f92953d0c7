package dev.goodhart.audit;

import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import dev.goodhart.report.Block;
import dev.goodhart.report.Figure;
import dev.goodhart.report.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The responses on which a verifier and the truth part, to be read one by one: some are the
 * verifier's errors, and some the truth's.
 *
 * @param mistakes up to 1,000 a verifier and kind, in the data's order
 * @param more that are not listed
 */
public record VerifierMistakes(List<Mistake> mistakes, int more) implements Chapter {
  /** What is the matter. */
  public enum Kind {
    REFUSED("right, refused"),
    ACCEPTED("wrong, accepted"),
    UNSCORED("unscored");

    private final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  /**
   * One response.
   *
   * @param row the id of its row
   * @param reward null where it is unscored
   * @param reason why it is unscored; null where it is not
   * @param reference the true answer, shortened
   * @param excerpt the response's beginning and end
   */
  public record Mistake(
      String verifier,
      Kind kind,
      String row,
      @Nullable Double reward,
      @Nullable String reason,
      @Nullable String reference,
      String excerpt) {}

  private static final int LISTED = 1000;
  private static final int SHOWN = 15;

  static VerifierMistakes of(VerifierTruth truth, List<Verified> verifiers) {
    List<Mistake> mistakes = new ArrayList<>();
    AuditSet set = truth.read().set();
    int more = 0;
    for (Verified verifier : verifiers) {
      for (Kind kind : Kind.values()) {
        int listed = 0;
        for (int i = 0; i < set.size(); i++) {
          if (kind == kind(truth, verifier, i)) {
            if (listed < LISTED) {
              mistakes.add(mistake(set, verifier, kind, i));
              listed++;
            } else {
              more++;
            }
          }
        }
      }
    }
    return new VerifierMistakes(mistakes, more);
  }

  private static @Nullable Kind kind(VerifierTruth truth, Verified verifier, int sample) {
    if (!truth.isKnown(sample)) {
      return null;
    }
    double accepts = verifier.accepts(sample);
    boolean right = truth.right()[sample] == 1;
    return Double.isNaN(accepts)
        ? Kind.UNSCORED
        : right && accepts == 0 ? Kind.REFUSED : !right && accepts == 1 ? Kind.ACCEPTED : null;
  }

  private static Mistake mistake(AuditSet set, Verified verifier, Kind kind, int i) {
    Sample sample = set.sample(i);
    Reward reward = verifier.rewards().get(i);
    String reference = sample.reference();
    return new Mistake(
        verifier.name(),
        kind,
        set.byRow().getOrDefault(set.row(i), List.of()).size() > 1 ? sample.id() : set.row(i),
        reward instanceof Scored scored ? scored.value() : null,
        reward instanceof Unscored unscored ? excerpt(unscored.reason(), 200, 0) : null,
        reference == null ? null : excerpt(reference, 60, 40),
        excerpt(sample.response(), 60, 180));
  }

  /** The answer stands at the end, most often. */
  static String excerpt(String text, int first, int last) {
    String bare = text.strip();
    if (bare.length() <= first + last + 3) {
      return bare;
    }
    return bare.substring(0, first) + " … " + bare.substring(bare.length() - last);
  }

  @Override
  public String key() {
    return "mistakes";
  }

  @Override
  public String title() {
    return "Where verifier and truth part";
  }

  @Override
  public List<Block> blocks() {
    if (mistakes.isEmpty()) {
      return List.of(Block.text("Nowhere: every verdict agrees with the truth."));
    }
    List<Block> blocks = new ArrayList<>();
    for (String verifier : mistakes.stream().map(Mistake::verifier).distinct().toList()) {
      List<List<String>> table = new ArrayList<>();
      for (Kind kind : Kind.values()) {
        mistakes.stream()
            .filter(m -> m.verifier().equals(verifier) && m.kind() == kind)
            .limit(SHOWN)
            .forEach(
                m ->
                    table.add(
                        List.of(
                            m.row(),
                            m.reason() == null ? m.kind().title : m.reason(),
                            m.reference() == null ? Figure.NONE : m.reference(),
                            m.excerpt())));
      }
      blocks.add(
          new Table(
              verifier,
              List.of(
                  new Table.Column("row", false),
                  new Table.Column("verdict", false),
                  new Table.Column("true answer", false),
                  new Table.Column("response", false)),
              table));
    }
    blocks.add(
        Block.text(
            "Up to "
                + SHOWN
                + " of each kind are shown here; report.json has "
                + Figure.count(mistakes.size())
                + (more > 0 ? " and leaves out " + Figure.count(more) : "")
                + "."));
    return blocks;
  }

  @Override
  public List<Finding> findings() {
    return List.of();
  }
}
