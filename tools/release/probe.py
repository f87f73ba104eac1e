"""Runs in a bare environment: which models this ONNX Runtime takes, and what Safelight answers.

Usage: probe.py FOLDER, which holds models named opset-N.onnx and ir-N.onnx, and chats.json.
Prints JSON: {"opset": N, "ir": N, "answers": [[level, [risk, …]], …]}; probe.mjs prints the same.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import onnxruntime as ort

from safelight import Guard


def newest(folder: Path, kind: str) -> int:
    """The highest number whose model loads."""
    taken = []
    options = ort.SessionOptions()
    options.log_severity_level = 4
    for path in folder.glob(f"{kind}-*.onnx"):
        try:
            ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception:  # each release has its own classes of errors
            continue
        taken.append(int(path.stem.partition("-")[2]))
    return max(taken)


def answers(folder: Path) -> list[Any]:
    """Level and risks after each message of each chat."""
    guard, rows = Guard.load(), []
    for number, chat in enumerate(json.loads((folder / "chats.json").read_text("utf-8"))):
        conversation = guard.conversation(str(number))
        for sender, text in chat:
            seen = conversation.observe(sender=sender, text=text)
            rows.append([int(seen.level), list(seen.risks.values())])
    return rows


def main() -> None:
    folder = Path(sys.argv[1])
    found = {kind: newest(folder, kind) for kind in ("opset", "ir")}
    print(json.dumps({**found, "answers": answers(folder)}))


if __name__ == "__main__":
    main()
