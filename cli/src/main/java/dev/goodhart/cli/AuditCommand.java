package dev.goodhart.cli;

import dev.goodhart.GoodhartException;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.audit.Aggregate;
import dev.goodhart.audit.Audit;
import dev.goodhart.audit.AuditData;
import dev.goodhart.audit.AuditReport;
import dev.goodhart.audit.Bootstrap;
import dev.goodhart.audit.ReadyScores;
import dev.goodhart.audit.VerifierTruth;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.OnBadRow;
import dev.goodhart.run.Progress;
import dev.goodhart.run.Provenance;
import dev.goodhart.spec.RewardSpec;
import dev.goodhart.spec.Scorer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code goodhart audit}: what a reward gets right, what it pays for, and how it can be hacked. */
@Command(
    name = "audit",
    description = {
      "Measures a reward: accuracy beside a length-only rule, calibration, what it pays for length"
          + " and format, how edits move it, whether an ensemble knows when it is wrong, and what"
          + " best-of-n earns.",
      "Every figure has a 95 %% interval by bootstrap over prompts. Prompts that a fitted model was"
          + " trained on are left out. A response without a reward is counted, never 0.",
      "Ready-made scores of any reward model: a row {\"id\", \"scores\": [...]} for each row of the"
          + " data, one score a response (of a process model: one list of step scores a response),"
          + " or {\"id\", \"reward\"} for a single response. Several are laid side by side and"
          + " tried as ensembles.",
      "A verifier: --truth names the column that says which responses are right. How many right"
          + " ones it refuses and wrong ones it accepts, by the shape of the true answer, with the"
          + " responses; every signal of the spec by itself, and against the others.",
      "Two checkpoints of a policy: --before has the responses of the earlier one, DATA those of"
          + " the later one to the same prompts, --truth says which are right. Pass@k of both, and"
          + " which prompts training gained and lost; with --by ANSWER also which right answers."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  goodhart audit models/helpful pairs.jsonl.gz -o report",
      "      a fitted model, on the prompts that it has not seen",
      "  goodhart audit reward.yaml pairs.jsonl -o report.html",
      "      any reward spec; one file to mail",
      "  goodhart audit pairs.jsonl -o report --scores score_chosen,score_rejected",
      "      ready-made scores in columns of the data",
      "  goodhart audit math.jsonl -o report --correct 0 --scores a.jsonl b.jsonl",
      "      the scores of several models, response 0 of each row being right",
      "  goodhart audit math.yaml solutions.jsonl -o report --truth is_correct",
      "      the errors of a verifier, before training on it",
      "  goodhart audit after.jsonl -o report --before before.jsonl --truth is_correct --by answer",
      "      what training gained and lost, under the mean accuracy",
      "",
      "A file of scores holds a row {\"id\", \"scores\": [...]} for each row of the data, one score"
          + " a",
      "response (for a process model: one list of step scores a response), or {\"id\", \"reward\"}"
          + " for",
      "a single response."
    })
final class AuditCommand implements Runnable {
  @Spec CommandSpec spec;

