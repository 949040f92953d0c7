"""What a child of the fork server does to itself before it runs anything of a candidate's."""

import ctypes
import fcntl
import gc
import os
import resource
import signal
import struct
import sys

LINUX = sys.platform == "linux"
libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID = 0x20000, 0x10000000, 0x20000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND = 1, 2, 4, 8, 32, 4096
PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 4, 22, 38

# The processes in the sandbox's user namespace that are not the candidate's: see main().
OWN_PROCESSES = 4

# Before 5.14 the kernel counts the processes of the user on the whole machine; there the watcher counts alone.
COUNTS_BY_NAMESPACE = LINUX and tuple(int("0" + "".join(filter(str.isdigit, n))) for n in os.uname().release.split(".")[:2]) >= (5, 14)


def check(result, what):
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, what + ": " + os.strerror(code))


class CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


def drop_rights(seccomp):
    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    header = CapHeader(0x20080522, 0)
    none = (ctypes.c_uint32 * 6)()
    check(libc.capset(ctypes.byref(header), none), "capset")
    if seccomp is not None:
        check(libc.prctl(PR_SET_SECCOMP, 2, ctypes.byref(seccomp), 0, 0), "seccomp")


def mount(source, target, kind, flags, data=None):
    check(libc.mount(source, target, kind, flags, data), "mount " + target.decode())


def own_mounts(limits):
    check(libc.unshare(CLONE_NEWNS), "unshare")
    mount(b"proc", b"/proc", b"proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    mount(b"tmpfs", b"/tmp", b"tmpfs", MS_NOSUID | MS_NODEV, b"mode=700,nr_inodes=4096,size=%d" % limits["disk"])
    if limits.get("build") == "read":
        mount(None, b"/build", None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)


def set_limits(limits):
    def limit(what, value):
        hard = resource.getrlimit(what)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(what, (value, value))

    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_FSIZE, limits["disk"])
    limit(resource.RLIMIT_NOFILE, limits["files"])
    limit(resource.RLIMIT_STACK, 64 << 20)
    limit(resource.RLIMIT_CPU, limits["cpu"] * limits.get("frames", 1) // 1000 + 2)
    if limits.get("addresses") and LINUX:
        statm = os.open("/proc/self/statm", os.O_RDONLY)
        have = int(os.read(statm, 100).split()[0]) * resource.getpagesize()
        os.close(statm)
        limit(resource.RLIMIT_AS, have + limits["memory"])
    if limits["sandboxed"] and COUNTS_BY_NAMESPACE:
        limit(resource.RLIMIT_NPROC, limits["processes"] + OWN_PROCESSES)


def place(fds, kept):
    """Makes fds[i] the descriptor i and closes every other, except one; says where that is now."""
    high = [fcntl.fcntl(fd, fcntl.F_DUPFD, 64) for fd in fds]
    kept = fcntl.fcntl(kept, fcntl.F_DUPFD_CLOEXEC, 64)
    for number, fd in enumerate(high):
        os.dup2(fd, number, inheritable=True)
    os.closerange(len(fds), kept)
    os.closerange(kept + 1, 1024)
    return kept


def input_file(data):
    if hasattr(os, "memfd_create"):
        fd = os.memfd_create("stdin", 0)
    else:
        import tempfile
        fd = os.dup(tempfile.TemporaryFile().fileno())
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view):]
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def read_exactly(count):
    data = bytearray(count)
    view = memoryview(data)
    while view:
        n = os.readv(0, [view])
        if n == 0:
            raise EOFError
        view = view[n:]
    return data


def read_blobs():
    (count,) = struct.unpack("<I", read_exactly(4))
    return [bytes(read_exactly(struct.unpack("<I", read_exactly(4))[0])) for _ in range(count)]


def child(limits, ends, acknowledge, seccomp, kinds):
    blobs = read_blobs()
    kind = limits["kind"]
    stdin = input_file(blobs.pop(0))
    os.setsid()
    if limits["sandboxed"]:
        own_mounts(limits)
        os.chdir("/tmp")
    else:
        os.chdir(limits["folder"])
        os.environ["HOME"] = os.environ["TMPDIR"] = limits["folder"]
    if LINUX:
        libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)  # else /proc/self belongs to root
        score = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        os.write(score, b"1000")  # when the machine runs out of memory, this goes first
        if kind == "tester":
            libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    acknowledge = place([stdin] + ends, acknowledge)
    set_limits(limits)
    if limits["sandboxed"]:
        drop_rights(seccomp)
    os.write(acknowledge, b".")
    os.close(acknowledge)
    gc.enable()
    if kind == "exec":
        execute(blobs)
    else:
        kinds[kind](blobs)


def execute(blobs):
    """A command: its arguments, then files to write first (name, content, name, content, ...)."""
    arguments = [argument.decode() for argument in blobs[0].split(b"\0")]
    for name, content in zip(blobs[1::2], blobs[2::2]):
        folder = os.path.dirname(name.decode())
        if folder:
            os.makedirs(folder, exist_ok=True)
        with open(name.decode(), "wb") as file:
            file.write(content)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    os.execve(arguments[0], arguments, dict(os.environ))
