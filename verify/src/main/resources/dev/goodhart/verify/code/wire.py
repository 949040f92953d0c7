"""Values between a candidate's process and whoever judges it: plain data as JSON, never pickle.

null, true, "text", integers and floats stand for themselves, lists are JSON lists, and everything else is an
object with one key, the tag. What is not plain data becomes, as the codec that is used allows, a handle, a
value object (class name and attributes, rebuilt by a class that the receiving side trusts) or an opaque mark.
Numbers outside JSON's reach travel as text: {"i": "0x..."} and {"f": "nan"}.
"""

import collections
import json
import math
import os
import struct

LARGEST_FRAME = 16 << 20
LONGEST_ITERATOR = 10000


class Malformed(Exception):
    """What arrived is not what a codec writes."""


class Opaque:
    """Something that the other side could not send. Equal to nothing but itself."""

    def __init__(self, name):
        self.__name = name

    def __repr__(self):
        return "<an object of class %s>" % self.__name


class Codec:
    """Plain data only. Subclasses say what becomes of functions and objects.

    Objects travel as {"v": index} into a table beside the value, so that cycles and long chains (a linked
    list) need no recursion.
    """

    def encode(self, value):
        self.table, self.found = [], {}
        body = self.one(value)
        rows, at = [], 0
        while at < len(self.table):
            name, value = self.table[at]
            rows.append([name, [[key, self.one(item)] for key, item in attributes(value)]])
            at += 1
        return {"value": body, "objects": rows} if rows else {"value": body}

    def one(self, x):
        kind = type(x)
        if x is None or kind is bool or kind is str:
            return x
        if kind is int:
            return x if -(1 << 53) < x < 1 << 53 else {"i": hex(x)}
        if kind is float:
            return x if math.isfinite(x) else {"f": repr(x)}
        if kind is list:
            return [self.one(item) for item in x]
        if kind is dict:
            return {"d": self.pairs(dict.items(x))}
        if isinstance(x, bool) or isinstance(x, int):
            return self.one(int.__index__(x))
        if isinstance(x, float):
            return self.one(float.__float__(x))
        if isinstance(x, str):
            return str.__str__(x) if type(str.__str__(x)) is str else "".join(str.__iter__(x))
        if isinstance(x, tuple):
            return {"t": [self.one(item) for item in tuple.__iter__(x)]}
        if isinstance(x, collections.Counter):
            return {"C": self.pairs(dict.items(x))}
        if isinstance(x, collections.OrderedDict):
            return {"o": self.pairs(collections.OrderedDict.items(x))}
        if isinstance(x, dict):
            return {"d": self.pairs(dict.items(x))}
        if isinstance(x, list):
            return [self.one(item) for item in list.__iter__(x)]
        if isinstance(x, set):
            return {"s": [self.one(item) for item in set.__iter__(x)]}
        if isinstance(x, frozenset):
            return {"z": [self.one(item) for item in frozenset.__iter__(x)]}
        if isinstance(x, bytes):
            return {"b": bytes.hex(x)}
        if isinstance(x, bytearray):
            return {"y": bytearray.hex(x)}
        return self.other(x, kind)

    def other(self, x, kind):
        if kind is complex:
            return {"c": [self.one(x.real), self.one(x.imag)]}
        if kind is range:
            return {"r": [self.one(x.start), self.one(x.stop), self.one(x.step)]}
        if kind is collections.deque:
            return {"q": [self.one(item) for item in x]}
        if kind.__module__ in ("decimal", "fractions", "datetime"):
            name = kind.__name__
            if name == "Decimal":
                return {"D": str(x)}
            if name == "Fraction":
                return {"F": [self.one(x.numerator), self.one(x.denominator)]}
            if name in DATES and getattr(x, "tzinfo", None) is None:
                return {"when": [name, x.isoformat()]}
            if name == "timedelta":
                return {"dt": [x.days, x.seconds, x.microseconds]}
        if kind in (type({}.keys()), type({}.values()), type({}.items())):
            return {kind.__name__: [self.one(item) for item in x]}
        if kind.__module__ == "numpy" and hasattr(kind, "tolist"):
            return {"nd": [str(x.dtype), self.one(x.tolist())]} if hasattr(x, "shape") and x.shape else self.one(x.item())
        if hasattr(kind, "__next__"):
            items = []
            for item in x:
                if len(items) == LONGEST_ITERATOR:
                    return {"it": [items, False]}
                items.append(self.one(item))
            return {"it": [items, True]}
        return self.foreign(x, kind)

    def pairs(self, items):
        return [[self.one(key), self.one(value)] for key, value in items]

    def row(self, name, x):
        """The reference to an object in the table."""
        index = self.found.get(id(x))
        if index is None:
            index = self.found[id(x)] = len(self.table)
            self.table.append((name, x))
        return {"v": index}

    def foreign(self, x, kind):
        return {"op": str(kind.__name__)[:100]}

    def decode(self, message):
        try:
            self.made = [self.empty(row[0]) for row in message.get("objects", ())]
            for made, row in zip(self.made, message.get("objects", ())):
                for key, item in row[1]:
                    # A method must stay the trusted class's own.
                    if key.startswith("__") or callable(getattr(type(made), key, None)):
                        raise Malformed("attribute " + key[:40])
                    object.__setattr__(made, key, self.back(item))
            return self.back(message["value"])
        except Malformed:
            raise
        except (TypeError, ValueError, KeyError, IndexError, AttributeError, RecursionError, ArithmeticError, ImportError) as e:
            raise Malformed("%s: %s" % (type(e).__name__, e)) from None

    def back(self, x):
        if x is None or isinstance(x, (bool, str, int, float)):
            return x
        if isinstance(x, list):
            return [self.back(item) for item in x]
        ((tag, body),) = x.items()
        if tag == "i":
            return int(body, 16)
        if tag == "f":
            if body not in ("nan", "inf", "-inf"):
                raise Malformed(tag)
            return float(body)
        if tag in SEQUENCES:
            return SEQUENCES[tag](self.back(item) for item in body)
        if tag in MAPPINGS:
            return MAPPINGS[tag]((self.back(key), self.back(value)) for key, value in body)
        if tag == "v":
            return self.made[body]
        if tag in ("b", "y"):
            return (bytes if tag == "b" else bytearray).fromhex(body)
        if tag == "c":
            return complex(*[self.back(part) for part in body])
        if tag == "r":
            return range(*[self.back(part) for part in body])
        if tag == "D":
            from decimal import Decimal
            return Decimal(body)
        if tag == "F":
            from fractions import Fraction
            return Fraction(*[self.back(part) for part in body])
        if tag == "when" and body[0] in DATES:
            import datetime
            return getattr(datetime, body[0]).fromisoformat(body[1])
        if tag == "dt":
            import datetime
            return datetime.timedelta(*body)
        if tag == "dict_keys":
            return dict.fromkeys(self.back(item) for item in body).keys()
        if tag == "dict_values":
            return dict(enumerate(self.back(item) for item in body)).values()
        if tag == "dict_items":
            return dict(self.back(item) for item in body).items()
        if tag == "nd":
            import numpy
            return numpy.array(self.back(body[1]), dtype=body[0])
        if tag == "it":
            return iterated([self.back(item) for item in body[0]], body[1])
        if tag == "op":
            return Opaque(str(body))
        return self.known(tag, body)

    def known(self, tag, body):
        raise Malformed("tag " + str(tag)[:40])

    def empty(self, name):
        raise Malformed("class " + str(name)[:40])


