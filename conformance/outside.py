"""What the clients of other projects are run with: a proxy that keeps their exchanges, and stand-ins for what they import."""

import contextlib
import http.client
import http.server
import importlib.abc
import importlib.machinery
import importlib.util
import json
import sys
import threading
import types
import urllib.parse

# Of an exchange's headers, those that a server may look at or a client may need.
REQUEST_HEADERS = ("Content-Type", "Accept", "User-Agent")
RESPONSE_HEADERS = ("Content-Type", "Retry-After")


class Checks:
    def __init__(self, title):
        self.title = title
        self.failed = 0

    def __call__(self, holds, what, found=None):
        """One line a check; what was found where it does not hold."""
        self.failed += not holds
        print(f"{'ok    ' if holds else 'FAILED'}  {self.title}: {what}" + ("" if holds else f", but {found}"))

    def differs(self, what):
        """A difference that is meant, told each time."""
        print(f"differs {self.title}: {what}")


class Recorder:
    """A proxy in front of the server. Clients are pointed at it."""

    def __init__(self, server):
        self.to = urllib.parse.urlsplit(server)
        self.exchanges = []

    def __enter__(self):
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                server = http.client.HTTPConnection(recorder.to.hostname, recorder.to.port or 80, timeout=300)
                hop = ("host", "content-length", "connection", "accept-encoding")
                headers = {k: v for k, v in self.headers.items() if k.lower() not in hop}
                server.request(self.command, self.path, body=body, headers=headers)
                response = server.getresponse()
                content = response.read()
                recorder.keep(self, body, response, content)
                self.send_response(response.status)
                for name, value in response.getheaders():
                    if name.lower() not in ("connection", "transfer-encoding", "content-length", "keep-alive"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
                server.close()

            do_GET = do_POST = do_PUT = do_DELETE = answer

            def log_message(self, *_):
                pass

        self.proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.proxy.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.proxy.server_port}"
        return self

    def __exit__(self, *_):
        self.proxy.shutdown()

    def keep(self, request, body, response, content):
        self.exchanges.append(
            {
                "method": request.command,
                "path": request.path,
                "headers": {n: request.headers[n] for n in REQUEST_HEADERS if request.headers[n]},
                "body": parsed(body),
                "status": response.status,
                "answer-headers": {n: response.getheader(n) for n in RESPONSE_HEADERS if response.getheader(n)},
                "answer": parsed(content),
            }
        )


def parsed(content):
    try:
        return json.loads(content)
    except ValueError:
        return {"text": content.decode("utf-8", "replace")}


class Anything:
    """Stands for whatever a client's module names when it is imported: a decorator, a base class, a logger."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __call__(self, *arguments, **_):
        return arguments[0] if len(arguments) == 1 and callable(arguments[0]) else Anything()

    def __mro_entries__(self, _):
        return ()

    def __or__(self, _):
        return Anything()

    __ror__ = __or__

    def __getitem__(self, _):
        return Anything()

    def __iter__(self):
        return iter(())


class Module(types.ModuleType):
    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, packages):
        self.packages = packages

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.packages:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return Module(spec.name)

    def exec_module(self, module):
        pass


@contextlib.contextmanager
def without(*packages):
    """Within, these packages can be imported and have any name in them, whether they are installed or not."""
    finder = Finder(packages)
    before = dict(sys.modules)
    for name in list(sys.modules):
        if name.split(".")[0] in packages:
            del sys.modules[name]
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in list(sys.modules):
            if name.split(".")[0] in packages and name not in before:
                del sys.modules[name]


def load(file, name="client"):
    """The module in a file. Its name may have dots, which its relative imports start from."""
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
