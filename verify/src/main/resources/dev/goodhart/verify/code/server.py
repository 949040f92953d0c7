"""The fork server inside the sandbox: starts each check from a warm interpreter, in namespaces of its own.

Goodhart talks to it over fd 0 and fd 1. A request is a header (limits, no code) that this process reads,
followed by the step's own data (program, tests, input), which only the forked child reads. So this process,
whose memory every child inherits, never holds a program, a test, an input or an expected value of any check.
What it relays (outputs, verdicts) passes through one buffer that is wiped after each request.

A child runs as process 1 of a new process namespace: when it ends, the kernel kills everything that it
started. It has its own mounts (an empty /tmp, its own /proc), no capabilities, a system-call filter and
resource limits. This process watches it, relays its output, and kills it at a limit.
"""

import _socket
import gc
import json
import os
import resource
import select
import signal
import struct
import time

MNT_DETACH = 2

# Streams of the answer. 0 is a status in JSON, 255 the end.
STATUS, STDOUT, STDERR, CHANNEL, VERDICT, END = 0, 1, 2, 3, 4, 255

STDERR_KEPT = 16384
EMPTY = bytes(65536)
TICK = 0.02


class Step:
    """One child that is being watched."""

    def __init__(self, limits, pid, ready, streams):
        self.limits, self.pid, self.ready, self.streams = limits, pid, ready, streams
        self.sizes = dict.fromkeys(streams.values(), 0)
        self.started = self.beat = time.monotonic()
        self.cpu = self.beat_cpu = self.peak = 0
        self.reason = None
        self.status = None


