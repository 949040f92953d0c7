#!/usr/bin/env python3
"""Pairs of responses whose ratings differ, split by instruction.

    pairs_by_instruction.py responses.jsonl.gz TRAIN.jsonl TEST.jsonl

Every two responses to one instruction whose win probabilities differ by at least 0.3. Instructions go to
the test file when the first byte of their SHA-256 is a multiple of 5. Empty responses make no pairs.
"""

import collections
import gzip
import hashlib
import itertools
import json
import sys


def main():
    source, train, test = sys.argv[1:]
    by_instruction = collections.defaultdict(list)
    with gzip.open(source, "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            if row["response"].strip():
                by_instruction[row["instruction"]].append(row)
    counts = [0, 0]
    with open(train, "w", encoding="utf-8") as a, open(test, "w", encoding="utf-8") as b:
        for instruction, rows in by_instruction.items():
            held_out = hashlib.sha256(instruction.encode()).digest()[0] % 5 == 0
            for x, y in itertools.combinations(rows, 2):
                gap = x["win_probability"] - y["win_probability"]
                if abs(gap) < 0.3 or x["response"] == y["response"]:
                    continue
                better, worse = (x, y) if gap > 0 else (y, x)
                pair = {
                    "prompt": instruction,
                    "chosen": better["response"],
                    "rejected": worse["response"],
                    "strength": round(abs(gap), 6),
                }
                (b if held_out else a).write(json.dumps(pair, ensure_ascii=False) + "\n")
                counts[held_out] += 1
    print(f"{counts[0]} pairs to train on, {counts[1]} to test with", file=sys.stderr)


if __name__ == "__main__":
    main()
