"""vLLM: the examples for servers of reward models, classifiers and re-rankers."""

import contextlib
import io
from argparse import Namespace
from urllib.parse import urlsplit

import requests

from outside import load

EXAMPLES = (
    "classify/classification_online.py",
    "reward/sequence_reward_online.py",
    "reward/token_reward_online.py",
    "pooling/pooling_online.py",
    "score/score_api_online.py",
    "score/rerank_api_online.py",
)


def run(url, checkout, check):
    at = urlsplit(url)
    seen = []
    post = requests.post

    def remembered(*arguments, **keywords):
        response = post(*arguments, **keywords)
        seen.append(response)
        return response

    for name in EXAMPLES:
        file = checkout / "examples/pooling" / name
        if not file.exists():
            check.differs(f"{name} is not in this version")
            continue
        example = load(file)
        seen.clear()
        example.requests.post = remembered
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                if hasattr(example, "parse_args"):
                    example.main(Namespace(host=at.hostname, port=at.port, model="some/model"))
                else:
                    example.url = url + "/rerank"
                    example.main()
        except KeyError as e:
            if name.startswith("classify") and e.args == ("tokens",):
                check.differs("classification_online.py goes on with token ids, which this server refuses with 400")
                del seen[-1]
            else:
                raise
        finally:
            example.requests.post = post
        check(seen and all(r.status_code == 200 for r in seen), name, [(r.status_code, r.text) for r in seen])