class Server:
    def __init__(self, sandboxed, seccomp, kinds):
        self.sandboxed, self.seccomp, self.kinds = sandboxed, seccomp, kinds
        self.scratch = bytearray(len(EMPTY))
        self.ends = []
        self.building = False
        self.resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1024 if LINUX else 1)
        if sandboxed:
            self.own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def serve(self):
        while True:
            try:
                (size,) = struct.unpack("<I", read_exactly(4))
            except EOFError:
                return
            limits = json.loads(read_exactly(size))
            if limits["kind"] == "end":
                self.forget()
                continue
            limits["sandboxed"] = self.sandboxed
            if limits.get("build") == "write" and not self.building:
                self.building = True
                mount(b"tmpfs", b"/build", b"tmpfs", MS_NOSUID | MS_NODEV, b"mode=755,nr_inodes=4096,size=%d" % limits["disk"])
            steps = [self.start(limits)] if limits["kind"] != "peer" else self.start_pair(limits)
            self.ends.clear()
            self.watch(steps)
            self.scratch[:] = EMPTY
            self.send(*self.ends, (END, b""))

    def forget(self):
        if self.building:
            check(libc.umount2(b"/build", MNT_DETACH), "umount")
            self.building = False
        self.send((END, b""))

    @staticmethod
    def send(*frames):
        parts = []
        for stream, data in frames:
            parts += [struct.pack("<BI", stream, len(data)), data]
        sent = os.writev(1, parts)
        for part in parts:  # in place: a copy would stay behind in this process's memory
            skipped = min(sent, len(part))
            sent -= skipped
            rest = memoryview(part)[skipped:]
            while rest:
                rest = rest[os.write(1, rest):]

    def start_pair(self, limits):
        """A candidate and its tester, which can talk to each other and to nobody else."""
        candidate, tester = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_STREAM)
        first = self.start(limits, candidate.fileno())
        select.select([first.ready], [], [])  # until it has read its own data, and so will not read the tester's
        (size,) = struct.unpack("<I", read_exactly(4))
        limits = json.loads(read_exactly(size))
        limits["sandboxed"] = self.sandboxed
        second = self.start(limits, tester.fileno())
        candidate.close()
        tester.close()
        return [first, second]

    def start(self, limits, peer=None):
        tester = limits["kind"] == "tester"
        names = [None, None, VERDICT] if tester else [STDOUT, STDERR] + ([CHANNEL] if limits.get("channel") else [])
        pipes = [os.pipe() for _ in names]
        ends = [write for _, write in pipes]
        if peer is not None:
            ends.insert(2, peer)
        wait, acknowledge = os.pipe()
        if self.sandboxed:
            check(libc.unshare(CLONE_NEWPID), "unshare")
        elif limits["kind"] != "tester":
            import tempfile
            limits["folder"] = tempfile.mkdtemp(prefix="goodhart-")
        else:
            limits["folder"] = "/"
        pid = os.fork()
        if pid == 0:
            try:
                child(limits, ends, acknowledge, self.seccomp, self.kinds)
            except BaseException as e:
                try:
                    os.write(2, ("runner: %s: %s\n" % (type(e).__name__, e)).encode())
                finally:
                    os._exit(70)
            os._exit(70)
        if self.sandboxed:
            check(libc.setns(self.own_pids, CLONE_NEWPID), "setns")
        for _, write in pipes:
            os.close(write)
        os.close(acknowledge)
        return Step(limits, pid, wait, {read: name for (read, _), name in zip(pipes, names)})

    def watch(self, steps):
        poll = select.poll()
        owner = {}
        exits = {}
        for step in steps:
            for fd in step.streams:
                owner[fd] = step
                poll.register(fd, select.POLLIN)
            if hasattr(os, "pidfd_open"):
                fd = os.pidfd_open(step.pid)
                exits[fd] = step
                poll.register(fd, select.POLLIN)
        sampled = time.monotonic()
        while any(step.status is None for step in steps) or owner:
            for fd, _ in poll.poll(TICK * 1000):
                if fd in exits:
                    step = exits.pop(fd)
                    poll.unregister(fd)
                    os.close(fd)
                    self.reap(step, steps, 0)
                elif fd in owner and not self.relay(owner[fd], fd):
                    poll.unregister(fd)
                    os.close(fd)
                    del owner[fd]
            if not hasattr(os, "pidfd_open"):
                for step in steps:
                    if step.status is None:
                        self.reap(step, steps, os.WNOHANG)
            now = time.monotonic()
            if now - sampled >= TICK:
                sampled = now
                self.sample(steps)
                if not self.sandboxed and all(step.status is not None for step in steps):
                    for fd in owner:  # a stray process holds them; nothing in here may wait for it
                        os.close(fd)
                    owner.clear()

    def relay(self, step, fd):
        """One read's worth of output to Goodhart; false at its end."""
        n = os.readv(fd, [self.scratch])
        if n == 0:
            return False
        stream = step.streams[fd]
        before = step.sizes[stream]
        step.sizes[stream] = before + n
        if before + n > step.limits["output"]:
            self.stop(step, "output")
        elif stream is not None:
            kept = n if stream != STDERR else min(n, max(0, STDERR_KEPT - before))
            self.send((stream, memoryview(self.scratch)[:kept]))
        if stream == CHANNEL:
            step.beat, step.beat_cpu = time.monotonic(), step.cpu
        return True

    def reap(self, step, steps, options):
        pid, status, usage = os.wait4(step.pid, options)
        if pid == 0:
            return
        step.status = status
        wall = time.monotonic() - step.started
        kind = step.limits["kind"]
        told = {
            "kind": kind,
            "exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1,
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
            "reason": step.reason or "",
            "cpu": max(usage.ru_utime + usage.ru_stime, step.cpu),
            "wall": wall,
            "memory": max(usage.ru_maxrss * (1024 if LINUX else 1), step.peak),
        }
        if os.read(step.ready, 1) != b".":
            os._exit(71)  # it ended before anything of the candidate's ran: this sandbox is broken
        os.close(step.ready)
        self.ends.append((STATUS, json.dumps(told).encode()))
        if not self.sandboxed:
            self.clean(step)
        if kind == "tester":
            for other in steps:
                if other.status is None:
                    self.stop(other, "done")

    def clean(self, step):
        import shutil

        try:
            os.killpg(step.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        if step.limits["folder"] != "/":
            shutil.rmtree(step.limits["folder"], ignore_errors=True)

    def stop(self, step, reason):
        if step.reason is None:
            step.reason = reason
        if step.status is None:
            if not self.sandboxed:
                try:
                    os.killpg(step.pid, signal.SIGKILL)
                except (ProcessLookupError, PermissionError):
                    pass
            os.kill(step.pid, signal.SIGKILL)

    def sample(self, steps):
        """Stops what is over a limit, counting everything that a step started."""
        processes = processes_by_root({step.pid for step in steps}) if LINUX else {}
        now = time.monotonic()
        for step in steps:
            if step.status is not None:
                continue
            limits = step.limits
            count, tasks, cpu, memory = processes.get(step.pid, (0, 0, 0, 0))
            if limits["kind"] != "exec":
                memory -= max(0, count - 1) * self.resident  # what each fork of a Python shares with this server
            step.cpu = max(step.cpu, cpu)
            step.peak = max(step.peak, memory)
            frames = limits.get("frames", 1)
            cpu_limit, wall_limit = limits["cpu"] / 1000, limits["wall"] / 1000
            if memory > limits["memory"]:
                self.stop(step, "memory")
            elif tasks > limits["processes"] + OWN_PROCESSES:
                self.stop(step, "processes")
            elif step.cpu - step.beat_cpu > cpu_limit or step.cpu > cpu_limit * frames:
                self.stop(step, "cpu")
            elif now - step.beat > wall_limit or now - step.started > wall_limit * frames:
                self.stop(step, "wall")


def processes_by_root(roots):
    """For each of these processes and everything below it: processes, tasks, CPU seconds, resident bytes."""
    ticks, page = os.sysconf("SC_CLK_TCK"), resource.getpagesize()
    parents, figures = {}, {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % name, "rb") as stat:
                fields = stat.read().rpartition(b")")[2].split()
        except OSError:
            continue
        pid = int(name)
        parents[pid] = int(fields[1])
        cpu = sum(int(field) for field in fields[11:15]) / ticks
        figures[pid] = (1, int(fields[17]), cpu, int(fields[21]) * page)
    totals = {}
    for pid, figure in figures.items():
        root = pid
        while root not in roots and root in parents:
            root = parents[root]
        if root in roots:
            totals[root] = tuple(a + b for a, b in zip(totals.get(root, (0, 0, 0, 0)), figure))
    return totals


def main(kinds, sandboxed):
    seccomp = seccomp_program() if sandboxed else None
    if sandboxed:
        # A user namespace of its own gives this process the right to make further namespaces and mounts, in
        # here only; the process namespace gives it children that it outlives by nothing.
        user, group = os.getuid(), os.getgid()
        check(libc.unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS), "unshare")
        for file, text in (("setgroups", "deny"), ("uid_map", "%d %d 1" % (user, user)), ("gid_map", "%d %d 1" % (group, group))):
            with open("/proc/self/" + file, "w") as map_file:
                map_file.write(text)
        server = os.fork()
        if server != 0:
            os.close(0)
            os.close(1)
            os._exit(os.waitpid(server, 0)[1] and 72)
        mount(b"proc", b"/proc", b"proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
        libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    gc.collect()
    gc.freeze()
    gc.disable()
    server = Server(sandboxed, seccomp, kinds)
    server.send((STATUS, b'{"kind":"ready"}'))
    server.serve()
    os._exit(0)
