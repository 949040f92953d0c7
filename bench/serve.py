#!/usr/bin/env python3
"""goodhart serve against FastAPI + uvicorn with the same reward, in OpenRLHF's protocol, as wrk sees them.

    bench/serve.py length
    bench/serve.py math PATH/TO/gsm8k/example_model_solutions.jsonl.gz --math-verify PATH:PATH

Blocks of both sides alternate, so that both meet the same load of the machine. A request holds one sample, as the trainer sends
them. Needs Debian's wrk, python3-fastapi, python3-uvicorn, python3-uvloop, python3-httptools; for `math` math_verify on the path.
"""
import argparse
import gzip
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
SPECS = {
    "length": "signals: { length: { length: { unit: characters } } }\n",
    "math": "signals: { correct: { math: {} } }\n",
}


def bodies(kind, data):
    if kind == "length":
        prompt, response = "How many stars are there? ", "As many as one can count on a clear night, about three thousand. " * 4
        return [{"query": [prompt + response], "prompts": [prompt], "labels": ["x"]}]
    made = []
    for line in gzip.open(data, "rt"):
        row = json.loads(line)
        label = row["ground_truth"].split("####")[-1].strip()
        for value in row.values():
            if isinstance(value, dict) and "solution" in value:
                made.append({"query": [row["question"] + value["solution"]], "prompts": [row["question"]], "labels": [label]})
    return made


def wait(port, process):
    for _ in range(600):
        if process.poll() is not None:
            sys.exit("a server ended: " + str(process.args))
        try:
            urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/get_reward", b'{"query":[],"prompts":[],"labels":[]}'))
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("a server did not start")


def wrk(port, seconds, connections, file):
    out = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", HERE / "serve" / "post.lua", f"http://127.0.0.1:{port}/get_reward"],
        env={**os.environ, "BODIES": file}, capture_output=True, text=True, check=True).stdout
    count, micros, errors, p50, p99, worst = map(float, next(l for l in out.splitlines() if l.startswith("RESULT")).split()[1:])
    return count / (micros / 1e6), errors, p50 / 1000, p99 / 1000, worst / 1000


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("kind", choices=SPECS)
    parse.add_argument("data", nargs="?")
    parse.add_argument("--math-verify", default="", help="what the peer's PYTHONPATH needs for math_verify")
    parse.add_argument("--python", default="/usr/bin/python3")
    parse.add_argument("--blocks", type=int, default=5)
    parse.add_argument("--seconds", type=int, default=8)
    parse.add_argument("--warm", type=int, default=15, help="seconds before the first block")
    parse.add_argument("--connections", type=int, default=64)
    parse.add_argument("--journal", action="store_true", help="with the journal on")
    parse.add_argument("--alone", action="store_true", help="no peer")
    options = parse.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        spec = pathlib.Path(folder, "reward.yaml")
        spec.write_text(SPECS[options.kind])
        file = str(pathlib.Path(folder, "bodies"))
        made = bodies(options.kind, options.data)
        pathlib.Path(file).write_text("".join(json.dumps(b) + "\n" for b in made))
        subprocess.run([HERE.parent / "goodhart", "--version"], check=True, stdout=subprocess.DEVNULL)  # builds
        ours = [HERE.parent / "goodhart", "serve", spec, "--port", "8701"] + ([] if options.journal else ["--no-journal"])
        peer = [options.python, HERE / "serve" / "fastapi_server.py", "8702", options.kind]
        servers = [(8701, subprocess.Popen(ours, stderr=subprocess.DEVNULL))]
        if not options.alone:
            path = ":".join(p for p in [options.math_verify, os.environ.get("PYTHONPATH", "")] if p)
            servers.append((8702, subprocess.Popen(peer, env={**os.environ, "PYTHONPATH": path})))
        try:
            for port, process in servers:
                wait(port, process)
                wrk(port, options.warm if port == 8701 else 3, options.connections, file)
            ratios, all_ours = [], []
            for block in range(options.blocks):
                results = [wrk(port, options.seconds, options.connections, file) for port, _ in servers]
                all_ours.append(results[0])
                text = " | ".join(f"{r:9.0f} requests/s, p50 {a:.2f}, p99 {b:.2f}, max {c:.1f} ms, {e:.0f} errors" for r, e, a, b, c in results)
                if len(results) > 1:
                    ratios.append(results[0][0] / results[1][0])
                    text += f" | {ratios[-1]:.1f} times"
                print(text, flush=True)
            print(f"median: {statistics.median(r[0] for r in all_ours):.0f} requests/s, p99 {statistics.median(r[3] for r in all_ours):.2f} ms"
                  + (f", {statistics.median(ratios):.1f} times the peer's" if ratios else ""))
        finally:
            for _, process in servers:
                process.send_signal(signal.SIGTERM)
            for _, process in servers:
                process.wait(40)


if __name__ == "__main__":
    main()
