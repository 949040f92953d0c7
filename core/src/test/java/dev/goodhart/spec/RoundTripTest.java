package dev.goodhart.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goodhart.audit.Monitor;
import dev.goodhart.combine.Combine;
import dev.goodhart.combine.ConservativeEnsemble;
import dev.goodhart.combine.Gated;
import dev.goodhart.combine.Part;
import dev.goodhart.combine.Weighted;
import dev.goodhart.signal.Signal;
import dev.goodhart.spec.TestMethods.Everything;
import dev.goodhart.transform.Affine;
import dev.goodhart.transform.Bounded;
import dev.goodhart.transform.LogSigmoidCentred;
import dev.goodhart.transform.PreferenceAsReward;
import dev.goodhart.transform.Transform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What is written is what was read: YAML to records and back. */
class RoundTripTest {
  private static final Path FOLDER = Path.of("/specs/here");

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void anySpecIsReadBackAsItWas(@ForAll("specs") RewardSpec spec) {
    String yaml = spec.toYaml(FOLDER);
    assertEquals(spec, RewardSpec.parse(yaml, "written", FOLDER), yaml);
    assertEquals(yaml, RewardSpec.parse(yaml, "written", FOLDER).toYaml(FOLDER));
  }

  @Test
  void everyTypeOfHyperParameterIsReadFromPlainYaml() {
    String yaml =
        """
        signals:
          a:
            test-everything:
              number: 1e-6
              count: 1_000
              big: -9000000000
              flag: true
              text: yes
              path: ../models/x
              kind: one-way
              texts: [a, "1", null-ish]
              numbers: { x: 1, y: -.5, z: .inf }
              inner: 0.25
              maybe: { weight: 2, counts: [1, 2] }
              maybe-number: 3
              anything: { list: [1, 2.5, true, null, text], map: {} }
        """;
    // "inner: 0.25" is no shorthand: Inner has two components.
    Map<String, Object> anything = new HashMap<>();
    List<Object> list = new ArrayList<>(List.of(1L, 2.5, true));
    list.add(null);
    list.add("text");
    anything.put("list", list);
    anything.put("map", Map.of());
    Signal expected =
        new Everything(
            0.000001,
            1000,
            -9_000_000_000L,
            true,
            "yes",
            Path.of("/specs/models/x"),
            Everything.Kind.ONE_WAY,
            List.of("a", "1", "null-ish"),
            Map.of("x", 1.0, "y", -0.5, "z", Double.POSITIVE_INFINITY),
            new Everything.Inner(0.25, List.of()),
            Optional.of(new Everything.Inner(2, List.of(1, 2))),
            OptionalDouble.of(3),
            OptionalInt.empty(),
            null,
            OptionalInt.of(7),
            "fallback",
            anything);
    RewardSpec spec =
        RewardSpec.parse(yaml.replace("inner: 0.25", "inner: { weight: 0.25 }"), "r", FOLDER);
    assertEquals(expected, spec.signals().get("a"));
  }

  @Test
  void anExplicitNothingIsNotTheDefault() {
    String yaml = RewardSpec.of("a", everything(OptionalInt.empty(), null)).toYaml(FOLDER);
    var read = (Everything) RewardSpec.parse(yaml, "r", FOLDER).signals().get("a");
    assertEquals(OptionalInt.empty(), read.seven());
    assertEquals(Optional.empty(), Optional.ofNullable(read.fallback()));
  }

  @Test
  void aBareNameIsAMethodWithItsDefaults() {
    RewardSpec spec =
        RewardSpec.parse(
            "signals: { a: test-characters }\ntransform: { a: [ preference-as-reward ] }\n",
            "r",
            FOLDER);
    assertEquals(List.of(new PreferenceAsReward(1, 1)), spec.transform().get("a"));
  }

  @Test
  void inACombinationABareNameIsAlwaysASignalWhateverMethodsThereAre() {
    RewardSpec spec =
        RewardSpec.parse(
            "signals: { weighted: test-characters }\ncombine: weighted\n", "r", FOLDER);
    assertEquals(Optional.of(new Part("weighted")), spec.combine());
  }

  @Test
  void aRecordWithOneComponentMayLeaveItsKeyOut() {
    String spec = "signals: { a: test-characters }\ncombine: ";
    Optional<Combine> twice = Optional.of(new Weighted(Map.of("a", 2.0)));
    assertEquals(twice, RewardSpec.parse(spec + "{ weighted: { a: 2 } }", "r", FOLDER).combine());
    assertEquals(
        twice,
        RewardSpec.parse(spec + "{ weighted: { weights: { a: 2 } } }", "r", FOLDER).combine());
  }

  /** Where no other method can stand. */
  record Shifted(Affine by, double more) {}

  @Test
  void aMethodThatIsTheOnlyOneInItsPlaceIsWrittenWithoutItsName() {
    Shifted shifted = new Shifted(new Affine(2, 3), 1);
    String yaml = Specs.toYaml(shifted, FOLDER);
    assertEquals(
        shifted, Specs.parse("by: { scale: 2, shift: 3 }\nmore: 1\n", "r", FOLDER, Shifted.class));
    assertEquals(shifted, Specs.parse(yaml, "written", FOLDER, Shifted.class), yaml);
  }

