"""What runs a test in Python, against the stand-ins of a candidate (peer.py), and reports the verdicts."""

import ast
import builtins
import io
import json
import os
import random
import sys
import time
import types


class Report:
    """Verdicts, each a line of JSON with the nonce, on a descriptor that only this process has."""

    def __init__(self, nonce, fd):
        self.nonce, self.fd, self.started = nonce, fd, time.perf_counter()

    def say(self, **what):
        now = time.perf_counter()
        what.update(nonce=self.nonce, seconds=now - self.started)
        self.started = now
        os.write(self.fd, (json.dumps(what) + "\n").encode())


def needed_names(tree):
    """The names that a test uses and does not itself bind; what it imports from `solution` counts as needed."""
    used, bound = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.ImportFrom) and node.module == "solution":
            used.update(alias.name for alias in node.names)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    return used - bound


ALIASES = {"np": "numpy", "pd": "pandas"}
MODULES = {"math", "re", "random", "string", "itertools", "functools", "collections", "operator", "json", "copy", "heapq", "datetime"}


def needed_modules(tree):
    """The well-known modules of which a test names an attribute, such as math.sqrt, without importing them."""
    named = {node.value.id for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)}
    return named & needed_names(tree) & (MODULES | set(ALIASES))


def is_plain_class(value):
    """Whether objects of this class of the task's are their attributes and nothing else."""
    if not isinstance(value, type) or value.__module__ != "tests" or issubclass(value, BaseException):
        return False
    try:
        object.__new__(value)
        return True
    except TypeError:
        return False


class Asserts(ast.NodeTransformer):
    """Each assert statement becomes a test of its own, so that the first one to fail does not hide the rest."""

    def __init__(self):
        self.count = 0

    def visit_Assert(self, node):
        if isinstance(node.test, ast.Constant):
            return node
        number = ast.Constant(self.count)
        self.count += 1

        def call(name):
            function = ast.Name("__goodhart_%s__" % name, ast.Load())
            return ast.Expr(ast.Call(function, [number], []))

        handler = ast.ExceptHandler(ast.Name("Exception", ast.Load()), None, [call("failed")])
        made = ast.Try([node], [handler], [call("held")], [])
        return ast.fix_missing_locations(ast.copy_location(made, node))

    # An assert inside a function that the test defines, or whose failure the test catches, is the test's own affair.
    def visit_FunctionDef(self, node):
        return node

    visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = visit_Try = visit_FunctionDef


