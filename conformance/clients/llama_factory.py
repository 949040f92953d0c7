"""LLaMA-Factory: get_rewards_from_server."""

import sys

from outside import load, without


def run(url, checkout, check):
    with without("torch", "transformers", "llamafactory"):
        import torch

        torch.Tensor = list  # what the client wraps the scores in
        ppo = load(checkout / "src/llamafactory/train/ppo/ppo_utils.py", "llamafactory.train.ppo.ppo_utils")
        del sys.modules["torch"]
    turn = "<|im_start|>user\n1 + 1?<|im_end|>\n<|im_start|>assistant\n{}<|im_end|>\n<|endoftext|>"
    messages = [turn.format("It is 2."), turn.format("3")]
    for path in ("/v1/score/evaluation", "/get_reward"):
        scores = ppo.get_rewards_from_server(url + path, messages)
        check(len(scores) == 2 and all(isinstance(s, float) for s in scores), path, scores)
    try:
        found = ppo.get_rewards_from_server(url + "/v1/score/evaluation", [])
        check(False, "an error has no scores, so that the client stops", found)
    except KeyError:
        check(True, "an error has no scores, so that the client stops")
