package dev.goodhart.neural.align;

import dev.goodhart.GoodhartException;
import dev.goodhart.Method;
import dev.goodhart.neural.engine.Device;
import dev.goodhart.neural.generate.ChatPrompts;
import dev.goodhart.neural.generate.GenerationConfig;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.model.HfFolder;
import dev.goodhart.neural.text.Tokenizer;
import dev.goodhart.neural.text.Tokenizers;
import dev.goodhart.run.Progress;
import java.nio.file.Path;
import java.util.List;

/**
 * A model in the Hugging Face layout.
 *
 * @param path of its folder
 */
@Method(name = "folder")
public record Folder(Path path) implements BaseModel {
  @Override
  public Policy open(World.Tasks tasks, long seed, Device device, Progress progress) {
    Tokenizer tokenizer = Tokenizers.open(path);
    Decoder decoder = HfFolder.read(path, device, progress);
    if (decoder.config().labels() > 0) {
      throw new GoodhartException(
          path + ": is a " + decoder.config().architecture() + ", which writes no text");
    }
    List<Integer> eos = GenerationConfig.read(path).eos();
    if (eos == null || eos.isEmpty()) eos = decoder.config().special().eos();
    if (eos.isEmpty()) eos = tokenizer.eos().stream().boxed().toList();
    return new Policy(decoder, tokenizer, ChatPrompts.open(path, tokenizer), eos);
  }
}
