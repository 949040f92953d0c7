package dev.goodhart.combine;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Scored;
import dev.goodhart.Unscored;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * R3: a reward without preference data. Length, relevance and freedom from repetition as a product,
 * so that none of them is worth anything alone.
 *
 * <pre>{@code
 * open questions         n/100 · max(0, relevance) · distinct
 * constrained questions  max(0, answer) / most · limit/100 · distinct
 * }</pre>
 *
 * <p>With n the tokens, distinct = D / (n - 2) the share of the D distinct trigrams among all, the
 * length incentive and the repetition penalty make {@code D/100 · n/(n - 2)} together: saying a
 * text k times earns nothing but what the factor n/(n - 2) changes. What is off the topic pulls the
 * relevance down. Nothing but the generation limit bounds n: with a large one, length becomes the
 * next hack. A constrained question has an answer that is right, which longer does not make
 * righter: there, similarity to that answer counts, brought to the range of the open branch.
 *
 * <p>Departure from the published formula: relevance below 0 counts as 0, since it would turn the
 * length incentive into a penalty. Unscored as soon as a part that its branch needs is. Not shown
 * here yet: training with it as the reward; shown is best-of-n.
 *
 * @param length a signal that counts tokens ({@code length: { unit: tokens }})
 * @param relevance a signal of how well the response fits the prompt
 * @param distinct a signal of the share of distinct trigrams ({@code repetition} with {@code
 *     affine: { shift: 1 }} behind it), in [0, 1]
 * @param constrained a signal that is at least 1/2 for constrained questions; without it all are
 *     open
 * @param answer a signal of how well the response fits the true answer; needed with {@code
 *     constrained}
 * @param most the answer's similarity that counts as full; to be fitted to the signal at hand
 * @param limit the longest response in tokens, which the full similarity is worth
 */
@Method(id = 96, name = "r3", source = "arXiv 2402.03469")
public record RegularisedRelevance(
    String length,
    String relevance,
    String distinct,
    Optional<String> constrained,
    Optional<String> answer,
    @Default("3.5") double most,
    @Default("512") int limit)
    implements Combine {
  public RegularisedRelevance {
    if (constrained.isPresent() != answer.isPresent()) {
      throw new IllegalArgumentException("constrained and answer are given together or not at all");
    }
    if (!(most > 0 && Double.isFinite(most))) {
      throw new IllegalArgumentException("most must be finite and above 0, not " + most);
    }
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, not " + limit);
    }
  }

  /** All questions are open. */
  public RegularisedRelevance(String length, String relevance, String distinct) {
    this(length, relevance, distinct, Optional.empty(), Optional.empty(), 3.5, 512);
  }

  @Override
  public Reward of(Map<String, Reward> parts) {
    boolean open = true;
    if (constrained.isPresent()) {
      switch (part(parts, constrained.get())) {
        case Unscored missing -> {
          return new Unscored(missing.reason());
        }
        case Scored type -> open = type.value() < 0.5;
      }
    }
    double product = open ? 0.01 : limit / 100.0 / most;
    String fit = open ? relevance : answer.orElseThrow();
    for (String name : open ? new String[] {length, fit, distinct} : new String[] {fit, distinct}) {
      switch (part(parts, name)) {
        case Unscored missing -> {
          return new Unscored(missing.reason());
        }
        case Scored factor ->
            product *= name.equals(fit) ? Math.max(0, factor.value()) : factor.value();
      }
    }
    return new Scored(product);
  }

  private static Reward part(Map<String, Reward> parts, String name) {
    return Objects.requireNonNull(parts.get(name), name);
  }

  @Override
  public Set<String> parts() {
    Set<String> all = new LinkedHashSet<>(List.of(length, relevance, distinct));
    constrained.ifPresent(all::add);
    answer.ifPresent(all::add);
    return all;
  }
}
