"""Rewards from `goodhart serve` for verl: a custom reward function.

    reward.custom_reward_function.path=goodhart_verl.py   reward.custom_reward_function.name=compute_score

and in the environment of its workers

    GOODHART_URL=http://localhost:8000  GOODHART_KEY=...  GOODHART_RUN=exp7

verl takes the names that it logs from the first row of a batch, and fails on a row with others. So every row has
the same: score, goodhart_valid (1 or 0), goodhart_reason, goodhart_parts (JSON), and one number for each part that
GOODHART_PARTS names (correct,brief), NaN where it has none.

verl has no word for "not scored", and a score of 0 in its place teaches the policy something that nobody measured.
By default such a sample, and a server that cannot be reached, raise GoodhartError, which stops the run.
GOODHART_UNSCORED=-1 gives that score instead; goodhart_valid is then 0, so that it can be seen how often.

Needs nothing but Python 3.9.   Try it:  GOODHART_URL=http://localhost:8000 python3 goodhart_verl.py
"""

import http.client
import json
import os
import threading
import time
import urllib.parse
import uuid


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


_connections = {}


def _connection():
    settings = tuple(os.environ.get(name) for name in ("GOODHART_URL", "GOODHART_KEY", "GOODHART_RUN"))
    if settings not in _connections:
        _connections[settings] = Connection(timeout=float(os.environ.get("GOODHART_TIMEOUT", "120")))
    return _connections[settings]


def _sample(data_source, solution_str, ground_truth, extra_info):
    extra = dict(extra_info or {})
    prompt = next((extra.pop(name) for name in ("prompt", "raw_prompt", "question") if extra.get(name)), None)
    if prompt is not None and not isinstance(prompt, str):
        prompt = list(prompt)
    columns = columns_of(extra, ("response", "id", "reference"))
    if data_source is not None:
        columns["data_source"] = data_source
    return sample_of(prompt, solution_str, ground_truth, **columns)


def _row(reward):
    valid = reward["reward"] is not None
    reason = reward.get("reason") or ""
    if not valid and os.environ.get("GOODHART_UNSCORED", "raise") == "raise":
        raise GoodhartError("not scored: %s (GOODHART_UNSCORED=<number> gives a score all the same)" % reason)
    parts = reward.get("parts", {})
    row = {
        "score": reward["reward"] if valid else float(os.environ["GOODHART_UNSCORED"]),
        "goodhart_valid": 1.0 if valid else 0.0,
        "goodhart_reason": reason,
        "goodhart_parts": json.dumps(parts),
    }
    for name in filter(None, os.environ.get("GOODHART_PARTS", "").split(",")):
        value = parts.get(name.strip())
        row["goodhart/" + name.strip()] = float("nan") if value is None else value
    return row


def compute_score(data_source, solution_str, ground_truth, extra_info=None, **_):
    """One sample, as verl's reward managers call it."""
    sample = _sample(data_source, solution_str, ground_truth, extra_info)
    return _row(_connection().rewards([sample])["rewards"][0])


def compute_score_batch(data_sources, solution_strs, ground_truths, extra_infos, **_):
    """Many samples in one request, for verl's batch manager."""
    samples = [_sample(*row) for row in zip(data_sources, solution_strs, ground_truths, extra_infos)]
    return [_row(reward) for reward in _connection().rewards(samples)["rewards"]]


if __name__ == "__main__":
    print(compute_score("example", "2", "2", {"question": "1 + 1?"}))
    print(compute_score_batch(["example"] * 2, ["2", "3"], ["2", "2"], [{}, {}]))
