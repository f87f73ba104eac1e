"""Runs in a process of its own: has the kernel forbid sockets and new files, then uses the runtime.

Usage: quiet_child.py SECONDS [--open-socket | --new-file | --new-folder]
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
import time
from datetime import datetime, timedelta, timezone

#: The kernel's name of the architecture; numbers of its calls that end the process: those that make
#: a socket, a pair of them, a queue of hidden calls or a folder; and of those that open a file,
#: with the place of their flags among the arguments (None: every such call makes a file).
CALLS = {
    "x86_64": (0xC000003E, (41, 53, 425, 437, 83, 258), {2: 1, 257: 2, 85: None}),
    "aarch64": (0xC00000B7, (198, 199, 425, 437, 34), {56: 2}),
}
#: Of open: make the file where there is none, or one without a name.
_MAKES = os.O_CREAT | getattr(os, "O_TMPFILE", 0) & ~os.O_DIRECTORY


def _program() -> list[tuple[int, int, int, int]]:
    """The filter, in the kernel's words (code, steps if true, steps if false, value)."""
    load, equal, bits, answer = 0x20, 0x15, 0x45, 0x06
    kill, allow = (answer, 0, 0, 0x80000000), (answer, 0, 0, 0x7FFF0000)
    architecture, forbidden, opening = CALLS[platform.machine()]
    lines = [(load, 0, 0, 4), (equal, 1, 0, architecture), allow, (load, 0, 0, 0)]
    for number in forbidden:
        lines += [(equal, 0, 1, number), kill]
    for number, flags in opening.items():
        if flags is None:
            lines += [(equal, 0, 1, number), kill]
            continue
        # Arguments stand from byte 16 on, eight bytes each; the lower half comes first.
        lines += [(equal, 0, 4, number), (load, 0, 0, 16 + 8 * flags), (bits, 0, 1, _MAKES)]
        lines += [kill, allow]
    return [*lines, allow]


def forbid_sockets_and_new_files() -> None:
    """Ask Linux to kill this process (SIGSYS) when any part of it, native too, makes one."""
    program = b"".join(struct.pack("HBBI", *line) for line in _program())
    buffer = ctypes.create_string_buffer(program)
    filter_program = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, filter_program, 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel refused the filter")


def main() -> None:
    seconds = float(sys.argv[1])
    forbid_sockets_and_new_files()
    if "--open-socket" in sys.argv:
        import socket

        socket.socket()
    if "--new-file" in sys.argv:
        open("new", "w").close()
    if "--new-folder" in sys.argv:
        os.mkdir("new")
    end = time.monotonic() + seconds
    from safelight import Guard

    guard = Guard.load()
    memory = guard.recontact(bytes(32))
    chat, at = guard.conversation("quiet"), datetime(2026, 1, 1, tzinfo=timezone.utc)
    count = 0
    while True:
        sender = "peer" if count % 2 else "self"
        seen = chat.observe(sender=sender, text=f"see you at practice {count}", sent_at=at)
        seen.advice("en", country="GB")
        memory.add(str(count), handle=f"the.river.fox{count}", texts=["example.com/page"])
        memory.hints(handle="quiet.owl7", texts=["example.com/page"])
        count, at = count + 1, at + timedelta(seconds=30)
        if time.monotonic() >= end:
            break
        time.sleep(0.05)
    print(f"observed {count} messages")


if __name__ == "__main__":
    main()
