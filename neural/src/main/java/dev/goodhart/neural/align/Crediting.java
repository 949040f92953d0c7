package dev.goodhart.neural.align;

import dev.goodhart.Group;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.advantage.Rollouts;
import dev.goodhart.advantage.TokenAdvantages;
import dev.goodhart.advantage.Tokens;
import dev.goodhart.neural.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** From the rewards of a step to what each token is credited with. */
record Crediting(AlignSpec spec, Tokenizer tokenizer) {
  /**
   * What is to be learned from. Without a teacher the scored responses of the groups that are kept,
   * with their credit; masked ones are left out. With a teacher all responses, those without credit
   * too: it has something to say of each. Where it is all that counts there is no credit.
   *
   * @param episodes one a response, with what reference and critic say
   * @param row takes the shares of groups that teach nothing
   */
  List<Episode> of(Batch batch, List<Episode> episodes, SequencedMap<String, Double> row) {
    List<Rollouts> groups = new ArrayList<>();
    List<int[]> places = new ArrayList<>();
    int flat = 0;
    int all = 0;
    for (int p = 0; p < batch.prompts().size(); p++) {
      int[] of = batch.of(p);
      if (of.length == 0) continue;
      all++;
      flat += batch.group(p).flat() ? 1 : 0;
      if (!batch.kept().get(p)) continue;
      places.add(of);
      Reward greedy = batch.greedy().isEmpty() ? null : batch.greedy().get(p);
      groups.add(group(batch, episodes, of, greedy));
    }
    row.put("flat-groups", all == 0 ? 0 : flat / (double) all);
    if (groups.size() < all) row.put("kept-groups", groups.size() / (double) all);
    List<Episode> learnable = new ArrayList<>(episodes);
    List<TokenAdvantages> credits =
        groups.isEmpty() || !spec.rewarded() ? List.of() : spec.credit().credit(groups);
    for (int g = 0; g < credits.size(); g++) {
      TokenAdvantages credit = credits.get(g);
      for (int k = 0; k < places.get(g).length; k++) {
        if (!credit.mask()[k]) continue;
        double[] returns = credit.returns().length == 0 ? new double[0] : credit.returns()[k];
        int place = places.get(g)[k];
        learnable.set(place, episodes.get(place).withCredit(credit.values()[k], returns));
      }
    }
    if (spec.teacher().isEmpty()) learnable.removeIf(e -> !e.credited());
    return learnable;
  }

  private Rollouts group(Batch batch, List<Episode> episodes, int[] of, @Nullable Reward greedy) {
    List<Sample> samples = new ArrayList<>();
    List<Reward> rewards = new ArrayList<>();
    List<Tokens> tokens = new ArrayList<>();
    for (int i : of) {
      Episode episode = episodes.get(i);
      Reward reward = batch.rewards().get(i);
      Spans spans = Spans.of(reward, episode.tokens(), tokenizer);
      double[] byToken = spans.rewards();
      if (reward instanceof Scored scored) {
        byToken[byToken.length - 1] += scored.value() - spans.sum();
        reward = scored.withValue(scored.value() - charged(episode, byToken));
      }
      samples.add(batch.drawn().get(i).sample());
      rewards.add(reward);
      tokens.add(
          new Tokens(byToken, spans.ends(), episode.values(), episode.old(), episode.tokens()));
    }
    return new Rollouts(new Group(samples, rewards), tokens, greedy);
  }

  /** Takes the charge on leaving the reference off each token; what it comes to. */
  private double charged(Episode episode, double[] byToken) {
    if (spec.klInReward().isEmpty()) return 0;
    KlInReward charge = spec.klInReward().get();
    double sum = 0;
    for (int t = 0; t < byToken.length; t++) {
      double off =
          charge.weight() * charge.estimator().of(episode.old()[t], episode.reference()[t]);
      byToken[t] -= off;
      sum += off;
    }
    return sum;
  }
}
