"""Rewards from `goodhart serve` for TRL (GRPO, RLOO and all else that takes reward functions).

    from goodhart_trl import GoodhartReward
    trainer = GRPOTrainer(model, reward_funcs=GoodhartReward("http://localhost:8000", run="exp7"), ...)

One request a batch. A sample that was not scored is None, which TRL leaves out of the mean and the advantage;
the reason goes to the completions table. Needs nothing but Python 3.9.

Try it:  goodhart serve reward.yaml --port 8000 &  python3 goodhart_trl.py http://localhost:8000
"""

import http.client
import json
import os
import threading
import time
import urllib.parse
import uuid
import logging
import sys


# ---- the connection to `goodhart serve`: the same text in every file here, so that one file is enough ----


class GoodhartError(Exception):
    """The server was not reached, or refused the request: no reward is known."""


class Connection:
    """Asks a server for rewards over connections that stay open, one a thread.

    url      http://host:8000, also with a path before /v1; GOODHART_URL where it is not given
    key      the bearer key, GOODHART_KEY where it is not given; empty for none
    run      what the journal, the monitors and the dashboard call this training run
    timeout  in seconds for one call, all its tries together; the server is told, and stops working then
    tries    a request is sent again when the connection breaks and on 429, 502, 503 and 504, after what the
             server asks for in Retry-After, else after 0.5, 1, 2 ... seconds. Each try has the same
             Idempotency-Key, so a sample counts once.
    """

    AGAIN = (429, 502, 503, 504)

    def __init__(self, url=None, key=None, run=None, timeout=120.0, tries=6):
        parts = urllib.parse.urlsplit(url or os.environ.get("GOODHART_URL", "http://localhost:8000"))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("url: expected http://host:port, not %r" % url)
        self.scheme, self.host, self.port = parts.scheme, parts.hostname, parts.port
        self.path = parts.path.rstrip("/") + "/v1/rewards"
        self.key = os.environ.get("GOODHART_KEY", "") if key is None else key
        self.run = run or os.environ.get("GOODHART_RUN", "default")
        self.timeout, self.tries = timeout, tries
        self.here = threading.local()

    def __getstate__(self):  # trainers send reward functions to other processes
        return {name: value for name, value in self.__dict__.items() if name != "here"}

    def __setstate__(self, state):
        self.__dict__.update(state)
        self.here = threading.local()

    def rewards(self, samples, step=None):
        """The server's whole answer: {"rewards": [{"reward", "parts", "valid", "reason", ..}], "version", "alarms"}."""
        asked = {"run": self.run, "samples": samples}
        if step is not None:
            asked["step"] = int(step)
        answer = self.post(json.dumps(asked, allow_nan=False).encode())
        rewards = answer.get("rewards")
        if not isinstance(rewards, list) or len(rewards) != len(samples):
            raise GoodhartError("the server gave no reward for each of %d samples" % len(samples))
        return answer

    def post(self, body):
        ends = time.monotonic() + self.timeout
        headers = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        if self.key:
            headers["Authorization"] = "Bearer " + self.key
        problem = "no try was made"
        for attempt in range(self.tries):
            left = ends - time.monotonic()
            if left <= 0:
                break
            pause = 0.5 * 2**attempt
            kept = getattr(self.here, "connection", None) is not None
            try:
                headers["Goodhart-Timeout"] = "%.3f" % left
                status, after, data = self.send(body, headers, left)
                if status == 200:
                    return json.loads(data)
                problem = "HTTP %d: %s" % (status, self.says(data))
                if status not in self.AGAIN:
                    raise GoodhartError(problem)
                if after and after.isdigit():
                    pause = float(after)
            except (OSError, http.client.HTTPException, ValueError) as e:
                self.hang_up()
                if kept:  # it may only have been closed while nobody used it
                    pause = 0.0
                problem = "%s: %s" % (type(e).__name__, e)
            time.sleep(max(0.0, min(pause, ends - time.monotonic())))
        raise GoodhartError("%s://%s:%s: %s" % (self.scheme, self.host, self.port or "", problem))

    def send(self, body, headers, timeout):
        connection = getattr(self.here, "connection", None)
        if connection is None:
            kind = http.client.HTTPSConnection if self.scheme == "https" else http.client.HTTPConnection
            connection = self.here.connection = kind(self.host, self.port, timeout=timeout)
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
        connection.timeout = timeout
        connection.request("POST", self.path, body, headers)
        response = connection.getresponse()
        return response.status, response.getheader("Retry-After"), response.read()

    def hang_up(self):
        connection = getattr(self.here, "connection", None)
        if connection is not None:
            connection.close()
            self.here.connection = None

    @staticmethod
    def says(data):
        try:
            answer = json.loads(data)
            return str(answer.get("error", answer)) if isinstance(answer, dict) else str(answer)
        except ValueError:
            return data[:200].decode("utf-8", "replace")


