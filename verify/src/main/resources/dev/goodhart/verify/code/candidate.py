"""What runs a candidate's Python, inside its own process. Nothing here is trusted by those who judge: the
candidate can rewrite all of it, and gains no more than the right to say what its functions returned.
"""

import atexit
import builtins
import json
import linecache
import os
import random
import sys
import threading
import traceback
import types

NAME = "solution.py"

# Exit statuses by which a Python step says what an exit status alone would not. A program may use them
# itself: every one of them is a failure, so there is nothing to win.
EXIT_MEMORY, EXIT_SYNTAX = 87, 88


def fresh_interpreter(name):
    """An empty module to run in, as a new interpreter has. Its streams are there: the fork server never used its own."""
    sys.argv = [NAME]
    sys.path[0] = os.getcwd()
    random.seed(0)  # the same check gives the same verdict
    module = types.ModuleType(name)
    module.__file__ = NAME
    module.__builtins__ = builtins
    sys.modules["__main__"] = sys.modules[name] = module
    return module.__dict__


def compiled(sources):
    """The first of these texts that is Python; the error of the last if none is."""
    for number, source in enumerate(sources):
        try:
            text = source.decode("utf-8", "surrogateescape")
            code = compile(text, NAME, "exec", dont_inherit=True)
            linecache.cache[NAME] = (len(text), None, text.splitlines(True), NAME)
            return code
        except (SyntaxError, ValueError, RecursionError, OverflowError) as e:
            if number == len(sources) - 1:
                quit_with("".join(traceback.format_exception_only(type(e), e)), EXIT_SYNTAX)
        except MemoryError:
            quit_with("MemoryError: compiling", EXIT_MEMORY)


def quit_with(text, status):
    try:
        os.write(2, text.encode("utf-8", "backslashreplace"))
    finally:
        os._exit(status)


def guarded(run):
    """Runs it as an interpreter runs a script; the exit status."""
    try:
        run()
        return 0
    except SystemExit as e:
        code = e.code
        if code is None:
            return 0
        if isinstance(code, int):
            return code & 0xFF
        print(code, file=sys.stderr)
        return 1
    except MemoryError:
        return EXIT_MEMORY
    except BaseException as e:
        e.__traceback__ = e.__traceback__ and e.__traceback__.tb_next and e.__traceback__.tb_next.tb_next
        traceback.print_exception(type(e), e, e.__traceback__)
        return 1


def finish(status):
    """The end of an interpreter: threads, atexit, buffers."""
    try:
        threading._shutdown()
        atexit._run_exitfuncs()
    except BaseException:
        status = status or 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            status = status or 120
    os._exit(status)


def program(sources):
    """A script: reads its standard input, writes its standard output."""
    try:
        names = fresh_interpreter("__main__")
        code = compiled(sources)
        status = guarded(lambda: exec(code, names))
        finish(status)
    finally:
        os._exit(1)


def callee(names, name):
    """A function of that name, or the method of class Solution as the LeetCode form has it."""
    if "Solution" in names and (name not in names or not callable(names[name])):
        return lambda *arguments: getattr(names["Solution"](), name)(*arguments)
    return names[name]


def calls(blobs):
    """One function, called with each list of arguments; what it returned goes to descriptor 3, a frame a call."""
    try:
        asked = json.loads(blobs[0])
        names = fresh_interpreter("solution")
        code = compiled(blobs[1:])
        line, codec = Line(3, 3), Codec()

        def run():
            exec(code, names)
            function = callee(names, asked["name"])
            for arguments in asked["arguments"]:
                line.send(called(function, arguments, codec))

        status = guarded(run)
        finish(status)
    finally:
        os._exit(1)


def called(function, arguments, codec):
    try:
        return codec.encode(function(*arguments))
    except MemoryError:
        raise
    except RecursionError as e:
        return {"raised": "RecursionError: " + str(e)[:200]}
    except Exception as e:
        return {"raised": told(e)}


def told(e):
    try:
        return (type(e).__name__ + ": " + str(e))[:300]
    except BaseException:
        return type(e).__name__


