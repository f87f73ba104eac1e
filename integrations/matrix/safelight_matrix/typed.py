"""Lines that the person types, read beside everything else."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from threading import Thread

#: A longer line is no command.
_LONGEST = 1_000


def listen(take: Callable[[str], None]) -> None:
    """Give each line of standard input, if there is one, to `take`, on the loop that runs now.

    On a thread that nothing waits for: a terminal can be read in no other way on every system.
    """
    if sys.stdin is None:  # the descriptor may belong to something else by now
        return
    if hasattr(signal, "SIGTTIN"):
        # In the background there is nobody to type; reading would stop the whole program.
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in _lines(0):
            try:
                loop.call_soon_threadsafe(take, line)
            except RuntimeError:  # the loop has ended
                return

    Thread(target=read, daemon=True).start()


def _lines(descriptor: int) -> Iterator[str]:
    """The whole lines of an open file. Unbuffered: Python cannot end while a buffer is held."""
    kept = b""
    while True:
        try:
            data = os.read(descriptor, 4_096)
        except OSError:
            return
        if not data:
            return
        *whole, kept = (kept + data).split(b"\n")
        kept = kept[:_LONGEST]
        for line in whole:
            yield line[:_LONGEST].decode("utf-8", "replace").rstrip("\r")
