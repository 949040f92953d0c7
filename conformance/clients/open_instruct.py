"""open-instruct: its own tests of a code server, its CodeVerifier, and the tests of its judging, judged here."""

import asyncio
import io
import json
import unittest

import requests
from outside import load, without

ADD = "def add(a, b):\n    return a + b\n"


def run(url, checkout, check):
    folder = checkout / "open_instruct"
    with without("open_instruct", "numpy", "parameterized"):
        api = load(folder / "code_utils/test_api.py", "test_api")
        truth = load(folder / "ground_truth_utils.py", "open_instruct.ground_truth_utils")
        packing = load(folder / "code_utils/code_utils.py", "open_instruct.code_utils.code_utils")
        judging = load(folder / "code_utils/test_code_utils.py", "test_code_utils")

    class Running(api.APITestServer):
        """The server is there already, here."""

        def __init__(self):
            self.base_url, self.health_url, self.process = url, url + "/health", None

    api.APITestServer = Running
    for case in (api.TestAPI, api.TestAPITestServer):
        suite(case, check)

    def verifier(threshold=0.0, penalty=False):
        config = truth.CodeVerifierConfig(
            code_api_url=url + "/test_program",
            code_max_execution_time=1.0,
            code_pass_rate_reward_threshold=threshold,
            code_apply_perf_penalty=penalty,
        )
        return truth.CodeVerifier(config)

    def score(prediction, label, **more):
        return asyncio.run(verifier(**more).async_call([], prediction, label)).score

    tests = ["assert add(1, 2) == 3", "assert add(1, 1) == 2", "assert add(1, 1) == 3", "assert add(2, 2) == 4"]
    answer = "Here it is.\n```python\n" + ADD + "```"
    check(score(answer, tests) == 0.75, "CodeVerifier's score is the share of the tests", score(answer, tests))
    check(score(answer, json.dumps(tests)) == 0.75, "also of tests as JSON", None)
    check(score(answer, packing.encode_tests(tests)) == 0.75, "also of packed tests", None)
    check(score(answer, tests, threshold=0.9) == 0.0, "below its threshold it is 0", None)
    fast = score(answer, tests[:2], penalty=True)
    check(0.9 < fast <= 1.0, "runtimes make its penalty", fast)
    for end in ("exit(0)", "import os\nos._exit(0)", "import sys\nsys.exit(0)"):
        check(score(end, tests) == 0.0, f"{end.splitlines()[-1]} before the tests passes none", None)

    # Its tests of what it runs itself, with what it runs in place of that.
    def fast_tests(program, tests, max_execution_time=1.0):
        body = {"program": program, "tests": tests, "max_execution_time": max_execution_time}
        said = requests.post(url + "/test_program", json=body, timeout=120).json()
        return said["results"], said["runtimes"]

    judging.code_utils = type("Judged", (), {"get_successful_tests_fast": staticmethod(fast_tests), "decode_tests": staticmethod(packing.decode_tests)})
    suite(judging.GetSuccessfulTestsFastTests, check, skip=("test_tiger_lab_acecode_sample",) if not (folder / "test_data").exists() else ())
    program = "import threading\nimport os\ndef f():\n    return os.getpid() > 0"
    check(fast_tests(program, ["assert f()"])[0] == [1], "a program may import threading and os", None)
    check.differs("its own server refuses programs by words in them (threading, import os); here the sandbox holds them")


def suite(case, check, skip=()):
    for name in unittest.TestLoader().getTestCaseNames(case):
        if name in skip:
            continue
        result = unittest.TextTestRunner(stream=io.StringIO()).run(case(name))
        problems = result.errors + result.failures
        check(not problems, f"{case.__name__}.{name}", problems and problems[0][1].strip().splitlines()[-1])
