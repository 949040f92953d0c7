package dev.goodhart.signal.hashed;

import dev.goodhart.GoodhartException;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Seeds;
import dev.goodhart.signal.hashed.Split.Part;
import dev.goodhart.signal.hashed.TrainingSet.Item;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One fit from the training set to the calibrated model. The members are trained side by side, each
 * by itself, so the number of threads changes nothing but the time.
 */
final class Fitting {
  private final HashedBradleyTerry method;
  private final TrainingSet set;
  private final Seeds seeds;
  private final Progress progress;
  private final Part[] parts;
  private final List<Item> training;
  private final List<Item> development;
  private final List<Item> heldOut;

  Fitting(HashedBradleyTerry method, TrainingSet set, long seed, Progress progress) {
    this.method = method;
    this.set = set;
    this.seeds = new Seeds(seed);
    this.progress = progress;
    this.parts =
        Split.of(set.family(), set.fixed(), method.holdout(), method.development(), seeds);
    this.training = of(Part.TRAINING);
    this.development = of(Part.DEVELOPMENT);
    this.heldOut = of(Part.HELD_OUT);
  }

  /** Items that say which is better; those of weight 0 say nothing. */
  private List<Item> of(Part part) {
    return set.items().stream().filter(i -> parts[i.prompt()] == part && i.weight() > 0).toList();
  }

  Fit fit() {
    if (training.isEmpty()) {
      throw new GoodhartException(
          "nothing to learn from: no comparison, rating or label among "
              + set.items().size() + " examples, " + heldOut.size() + " of them held out");
    }
    List<Member> members = members();
    train(members);
    List<Weights> weights = members.stream().map(Member::best).toList();
    return null;
  }
  boolean verbose;
  double[] trial(){
    List<Member> members = members();
    train(members);
    List<Weights> weights = members.stream().map(Member::best).toList();
    java.util.function.ToDoubleFunction<Features> r=f->weights.stream().mapToDouble(w->w.reward(f)).average().orElse(0);
    Temperature t=new Development(set,development).temperature(r);
    var h=Development.predictions(set,heldOut,r);
    double ok=0,lo=0,loss=0,n=0;
    for(int i=0;i<h.x().length;i++){Item it=heldOut.get(i);double z=t.slope()*h.x()[i]+(it.isLabel()?t.offset():0);
      loss+=BradleyTerry.loss(z,it.probability(),0);
      ok+=z>0==it.probability()>.5?1:z==0?.5:0;
      if(!it.isLabel()){int a=set.responses()[it.first()].length(),b=set.responses()[it.second()].length();lo+=a>b?1:a==b?.5:0;} else lo+=it.probability()>.5?1:0;
    }
    n=h.x().length;
    return new double[]{ok/n,lo/n,loss/n,members.stream().mapToInt(Member::bestPass).average().orElse(0),t.slope()};
  }

  private List<Member> members() {
    List<Member> members = new ArrayList<>();
    for (int k = 0; k < method.ensemble(); k++) {
      List<Item> items =
          method.ensemble() == 1
              ? training
              : Member.bootstrap(training, seeds.of("bootstrap", k));
      members.add(new Member(method, set, items, seeds.of("order", k)));
    }
    return members;
  }

  private void train(List<Member> members) {
    Development judge = new Development(set, development);
    progress.start("training", (long) method.passes() * training.size() * members.size());
    List<Member> active = members;
    while (!active.isEmpty()) {
      active.parallelStream()
          .forEach(
              member -> {
                member.train();
                member.judge(judge);
                progress.advance(member.size());
              });
      active = active.stream().filter(m -> !m.isDone(method.passes())).toList();
    }
    progress.done();
  }
}
