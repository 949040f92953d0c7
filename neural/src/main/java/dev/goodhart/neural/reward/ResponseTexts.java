package dev.goodhart.neural.reward;

import dev.goodhart.Prompt;
import dev.goodhart.signal.fit.Responses;
import java.util.ArrayList;
import java.util.List;

/** Keeps the responses of a data set with what they answer, by their numbers. */
final class ResponseTexts implements Responses {
  /** A response and what it answers. */
  record Text(Prompt prompt, String response) {}

  private final List<Text> texts = new ArrayList<>();

  @Override
  public void add(Prompt prompt, String response) {
    texts.add(new Text(prompt, response));
  }

  List<Text> texts() {
    return texts;
  }
}
