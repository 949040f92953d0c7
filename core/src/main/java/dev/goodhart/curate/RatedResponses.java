package dev.goodhart.curate;

import dev.goodhart.GoodhartException;
import dev.goodhart.data.Dataset;
import dev.goodhart.data.Entries;
import dev.goodhart.data.Entry;
import dev.goodhart.data.Example;
import dev.goodhart.run.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The responses of a data set with the one number that says how good each is: a rating, or the
 * label of a response that was judged good or bad. All are held in memory, as the responses to one
 * prompt may stand anywhere in the file.
 *
 * @param responses in the file's order
 * @param rows how many the file has
 * @param bad how many of them were skipped
 */
public record RatedResponses(List<PairsFromRatings.Rated> responses, long rows, long bad) {
  /**
   * Reads a data set.
   *
   * @throws GoodhartException if it holds neither ratings nor labels, or several ratings of which
   *     none was named
   */
  public static RatedResponses of(Dataset data, Progress progress) {
    List<PairsFromRatings.Rated> responses = new ArrayList<>();
    progress.start("reading bytes", data.bytes());
    try (Entries entries = data.entries()) {
      long read = 0;
      while (entries.hasNext()) {
        if (entries.next() instanceof Entry.Good good) {
          good.examples().forEach(example -> responses.add(rated(data, example)));
        }
        progress.advance(entries.bytesRead() - read);
        read = entries.bytesRead();
      }
      return new RatedResponses(responses, entries.count(), entries.bad());
    } finally {
      progress.done();
    }
  }

  private static PairsFromRatings.Rated rated(Dataset data, Example example) {
    return switch (example) {
      case Example.Rated(var sample, Map<String, Double> ratings) when ratings.size() == 1 ->
          new PairsFromRatings.Rated(sample, ratings.values().iterator().next());
      case Example.Rated(var sample, var ratings) ->
          throw new GoodhartException(
              data.file()
                  + ": has the ratings "
                  + String.join(", ", ratings.keySet())
                  + ": name one with --score");
      case Example.Labelled(var sample, var label) -> new PairsFromRatings.Rated(sample, label);
      default ->
          throw new GoodhartException(
              data.file()
                  + ": holds "
                  + data.layout().id()
                  + ", no rated responses: name the columns with --prompt, --response and --score");
    };
  }
}
