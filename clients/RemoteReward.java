import dev.goodhart.Reward;
import dev.goodhart.Sample;
import dev.goodhart.serve.client.RewardClient;
import java.net.URI;
import java.util.List;

/**
 * Rewards from {@code goodhart serve} for a program on the JVM. With Goodhart's jars on the class path: {@code java -cp …
 * RemoteReward.java http://localhost:8000}.
 */
void main(String[] args) {
  URI server = URI.create(args.length > 0 ? args[0] : "http://localhost:8000");
  List<Sample> samples =
      List.of(
          Sample.of("1 + 1?", "2", "2"),
          Sample.of("1 + 2?", "4", "3"),
          Sample.of("?", "no one knows"));
  try (var goodhart = new RewardClient(server)) {
    for (Reward reward : goodhart.of(samples)) {
      IO.println(reward);
    }
  }
}
