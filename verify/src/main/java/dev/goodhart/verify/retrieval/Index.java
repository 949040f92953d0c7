package dev.goodhart.verify.retrieval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.jspecify.annotations.Nullable;

/** A corpus as Lucene holds it in memory; safe for several threads. */
final class Index implements AutoCloseable {
  private static final String FIELD = "text";

  /** Lucene's own limit on the clauses of a query. */
  private static final int MOST_TERMS = 1024;

  private final List<String> ids;
  private final ByteBuffersDirectory directory;
  private final DirectoryReader reader;
  private final Analyzer analyzer = new StandardAnalyzer();
  private final IndexSearcher searcher;

  private Index(List<String> ids, ByteBuffersDirectory directory, double k1, double b)
      throws IOException {
    this.ids = ids;
    this.directory = directory;
    this.reader = DirectoryReader.open(directory);
    this.searcher = new IndexSearcher(reader);
    searcher.setSimilarity(new BM25Similarity((float) k1, (float) b));
    searcher.setQueryCache(null);
  }

  static Index of(List<Document> documents, double k1, double b) {
    ByteBuffersDirectory directory = new ByteBuffersDirectory();
    try {
      IndexWriterConfig config = new IndexWriterConfig(new StandardAnalyzer());
      config.setSimilarity(new BM25Similarity((float) k1, (float) b));
      // Segments in the order of the corpus, so that a document's number is its place in it.
      config.setRAMBufferSizeMB(256);
      config.setMergePolicy(NoMergePolicy.INSTANCE);
      List<String> ids = new ArrayList<>(documents.size());
      try (IndexWriter writer = new IndexWriter(directory, config)) {
        for (Document document : documents) {
          ids.add(document.id());
          org.apache.lucene.document.Document row = new org.apache.lucene.document.Document();
          row.add(new TextField(FIELD, document.text(), Field.Store.NO));
          writer.addDocument(row);
        }
      }
      return new Index(ids, directory, k1, b);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The documents that a query finds, best first; null where it has no terms. */
  @Nullable List<Hit> search(String query, int top) {
    try {
      Map<String, Integer> terms = terms(query);
      if (terms.isEmpty()) {
        return null;
      }
      BooleanQuery.Builder any = new BooleanQuery.Builder();
      terms.forEach(
          (term, count) ->
              any.add(
                  new BoostQuery(new TermQuery(new Term(FIELD, term)), count),
                  BooleanClause.Occur.SHOULD));
      List<Hit> hits = new ArrayList<>();
      for (ScoreDoc hit : searcher.search(any.build(), top).scoreDocs) {
        hits.add(new Hit(hit.doc, ids.get(hit.doc), hit.score));
      }
      return hits;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first distinct terms of a query, with how often each stands in it. */
  private Map<String, Integer> terms(String query) throws IOException {
    Map<String, Integer> terms = new LinkedHashMap<>();
    try (TokenStream tokens = analyzer.tokenStream(FIELD, query)) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        String text = term.toString();
        if (terms.size() < MOST_TERMS || terms.containsKey(text)) {
          terms.merge(text, 1, Integer::sum);
        }
      }
      tokens.end();
    }
    return terms;
  }

  @Override
  public void close() {
    try {
      reader.close();
      directory.close();
      analyzer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