  @Test
  void everyMethodIsMadeFromItsDefaultsOrSaysWhatIsMissing() {
    for (var room : Methods.loaded().all().entrySet()) {
      for (var method : room.getValue().entrySet()) {
        try {
          Record made =
              YamlReader.read("{}", "defaults", FOLDER, method.getValue().asSubclass(Record.class));
          assertEquals(method.getValue(), made.getClass());
        } catch (SpecException e) {
          assertTrue(e.getMessage().contains("is missing"), method + ": " + e.getMessage());
        }
      }
    }
  }

  @Provide
  static Arbitrary<RewardSpec> specs() {
    return names()
        .list()
        .uniqueElements()
        .ofMinSize(1)
        .ofMaxSize(4)
        .flatMap(
            names ->
                Combinators.combine(
                        signals().list().ofSize(names.size()),
                        transforms().list().ofMaxSize(3).list().ofMaxSize(names.size()),
                        combines(Arbitraries.of(names), 3),
                        Arbitraries.<List<Monitor>>of(List.of(), List.of(new TestMethods.Quiet())))
                    .as(
                        (signals, transforms, combine, monitors) ->
                            spec(names, signals, transforms, combine, monitors)));
  }

  private static RewardSpec spec(
      List<String> names,
      List<Signal> signals,
      List<List<Transform>> transforms,
      Combine combine,
      List<Monitor> monitors) {
    Map<String, Signal> named = new HashMap<>();
    Map<String, List<Transform>> transformed = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      named.put(names.get(i), signals.get(i));
      if (i < transforms.size()) {
        transformed.put(names.get(i), transforms.get(i));
      }
    }
    Optional<Combine> combined =
        names.size() == 1 && combine instanceof Part ? Optional.empty() : Optional.of(combine);
    return new RewardSpec(named, transformed, combined, monitors);
  }

  /** Names that a YAML reader could take for something else. */
  private static Arbitrary<String> names() {
    return Arbitraries.oneOf(
        Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(8),
        Arbitraries.of(
            "true",
            "null",
            "~",
            "1",
            "1e3",
            "a: b",
            "- x",
            "#",
            "&a",
            "*a",
            "!t",
            "'",
            "\"",
            " ",
            "weights",
            "of",
            "weighted",
            "line\nbreak",
            "größe",
            "長さ",
            "🙂",
            "{}",
            "[a]",
            "%"));
  }

  private static Arbitrary<Double> numbers() {
    return Arbitraries.oneOf(
        Arbitraries.doubles().between(-1e6, 1e6),
        Arbitraries.of(0.0, 1e-300, -1e300, Double.MIN_VALUE, Double.MAX_VALUE, 1.0 / 3));
  }

  private static Arbitrary<Signal> signals() {
    Arbitrary<Signal> plain = Arbitraries.of(new TestMethods.Characters());
    return Arbitraries.oneOf(
        plain,
        names().map(TestMethods.Column::new),
        Combinators.combine(numbers(), Arbitraries.integers(), names(), names())
            .as(
                (number, count, text, path) ->
                    new Everything(
                        number,
                        count,
                        Long.MIN_VALUE + count,
                        count % 2 == 0,
                        text,
                        FOLDER.resolve("m" + count % 9).resolve("x y"),
                        Everything.Kind.OTHER,
                        List.of(text, path),
                        Map.of(text, number),
                        new Everything.Inner(Math.abs(number), List.of(count)),
                        count % 3 == 0
                            ? Optional.empty()
                            : Optional.of(new Everything.Inner(1, List.of())),
                        count % 3 == 0 ? OptionalDouble.of(number) : OptionalDouble.empty(),
                        count % 5 == 0 ? OptionalInt.of(count) : OptionalInt.empty(),
                        count % 2 == 0 ? null : text,
                        count % 7 == 0 ? OptionalInt.empty() : OptionalInt.of(count),
                        count % 3 == 0 ? null : path,
                        List.of(text, number, true, Map.of(path, (long) count)))));
  }

  private static Everything everything(OptionalInt seven, String fallback) {
    return new Everything(
        1,
        1,
        1,
        true,
        "",
        FOLDER,
        Everything.Kind.OTHER,
        List.of(),
        Map.of(),
        new Everything.Inner(1, List.of()),
        Optional.empty(),
        OptionalDouble.empty(),
        OptionalInt.empty(),
        null,
        seven,
        fallback,
        "x");
  }

  private static Arbitrary<Transform> transforms() {
    return Arbitraries.oneOf(
        Combinators.combine(numbers(), numbers()).as(Affine::new),
        numbers().map(low -> new Bounded(low, Double.POSITIVE_INFINITY)),
        Arbitraries.doubles().between(0, 1).map(q -> new LogSigmoidCentred(q, 3)),
        Arbitraries.integers().between(1, 99).map(m -> new PreferenceAsReward(m, 0.5)));
  }

  private static Arbitrary<Combine> combines(Arbitrary<String> names, int deep) {
    Arbitrary<Combine> leaf = names.map(Part::new);
    Arbitrary<Combine> weighted =
        Arbitraries.maps(names, numbers()).ofMinSize(1).ofMaxSize(1).map(Weighted::new);
    Arbitrary<Combine> ensemble =
        names.map(
            name -> new ConservativeEnsemble(List.of(name), ConservativeEnsemble.Objective.UWO, 1));
    if (deep == 0) {
      return Arbitraries.oneOf(leaf, weighted, ensemble);
    }
    Arbitrary<Combine> below = combines(names, deep - 1);
    Arbitrary<Combine> gated =
        Combinators.combine(below, numbers(), below)
            .as((gate, threshold, then) -> new Gated(gate, threshold, then, -1));
    return Arbitraries.oneOf(leaf, weighted, ensemble, gated);
  }
}
