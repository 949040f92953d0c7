"""Rewards from `goodhart serve` for verifiers (both generations of it) and for eval-protocol.

verifiers, a Rubric's function (legacy):

    rubric = vf.Rubric(funcs=[GoodhartReward("http://localhost:8000", run="exp7")])

verifiers v1, a task's method:

    goodhart = GoodhartReward("http://localhost:8000")
    class MyTask(vf.Task):
        @vf.reward
        async def correct(self, trace) -> float:
            return await goodhart.score(self.data.prompt, trace.last_reply, self.data.answer)

A legacy Rubric makes 0.0 of every exception that a reward function raises: a server that was away for a minute then
teaches the policy that all its answers were wrong. What is not scored therefore raises GoodhartUnscored, which is no
Exception (but a BaseException, as KeyboardInterrupt is) and stops the run. To go on instead, say
unscored=<number>; the reason is then in state["goodhart_unscored"] and the rollout can be left out by it. In v1 any
exception is recorded as the trace's error, and its rollout is not trained on; nothing need be done.

eval-protocol:

    evaluate = EvalProtocol("http://localhost:8000")
    result = evaluate(messages=[...], ground_truth="2")    # {"score", "is_score_valid", "reason", "metrics"}

Eval-protocol's own client for remote rewards drops is_score_valid, so that its score of 0.0 counts; this one keeps it.

Needs nothing but Python 3.9.   Try it:  python3 goodhart_verifiers.py http://localhost:8000
"""

import asyncio
import http.client
import json
import os
import threading
import time
import urllib.parse
import uuid
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


class GoodhartUnscored(BaseException):
    """No reward is known for this rollout."""


class GoodhartReward:
    """A reward function as a Rubric calls it: with whatever of these arguments it has.

    unscored  None to stop the run, else the number that stands in
    name      under which the Rubric logs it
    more      is passed on to Connection: key, timeout, tries
    """

    def __init__(self, url=None, run=None, unscored=None, name="goodhart", **more):
        self.connection = Connection(url, run=run, **more)
        self.unscored = unscored
        self.__name__ = name

    async def __call__(self, prompt=None, completion="", answer=None, info=None, state=None, task=None):
        columns = columns_of(info if isinstance(info, dict) else {}, ("prompt", "response", "id", "reference"))
        if isinstance(task, str):
            columns["task"] = task
        turns, response = prompt, completion
        if not isinstance(completion, str):
            before = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else list(prompt or [])
            said = [m for m in map(_message, completion) if m]
            turns = [m for m in map(_message, before) if m] + said[:-1]
            response = said[-1]["content"] if said else ""
        # A Rubric leaves an answer out as the empty text.
        return await self.score(turns, response, answer if answer != "" else None, state, **columns)

    async def score(self, prompt, response, reference=None, state=None, **columns):
        """The reward of one response. Other rollouts go on while it is waited for."""
        sample = sample_of(prompt, response, reference, **columns)
        try:
            answer = await asyncio.to_thread(self.connection.rewards, [sample])
            reward = answer["rewards"][0]
        except GoodhartError as e:
            reward = {"reward": None, "reason": str(e)}
        if state is not None:
            state["goodhart"] = reward
        if reward["reward"] is not None:
            return float(reward["reward"])
        if self.unscored is None:
            raise GoodhartUnscored(reward.get("reason"))
        if state is not None:
            state["goodhart_unscored"] = reward.get("reason")
        return float(self.unscored)


def _message(message):
    """A dictionary, or an object that dumps itself as one; None for a turn without a role."""
    if not isinstance(message, dict):
        message = message.model_dump() if hasattr(message, "model_dump") else {}
    return {"role": message["role"], "content": text_of(message.get("content"))} if message.get("role") else None


class EvalProtocol:
    """An evaluator of eval-protocol: its result as a dictionary that EvaluateResult(**result) takes."""

    def __init__(self, url=None, run=None, **more):
        self.connection = Connection(url, run=run, **more)

    def __call__(self, messages, ground_truth=None, **columns):
        turns = [m for m in map(_message, messages) if m]
        sample = sample_of(turns[:-1], turns[-1]["content"], ground_truth, **columns_of(columns, ("response", "prompt")))
        try:
            reward = self.connection.rewards([sample])["rewards"][0]
        except GoodhartError as e:
            reward = {"reward": None, "reason": str(e)}
        valid = reward["reward"] is not None
        metrics = {}
        for name, value in reward.get("parts", {}).items():
            if value is None or 0 <= value <= 1:  # it takes no others
                metrics[name] = {"score": value or 0.0, "is_score_valid": value is not None, "reason": name}
        return {
            "score": reward["reward"] if valid else 0.0,
            "is_score_valid": valid,
            "reason": reward.get("reason"),
            "error": None if valid else reward.get("reason"),
            "metrics": metrics,
        }


if __name__ == "__main__":
    url = sys.argv[1] if len(sys.argv) > 1 else None
    rubric_function = GoodhartReward(url, run="example", unscored=-1)
    state = {}
    print(asyncio.run(rubric_function(prompt="1 + 1?", completion=[{"role": "assistant", "content": "2"}], answer="2")))
    print(asyncio.run(rubric_function(prompt="1 + 1?", completion="2", answer=None, state=state)), state["goodhart_unscored"])
    print(EvalProtocol(url)([{"role": "user", "content": "1 + 1?"}, {"role": "assistant", "content": "3"}], "2"))
