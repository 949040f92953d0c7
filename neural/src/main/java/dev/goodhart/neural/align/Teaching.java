package dev.goodhart.neural.align;

import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.objective.Distillation;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** A teacher at work: it reads what a student reads, without gradient. */
public record Teaching(Decoder teacher, Distillation distillation) {
  /**
   * What separates the student from its teacher at each response token, {@code [tokens]}.
   *
   * @param student its logits there, with gradient, {@code [tokens, vocabulary]}, as {@link
   *     Responses#logits} has them
   * @param prompts token ids, at least one each
   * @param responses to them, one each
   */
  public Tensor of(Tensor student, List<int[]> prompts, List<int[]> responses) {
    Tensor theirs;
    try (Scope scope = Scope.inference()) {
      theirs = scope.keep(Responses.of(teacher, prompts, responses).logits(teacher));
    }
    return distillation.of(student, theirs);
  }
}
