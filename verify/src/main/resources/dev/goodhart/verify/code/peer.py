"""A tester's stand-ins for a candidate that lives in another process.

Calling one sends the arguments over and brings plain data back, so no code of the candidate ever runs in this
process, where the expected values and the verdict are; and a comparison is this process's own. What the
candidate's functions return that is not plain data becomes an Opaque, equal to nothing. Only a test that itself
names a class of the candidate gets handles to its objects; what they say of themselves is the candidate's word,
and the report says so.
"""

import builtins
import types


class Gone(BaseException):
    """The candidate's process has ended."""


class Tampered(BaseException):
    """What came from the candidate's process is not what the runner in it writes."""


class Unsupported(BaseException):
    """The test does what only works inside the candidate's process."""


class Broken(BaseException):
    """The test cannot run, whatever the candidate is."""


class Raised(Exception):
    """The candidate's own exception class, where the test does not know it."""


class Peer(Codec):
    """The other end of the line: sends calls, answers call-backs, and turns answers into values."""

    def __init__(self, line):
        self.line = line
        self.functions, self.trusted, self.exceptions = [], {}, {}
        self.objects = False
        self.over = None  # what ended it (Gone, Tampered, Unsupported): final, whatever a test's `except` does with it
        self.relayed = None  # the last exception that is the candidate's, not the test's
        hello = self.receive()
        names = hello.get("names")
        if not isinstance(names, dict) or not all(isinstance(kind, list) and kind for kind in names.values()):
            raise self.tampered("no list of names")
        self.names = names

    def receive(self):
        if self.over:
            raise self.over
        try:
            message = self.line.receive()
        except Malformed as e:
            raise self.tampered(e)
        if message is None:
            self.over = Gone()
            raise self.over
        return message

    def tampered(self, e):
        self.over = Tampered(str(e))
        return self.over

    def ask(self, do, arguments=(), named=None, **more):
        if self.over:
            raise self.over
        arguments = list(arguments)
        message = self.encode((arguments, named or {}))
        message.update(more, do=do, values=list(self.trusted))
        message["wants-objects"] = self.objects
        try:
            self.line.send(message)
            while True:
                answer = self.receive()
                if "callback" not in answer:
                    break
                self.line.send(self.called_back(answer))
        except OSError:
            self.over = Gone()
            raise self.over from None
        if "raised" in answer:
            self.relayed = self.exception(answer)
            raise self.relayed
        value = self.taken(answer)
        if type(value) is not tuple or not 1 <= len(value) <= 2:
            if not isinstance(value, Function):
                raise self.tampered("an answer of the wrong shape")
            return value
        if len(value) == 2:
            update(arguments, value[1])
        return value[0]

    def taken(self, message):
        try:
            return self.decode(message)
        except Malformed as e:
            raise self.tampered(e)

    def called_back(self, message):
        try:
            function = self.functions[message["callback"]]
            arguments = self.taken(message["arguments"])
        except (TypeError, IndexError, KeyError) as e:
            raise self.tampered(e)
        try:
            return self.encode(function(*arguments))
        except Exception as e:
            return {"raised": type(e).__name__}

    def exception(self, answer):
        bases, arguments = answer["raised"], self.taken(answer.get("arguments", {}))
        if not isinstance(bases, list) or not isinstance(arguments, list):
            raise self.tampered("an exception of the wrong shape")
        self.last = str(answer.get("told", ""))[:300]
        for name in bases:
            kind = self.exceptions.get(name) if isinstance(name, str) else None
            if kind is None:
                kind = getattr(builtins, str(name), None)
            if isinstance(kind, type) and issubclass(kind, BaseException):
                try:
                    return kind(*arguments)
                except Exception:
                    return Raised(self.last)
        return Raised(self.last)

    def foreign(self, x, kind):
        if isinstance(x, (Function, Object)):
            return {"kept": x._Function__of if isinstance(x, Function) else object.__getattribute__(x, "of")}
        if kind.__name__ in self.trusted and kind is self.trusted[kind.__name__]:
            return self.row(kind.__name__, x)
        if isinstance(x, (types.FunctionType, types.MethodType, types.BuiltinFunctionType, type)):
            self.functions.append(x)
            return {"back": len(self.functions) - 1}
        if kind is Opaque:
            raise TypeError("the candidate made an object that cannot be passed on")
        self.over = Unsupported("passes an object of class " + kind.__name__ + " to the candidate")
        raise self.over

    def known(self, tag, body):
        if tag == "fn" and isinstance(body, int):
            return Function(self, "", body)
        if tag == "ob" and self.objects and isinstance(body, list):
            return Object(self, int(body[0]), str(body[1]))
        return super().known(tag, body)

    def empty(self, name):
        if name not in self.trusted:
            return super().empty(name)
        return object.__new__(self.trusted[name])