DATES = ("datetime", "date", "time")
SEQUENCES = {"t": tuple, "s": set, "z": frozenset, "q": collections.deque}
MAPPINGS = {"d": dict, "C": lambda items: collections.Counter(dict(items)), "o": collections.OrderedDict}


def iterated(items, complete):
    yield from items
    if not complete:
        raise RuntimeError("more than %d items were asked of an iterator" % LONGEST_ITERATOR)


def attributes(x):
    """The data of an object: its __dict__ and its slots."""
    names = dict(getattr(x, "__dict__", {}))
    for base in type(x).__mro__:
        slots = base.__dict__.get("__slots__", ())
        for slot in (slots,) if isinstance(slots, str) else slots:
            if slot not in ("__dict__", "__weakref__") and hasattr(x, slot):
                names.setdefault(slot, getattr(x, slot))
    return [(key, value) for key, value in names.items() if isinstance(key, str)]


class Line:
    """Frames of JSON over a pair of descriptors: four bytes of length, then the text."""

    def __init__(self, read, write):
        self.source, self.sink = read, write

    def send(self, message):
        data = json.dumps(message, allow_nan=False, check_circular=False).encode()
        if len(data) > LARGEST_FRAME:
            raise Malformed("%d bytes in one message" % len(data))
        data = memoryview(struct.pack("<I", len(data)) + data)
        while data:
            data = data[os.write(self.sink, data):]

    def receive(self):
        """The next message, or None at the end."""
        head = self.exactly(4)
        if head is None:
            return None
        (size,) = struct.unpack("<I", head)
        if size > LARGEST_FRAME:
            raise Malformed("%d bytes in one message" % size)
        body = self.exactly(size)
        if body is None:
            return None
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as e:
            raise Malformed("not JSON: %s" % e) from None
        if not isinstance(message, dict):
            raise Malformed("not a message")
        return message

    def exactly(self, size):
        data = bytearray()
        while len(data) < size:
            part = os.read(self.source, min(size - len(data), 1 << 20))
            if not part:
                return None
            data += part
        return bytes(data)
