package dev.goodhart.cli;

import dev.goodhart.GoodhartException;
import dev.goodhart.Prompt;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.Entries;
import dev.goodhart.data.Entry;
import dev.goodhart.data.OnBadRow;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.generate.ChatPrompts;
import dev.goodhart.neural.generate.Generation;
import dev.goodhart.neural.generate.Generator;
import dev.goodhart.neural.generate.PromptTokens;
import dev.goodhart.neural.generate.ResponseFile;
import dev.goodhart.neural.generate.ResponseFile.Asked;
import dev.goodhart.neural.generate.Sampling;
import dev.goodhart.neural.generate.Token;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.run.AtomicOutput;
import dev.goodhart.run.IoReason;
import dev.goodhart.run.Progress;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Spliterators;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code goodhart generate}: responses of a model. */
@Command(
    name = "generate",
    description = {
      "Writes responses with a model in the Hugging Face layout.",
      "Prompts go through the model's chat template; a model without one goes on from the text"
          + " itself. What is not said comes from the model's generation_config.json.",
      "One prompt and one response appear as they are written. Otherwise there is one JSON object a"
          + " response, which goodhart score reads, in the order of the prompts:",
      "{\"id\", \"prompt\", \"response\", \"sample\", \"finish\": stop|eos|length, \"tokens\","
          + " \"log_prob\"}; log_prob is the sum over the tokens under the model itself, in nats."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  goodhart generate models/qwen3 \"Is 7 prime?\" --temperature 0.7",
      "  goodhart generate models/qwen3 --prompts prompts.jsonl -n 8 -o responses.jsonl",
      "  goodhart generate models/base \"Once upon a time\" --max-tokens 64 --stop \".\""
    })
final class Generate implements Runnable {
  @Spec CommandSpec command;

  @Parameters(index = "0", paramLabel = "MODEL", description = "The model's folder.")
  Path model;

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "PROMPT", description = "Texts.")
  List<String> texts = new ArrayList<>();

  @Option(
      names = "--prompts",
      paramLabel = "DATA",
      description = "A data file whose prompts are answered, in place of texts.")
  @Nullable Path data;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "Where to write (default: to stdout).")
  @Nullable Path output;

  @Option(names = "-n", paramLabel = "N", description = "Responses a prompt.")
  @Nullable Integer n;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "Scores are divided by it; 0 takes the most likely token.")
  @Nullable Double temperature;

  @Option(names = "--top-k", paramLabel = "K", description = "Only the K most likely; 0 for all.")
  @Nullable Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Only the fewest most likely whose probabilities reach P.")
  @Nullable Double topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description = "Only those at least P times as likely as the most likely.")
  @Nullable Double minP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "R",
      description = "Above 1: tokens that were there are less likely.")
  @Nullable Double repetitionPenalty;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "How long a response may get (default: 256).")
  @Nullable Integer maxTokens;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "Ends a response before this text. May be given several times.")
  @Nullable List<String> stop;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Of the draws: the same seed gives the same responses whatever the batch (default:"
              + " ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "16",
      description = "How many responses are written at a time (default: ${DEFAULT-VALUE}).")
  int rows;

  @Option(
      names = "--context",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "How many tokens prompt and response may have together (default: what the model allows,"
              + " 4096 at most).")
  int context;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "cpu, cuda, cuda:N or auto (default: ${DEFAULT-VALUE}).")
  String device;

  @Option(names = "--no-template", description = "Go on from the text itself.")
  boolean noTemplate;

  @Mixin DataOptions options;

  @Override
  public void run() {
    if (texts.isEmpty() == (data == null)) {
      throw new ParameterException(
          command.commandLine(), "Give either a PROMPT, or several, or --prompts DATA");
    }
    Progress progress = Main.progress(command);
    Generator generator;
    Sampling sampling;
    try {
      generator = Generator.open(model, Device.of(device), progress);
      generator = generator.with(generator.limits().withRows(rows).withContext(context));
      sampling = sampling(generator.defaults());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
    Tokenizer tokenizer = Objects.requireNonNull(generator.tokenizer());
    ChatPrompts chat =
        noTemplate ? ChatPrompts.plain(tokenizer) : ChatPrompts.open(model, tokenizer);
    if (output == null && texts.size() == 1 && sampling.n() == 1) {
      stream(generator, chat.of(0, Prompt.of(texts.getFirst())), sampling);
    } else {
      write(generator, chat, sampling, progress);
    }
  }

  private Sampling sampling(Sampling defaults) {
    Sampling sampling = defaults.withSeed(seed);
    if (n != null) sampling = sampling.withN(n);
    if (temperature != null) sampling = sampling.withTemperature(temperature);
    if (topK != null) sampling = sampling.withTopK(topK);
    if (topP != null) sampling = sampling.withTopP(topP);
    if (minP != null) sampling = sampling.withMinP(minP);
    if (maxTokens != null) sampling = sampling.withMaxTokens(maxTokens);
    if (stop != null) sampling = sampling.withStop(stop);
    return repetitionPenalty == null ? sampling : sampling.withRepetitionPenalty(repetitionPenalty);
  }

  private void stream(Generator generator, PromptTokens prompt, Sampling sampling) {
    PrintWriter out = command.commandLine().getOut();
    try (Generation run = generator.start(List.of(prompt).iterator(), sampling)) {
      while (run.hasNext()) {
        if (run.next() instanceof Token token) {
          out.print(token.text());
          out.flush();
        }
      }
    }
    out.println();
    out.flush();
  }

  private void write(Generator generator, ChatPrompts chat, Sampling sampling, Progress progress) {
    // Not System.out, which swallows a closed pipe and would go on for nobody.
    try (AtomicOutput file = output == null ? null : new AtomicOutput(output);
        Entries entries =
            data == null
                ? null
                : Dataset.open(data, options.reading(OnBadRow.FAIL, output)).entries()) {
      OutputStream out = file == null ? new FileOutputStream(FileDescriptor.out) : file.stream();
      ResponseFile.write(
          generator,
          chat,
          entries == null ? fromTexts() : from(entries),
          sampling,
          out,
          data == null ? (long) texts.size() * sampling.n() : -1,
          file == null ? Progress.NONE : progress);
      if (file != null) file.commit();
    } catch (IOException e) {
      if (output == null && String.valueOf(e.getMessage()).contains("Broken pipe")) return;
      String where = output == null ? "stdout" : output.toString();
      throw new GoodhartException(where + ": cannot be written: " + IoReason.of(e), e);
    }
  }

  private Iterator<Asked> fromTexts() {
    return IntStream.range(0, texts.size())
        .mapToObj(i -> new Asked(Integer.toString(i + 1), Prompt.of(texts.get(i))))
        .iterator();
  }

  private static Iterator<Asked> from(Entries entries) {
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(entries, 0), false)
        .<Asked>mapMulti(
            (entry, each) -> {
              if (entry instanceof Entry.Good good) {
                // All responses of a row answer one prompt.
                good.prompts().findFirst().ifPresent(p -> each.accept(new Asked(good.id(), p)));
              }
            })
        .iterator();
  }
}