def update(old, new):
    """What a function did to its arguments, done to the caller's own objects."""
    if not isinstance(new, list) or len(old) != len(new):
        return
    for mine, changed in zip(old, new):
        if type(mine) is not type(changed):
            continue
        if isinstance(mine, (list, bytearray)):
            mine[:] = changed
        elif isinstance(mine, (dict, set)):
            mine.clear()
            mine.update(changed)
        elif hasattr(mine, "__dict__") and not isinstance(mine, (Function, Object, Opaque)):
            mine.__dict__.clear()
            mine.__dict__.update(changed.__dict__)


class Function:
    """Stands for a function of the candidate. It can be called, and nothing else."""

    def __init__(self, peer, name, of=None):
        self.__peer, self.__of = peer, of
        self.__name__ = self.__qualname__ = name

    def __call__(self, *arguments, **named):
        where = {"name": self.__name__} if self.__of is None else {"of": self.__of}
        return self.__peer.ask("call", arguments, named, **where)


def forwarded(operation):
    return lambda self, *arguments: object.__getattribute__(self, "ask")(operation, *arguments)


def compared(operation):
    """Between two objects of the candidate; against a value of the test the answer is this process's own."""

    def compare(self, other):
        if type(other) is not Object:
            return NotImplemented
        answer = object.__getattribute__(self, "ask")(operation, other)
        if operation in ("add", "sub", "mul") or type(answer) is bool:
            return answer
        return NotImplemented

    return compare


class Object:
    """Stands for an object of the candidate's, in a test that names its class."""

    def __init__(self, peer, of, name):
        object.__setattr__(self, "of", of)
        object.__setattr__(self, "ask", lambda do, *arguments: peer.ask(do, arguments, of=of))

    def __getattribute__(self, name):
        if name == "__class__":
            return Object
        return object.__getattribute__(self, "ask")("get", name)

    def __setattr__(self, name, value):
        object.__getattribute__(self, "ask")("set", name, value)

    __len__, __str__, __repr__, __iter__ = forwarded("len"), forwarded("str"), forwarded("repr"), forwarded("iter")
    __getitem__, __setitem__, __delitem__ = forwarded("item"), forwarded("put"), forwarded("del")
    __bool__, __hash__ = forwarded("bool"), forwarded("hash")
    __enter__ = forwarded("enter")
    __eq__, __ne__, __lt__, __le__ = compared("eq"), compared("ne"), compared("lt"), compared("le")
    __gt__, __ge__, __add__, __sub__, __mul__ = compared("gt"), compared("ge"), compared("add"), compared("sub"), compared("mul")

    def __contains__(self, value):
        return any(item == value for item in self)

    def __exit__(self, *ignored):
        object.__getattribute__(self, "ask")("exit")

    def __call__(self, *arguments, **named):
        return object.__getattribute__(self, "ask")("get", "__call__")(*arguments, **named)


class Class(Function):
    """Stands for a class of the candidate's."""

    def __init__(self, peer, name):
        super().__init__(peer, name)
        self.__get = lambda attribute: getattr_of(peer, name, attribute)
        self.__is = lambda value: peer.ask("instance", (value,), of=class_handle(peer, name))

    def __getattr__(self, attribute):
        if attribute.startswith("_"):
            raise AttributeError(attribute)
        return self.__get(attribute)

    def __instancecheck__(self, value):
        return type(value) is Object and self.__is(value) is True


def class_handle(peer, name):
    return peer.ask("evaluate", expression=name)._Function__of


def getattr_of(peer, name, attribute):
    return peer.ask("get", (attribute,), of=class_handle(peer, name))
