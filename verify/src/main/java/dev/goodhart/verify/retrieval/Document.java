package dev.goodhart.verify.retrieval;

import java.util.ArrayList;
import java.util.List;

/** A text of a corpus with its name. */
record Document(String id, String text) {
  /** Named by their numbers from 0. */
  static List<Document> numbered(List<String> texts) {
    List<Document> documents = new ArrayList<>();
    for (String text : texts) {
      documents.add(new Document(String.valueOf(documents.size()), text));
    }
    return documents;
  }
}
