package dev.goodhart.verify.math;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.matheclipse.core.eval.EvalEngine;
import org.matheclipse.core.eval.ExprEvaluator;
import org.matheclipse.core.interfaces.IExpr;

/**
 * The computer algebra system Symja, for integrals, limits, infinite sums and what else is left
 * over. Loaded when first asked (some seconds, once). Each question runs in a thread of its own,
 * which is told to stop when its time is up and is left alone if it does not listen; when {@value
 * #SLOTS} such threads are running, the answer is "unknown" at once.
 */
final class Symja implements Algebra {
  static final Symja SHARED = new Symja();

  private static final int SLOTS = 2;
  private static final int MAX_QUESTION = 4_000;
  private static final long STARTING_SECONDS = 60;

  private final Semaphore slots = new Semaphore(SLOTS);

  /** Starts Symja when this class is first used. */
  private static final class Started {
    static final boolean READY = start();

    private static boolean start() {
      // Log4j's API without an implementation complains on the standard error.
      if (System.getProperty("log4j2.loggerContextFactory") == null) {
        System.setProperty(
            "log4j2.loggerContextFactory",
            "org.apache.logging.log4j.simple.SimpleLoggerContextFactory");
      }
      return new ExprEvaluator(true, (short) 0).eval("Simplify(x-x)").isZero();
    }
  }

  @Override
  public Outcome isZero(Expr difference, boolean commonLog, MathOptions options) {
    String question;
    try {
      question = new SymjaWriter(commonLog).write(difference);
    } catch (Unreadable | TooLarge notForSymja) {
      return Outcome.UNKNOWN;
    }
    return question.length() > MAX_QUESTION ? Outcome.UNKNOWN : ask(question, options.timeLimit());
  }

  private Outcome ask(String question, double seconds) {
    long patience = (long) (seconds * 1e9);
    try {
      if (!slots.tryAcquire(patience, TimeUnit.NANOSECONDS)) {
        return Outcome.UNKNOWN;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.UNKNOWN;
    }
    AtomicReference<Outcome> answer = new AtomicReference<>(Outcome.UNKNOWN);
    AtomicReference<EvalEngine> engine = new AtomicReference<>();
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Thread worker =
        new Thread(
            null,
            () -> {
              try {
                boolean ready = Started.READY;
                started.countDown();
                if (ready) {
                  answer.set(isZero(question, engine));
                }
              } catch (RuntimeException
                  | LinkageError
                  | StackOverflowError
                  | OutOfMemoryError undecided) {
                answer.set(Outcome.UNKNOWN); // including that Symja is not on the class path
              } finally {
                started.countDown();
                done.countDown();
                slots.release();
              }
            },
            "symja",
            1 << 23);
    worker.setDaemon(true);
    worker.start();
    try {
      if (started.await(STARTING_SECONDS, TimeUnit.SECONDS)
          && done.await(patience, TimeUnit.NANOSECONDS)) {
        return answer.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    EvalEngine running = engine.get();
    if (running != null) {
      running.stopRequest();
    }
    worker.interrupt();
    return Outcome.UNKNOWN;
  }

  private static Outcome isZero(String question, AtomicReference<EvalEngine> engine) {
    ExprEvaluator evaluator = new ExprEvaluator(true, (short) 0);
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    evaluator.getEvalEngine().setErrorPrintStream(nowhere);
    evaluator.getEvalEngine().setOutPrintStream(nowhere);
    engine.set(evaluator.getEvalEngine());
    IExpr simple = evaluator.eval("Simplify(" + question + ")");
    if (simple.isZero()) {
      return Outcome.EQUAL;
    }
    if (simple.isNumericFunction()) {
      IExpr size = evaluator.eval("Abs(N(" + simple + ", 40)) < 10^-30");
      return size.isTrue() ? Outcome.EQUAL : size.isFalse() ? Outcome.DIFFERENT : Outcome.UNKNOWN;
    }
    return evaluator.eval("FullSimplify(" + simple + ")").isZero()
        ? Outcome.EQUAL
        : Outcome.UNKNOWN;
  }
}
