package dev.goodhart.spec;

import dev.goodhart.Default;
import dev.goodhart.GoodhartException;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.audit.Monitor;
import dev.goodhart.signal.Signal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What a library of a user's own looks like: records, found by name through the service loader. */
public final class TestMethods implements MethodProvider {
  @Override
  public List<Class<? extends Record>> methods() {
    return List.of(Characters.class, Column.class, Everything.class, Nothing.class, Quiet.class);
  }

  /** The response's length. */
  @Method(name = "test-characters")
  record Characters() implements Signal {
    @Override
    public Reward of(Sample sample) {
      return Reward.of(sample.response().length());
    }
  }

  /** A signal's interface reached through an interface of one's own. */
  interface FromColumn extends Signal {
    String column();

    @Override
    default Reward of(Sample sample) {
      return sample.columns().get(column()) instanceof Number number
          ? Reward.of(number.doubleValue())
          : Reward.unscored("no number: column " + column());
    }
  }

  /** A number that the row holds. */
  @Method(name = "test-column")
  record Column(String column) implements FromColumn {}

  /** One of every type that a hyper-parameter may have. */
  @Method(name = "test-everything")
  record Everything(
      double number,
      int count,
      long big,
      boolean flag,
      String text,
      Path path,
      Kind kind,
      List<String> texts,
      Map<String, Double> numbers,
      Inner inner,
      Optional<Inner> maybe,
      OptionalDouble maybeNumber,
      OptionalInt maybeCount,
      @Nullable String absent,
      @Default("7") OptionalInt seven,
      @Default("fallback") @Nullable String fallback,
      Object anything)
      implements Signal {
    enum Kind {
      ONE_WAY,
      OTHER
    }

    record Inner(double weight, @Default("[]") List<Integer> counts) {
      Inner {
        if (weight < 0) {
          throw new IllegalArgumentException("weight must be at least 0, not " + weight);
        }
        counts = List.copyOf(counts);
      }
    }

    @Override
    public Reward of(Sample sample) {
      return Reward.of(number);
    }
  }

  /** A constructor that says what is wrong in its own exceptions, or says nothing. */
  @Method(name = "test-nothing")
  record Nothing(@Default("") String says) implements Signal {
    Nothing {
      if (says.equals("user")) {
        throw new GoodhartException("no such model: user");
      }
      if (says.equals("silent")) {
        throw new IllegalStateException();
      }
    }

    @Override
    public Reward of(Sample sample) {
      return Reward.unscored("nothing: never");
    }
  }

  /** A monitor that never says anything. */
  @Method(name = "test-quiet")
  record Quiet() implements Monitor {
    @Override
    public Watch start() {
      return (samples, rewards) -> List.of();
    }
  }
}
