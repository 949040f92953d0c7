package dev.goodhart.neural.align.offline;

import dev.goodhart.neural.align.Responses;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.engine.Scope;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Cost;
import dev.goodhart.neural.train.Task;
import dev.goodhart.objective.Distillation;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What separates a student from its teacher over given responses, in nats a token: the data's or
 * the teacher's (off-policy), or those that the student has just drawn (on-policy). Both read the
 * same tokens.
 *
 * @param student over what is trained
 * @param teacher with the student's vocabulary
 */
public record DistillationTask(Decoder student, Decoder teacher, Distillation objective)
    implements Task<Answer> {
  public DistillationTask {
    if (student.config().vocabulary() != teacher.config().vocabulary()) {
      throw new IllegalArgumentException(
          "the student has a vocabulary of "
              + student.config().vocabulary()
              + ", the teacher of "
              + teacher.config().vocabulary());
    }
  }

  @Override
  public int tokens(Answer example) {
    return example.length();
  }

  @Override
  public double weight(Answer example) {
    return example.tokens().length;
  }

  @Override
  public Cost cost(List<Answer> answers) {
    Tensor theirs;
    try (Scope scope = Scope.inference()) {
      theirs = scope.keep(logits(teacher, answers));
    }
    Tensor own = logits(student, answers);
    return Cost.of(objective.loss(own, theirs, Ops.like(own, AnswerTask.ones(own.size(0)))));
  }

  private static Tensor logits(Decoder decoder, List<Answer> answers) {
    Responses responses = Answers.of(decoder, answers);
    return Ops.to(decoder.logits(responses.hidden()), ScalarType.Float);
  }
}