class Tests:
    """The tests of one check: the source, cut into what is counted."""

    def __init__(self, asked, peer, report):
        self.asked, self.peer, self.report = asked, peer, report
        # A test that evaluates text would evaluate what the candidate gave it, in here.
        self.names = {"__name__": "tests", "__builtins__": builtins, "eval": self.refused, "exec": self.refused, "compile": self.refused}

    def refused(self, *ignored, **named):
        self.peer.over = Unsupported("evaluates text as code")
        raise self.peer.over

    def run(self):
        for prelude in self.asked["prelude"]:
            self.prelude(prelude)
        self.peer.trusted.update((name, value) for name, value in self.names.items() if is_plain_class(value))
        sources = self.asked["tests"]
        setup = [ast.parse(source) for source in self.asked["setup"]]
        trees = [ast.parse(source) for source in sources]
        self.modules(setup + trees)
        self.stand_ins(set().union(*[needed_names(tree) for tree in setup + trees]) - set(self.names))
        for tree in setup:
            try:
                self.execute(tree)
            except Exception as e:
                self.own_fault(e)
                raise
        form = self.form(trees)
        if form == "asserts" and len(sources) > 1:
            self.report.say(count=len(sources))
            for number, tree in enumerate(trees):
                self.one(number, lambda tree=tree: self.execute(tree))
        elif form == "asserts":
            self.split(trees[0], trees[0])
        else:
            for tree in trees[:-1]:
                self.execute(tree)
            if form == "check":
                self.split(trees[-1], next(node for node in trees[-1].body if is_function(node, "check")))
            else:
                self.execute(trees[-1])
                cases = self.unit_tests() if form == "unittest" else self.functions()
                self.report.say(count=len(cases))
                for number, case in enumerate(cases):
                    self.one(number, case)

    @staticmethod
    def form(trees):
        last = trees[-1].body
        if any(is_function(node, "check") for node in last):
            return "check"
        if any(isinstance(node, ast.ClassDef) and "TestCase" in ast.dump(ast.List(node.bases, ast.Load())) for node in last):
            return "unittest"
        if any(isinstance(node, ast.FunctionDef) and node.name.startswith("test") for node in last):
            return "functions"
        return "asserts"

    def prelude(self, source):
        """What the task itself defines. It may be prose, or end in a function without a body."""
        for text in (source, source + "\n    pass\n", source + "\n        pass\n"):
            try:
                code = compile(text, "prompt", "exec")
            except (SyntaxError, ValueError):
                continue
            try:
                exec(code, self.names)
            except Exception:
                pass  # the tests tell whether something is missing
            self.names["__name__"] = "tests"
            return

    def modules(self, trees):
        """Modules that a test uses and leaves to the program to import: the real ones, whatever the program has there."""
        for name in set().union(*[needed_modules(tree) for tree in trees]) - set(self.names):
            try:
                self.names[name] = __import__(ALIASES.get(name, name))
            except ImportError:
                pass

    def stand_ins(self, used):
        """Gives the test what it names and neither defines nor imports; never something in a builtin's place."""
        entry = self.asked.get("entry")
        mine = {name for name in used if not hasattr(builtins, name)}
        if not mine and entry is None and len(used) == 1:
            mine = used  # the function under test has the name of a builtin: `assert sum(10, 15) == 6`
        mine.discard("candidate")
        solution = types.ModuleType("solution")
        solution.__all__ = sorted(mine & set(self.peer.names))  # so that `import *` brings no builtins
        self.peer.objects = any(
            name and name[0].isupper() and self.peer.names.get(name, [""])[0] == "class" for name in mine | {entry})
        for name, kind in self.peer.names.items():
            if kind[0] == "exception":
                stand_in = self.exception(name, kind[1])
            elif kind[0] == "class":
                stand_in = Class(self.peer, name)
            elif kind[0] == "function":
                stand_in = Function(self.peer, name)
            elif kind[0] == "value" and name in mine:
                stand_in = self.peer.ask("name", name=name)
            else:
                continue
            setattr(solution, name, stand_in)
            if name == entry or name in mine:
                self.names[name] = stand_in
        if entry and not entry.isidentifier():
            self.names["candidate"] = self.peer.ask("evaluate", expression=entry)
        elif entry:
            self.names.setdefault(entry, Function(self.peer, entry))
            self.names["candidate"] = self.names[entry]
            if self.peer.names.get(entry, [""])[0] not in ("function", "class"):
                raise NameError("the response defines no function '%s'" % entry)
        sys.modules.setdefault("solution", solution)

    def exception(self, name, bases):
        base = next((getattr(builtins, b) for b in bases if isinstance(getattr(builtins, str(b), None), type)), Exception)
        made = type(str(name), (base,), {})
        self.peer.exceptions[name] = made
        return made

    def execute(self, tree):
        exec(compile(tree, "tests", "exec"), self.names)

    def one(self, number, run):
        try:
            run()
            if self.peer.over:
                raise self.peer.over
            self.report.say(test=number, verdict="passed")
            return
        except BaseException as e:
            if self.peer.over:
                raise self.peer.over
            self.own_fault(e)
            self.report.say(test=number, verdict="wrong", detail=self.told(e))
        if self.asked["stop"]:
            raise Stop

    def own_fault(self, e):
        """Raises Broken when the test itself cannot run here, whatever the candidate is."""
        if isinstance(e, (SyntaxError, ImportError)) and e is not self.peer.relayed and getattr(e, "name", "") != "solution":
            raise Broken(type(e).__name__ + ": " + str(e))

    def split(self, tree, body):
        """Counts the assert statements below body; the source then runs once as a whole."""
        splitter = Asserts()
        body.body = [splitter.visit(statement) for statement in body.body]
        count = splitter.count
        failed, held = {}, set()

        def fails(number):
            failed.setdefault(number, self.told(sys.exc_info()[1]))
            if self.asked["stop"]:
                raise Stop

        self.names.update(__goodhart_failed__=fails, __goodhart_held__=held.add)
        self.report.say(count=max(count, 1))
        problem = None
        try:
            self.execute(tree)
            if body is not tree:
                self.names["check"](self.names.get("candidate"))
        except Stop:
            problem = "not reached"
        except BaseException as e:
            if self.peer.over is None:
                self.own_fault(e)
            problem = self.told(e)
        if self.peer.over:
            raise self.peer.over
        for number in range(count):
            if number in failed:
                self.report.say(test=number, verdict="wrong", detail=failed[number])
            elif number in held:
                self.report.say(test=number, verdict="passed")
            else:
                self.report.say(test=number, verdict="wrong", detail=problem or "not reached")
        if count == 0:
            self.report.say(test=0, verdict="passed" if problem is None else "wrong", detail=problem or "")
        elif problem is not None and not failed and len(held) == count:
            self.report.say(test=count - 1, verdict="wrong", detail=problem)

    @staticmethod
    def told(e):
        return (str(e) if isinstance(e, AssertionError) and str(e) else type(e).__name__ + ": " + str(e))[:300]

    def unit_tests(self):
        import unittest

        loader, cases = unittest.TestLoader(), []
        module = types.ModuleType("tests")
        module.__dict__.update(self.names)

        def flatten(suite):
            for item in suite:
                if isinstance(item, unittest.TestSuite):
                    flatten(item)
                else:
                    cases.append(lambda item=item: run_unit_test(item))

        flatten(loader.loadTestsFromModule(module))
        return cases

    def functions(self):
        return [value for name, value in list(self.names.items()) if name.startswith("test") and isinstance(value, types.FunctionType)]