class Gives(Codec):
    """What a candidate sends to its tester: functions and objects stay here, under a number."""

    def __init__(self, names, line):
        self.names, self.line = names, line
        self.kept, self.values, self.objects = [], frozenset(), False

    def keep(self, x):
        self.kept.append(x)
        return len(self.kept) - 1

    def foreign(self, x, kind):
        if isinstance(x, types.ModuleType) or isinstance(x, type):
            return super().foreign(x, kind)
        if isinstance(x, (types.FunctionType, types.BuiltinFunctionType, types.MethodType)) or type(x).__module__ == "functools":
            return {"fn": self.keep(x)}
        if kind.__name__ in self.values:
            return self.row(kind.__name__, x)
        if self.objects:
            return {"ob": [self.keep(x), kind.__name__]}
        return super().foreign(x, kind)

    def known(self, tag, body):
        if tag == "kept":
            return self.kept[body]
        if tag == "back":
            return lambda *arguments: self.call_back(body, arguments)
        return super().known(tag, body)

    def call_back(self, number, arguments):
        self.line.send({"callback": number, "arguments": self.encode(list(arguments))})
        answer = self.line.receive()
        if answer is None:
            os._exit(0)
        if "raised" in answer:
            raise RuntimeError("the test's function raised " + answer["raised"])
        return self.decode(answer)

    def empty(self, name):
        kind = self.names.get(name)
        if not isinstance(kind, type):
            raise Malformed("class " + name)
        return object.__new__(kind)


OPERATIONS = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b, "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b, "add": lambda a, b: a + b, "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b, "item": lambda a, b: a[b], "len": len, "str": str,
    "repr": repr, "bool": bool, "hash": hash, "iter": lambda a: iter(list(a)), "instance": lambda a, b: isinstance(b, a),
    "get": lambda a, b: getattr(a, b), "set": lambda a, b, c: setattr(a, b, c),
    "put": lambda a, b, c: a.__setitem__(b, c), "del": lambda a, b: a.__delitem__(b),
    "enter": lambda a: a.__enter__(), "exit": lambda a: a.__exit__(None, None, None),
}


def peer(sources):
    """Functions that a tester in another process calls over descriptor 3."""
    try:
        names = fresh_interpreter("solution")
        code = compiled(sources)
        line = Line(3, 3)
        gives = Gives(names, line)

        def run():
            exec(code, names)
            line.send({"names": {name: kind_of(value) for name, value in names.items() if not name.startswith("__")}})
            while True:
                message = line.receive()
                if message is None:
                    return
                line.send(answer(message, names, gives))

        finish(guarded(run))
    finally:
        os._exit(1)


def kind_of(value):
    if isinstance(value, type):
        return ["exception", [base.__name__ for base in value.__mro__]] if issubclass(value, BaseException) else ["class"]
    if isinstance(value, types.ModuleType):
        return ["module"]
    return ["function"] if callable(value) else ["value"]


def answer(message, names, gives):
    try:
        gives.values = frozenset(message.get("values", ()))
        gives.objects = message.get("wants-objects", False)
        do = message["do"]
        if do == "name":
            value = names[message["name"]]
        elif do == "evaluate":
            value = eval(message["expression"], names)
            if callable(value):
                return {"value": {"fn": gives.keep(value)}}
        else:
            arguments, named = gives.decode(message)
            if do == "call":
                target = names[message["name"]] if "name" in message else gives.kept[message["of"]]
                value = target(*arguments, **named)
                if value is None and arguments:
                    # A function that returns nothing has perhaps changed what it was given.
                    return gives.encode((None, arguments))
            else:
                value = OPERATIONS[do](gives.kept[message["of"]], *arguments)
        return gives.encode((value,))
    except MemoryError:
        raise
    except BaseException as e:
        bases = [base.__name__ for base in type(e).__mro__]
        try:
            plain = Codec().encode(list(e.args))
        except BaseException:
            plain = {"value": []}
        return {"raised": bases, "arguments": plain, "told": told(e)}
