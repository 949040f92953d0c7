"""SandboxFusion's own client; it needs python3-tenacity and python3-pydantic."""

import importlib
import sys


def run(url, checkout, check):
    sys.path.insert(0, str(checkout / "scripts/client/src"))
    try:
        client = importlib.import_module("sandbox_fusion.client")
        models = importlib.import_module("sandbox_fusion.models")
    finally:
        sys.path.pop(0)

    def ask(language, code, attempts=1, **more):
        request = models.RunCodeRequest(language=language, code=code, **more)
        return client.run_code(request, endpoint=url, max_attempts=attempts, client_timeout=60)

    mapping = models.SummaryMapping(
        Success="success", Failed="failed", CompileFailed="compile", CompileTimeout="slow compile", RunFailed="run", RunTimeout="slow"
    )

    def summary(*request, **more):
        return client.summary_run_code_result(ask(*request, **more), mapping)

    right = ask("python", "print(input())", stdin="hello")
    check(right.status == models.RunStatus.Success and right.run_result.stdout == "hello\n", "a program runs", right)
    check(summary("python", "print(1)") == "success", "which is a success", None)
    check(summary("python", "1 / 0") == "run", "an exception fails the run", None)
    check(summary("python", "while True: pass", run_timeout=1) == "slow", "a program that hangs runs out of time", None)
    check(summary("cpp", "int main() { return x; }") == "compile", "what does not compile fails to", None)
    check(summary("cpp", "int main() { return 3; }") == "run", "another status fails the run", None)
    check(summary("bash", "echo $((1 + 1))") == "success", "a shell runs too", None)
    file = ask("python", "open('b.txt', 'w').write(open('a.txt').read() * 2)", files={"a.txt": "aGk="}, fetch_files=["b.txt"])
    check(file.files == {"b.txt": "aGloaQ=="}, "files go in and come out", file)
    try:
        ask("lean", "theorem x : 1 = 1 := rfl")
        check(False, "a language that is not here is the sandbox's error", "it ran")
    except Exception as e:
        check("does not run here" in str(e), "a language that is not here is the sandbox's error", e)
