"""verl: the client of its sandbox, check_correctness, and the score that is made of it."""

from outside import load, without

ADD = "a, b = map(int, input().split())\nprint(a + b)"
SPIN = "while True:\n    pass"
CASES = {"inputs": ["1 2\n", "3 4\n"], "outputs": ["3\n", "7\n"]}


def run(url, checkout, check):
    folder = checkout / "verl/utils/reward_score/sandbox_fusion"
    with without("verl"):
        load(folder / "utils.py", "verl.utils.reward_score.sandbox_fusion.utils")
        package = load(folder / "__init__.py", "verl.utils.reward_score.sandbox_fusion")
        package.check_correctness = check_correctness = load(folder / "utils.py", "sandbox_utils").check_correctness

    def verdicts(in_outs, program, **more):
        return check_correctness(url + "/run_code", in_outs, program, timeout=more.pop("timeout", 10), **more)

    def one(program, **more):
        results, metadata = verdicts({"inputs": ["1 2\n"], "outputs": ["3\n"]}, program, **more)
        return results[0], metadata[0]

    results, metadata = verdicts(CASES, ADD)
    check(results == [True, True], "a right program is True", (results, metadata))
    check(all(m["status"] == "success" and m["exit_code"] == 0 for m in metadata), "and says so", metadata)
    check(verdicts(CASES, "print(3)")[0] == [True, False], "a wrong answer is False", None)
    result, told = one("1 / 0")
    check(result == -2 and "ZeroDivisionError" in told["stderr"], "an exception is -2", (result, told))
    result, told = one("import sys; sys.exit(3)")
    check(result == -2 and told["exit_code"] == 3, "another exit status is -2", (result, told))
    result, told = one(SPIN, timeout=1)
    check(result == -3 and told["run_status"] == "TimeLimitExceeded", "a program that hangs is -3", (result, told))
    result, told = one("x = 'a' * (900 << 20)", memory_limit_mb=256)
    check(result == -2, "one that wants too much memory is -2", (result, told))
    check(told["api_response"]["run_result"].get("verdict") == "memory-limit", "and is told from a crash", told)
    result, told = one("int main() { return x; }", language="cpp")
    check(result == -4 and "was not declared" in told["compile_stderr"], "what does not compile is -4", told)
    cpp = "#include <iostream>\nint main() { long a, b; std::cin >> a >> b; std::cout << a + b << std::endl; }"
    check(one(cpp, language="cpp")[0] is True, "C++ that is right is True", None)
    check(one("fn main() {}", language="rust")[0] == -1, "a language that is not here is -1", None)
    calls = {"inputs": ["1\n2", "[1, 2]\n[3]"], "outputs": ["3", "[1, 2, 3]"], "fn_name": "add"}
    check(verdicts(calls, "def add(a, b):\n    return a + b")[0] == [True, True], "a function is called", None)
    for end in ("exit(0)", "import os; os._exit(0)", "import sys; sys.exit(0)"):
        check(one(end)[0] is False, f"{end} before the output is not right", None)
    many = {"inputs": [f"{i} 1\n" for i in range(40)], "outputs": [f"{i + 1}\n" for i in range(40)]}
    check(verdicts(many, ADD)[0] == [True] * 40, "forty at a time keep their order", None)

    completion = "Here:\n```python\n" + ADD + "\n```"
    wrong = {"inputs": ["1 2", "1 1"], "outputs": ["3", "3"]}
    score, _ = package.compute_score(url + "/run_code", None, 1024, completion, wrong)
    check(score == 0.5, "compute_score is the share of the tests", score)
    score, _ = package.compute_score(url + "/run_code", None, 1024, completion, CASES, continuous=True)
    check(score == 1.0, "also of the first ten", score)
