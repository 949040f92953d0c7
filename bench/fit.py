#!/usr/bin/env python3
"""goodhart fit against scikit-learn, end to end, in paired runs.

    bench/fit.py responses.jsonl.gz [--runs N]

Both read the same two files of pairs, fit on the first and measure on the second, each as a process of its
own, start-up included. The runs alternate, so that whatever else the machine does falls on both alike; the
ratio is the median of the paired ratios. GOODHART names the command (default: ./goodhart), PYTHON the
Python that has scikit-learn (default: /usr/bin/python3).
"""

import argparse
import json
import os
import pathlib
import re
import shlex
import statistics
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
GOODHART = shlex.split(os.environ.get("GOODHART", str(HERE.parent / "goodhart")))
PYTHON = os.environ.get("PYTHON", "/usr/bin/python3")


def timed(command):
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    return time.perf_counter() - start, done.stdout


def goodhart(train, test, folder):
    seconds, out = timed([*GOODHART, "fit", train, "-o", f"{folder}/model", "--holdout", test, "--force", "--quiet"])
    return seconds, float(re.search(r"accuracy +([0-9.]+) %", out).group(1)) / 100


def sklearn(train, test, rival):
    seconds, out = timed([PYTHON, str(HERE / "fit_sklearn.py"), train, test, "--features", *rival.split()])
    return seconds, json.loads(out)["accuracy"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("responses")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        train, test = f"{folder}/train.jsonl", f"{folder}/test.jsonl"
        subprocess.run([PYTHON, str(HERE / "pairs_by_instruction.py"), options.responses, train, test], check=True)
        goodhart(train, test, folder)  # builds, and fills the file cache
        rivals = ["plain --again", "words", "words --again", "words+characters", "words+characters --again"]
        ratios = {name: [] for name in rivals}
        for run in range(options.runs):
            ours, accuracy = goodhart(train, test, folder)
            line = [f"run {run + 1}: goodhart {ours:.2f} s, {accuracy:.4f}"]
            for name in rivals:
                theirs, their_accuracy = sklearn(train, test, name)
                ratios[name].append(theirs / ours)
                line.append(f"{name} {theirs:.2f} s, {their_accuracy:.4f}")
            print("; ".join(line), flush=True)
        for name, values in ratios.items():
            print(
                f"goodhart is {statistics.median(values):.2f} times as fast as scikit-learn on {name}"
                f" (from {min(values):.2f} to {max(values):.2f} in {len(values)} paired runs)"
            )


if __name__ == "__main__":
    main()
