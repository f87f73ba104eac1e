"""What a process of its own takes: start, memory, a scan. Imports nothing heavy before it is asked.

`python -m safelight_export.benchmark.fresh KIND START …` prints one JSON object; START is
time.monotonic() of whoever started it.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

MODULE = "safelight_export.benchmark.fresh"
#: Where it is set, Python compiles every module anew at each start.
_UNCOMPILED = "PYTHONDONTWRITEBYTECODE"
Found = dict[str, float]


def environment() -> dict[str, str]:
    """For a child: this very code, compiled once as an installed one is, one thread."""
    import safelight

    folders = (Path(safelight.__file__).parents[1], Path(__file__).parents[2])
    training = Path(__file__).parents[3] / "training"
    told = os.pathsep.join(str(folder) for folder in (*folders, training))
    kept = {name: value for name, value in os.environ.items() if name != _UNCOMPILED}
    return {**kept, "PYTHONPATH": told, "OMP_NUM_THREADS": "1", "ORT_DISABLE_TELEMETRY": "1"}


def start(kind: str, *arguments: str) -> subprocess.Popen[str]:
    """A child at work; `result` waits for it."""
    program = [sys.executable, "-m", MODULE, kind, str(time.monotonic()), *arguments]
    return subprocess.Popen(program, env=environment(), text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip


def result(child: subprocess.Popen[str]) -> Found:
    """What it printed; OSError if it failed."""
    out, errors = child.communicate()
    if child.returncode:
        raise OSError(f"a process of the benchmark failed: {errors.strip()[-400:]}")
    found: Found = json.loads(out)
    return found


def ours(started: float, bundle: str, texts: str) -> Found:
    """Seconds to the first answer; megabytes at most while it reads `texts`, a JSON list.

    bundle: folder of an unsigned bundle, empty for the shipped one.
    """
    begin = time.monotonic()
    from safelight import Guard

    imported = time.monotonic()
    guard = Guard.load(bundle, allow_unsigned=True) if bundle else Guard.load()
    loaded = time.monotonic()
    chat = guard.conversation("first")
    chat.observe(sender="peer", text="hello, how are you today? see you at five")
    times = _times(started, begin, imported, loaded)
    for text in json.loads(texts):
        chat.observe(sender="peer", text=text)
    return {**times, "peak_mb": peak_mb()}


def peer(started: float, model: str, lengths: str) -> Found:
    """The same of a network, whose first answer is to a message of the first of `lengths`."""
    begin = time.monotonic()
    import numpy as np
    import onnxruntime as ort

    imported = time.monotonic()
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    loaded = time.monotonic()
    first, *more = json.loads(lengths)
    session.run(None, {"input_ids": np.ones((1, first), np.int64)})
    times = _times(started, begin, imported, loaded)
    for tokens in more:
        session.run(None, {"input_ids": np.ones((1, tokens), np.int64)})
    return {**times, "peak_mb": peak_mb()}


class _Counted(io.TextIOBase):
    """Counts the messages of a scan's JSON lines as they pass, and keeps nothing."""

    def __init__(self) -> None:
        self.messages = 0

    def write(self, text: str) -> int:
        self.messages += text.count('"index": ')
        return len(text)


def scan(started: float, *arguments: str) -> Found:
    """`safelight scan --json` as the command does it: messages judged, seconds, megabytes."""
    from safelight.cli import main as safelight

    counted = _Counted()
    with contextlib.redirect_stdout(counted):
        status = safelight(["scan", "--json", *arguments])
    if status:
        raise SystemExit(f"the scan ended with {status}")
    seconds = time.monotonic() - started
    return {"messages": counted.messages, "seconds": round(seconds, 3), "peak_mb": peak_mb()}


def _times(started: float, begin: float, imported: float, loaded: float) -> Found:
    now = time.monotonic()
    marks = {"interpreter_s": begin - started, "import_s": imported - begin,
             "load_s": loaded - imported, "first_s": now - loaded}  # fmt: skip
    return {name: round(seconds, 4) for name, seconds in marks.items()}


def peak_mb() -> float:
    """Most memory that this process held at once, in MB (10⁶ bytes).

    From the kernel's own mark, as getrusage also counts the process that started this one.
    """
    try:
        lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # bytes on macOS
    mark = next(line for line in lines if line.startswith("VmHWM:"))
    return round(int(mark.split()[1]) * 1024 / 1e6, 1)


def main(arguments: Sequence[str]) -> None:
    kinds: dict[str, Callable[..., Found]] = {"ours": ours, "peer": peer, "scan": scan}
    kind, started, *rest = arguments
    print(json.dumps(kinds[kind](float(started), *rest)))


if __name__ == "__main__":
    main(sys.argv[1:])
