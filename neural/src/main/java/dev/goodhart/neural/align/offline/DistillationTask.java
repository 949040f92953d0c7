package dev.goodhart.neural.align.offline;

import dev.goodhart.neural.align.Teaching;
import dev.goodhart.neural.engine.Ops;
import dev.goodhart.neural.model.Decoder;
import dev.goodhart.neural.train.Cost;
import dev.goodhart.neural.train.Task;
import dev.goodhart.objective.Distillation;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What separates a student from its teacher over given responses, in nats a token: the data's or
 * the teacher's (off-policy). Both read the same tokens. On-policy, over what the student draws,
 * {@link dev.goodhart.neural.align.Teacher} makes it part of a run.
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
    Tensor own = Answers.of(student, answers).logits(student);
    Tensor byToken =
        new Teaching(teacher, objective)
            .of(
                own,
                answers.stream().map(Answer::prompt).toList(),
                answers.stream().map(Answer::tokens).toList());
    return Cost.of(Ops.mean(byToken));
  }
}
