package dev.goodhart.verify.retrieval;

import dev.goodhart.Default;
import dev.goodhart.Method;
import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.Scored;
import dev.goodhart.signal.Signal;
import dev.goodhart.signal.Verifier;
import dev.goodhart.verify.text.References;
import dev.goodhart.verify.text.Within;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How well a corpus answers the response, read as a search query: the BM25 score of the document
 * that it finds first. For policies that write queries, and as a cheap sign that a response speaks
 * of what a corpus knows.
 *
 * <p>BM25(q, d) = Σ_t n_t · idf(t) · f / (f + k1 (1 − b + b |d| / avg|d|)), over the distinct terms
 * t of the query with n_t their number in it, f the term's number in the document, and idf(t) =
 * ln(1 + (N − n + ½)/(n + ½)) with n of N documents that have it. Terms are Lucene's
 * StandardAnalyzer's. Scores are open upwards and grow with the query; {@code squash} c brings them
 * into [0, 1) as s / (s + c). Parts {@code document} (its number from 0, where one was found) and,
 * where references are named, {@code rank}.
 *
 * <p>With {@code relevant} it is 1 / rank of the first relevant document among the first {@code
 * top}, else 0, instead: whether the query finds what it should.
 *
 * <p>Unscored when the query has no terms, when a sample's own corpus is missing or has no terms,
 * and when its relevant documents are missing.
 *
 * @param corpus a file: JSON lines with a {@code text} column, or plain text with a document a line
 * @param column that holds each sample's own documents as a list of texts, instead of a file
 * @param relevant the column that holds the ids (JSON's {@code id}, otherwise line numbers from 0)
 *     of the documents that the query should find
 * @param top how far down a relevant document counts
 * @param k1 how slowly a term's repetition in a document wears off
 * @param b how much a document's length counts, from 0 to 1
 * @param squash where it is given, the score of half a point
 * @param within which part of the response is the query
 */
@Method(name = "bm25", source = "Robertson and Zaragoza 2009")
public record Bm25(
    Optional<Path> corpus,
    Optional<String> column,
    Optional<String> relevant,
    @Default("10") int top,
    @Default("1.2") double k1,
    @Default("0.75") double b,
    OptionalDouble squash,
    @Default("response") Within within)
    implements Verifier {
  private static final int LONGEST = 4 << 20;

  public Bm25 {
    if (corpus.isPresent() == column.isPresent()) {
      throw new IllegalArgumentException("corpus: expected either a corpus or a column");
    }
    if (top < 1 || top > 1000) {
      throw new IllegalArgumentException("top: expected 1 to 1000, found " + top);
    }
    if (!(k1 >= 0 && Double.isFinite(k1))) {
      throw new IllegalArgumentException("k1: expected at least 0, found " + k1);
    }
    if (!(b >= 0 && b <= 1)) {
      throw new IllegalArgumentException("b: expected 0 to 1, found " + b);
    }
    if (!(squash.orElse(1) > 0 && Double.isFinite(squash.orElse(1)))) {
      throw new IllegalArgumentException("squash: expected above 0, found " + squash);
    }
  }

  /** Lucene's defaults over each sample's documents. */
  public static Bm25 column(String name) {
    return new Bm25(
        Optional.empty(),
        Optional.of(name),
        Optional.empty(),
        10,
        1.2,
        0.75,
        OptionalDouble.empty(),
        Within.RESPONSE);
  }

  /** Reads and indexes the corpus, in memory. */
  @Override
  public Signal open() {
    return corpus.isEmpty()
        ? this
        : new Opened(this, Index.of(CorpusFile.read(corpus.get()), k1, b));
  }

  /** With its index. */
  private record Opened(Bm25 bm25, Index index) implements Verifier {
    @Override
    public Reward of(Sample sample) {
      return bm25.of(sample, index);
    }

    @Override
    public void close() {
      index.close();
    }
  }

  @Override
  public Reward of(Sample sample) {
    if (column.isEmpty()) {
      throw new IllegalStateException("bm25 over a file scores after open()");
    }
    List<String> texts = References.of(sample, column);
    if (texts.isEmpty()) {
      return Reward.unscored("no corpus: column '" + column.get() + "' holds no texts");
    }
    if (texts.stream().mapToLong(String::length).sum() > LONGEST) {
      return Reward.unscored("too long: column '" + column.get() + "' has more than " + LONGEST);
    }
    try (Index index = Index.of(Document.numbered(texts), k1, b)) {
      return of(sample, index);
    }
  }

  private Reward of(Sample sample, Index index) {
    if (sample.response().length() > LONGEST) {
      return Reward.unscored(
          "too long: the response has " + sample.response().length() + " characters");
    }
    List<String> wanted = relevant.isEmpty() ? List.of() : References.of(sample, relevant);
    if (relevant.isPresent() && wanted.isEmpty()) {
      return Reward.unscored("no relevant documents: column '" + relevant.get() + "' holds none");
    }
    @Nullable List<Hit> hits = index.search(within.of(sample.response()), top);
    if (hits == null) {
      return wanted.isEmpty()
          ? Reward.unscored("no query: the response has no terms")
          : Reward.of(0);
    }
    Map<String, Reward> parts = new LinkedHashMap<>();
    if (!hits.isEmpty()) {
      parts.put("document", Reward.of(hits.getFirst().number()));
    }
    if (relevant.isPresent()) {
      for (int i = 0; i < hits.size(); i++) {
        if (wanted.contains(hits.get(i).id())) {
          parts.put("rank", Reward.of(i + 1));
          return new Scored(1.0 / (i + 1), OptionalDouble.empty(), parts);
        }
      }
      return new Scored(0, OptionalDouble.empty(), parts);
    }
    double score = hits.isEmpty() ? 0 : hits.getFirst().score();
    double value = squash.isPresent() ? score / (score + squash.getAsDouble()) : score;
    return new Scored(value, OptionalDouble.empty(), parts);
  }
}
