#!/usr/bin/env python3
"""A training step of a small Llama: Goodhart against PyTorch, in paired runs.

    bench/train_step.py CLASSPATH [--runs N] [--java JAVA] [--pythons PYTHON ...]

Each PyTorch (Debian's by default) is first tried once with every setting of its threads, and takes part with the
best. Then runs of the sides alternate, each a process of its own that warms up before it measures, so that whatever
else the machine does falls on all alike; the ratio is the median of the paired ratios.
"""

import argparse
import itertools
import os
import pathlib
import re
import statistics
import subprocess

HERE = pathlib.Path(__file__).resolve().parent


def step(command, settings):
    done = subprocess.run(
        command, env={**os.environ, **settings}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True
    )
    return float(re.match(r"([0-9.]+) ms", done.stdout.strip().splitlines()[-1]).group(1))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("classpath")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--warm", type=int, default=20)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--java", default="java")
    parser.add_argument("--pythons", nargs="+", default=["/usr/bin/python3"])
    given = parser.parse_args()
    size = [str(given.warm), str(given.steps)]
    java = [given.java, "-Djava.library.path=", "--enable-native-access=ALL-UNNAMED"]
    sides = {"goodhart": ([*java, "-cp", given.classpath, "TrainStep", *size], {})}
    cores = os.cpu_count()
    for python in given.pythons:
        script = [python, str(HERE / "train_step_torch.py"), *size]
        tried = {}
        for threads, blas in itertools.product(sorted({1, cores}), repeat=2):
            settings = {"GOMP_SPINCOUNT": "0", "OPENBLAS_NUM_THREADS": str(blas)}
            tried[threads, blas] = step([*script, str(threads)], settings)
            print(f"{python}: torch threads {threads}, OpenBLAS threads {blas}: {tried[threads, blas]:.1f} ms")
        threads, blas = min(tried, key=tried.get)
        sides[python] = ([*script, str(threads)], {"GOMP_SPINCOUNT": "0", "OPENBLAS_NUM_THREADS": str(blas)})
    times = {side: [] for side in sides}
    for _ in range(given.runs):
        for side, (command, settings) in sides.items():
            times[side].append(step(command, settings))
        print("  ".join(f"{side} {found[-1]:.1f} ms" for side, found in times.items()), flush=True)
    for side, found in times.items():
        ratios = [other / own for other, own in zip(found, times["goodhart"])]
        print(f"{side}: median {statistics.median(found):.1f} ms, {statistics.median(ratios):.2f} times goodhart's")


if __name__ == "__main__":
    main()
