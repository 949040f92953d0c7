package dev.goodhart.data;

import java.util.Locale;
import java.util.OptionalDouble;

/** How data sets say which of two responses won. */
enum Verdict {
  /** The sign says who, negative for the first; the size says by how much; 0 is a tie. */
  SIGNED_STRENGTH(Kind.NUMBER),
  /** Several annotators, each 1, 2, or 0 for a tie; a tie is half a vote for each. */
  VOTES(Kind.NUMBER),
  /** 1 or 2; 0 is a tie. */
  ONE_OR_TWO(Kind.NUMBER),
  /** From 1, surely the first, to 2, surely the second; 0 is a tie too. */
  BETWEEN_ONE_AND_TWO(Kind.NUMBER),
  /** The index of the winner. */
  ZERO_OR_ONE(Kind.NUMBER),
  /** 1 when the first won, 0 when the second did. */
  ONE_IF_FIRST(Kind.NUMBER),
  /** A name: {@code A>B}, {@code model_a}, {@code 2}, {@code tie}. */
  NAMED(Kind.ANY),
  /** One column for each outcome, 1 in one of them: first, second, tie. */
  ONE_HOT(Kind.VERDICT),
  /** A score for each; the difference is the strength. */
  SCORES(Kind.NUMBER);

  private final Kind kind;

  Verdict(Kind kind) {
    this.kind = kind;
  }

  /** What its columns hold. */
  Kind kind() {
    return kind;
  }

  /**
   * What the verdict comes to.
   *
   * @param first the probability that the first response is the better one
   */
  record Outcome(double first, OptionalDouble strength) {}

  Outcome read(Fields row) {
    return switch (this) {
      case SIGNED_STRENGTH -> {
        double strength = row.number("label");
        yield new Outcome(signed(-strength), OptionalDouble.of(Math.abs(strength)));
      }
      case VOTES -> plain(votes(row));
      case ONE_OR_TWO -> plain(oneOrTwo(row, "label"));
      case BETWEEN_ONE_AND_TWO -> {
        double preference = row.number("label");
        if (preference != 0 && (preference < 1 || preference > 2)) {
          throw row.wrong("label", "a number from 1 to 2", preference);
        }
        yield plain(preference == 0 ? 0.5 : 2 - preference);
      }
      case ZERO_OR_ONE -> plain(1 - zeroOrOne(row));
      case ONE_IF_FIRST -> plain(zeroOrOne(row));
      case NAMED -> plain(named(row));
      case ONE_HOT -> {
        double first = row.verdict("label");
        double second = row.verdict("label1");
        double tie = row.verdict("label2");
        if (Math.abs(first + second + tie - 1) > 1e-6) {
          throw new BadField(row.column("label"), "and the columns beside it do not add up to 1");
        }
        yield plain(first + tie / 2);
      }
      case SCORES -> {
        double difference = row.number("label") - row.number("label1");
        yield new Outcome(signed(difference), OptionalDouble.of(Math.abs(difference)));
      }
    };
  }

  private static Outcome plain(double first) {
    return new Outcome(first, OptionalDouble.empty());
  }

  private static double signed(double difference) {
    return difference > 0 ? 1 : difference < 0 ? 0 : 0.5;
  }

  private static double votes(Fields row) {
    double sum = 0;
    int votes = 0;
    for (String role = "label"; row.has(role); role = "label" + votes) {
      sum += oneOrTwo(row, role);
      votes++;
    }
    return sum / votes;
  }

  private static double oneOrTwo(Fields row, String role) {
    double label = row.number(role);
    if (label == 1) {
      return 1;
    }
    if (label == 2) {
      return 0;
    }
    if (label == 0) {
      return 0.5;
    }
    throw row.wrong(role, "1, 2 or 0 (a tie)", row.value(role));
  }

  private static double zeroOrOne(Fields row) {
    double label = row.number("label");
    if (label != 0 && label != 1) {
      throw row.wrong("label", "0 or 1", row.value("label"));
    }
    return label;
  }

  private static double named(Fields row) {
    Object value = row.value("label");
    String name = value instanceof Number n ? Long.toString(n.longValue()) : row.text("label");
    return switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "1", "a", "a>b", "a>>b", "model_a", "response_a", "response_1", "output_1", "first" -> 1;
      case "2", "b", "b>a", "b>>a", "model_b", "response_b", "response_2", "output_2", "second" ->
          0;
      case "0", "tie", "a=b", "b=a", "tie (bothbad)", "both_bad", "both" -> 0.5;
      default -> throw row.wrong("label", "a winner (A, B or tie)", value);
    };
  }
}
