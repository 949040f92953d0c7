#!/usr/bin/env python3
"""One row a solution, from GSM8K's example_model_solutions.jsonl.gz, for `goodhart audit --truth is_correct`.

    bench/gsm8k_solutions.py example_model_solutions.jsonl.gz > solutions.jsonl
"""

import gzip
import json
import sys

with gzip.open(sys.argv[1], "rt", encoding="utf-8") as problems:
    for number, line in enumerate(problems, 1):
        problem = json.loads(line)
        for model, solution in problem.items():
            if isinstance(solution, dict):
                row = {
                    "id": f"{number}-{model}",
                    "prompt": problem["question"],
                    "response": solution["solution"],
                    "answer": problem["ground_truth"].split("A:")[-1].strip(),
                    "is_correct": solution["is_correct"],
                    "model": model,
                }
                print(json.dumps(row, ensure_ascii=False))
