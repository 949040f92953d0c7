import dev.goodhart.Sample;
import dev.goodhart.lab.arith.Arith;
import dev.goodhart.lab.phrase.Phrases;
import dev.goodhart.neural.align.World.Split;
import dev.goodhart.neural.align.World.Tasks;
import dev.goodhart.run.Seeds;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How many responses the worlds for policies make, read and judge in a second of one thread's CPU
 * time.
 *
 * <p>{@code java -cp 'core/target/classes:neural/target/classes:lab/target/classes:cli/target/lib/*'
 * bench/WorldsThroughput.java}
 */
public final class WorldsThroughput {
  private static final int COUNT = 200_000;

  public static void main(String[] arguments) {
    var worlds = Map.of("arith", Arith.DEFAULT, "style", Phrases.DEFAULT);
    worlds.forEach(
        (name, world) -> {
          Tasks tasks = world.open(new Seeds(1));
          List<String> responses =
              IntStream.range(0, 1000)
                  .mapToObj(i -> tasks.demonstration(i).orElseThrow().response())
                  .toList();
          for (int round = 0; round < 6; round++) {
            double judged =
                rate(
                    i ->
                        tasks
                            .prompt(Split.TRAIN, i)
                            .withResponse(responses.get(i % responses.size())),
                    tasks);
            double shown = rate(i -> tasks.demonstration(i).orElseThrow(), tasks);
            System.out.printf(
                "%s: %,.0f prompts with gold/s, %,.0f demonstrations with gold/s%n",
                name, judged, shown);
          }
        });
  }

  private static double rate(java.util.function.IntFunction<Sample> made, Tasks tasks) {
    var threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    double sum = 0;
    for (int i = 0; i < COUNT; i++) sum += tasks.gold(made.apply(i)).orElseThrow();
    if (Double.isNaN(sum)) throw new AssertionError();
    return COUNT / ((threads.getCurrentThreadCpuTime() - start) / 1e9);
  }
}
