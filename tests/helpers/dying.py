"""Workers of a sweep that are killed as a machine kills: SIGKILL, in the midst of their work."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any


def once(marker: Path, subjects: Any, asked: Any) -> Any:
    """Measures, and the first time, over all processes, dies before it can say what it found."""
    from safelight_training.evaluation.sweep.cells import measure

    rows = measure(subjects, asked)
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return rows
    os.kill(os.getpid(), signal.SIGKILL)


def at(deadly: int, shared: Any, asked: int) -> int:
    """Dies at one number, each time; else answers `shared` and the number."""
    if asked == deadly:
        os.kill(os.getpid(), signal.SIGKILL)
    return int(shared + asked)
