"""verl: RewardLoopWorker, from the messages to the reward, for both of its engines."""

import asyncio
from types import SimpleNamespace
from urllib.parse import urlsplit

from outside import load, without


class Row(list):
    """As much of a tensor as the worker needs."""

    @property
    def shape(self):
        return (len(self),)

    def sum(self):
        return sum(self)

    def __getitem__(self, at):
        return Row(list.__getitem__(self, at)) if isinstance(at, slice) else list.__getitem__(self, at)


class ChatMl:
    eos_token = "<|im_end|>"
    bos_token = None

    def decode(self, tokens):
        return "".join(map(chr, tokens))

    def apply_chat_template(self, chat, **_):
        return "".join(f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in chat)


def run(url, checkout, check):
    with without("verl", "ray", "torch", "numpy", "omegaconf", "tensordict"):
        loop = load(checkout / "verl/experimental/reward_loop/reward_loop.py", "verl.experimental.reward_loop.reward_loop")
    response = Row(map(ord, "It is 2.<|im_end|>"))
    item = SimpleNamespace(
        non_tensor_batch={"raw_prompt": [{"role": "user", "content": "1 + 1?"}]},
        batch={"responses": response, "attention_mask": Row([1] * len(response))},
    )
    scores = {}
    for engine in ("vllm", "sglang"):
        worker = object.__new__(loop.RewardLoopWorker)
        model = SimpleNamespace(
            model_path="some/model", model=SimpleNamespace(path="some/model"), rollout=SimpleNamespace(name=engine)
        )
        worker.config = SimpleNamespace(reward_model=model, reward=SimpleNamespace(reward_model=model))
        worker.reward_router_address = urlsplit(url).netloc
        worker.input_tokenizer = worker.reward_model_tokenizer = ChatMl()
        scores[engine] = asyncio.run(worker.compute_score_disrm([item]))["reward_score"]
        check(isinstance(scores[engine], float), f"compute_score_disrm with {engine}", scores[engine])
    check(scores["vllm"] == scores["sglang"], "both engines give the raw reward", scores)

    worker = object.__new__(loop.RewardLoopWorker)
    worker.reward_router_address = urlsplit(url).netloc
    try:
        asyncio.run(worker._post_request({"model": "some/model", "input": [1, 2]}, "classify"))
        check(False, "a mistake is not tried again", "it was answered")
    except Exception as e:
        check(getattr(e, "status", None) == 400, "a mistake is not tried again", repr(e))
