import dev.goodhart.lab.style.StyleWorld;
import dev.goodhart.run.Seeds;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * How many responses of the style world one thread writes and judges in a second of its CPU time.
 *
 * <p>{@code java -cp 'core/target/classes:lab/target/classes:cli/target/lib/*'
 * bench/StyleWorldThroughput.java}
 */
public final class StyleWorldThroughput {
  public static void main(String[] arguments) {
    var draws = StyleWorld.DEFAULT.open();
    var seeds = new Seeds(1);
    var threads = ManagementFactory.getThreadMXBean();
    for (int round = 0; round < 8; round++) {
      long start = threads.getCurrentThreadCpuTime();
      long characters = 0;
      int count = 0;
      for (int p = 0; p < 50; p++) {
        List<StyleWorld.Response> responses =
            draws.responses(draws.question(seeds, p), 4000, seeds, p);
        count += responses.size();
        for (StyleWorld.Response response : responses) {
          characters += response.text().length();
        }
      }
      double seconds = (threads.getCurrentThreadCpuTime() - start) / 1e9;
      System.out.printf(
          "%,.0f responses/s, %d characters each%n", count / seconds, characters / count);
    }
  }
}