class Stop(BaseException):
    """A test failed, and one is enough."""


def run_unit_test(item):
    import unittest

    result = unittest.TestResult()
    type(item).setUpClass()
    item.run(result)
    if not result.wasSuccessful() or result.skipped or result.testsRun != 1:
        problems = result.failures + result.errors
        raise AssertionError(problems[0][1].strip().splitlines()[-1] if problems else "skipped")


def is_function(node, name):
    return isinstance(node, ast.FunctionDef) and node.name == name


def tester(blobs):
    """Judges the candidate on descriptor 3; verdicts go to descriptor 4."""
    asked = json.loads(blobs[0])
    report = Report(asked["nonce"], 4)
    sys.stdin = io.StringIO()
    sys.stdout = sys.__stdout__ = io.StringIO()
    sys.stderr = sys.__stderr__ = io.StringIO()
    random.seed(0)
    objects = False
    try:
        peer = Peer(Line(3, 3))
        tests = Tests(asked, peer, report)
        tests.run()
        objects = peer.objects
        end = {"end": "done"}
    except Stop:
        end = {"end": "done"}
    except Gone:
        end = {"end": "gone"}
    except Tampered as e:
        end = {"end": "tampered", "detail": str(e)[:200]}
    except Unsupported as e:
        end = {"end": "unsupported", "detail": "the test " + str(e)[:200]}
    except Broken as e:
        end = {"end": "broken", "detail": str(e)[:200]}
    except SyntaxError as e:
        end = {"end": "broken", "detail": "SyntaxError: " + str(e)[:200]}
    except BaseException as e:
        end = {"end": "failed", "detail": (type(e).__name__ + ": " + str(e))[:300]}
    report.say(objects=objects, **end)
    os._exit(0)