  @Parameters(
      arity = "1..2",
      paramLabel = "DIR|SPEC DATA",
      description =
          "A fitted model's folder or a reward spec, and the data; with --scores the data alone.")
  List<Path> inputs;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "REPORT",
      description =
          "Where report.json and report.html go; a name in .json or .html writes that one file.")
  Path output;

  @Option(
      names = "--scores",
      arity = "1..*",
      paramLabel = "COLUMN|FILE",
      description =
          "Ready-made scores: files, or columns of the data (one with a list, or one a response:"
              + " a,b).")
  List<String> scores = List.of();

  @Option(
      names = "--correct",
      paramLabel = "INDEX|COLUMN",
      description =
          "Which response of each row is right, where the data has no texts: its index from 0.")
  @Nullable String correct;

  @Option(
      names = "--gold",
      paramLabel = "COLUMN",
      description = "A column with the true reward of the responses.")
  @Nullable String gold;

  @Option(
      names = "--truth",
      paramLabel = "COLUMN",
      description =
          "Audit verifiers: the column that says whether a response is right (true, false, 1, 0).")
  @Nullable String truth;

  @Option(
      names = "--before",
      paramLabel = "FILE",
      description =
          "Audit what training did: the responses of the policy that it began with; DATA has those"
              + " of the later one.")
  @Nullable Path before;

  @Option(
      names = "--threshold",
      paramLabel = "REWARD",
      defaultValue = "0.5",
      description = "With --truth: a reward of at least this accepts (default: ${DEFAULT-VALUE}).")
  double threshold;

  @Option(
      names = "--by",
      paramLabel = "COLUMN",
      description =
          "With --truth: a column to tell the responses apart by (default: the shape of the true"
              + " answer); with --before the column of the answer.")
  @Nullable String by;

  @Option(
      names = "--aggregate",
      split = ",",
      description =
          "How a process model's steps become one score: ${COMPLETION-CANDIDATES} (default: all).")
  List<Aggregate> aggregates = List.of(Aggregate.values());

  @Mixin DataOptions options;

  @Option(
      names = "--truncate",
      paramLabel = "CHARACTERS",
      defaultValue = "0",
      description =
          "Judge only the beginning of each response, as a trainer with a length limit would.")
  int truncate;

  @Option(
      names = "--edits",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "How many responses are edited, at most; 0 leaves that out (default: ${DEFAULT-VALUE}).")
  int edits;

  @Option(
      names = "--with-training",
      description =
          "Keep the rows of prompts that a fitted model was trained on, which are left out"
              + " otherwise.")
  boolean withTraining;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of everything drawn (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(names = "--json", description = "Print the report as JSON instead of tables.")
  boolean json;

  @Override
  public void run() {
    Progress progress = Main.progress(spec);
    Path data = inputs.getLast();
    if (before != null && (truth == null || inputs.size() != 1 || !scores.isEmpty())) {
      throw new GoodhartException(
          "audit: --before FILE goes with DATA alone and --truth COLUMN, which says what is right");
    }
    if (before == null && scores.isEmpty() == (inputs.size() == 1)) {
      throw new GoodhartException(
          scores.isEmpty()
              ? "audit: expected DIR|SPEC and DATA; to audit ready-made scores give them with"
                  + " --scores"
              : "audit: with --scores there is no DIR|SPEC, only DATA");
    }
    if (truth != null && !scores.isEmpty()) {
      throw new GoodhartException(
          "audit: --truth goes with a SPEC; name ready-made scores in it as a signal 'column'");
    }
    if (truth == null && by != null) {
      throw new GoodhartException("audit: --by goes with --truth");
    }
    Bootstrap bootstrap = Bootstrap.of(seed);
    List<Path> read = new ArrayList<>(List.of(data));
    Audit audit =
        before != null && truth != null
            ? checkpoints(before, data, read, truth, bootstrap)
            : truth != null
                ? verifiers(data, truth, bootstrap, progress)
                : scores.isEmpty()
                    ? model(data, bootstrap, progress)
                    : scores(data, read, bootstrap, progress);
    String command = String.join(" ", spec.commandLine().getParseResult().originalArgs());
    AuditReport report =
        new AuditReport(
            "Audit of " + subject() + " on " + data.getFileName(),
            audit,
            Provenance.of("goodhart audit " + command, seed, read.toArray(Path[]::new)));
    report.write(output);
    spec.commandLine().getOut().print(json ? report.json() : report.text(Width.ofTerminal()));
    spec.commandLine().getOut().flush();
  }

  private Audit checkpoints(
      Path before, Path data, List<Path> read, String truth, Bootstrap bootstrap) {
    read.add(before);
    return Audit.ofCheckpoints(
        VerifierTruth.read(open(before), truth, by, row -> true),
        VerifierTruth.read(open(data), truth, by, row -> true),
        by != null,
        bootstrap);
  }

  private String subject() {
    return before != null
        ? "what training did since " + before.getFileName()
        : scores.isEmpty()
            ? String.valueOf(inputs.getFirst().getFileName())
            : scores.size() == 1
                ? scores.getFirst().replaceFirst(".*/", "")
                : scores.size() + " rewards";
  }

  private Audit model(Path data, Bootstrap bootstrap, Progress progress) {
    try (Scorer scorer = new Scorer(RewardSpec.read(inputs.getFirst()))) {
      AuditData.Read read =
          new AuditData(
                  gold,
                  List.of(),
                  truncate,
                  row -> withTraining || row.prompts().noneMatch(scorer::trainedOn))
              .read(open(data));
      if (read.set().size() == 0 && read.dropped() > 0) {
        throw new GoodhartException(
            "audit: the model was trained on every prompt of "
                + data
                + ": hold some out (goodhart fit --holdout), audit on other data, or measure what"
                + " it remembers with --with-training");
      }
      return Audit.ofScorer(
          read, subject(), scorer::score, withTraining, bootstrap, edits, progress);
    }
  }

  private Audit verifiers(Path data, String truth, Bootstrap bootstrap, Progress progress) {
    RewardSpec reward = RewardSpec.read(inputs.getFirst());
    try (Scorer scorer = new Scorer(reward)) {
      VerifierTruth known =
          VerifierTruth.read(
              open(data),
              truth,
              by,
              row -> withTraining || row.prompts().noneMatch(scorer::trainedOn));
      Map<String, Function<List<Sample>, List<Reward>>> verifiers = new LinkedHashMap<>();
      for (String name : reward.signals().keySet()) {
        verifiers.put(name, batch -> scorer.signal(name, batch));
      }
      return Audit.ofVerifiers(
          known,
          verifiers,
          reward.combine().isPresent() ? scorer::combine : null,
          threshold,
          withTraining,
          bootstrap,
          progress);
    }
  }

  private Audit scores(Path data, List<Path> read, Bootstrap bootstrap, Progress progress) {
    List<Path> files = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    for (String name : scores) {
      if (Files.exists(Path.of(name))) {
        files.add(Path.of(name));
      } else {
        columns.add(name);
      }
    }
    read.addAll(files);
    List<ReadyScores> sources = new ArrayList<>();
    files.forEach(file -> sources.add(ReadyScores.read(file)));
    AuditData.Read set;
    if (correct != null) {
      if (sources.isEmpty()) {
        throw new GoodhartException(
            "audit: --correct goes with --scores FILE, which says how many responses a row has");
      }
      set = AuditData.oneOfMany(data, correct, sources.getFirst().width());
    } else {
      List<String> wanted = columns.stream().flatMap(c -> List.of(c.split(",")).stream()).toList();
      set = new AuditData(gold, wanted, truncate, row -> true).read(open(data));
    }
    for (String column : columns) {
      sources.add(ReadyScores.of(List.of(column.split(",")), set, data.toString()));
    }
    return Audit.ofScores(set, sources, aggregates, bootstrap, progress);
  }

  private Dataset open(Path data) {
    return Dataset.open(data, options.reading(OnBadRow.SKIP, output));
  }
}
