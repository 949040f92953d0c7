package dev.goodhart.serve.protocol;

import dev.goodhart.serve.http.Protocol;
import java.util.List;

/** Every wire protocol, all on one port. */
public final class Protocols {
  private Protocols() {}

  public static List<Protocol> all() {
    CodeRuns runs = new CodeRuns();
    return List.of(
        new GoodhartRewards(),
        new OpenRlhf(),
        new Slime(),
        new LlamaFactory(),
        new Vllm(),
        new Sglang(),
        new Tei(),
        new NemoGym(),
        new EvalProtocol(),
        new OpenInstruct(runs),
        new SandboxFusion(runs));
  }
}
