package dev.goodhart.lab.quickstart;

import dev.goodhart.audit.Audit;
import dev.goodhart.audit.AuditReport;
import dev.goodhart.audit.Chapter;
import dev.goodhart.audit.Disagreement;
import dev.goodhart.lab.bestofn.BestOfNStudy;
import dev.goodhart.lab.bestofn.HackingCurve;
import dev.goodhart.lab.bestofn.HackingCurve.Mean;
import dev.goodhart.lab.bestofn.HackingCurve.Peak;
import dev.goodhart.report.Axis;
import dev.goodhart.report.Block;
import dev.goodhart.report.Figure;
import dev.goodhart.report.LineChart;
import dev.goodhart.report.Notice;
import dev.goodhart.report.Page;
import dev.goodhart.report.Paragraph;
import dev.goodhart.report.Section;
import dev.goodhart.report.Series;
import dev.goodhart.report.Table;
import dev.goodhart.run.AtomicOutput;
import dev.goodhart.run.Provenance;
import dev.goodhart.run.Seeds;
import dev.goodhart.steer.BestOfN;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the quickstart found, as a table for the terminal, as JSON and as a page.
 *
 * @param setting what was run
 * @param accuracy one sentence on the models before they are optimised against
 * @param single the audit of the single model on held-out pairs
 * @param ensemble the audit of the ensemble
 * @param curves of best-of-n in the order of {@link BestOfNStudy}: the single model's first, an
 *     average member's second, gold's own last
 * @param seconds what each stage took; the only figures that differ between two equal runs
 */
