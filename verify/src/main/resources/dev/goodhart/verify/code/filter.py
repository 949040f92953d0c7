"""The system-call filter of a child: what ends it, what it is refused."""

import ctypes
import errno
import os

CLONE_NEW_ANY = 0x7E020000

# name: (number on x86_64, number on aarch64). No program that answers a task calls these; one that does is
# killed, and the verdict says so.
FATAL = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "pidfd_getfd": (438, 438),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265), "bpf": (321, 280), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
}
# These a library may try and do without: memory that no limit counts, and what outlives a process.
REFUSED = {
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "userfaultfd": (323, 282),
    "perf_event_open": (298, 241), "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195),
    "semget": (64, 190), "semop": (65, 193), "semctl": (66, 191), "msgget": (68, 186), "msgsnd": (69, 189),
    "msgrcv": (70, 188), "msgctl": (71, 187), "mq_open": (240, 180), "fanotify_init": (300, 262),
    "quotactl": (179, 60), "syslog": (103, 116), "kcmp": (312, 272), "clone3": (435, 435),
}
CLONE, SOCKET, SOCKETPAIR = (56, 220), (41, 198), (53, 199)


class Filter(ctypes.Structure):
    _fields_ = [("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint)]


class Program(ctypes.Structure):
    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.POINTER(Filter))]


def lookup(answers, equal, at_least, answer):
    """Instructions that find a call number by halving: the kernel runs the filter for every number when it is installed."""
    if len(answers) == 1:
        number, result = answers[0]
        return [(equal, 0, 1, number), (answer, 0, 0, result)]
    middle = len(answers) // 2
    low = lookup(answers[:middle], equal, at_least, answer)
    high = lookup(answers[middle:], equal, at_least, answer)
    low.append((0x05, 0, 0, len(high)))  # on to what follows
    return [(at_least, 0, 1, answers[middle][0]), (0x05, 0, 0, len(low))] + low + high


def seccomp_program():
    """The filter as a classic BPF program, or None on a machine whose call numbers are not known here."""
    machines = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
    if os.uname().machine not in machines:
        return None
    column, arch = machines[os.uname().machine]
    load, equal, at_least, any_bit, answer = 0x20, 0x15, 0x35, 0x45, 0x06
    kill, allow = 0x80000000, 0x7FFF0000

    def refuse(code):
        return 0x00050000 | code

    program = [(load, 0, 0, 4), (equal, 1, 0, arch), (answer, 0, 0, kill), (load, 0, 0, 0)]
    if column == 0:
        program += [(at_least, 0, 1, 0x40000000), (answer, 0, 0, kill)]  # the x32 numbers
    answers = {numbers[column]: kill for numbers in FATAL.values()}
    answers.update((numbers[column], refuse(errno.ENOSYS)) for numbers in REFUSED.values())
    program += lookup(sorted(answers.items()), equal, at_least, answer)
    # clone with a new namespace; arguments start at byte 16, the low half first
    program += [(equal, 0, 4, CLONE[column]), (load, 0, 0, 16), (any_bit, 0, 1, CLONE_NEW_ANY),
                (answer, 0, 0, kill), (answer, 0, 0, allow)]
    for numbers in (SOCKET, SOCKETPAIR):  # AF_UNIX only
        program += [(equal, 0, 4, numbers[column]), (load, 0, 0, 16), (equal, 0, 1, 1), (answer, 0, 0, allow),
                    (answer, 0, 0, refuse(errno.EACCES))]
    program.append((answer, 0, 0, allow))
    filters = (Filter * len(program))(*[Filter(*instruction) for instruction in program])
    return Program(len(program), filters)
