"""slime: remote_rm, with and without a reward key."""

import asyncio
from types import SimpleNamespace

from outside import load, without


def run(url, checkout, check):
    with without("slime"):
        hub = load(checkout / "slime/rollout/rm_hub/__init__.py", "slime.rollout.rm_hub")
    messages = [{"role": "user", "content": "1 + 1?"}]
    text = "<|im_start|>user\n1 + 1?<|im_end|>\n<|im_start|>assistant\n"

    async def ask():
        answers = []
        for path in ("/slime", "/slime/number", "/get_reward"):
            for prompt in (messages, text):
                sample = SimpleNamespace(
                    prompt=prompt, response="It is 2.", label="2", custom_rm_path=None, metadata={}
                )
                args = SimpleNamespace(rm_url=url + path, rm_type="remote_rm", custom_rm_path=None)
                answers.append(await hub.async_rm(args, sample))
        await hub._get_shared_session().close()
        return answers

    a, b, c, d, e, f = asyncio.run(ask())
    check(isinstance(a["reward"], float) and a["valid"], "--reward-key reward", a)
    check(a["reward"] == b["reward"] == c == d == e["reward"] == f["reward"], "all forms agree", [a, b, c, d, e, f])