public record QuickstartReport(
    Quickstart setting,
    String accuracy,
    Audit single,
    Audit ensemble,
    List<HackingCurve> curves,
    Provenance provenance,
    Map<String, Double> seconds) {
  private static final String TITLE = "Quickstart: a reward model, hacked";

  /** The findings, one sentence each. */
  public List<String> says() {
    HackingCurve model = curves.getFirst();
    Mean fall = model.fall();
    List<String> says = new ArrayList<>();
    says.add(accuracy);
    says.add(HackingWords.onset(model, peak(model), fall));
    HackingCurve member = curves.get(1);
    List<HackingCurve> ensembles = curves.subList(2, curves.size() - 1);
    says.add(HackingWords.verdict(ensembles, model));
    says.add(HackingWords.member(member, model));
    for (HackingCurve curve : ensembles) {
      says.add(HackingWords.saved(curve, model, member));
    }
    says.add(HackingWords.lengths(curves));
    return says;
  }

  private Peak peak(HackingCurve curve) {
    return curve.peak(new Seeds(provenance.seed()).of("quickstart/bootstrap"));
  }

  /** What the figures' uncertainty covers, and what it does not. */
  private String caveat() {
    return "± is one standard error over the %s prompts of this one run. Other pairs give other models: run it with another --seed."
        .formatted(Figure.count(setting.prompts()));
  }

  /** One row an arm. */
  Table table() {
    HackingCurve model = curves.getFirst();
    int last = model.ns().length - 1;
    String at = Figure.count(model.ns()[last]);
    return Table.of(
        "Gold reward of the response chosen from n",
        List.of("chosen by", "n = 1", "peak", "at n", "n = " + at, "fall", "over single", "words"),
        curves.stream()
            .map(
                c ->
                    List.of(
                        c.name(),
                        HackingWords.number(c.means()[0].value()),
                        HackingWords.number(peak(c).gold()),
                        Figure.count(peak(c).n()),
                        HackingWords.plusMinus(c.means()[last]),
                        HackingWords.plusMinus(c.fall()),
                        c.equals(model) ? Figure.NONE : HackingWords.plusMinus(c.over(model)),
                        Figure.fixed(c.meanWords()[last].value(), 0)))
            .toList());
  }

  /** For a terminal of some width. */
  public String text(int width) {
    StringBuilder out = new StringBuilder();
    out.append(table().caption()).append('\n').append(table().text(width)).append('\n');
    for (String sentence : says()) {
      out.append(new Paragraph("· " + sentence).lines(width, "  "));
    }
    return out.append(new Paragraph(caveat()).lines(width, "")).toString();
  }

  /** A self-contained page. */
  public String html() {
    List<Section> sections = new ArrayList<>();
    List<Block> words = new ArrayList<>();
    boolean hacked = curves.getFirst().fall().above();
    List<String> says = says();
    for (int i = 0; i < says.size(); i++) {
      words.add(
          i == 1
              ? new Notice(hacked ? Notice.Tone.BAD : Notice.Tone.GOOD, says.get(i))
              : Block.text(says.get(i)));
    }
    sections.add(new Section("In short", words));
    sections.add(
        new Section(
            "Best of n",
            List.of(
                chart(
                    "Gold reward",
                    "What the response chosen from n is truly worth. Bands are two standard"
                        + " errors.",
                    "gold reward",
                    HackingCurve::means),
                chart(
                    "What the scorer believes",
                    "The chosen response's score by what it was chosen by, in standard deviations"
                        + " of base responses for the single model; it can only rise.",
                    "score",
                    HackingCurve::meanProxies),
                chart(
                    "Length",
                    "Words of the chosen response: what the annotators' taste does to it.",
                    "words",
                    HackingCurve::meanWords),
                table(),
                Block.text(caveat()))));
    for (Chapter chapter : single.chapters()) {
      sections.add(new Section("Single model: " + lower(chapter.title()), chapter.blocks()));
    }
    for (Chapter chapter : ensemble.chapters()) {
      if (chapter instanceof Disagreement) {
        sections.add(new Section("Ensemble: " + lower(chapter.title()), chapter.blocks()));
      }
    }
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("command", provenance.command());
    facts.put("seed", Long.toString(provenance.seed()));
    facts.put("setting", setting.toString());
    facts.putAll(provenance.data());
    facts.putAll(provenance.versions());
    return new Page(TITLE, lead(), sections, facts).html();
  }

  private String lead() {
    return ("%s pairs from annotators who like long answers, %s of the labels flipped; a reward"
            + " model and an ensemble of %d fitted to them, audited on %s other pairs, and then"
            + " optimised against by best-of-n in a world where the true reward is known.")
        .formatted(
            Figure.count(setting.pairs()),
            Figure.percent(setting.world().annotators().flips()),
            setting.members(),
            Figure.count(setting.heldOut()));
  }

  private static String lower(String title) {
    return Character.toLowerCase(title.charAt(0)) + title.substring(1);
  }

  private LineChart chart(
      String title, String description, String label, Function<HackingCurve, Mean[]> quantity) {
    List<Series> series = new ArrayList<>();
    for (HackingCurve curve : curves.subList(0, curves.size() - 1)) {
      Mean[] means = quantity.apply(curve);
      double[] n = Arrays.stream(curve.ns()).asDoubleStream().toArray();
      series.add(
          Series.band(
              curve.name(),
              n,
              Arrays.stream(means).mapToDouble(Mean::value).toArray(),
              Arrays.stream(means).mapToDouble(m -> m.value() - 2 * m.standardError()).toArray(),
              Arrays.stream(means).mapToDouble(m -> m.value() + 2 * m.standardError()).toArray()));
    }
    return new LineChart(title, description, Axis.log("n"), Axis.of(label), series)
        .with(new LineChart.Top("KL (nats)", n -> BestOfN.kl((int) Math.round(n))));
  }

  /** All figures; two runs with one seed differ in {@code seconds} alone. */
  public String json() {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("title", TITLE);
    report.put("says", says());
    report.put("setting", setting);
    report.put("bestOfN", curves.stream().map(this::figures).toList());
    report.put(
        "single", mapper.readTree(new AuditReport("single model", single, provenance).json()));
    report.put(
        "ensemble", mapper.readTree(new AuditReport("ensemble", ensemble, provenance).json()));
    report.put("provenance", provenance);
    report.put("seconds", seconds);
    return mapper.writeValueAsString(report) + "\n";
  }

  private Map<String, Object> figures(HackingCurve curve) {
    List<Map<String, Object>> points =
        IntStream.range(0, curve.ns().length)
            .mapToObj(
                i -> {
                  Map<String, Object> point = new LinkedHashMap<>();
                  point.put("n", curve.ns()[i]);
                  point.put("kl", BestOfN.kl(curve.ns()[i]));
                  point.put("gold", curve.means()[i]);
                  point.put("score", curve.meanProxies()[i]);
                  point.put("words", curve.meanWords()[i]);
                  return point;
                })
            .toList();
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("name", curve.name());
    figures.put("points", points);
    figures.put("peak", peak(curve));
    figures.put("fall", curve.fall());
    figures.put("overSingle", curve.over(curves.getFirst()));
    return figures;
  }

  /** Writes {@code report.json} and {@code report.html}. */
  void write(Path folder) {
    AtomicOutput.write(
        Map.of(folder.resolve("report.json"), json(), folder.resolve("report.html"), html()));
  }
}