def columns_of(values, leave_out=()):
    """What of these a server can be sent: JSON. The rest (tensors, pictures) is left out."""
    columns = {}
    for name, value in values.items():
        if name in leave_out or value is None:
            continue
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            continue
        columns[name] = value
    return columns


def text_of(content):
    """The text of a message's content, which may be a list of parts."""
    if isinstance(content, str):
        return content
    return "".join(p.get("text") or "" for p in content or [] if isinstance(p, dict))


def sample_of(prompt, response, reference=None, **columns):
    """A sample as the server reads it; what is no text or number for a reference is a column."""
    sample = dict(columns)
    sample["response"] = response
    if prompt:  # no turns at all are no prompt
        sample["prompt"] = (
            prompt
            if isinstance(prompt, str)
            else [{"role": m["role"], "content": text_of(m.get("content"))} for m in prompt]
        )
    if isinstance(reference, (str, int, float)) and not isinstance(reference, bool):
        sample["reference"] = reference
    elif reference is not None:
        sample["ground_truth"] = reference
    return sample


# ---- end of the connection ----


class GoodhartReward:
    """A reward function as TRL calls it.

    reference  the data set's column with the true answers; the first of REFERENCES that is there if not given
    name       under which TRL logs it: rewards/<name>/mean
    more       is passed on to Connection: key, timeout, tries
    """

    REFERENCES = ("reference", "ground_truth", "solution", "answer")

    # TRL's own, no columns of the data set.
    TRAINERS = ("completion_ids", "prompt_ids", "environments", "images", "id", "prompt", "response")

    def __init__(self, url=None, run=None, reference=None, name="goodhart", **more):
        self.connection = Connection(url, run=run, **more)
        self.reference = reference
        self.__name__ = name
        self.told = set()

    def __call__(self, prompts, completions, trainer_state=None, log_extra=None, log_metric=None, **columns):
        step = getattr(trainer_state, "global_step", None)
        groups = {}
        samples = []
        for i, (prompt, completion) in enumerate(zip(prompts, completions)):
            row = {name: value[i] for name, value in columns.items() if isinstance(value, (list, tuple)) and i < len(value)}
            reference = self.true_answer(row)
            turns, response = self.response(prompt, completion)
            group = groups.setdefault(json.dumps(prompt, default=str), len(groups))
            sample = sample_of(turns, response, reference, **columns_of(row, self.TRAINERS))
            sample["group"] = str(group) if step is None else "%d-%d" % (step, group)
            samples.append(sample)
        answer = self.connection.rewards(samples, step)
        rewards = answer["rewards"]
        self.tell(answer, rewards, log_extra, log_metric)
        return [reward["reward"] for reward in rewards]

    def true_answer(self, row):
        if self.reference:
            return row.pop(self.reference)
        for name in self.REFERENCES:
            if row.get(name) is not None:
                return row.pop(name)
        return None

    @staticmethod
    def response(prompt, completion):
        """The last message is the response; what came before it (calls of tools) belongs to the prompt."""
        if isinstance(completion, str):
            return prompt, completion
        before = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else list(prompt)
        return before + completion[:-1], text_of(completion[-1].get("content")) if completion else ""

    def tell(self, answer, rewards, log_extra, log_metric):
        for alarm in answer.get("alarms", []):
            says = str(alarm.get("says", alarm))
            if says not in self.told:
                self.told.add(says)
                logging.getLogger("goodhart").warning("alarm: %s", says)
        if log_extra:
            log_extra(self.__name__ + "_reason", [reward.get("reason") or "" for reward in rewards])
        if log_metric and rewards:
            log_metric(self.__name__ + "/unscored", sum(r["reward"] is None for r in rewards) / len(rewards))
            for part in rewards[0].get("parts", {}):
                values = [v for v in (r.get("parts", {}).get(part) for r in rewards) if v is not None]
                if values:
                    log_metric("%s/%s" % (self.__name__, part), sum(values) / len(values))


if __name__ == "__main__":
    reward = GoodhartReward(sys.argv[1] if len(sys.argv) > 1 else None, run="example")
    print(
        reward(
            prompts=["1 + 1?", [{"role": "user", "content": "1 + 2?"}], "?"],
            completions=["2", [{"role": "assistant", "content": "4"}], "no one knows"],
            answer=["2", "3", None],
        )
    )
