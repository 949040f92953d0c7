"""Reads the rest of the runner from fd 0 and starts it; what checks commonly import is loaded here, once."""

import bisect, collections, copy, functools, heapq, itertools, json, math, operator, os, re  # noqa
import string, struct, sys, threading, time, typing  # noqa

# It would seed itself from the system in each fork; here each fork is seeded alike.
register, os.register_at_fork = os.register_at_fork, lambda **hooks: None
import random  # noqa

os.register_at_fork = register


def packages():
    """What `site` does as an interpreter starts, but for running the code in the .pth files of installed packages."""
    import site

    if os.path.exists(os.path.join(os.path.dirname(os.path.dirname(sys.executable)), "pyvenv.cfg")):
        site.main()
        return
    site.setquit()
    site.setcopyright()
    site.sethelper()
    sys.path += [folder for folder in site.getsitepackages() if os.path.isdir(folder)]


def boot(sources, sandboxed):
    packages()
    names = {"__builtins__": __builtins__, "__name__": "goodhart"}
    for name in ("filter", "child", "server", "wire", "candidate", "peer", "tester"):
        exec(compile(sources[name], name, "exec"), names)
    kinds = {name: names[name] for name in ("program", "calls", "peer", "tester")}
    names["main"](kinds, sandboxed)
