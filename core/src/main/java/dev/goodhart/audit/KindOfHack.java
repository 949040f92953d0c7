package dev.goodhart.audit;

import dev.goodhart.audit.ProxyCompression.Hypothesis;
import dev.goodhart.report.Block;
import dev.goodhart.report.Figure;
import dev.goodhart.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a later checkpoint's responses moved from an earlier one's, and which ways to hack a reward
 * that speaks for ({@link ProxyCompression}).
 *
 * @param moves of each trait in standard errors
 * @param hypotheses the most probable first; empty where nothing moved clearly
 */
record KindOfHack(Map<String, Double> moves, List<Hypothesis> hypotheses) implements Chapter {
  /** Two checkpoints' responses, and what else was found of them. */
  static KindOfHack of(AuditSet before, AuditSet now, List<Finding> found) {
    ProxyCompression names = new ProxyCompression(3.5);
    Map<String, Double> moves =
        ProxyCompression.moves(
            before.samples().stream().map(s -> s.response()).toList(),
            now.samples().stream().map(s -> s.response()).toList());
    Map<String, Double> signals = new LinkedHashMap<>(moves);
    signals.putAll(names.signals(found));
    return new KindOfHack(moves, names.explain(signals));
  }

  @Override
  public String key() {
    return "kind-of-hack";
  }

  @Override
  public String title() {
    return "How responses moved";
  }

  @Override
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    moves.forEach((trait, move) -> rows.add(List.of(trait, Figure.fixed(move, 1))));
    blocks.add(Table.of("Traits of responses", List.of("trait", "moved, standard errors"), rows));
    if (hypotheses.isEmpty()) {
      blocks.add(Block.text("Nothing moved so clearly that it would speak for a hack."));
      return blocks;
    }
    blocks.add(
        new Table(
            "If this is a hack, which",
            List.of(
                new Table.Column("exploit", false),
                new Table.Column("level", false),
                new Table.Column("force", false),
                new Table.Column("what to do first", false)),
            hypotheses.stream()
                .map(
                    h ->
                        List.of(
                            words(h.exploit()),
                            words(h.level()),
                            words(h.force()),
                            h.remedies().getFirst()))
                .toList()));
    blocks.add(
        Block.text(
            "A move is no proof: a longer response may be a better one. Compare gold before"
                + " anything is changed."));
    return blocks;
  }

  @Override
  public List<Finding> findings() {
    return hypotheses.stream().limit(1).map(Hypothesis::finding).toList();
  }

  private static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
