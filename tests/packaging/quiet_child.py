"""Runs in a process of its own: forbids sockets in the kernel, then uses the runtime for a while.

Usage: quiet_child.py SECONDS [--open-socket]
"""

from __future__ import annotations

import ctypes
import platform
import struct
import sys
import time
from datetime import datetime, timedelta, timezone

#: Number of the socket system call, and the kernel's name of the architecture.
CALLS = {"x86_64": (41, 0xC000003E), "aarch64": (198, 0xC00000B7)}


def forbid_sockets() -> None:
    """Asks Linux to kill this process (SIGSYS) when any part of it, native too, opens a socket."""
    number, architecture = CALLS[platform.machine()]
    kill, allow = 0x80000000, 0x7FFF0000
    program = b"".join(
        struct.pack("HBBI", *line)
        for line in (
            (0x20, 0, 0, 4),  # load the architecture
            (0x15, 0, 3, architecture),  # another one: allow
            (0x20, 0, 0, 0),  # load the number of the call
            (0x15, 0, 1, number),  # not socket: allow
            (0x06, 0, 0, kill),
            (0x06, 0, 0, allow),
        )
    )
    buffer = ctypes.create_string_buffer(program)
    filter_program = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, filter_program, 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel refused the filter")


def main() -> None:
    seconds = float(sys.argv[1])
    forbid_sockets()
    if "--open-socket" in sys.argv:
        import socket

        socket.socket()
    end = time.monotonic() + seconds
    from safelight import Guard

    guard = Guard.load()
    chat, at = guard.conversation("quiet"), datetime(2026, 1, 1, tzinfo=timezone.utc)
    count = 0
    while True:
        sender = "peer" if count % 2 else "self"
        seen = chat.observe(sender=sender, text=f"see you at practice {count}", sent_at=at)
        seen.advice("en", country="GB")
        count, at = count + 1, at + timedelta(seconds=30)
        if time.monotonic() >= end:
            break
        time.sleep(0.05)
    print(f"observed {count} messages")


if __name__ == "__main__":
    main()
