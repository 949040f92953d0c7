"""OpenRLHF: the executor that generates and asks for a reward (0.9.3 and later), or request_api_wrapper (before)."""

import asyncio
import math
from types import SimpleNamespace

from outside import load, without


class Ids(list):
    tolist = list.copy


class Characters:
    """A tokenizer whose tokens are characters."""

    def __call__(self, text, **_):
        return {"input_ids": [Ids(map(ord, text))]}

    def decode(self, tokens, **_):
        return "".join(map(chr, tokens))


class Engine:
    """A policy that always answers the same."""

    def __init__(self, response):
        self.response = response

    async def generate(self, *_, **__):
        output = SimpleNamespace(token_ids=list(map(ord, self.response)), finish_reason="stop", logprobs=None)
        return SimpleNamespace(outputs=[output])


PROMPT = "<|im_start|>user\n1 + 1?<|im_end|>\n<|im_start|>assistant\n"
RESPONSE = "It is 2.<|im_end|>"


def run(url, checkout, check):
    current = checkout / "openrlhf/utils/agent.py"
    if "_fetch_rewards_via_http" in (current.read_text() if current.exists() else ""):
        executors(url, current, check)
    else:
        wrapper(url, checkout / "openrlhf/utils/remote_rm_utils.py", check)


def executors(url, file, check):
    with without("openrlhf", "ray", "torch", "vllm"):
        agent = load(file)
    rewards = url + "/get_reward"
    sampling = SimpleNamespace(max_tokens=64, logprobs=None)
    executor = agent.SingleTurnAgentExecutor(rewards)
    output = asyncio.run(executor.execute(PROMPT, "2", sampling, 4096, Characters(), Engine(RESPONSE)))
    check(one(output["reward"]), "a reward that one torch.tensor([reward]) takes", output["reward"])
    check(output["scores"] == output["reward"], "scores", output["scores"])
    check(output["extra_logs"] and all(map(one, output["extra_logs"].values())), "extra_logs", output["extra_logs"])

    executor = agent.SingleTurnAgentExecutor([rewards, rewards])
    first, second = asyncio.run(executor._fetch_rewards_via_http([PROMPT + RESPONSE], [PROMPT], ["2"]))
    check(one(first["rewards"]), "the first of two servers answers", first)
    check(second["rewards"] == [], "the second has nothing to answer, and says so", second)

    prompts = [PROMPT, PROMPT, PROMPT]
    both = asyncio.run(executor._fetch_rewards_via_http([p + RESPONSE for p in prompts], prompts, ["2", "3", None]))
    joined = both[0]["rewards"] + both[1]["rewards"]
    check(len(joined) == 3 and all(map(finite, joined)), "three samples over two servers", joined)


def wrapper(url, file, check):
    with without("openrlhf", "ray", "torch"):
        old = load(file)
    queries = [PROMPT + RESPONSE, "1 + 1 = 3</s>"]
    for data in ({"query": queries}, {"query": queries, "prompts": [PROMPT, "1 + 1 = "], "labels": ["2", "2"]}):
        found = old.request_api_wrapper(url + "/get_reward", data)
        rewards = found["rewards"] if isinstance(found, dict) else found
        check(len(rewards) == 2 and all(map(finite, rewards)), f"request_api_wrapper with {', '.join(data)}", found)
    found = old.request_api_wrapper(url + "/get_reward?extra_logs=false", {"query": [], "prompts": [], "labels": []})
    check((found["rewards"] if isinstance(found, dict) else found) == [], "an empty shard", found)


def one(value):
    """What OpenRLHF turns into a tensor of one: a number, or a list of one."""
    return finite(value) or isinstance(value, list) and len(value) == 1 and finite(value[0])


def finite(value):
    return isinstance(value, (int, float)) and math.isfinite(value)
