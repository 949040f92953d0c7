package dev.goodhart.neural.reward;

import dev.goodhart.GoodhartException;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.objective.AttributeRegression;
import dev.goodhart.objective.BradleyTerry;
import dev.goodhart.objective.Objective;
import dev.goodhart.objective.PairObjective;
import dev.goodhart.objective.StepOutcome;
import dev.goodhart.run.Progress;
import dev.goodhart.signal.fit.Fit;
import dev.goodhart.signal.fit.FitMethod;
import dev.goodhart.signal.fit.FitRequest;
import dev.goodhart.spec.Methods;
import java.nio.file.Path;
import java.util.Set;

/**
 * {@code goodhart fit --model tiny|small|FOLDER}: reward models on transformers, from scratch or
 * from a model in the Hugging Face layout.
 */
public final class NeuralFit implements FitMethod {
  /** A learning rate for adapters, which begin at nothing and are few. */
  private static final double ADAPTERS_RATE = 2e-4;

  @Override
  public String models() {
    return "tiny, small or the folder of a Hugging Face model";
  }

  @Override
  public boolean fits(String model) {
    return NeuralPreferences.PRESETS.contains(model) || HfFolder.is(Path.of(model));
  }

  @Override
  public Set<String> options() {
    return Set.of(
        "loss",
        "lora",
        "epochs",
        "batch",
        "rate",
        "max-length",
        "device",
        "margin",
        "members",
        "merge",
        "resume");
  }

  @Override
  public Fit fit(FitRequest request, Progress progress) {
    NeuralPreferences method = FitRequest.checked(() -> method(request));
    boolean preset = NeuralPreferences.PRESETS.contains(request.model());
    if (method.lora() > 0 && preset) {
      throw new GoodhartException(
          "--lora: adapts a model that is there; " + request.model() + " is trained whole");
    }
    String model =
        preset ? request.model() : Path.of(request.model()).toAbsolutePath().normalize().toString();
    boolean resume = request.option("resume", Boolean.class, false);
    return new NeuralFitting(method, model, request.seed(), run(request.output()), resume, progress)
        .fit(request.data(), request.heldOut());
  }

  /** Where metrics and checkpoints of a fit are: beside the model's folder. */
  static Path run(Path output) {
    return output.resolveSibling(output.getFileName() + ".run");
  }

  private static NeuralPreferences method(FitRequest request) {
    NeuralPreferences defaults = NeuralPreferences.defaults(request.model());
    int lora = request.option("lora", Integer.class, defaults.lora());
    return new NeuralPreferences(
        loss(request),
        lora,
        request.option("merge", Boolean.class, false),
        request.option("epochs", Integer.class, defaults.epochs()),
        request.option("batch", Integer.class, defaults.batch()),
        request.option("rate", Double.class, lora > 0 ? ADAPTERS_RATE : defaults.rate()),
        request.option("max-length", Integer.class, defaults.maxLength()),
        request.option("device", String.class, "auto"),
        request.ensemble(),
        members(request, lora),
        request.holdout(),
        defaults.development());
  }

  private static Members members(FitRequest request, int lora) {
    String name = request.option("members", String.class, lora > 0 ? "adapters" : "heads");
    for (Members members : Members.values()) {
      if (members.name().equalsIgnoreCase(name)) {
        return members;
      }
    }
    throw new IllegalArgumentException(
        "members: expected heads, adapters or models, not '" + name + "'");
  }

  private static Objective loss(FitRequest request) {
    String name = request.option("loss", String.class, "bradley-terry");
    double margin = request.option("margin", Double.class, 0.0);
    Objective loss = Methods.read(name, "--loss", Objective.class);
    if (margin != 0) {
      if (!(loss instanceof BradleyTerry plain)) {
        throw new GoodhartException("--margin: is for --loss bradley-terry, not for " + name);
      }
      loss = new BradleyTerry(margin, plain.labelSmoothing(), plain.centring());
    }
    if (loss instanceof AttributeRegression || loss instanceof StepOutcome) {
      return loss;
    }
    if (!(loss instanceof PairObjective pairs)) {
      throw new GoodhartException(
          "--loss "
              + name
              + ": learns neither from comparisons nor from ratings; labels of single responses are"
              + " learnt from beside any loss of comparisons");
    }
    if (pairs.width() > 1) {
      throw new GoodhartException(
          "--loss "
              + name
              + ": says how two responses compare and gives none a reward of its own, which score"
              + " and audit need");
    }
    return loss;
  }
}
