"""Runs Node.js so that the kernel ends it at its first socket or new file: forbidden.py NODE …

The filter is that of the Python runtime's own test, and stays when one program becomes another.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "packaging"))

import quiet_child

#: Node.js asks for a queue of calls, through which sockets could be made unseen, and does without
#: where the kernel says that it has none.
QUEUE, NO_SUCH_CALL = 425, (0x06, 0, 0, 0x00050000 | 38)
program = quiet_child._program()
program[program.index((0x15, 0, 1, QUEUE)) + 1] = NO_SUCH_CALL
quiet_child._program = lambda: program

quiet_child.forbid_sockets_and_new_files()
os.execv(sys.argv[1], sys.argv[1:])
