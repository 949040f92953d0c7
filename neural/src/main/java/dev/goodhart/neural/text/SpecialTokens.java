package dev.goodhart.neural.text;

import java.util.Map;
import java.util.OptionalInt;

/**
 * The tokens that have a role, by the names that Hugging Face gives the roles.
 *
 * @param texts role to text: {@code bos_token}, {@code eos_token}, {@code pad_token}, {@code
 *     unk_token}, {@code sep_token} and whatever else the folder names; a chat template sees them
 *     under these names
 * @param ids role to id
 */
public record SpecialTokens(Map<String, String> texts, Map<String, Integer> ids) {
  public SpecialTokens {
    texts = Map.copyOf(texts);
    ids = Map.copyOf(ids);
  }

  public OptionalInt bos() {
    return id("bos_token");
  }

  public OptionalInt eos() {
    return id("eos_token");
  }

  public OptionalInt pad() {
    return id("pad_token");
  }

  public OptionalInt unk() {
    return id("unk_token");
  }

  /** The id of a role such as {@code sep_token}. */
  public OptionalInt id(String role) {
    Integer id = ids.get(role);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }
}
