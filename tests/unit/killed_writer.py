"""Runs in a process of its own: kills a writer of snapshots time and again, and looks what is left.

Usage: killed_writer.py FOLDER KILLS
Prints how often a draft was left by KILLS kills. Writers are forked, so that hundreds of them start
at once; this process has no threads.
"""

from __future__ import annotations

import os
import random
import signal
import struct
import sys
import time
from pathlib import Path

import numpy as np

from safelight import snapshot_file
from safelight.conversation import ChatState
from safelight.snapshot import seal, unseal

KEY, MODEL = bytes(32), bytes(32)
STATE = ChatState(np.ones(128, np.float32))


def write_for_ever(place: Path, counter: int, told: int) -> None:
    """Write one snapshot after another; say by `told`, a pipe, which of them is done."""
    try:
        while True:
            blob = seal(STATE, {}, KEY, chat_id="c", model=MODEL, counter=counter)
            snapshot_file.write(place, blob)
            os.write(told, struct.pack("<Q", counter))
            counter += 1
    finally:
        os._exit(1)  # a fault must not go on as a second one that kills


def kill_one(place: Path, counter: int, wait: float) -> int:
    """Start a writer at `counter`, kill it `wait` seconds after its first snapshot was done.

    Returns the last counter that it said was done.
    """
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        write_for_ever(place, counter, told)
    os.close(told)
    with os.fdopen(heard, "rb") as pipe:
        said = pipe.read(8)
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        said += pipe.read()
    return int(struct.unpack("<Q", said[-8:])[0])


def main() -> None:
    place, kills = Path(sys.argv[1]) / "chat", int(sys.argv[2])
    draw, counter, drafts = random.Random(1), 0, 0
    for _ in range(kills):
        done = kill_one(place, counter, draw.uniform(0.0, 0.01))
        blob = snapshot_file.read(place)
        assert blob is not None, "the file is gone"
        # Whole, and not older than what the writer said was done.
        unseal(blob, KEY, chat_id="c", model=MODEL, state_size=128, min_counter=done)
        left = sorted(path.name for path in place.parent.iterdir())
        assert left in (["chat"], ["chat", "chat.new"]), "drafts pile up"
        drafts += len(left) - 1
        counter = done + 2  # the one after `done` may have been written, and not said
    print(drafts)


if __name__ == "__main__":
    main()
