package dev.goodhart.neural.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a response goes on from.
 *
 * @param id says which draws are this prompt's: the same id, seed and tokens give the same
 *     responses whatever stands beside or before it. Two prompts with one id share their draws
 * @param tokens its token ids, at least one
 */
public record PromptTokens(long id, int[] tokens) {
  public PromptTokens {
    if (tokens.length == 0) {
      throw new IllegalArgumentException("prompt " + id + " has no tokens; it needs at least one");
    }
  }

  /**
   * The prompts of a batch that is padded on the left, as trainers hand it over. Their ids are the
   * numbers of the rows.
   *
   * @param ids {@code [rows, width]}
   * @param mask 1 for a token, 0 for padding before it, {@code [rows, width]}
   * @throws IllegalArgumentException if a mask is not zeros and then ones, naming its row
   */
  public static List<PromptTokens> ofLeftPadded(int[][] ids, int[][] mask) {
    if (ids.length != mask.length) {
      throw new IllegalArgumentException(
          "there are " + ids.length + " rows of ids and " + mask.length + " of the mask");
    }
    List<PromptTokens> prompts = new ArrayList<>();
    for (int row = 0; row < ids.length; row++) {
      int width = ids[row].length;
      int first = 0;
      while (first < Math.min(width, mask[row].length) && mask[row][first] == 0) first++;
      boolean ones = mask[row].length == width;
      for (int i = first; i < width && ones; i++) ones = mask[row][i] == 1;
      if (!ones || first == width) {
        throw new IllegalArgumentException(
            "row "
                + row
                + " of the attention mask: expected "
                + width
                + " numbers, 0 for the padding on the left and 1 for each token after it");
      }
      prompts.add(new PromptTokens(row, Arrays.copyOfRange(ids[row], first, width)));
    }
    return prompts;
  }
}
