"""What a teacher says of each message that the student trains on, beside the labels.

The teacher reads the same conversations, with the same noise, in its own tokens; its answers are
made once and kept, so that a training which resumes does not ask again. A teacher is a checkpoint
(teacher.py) or a finished bundle, whose students answer as they do on a phone. Only the last pass
over whole chats hears it: a pass before needs no answers, which cost about as much as it does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from safelight.bundle_files import Bundle

from . import teacher
from .batches import Encoded, Encoder, answers
from .drafts import draft_of
from .from_bundle import read
from .model import N_LABELS, N_RISKS, Student
from .recipe import MAX_TOKENS, Data, Settings, plans_of
from .replayed import Replayed
from .scoring import Trace, replay
from .train import Plan, has_bf16

#: Of the teacher's part in the loss, where that of the risks' own targets is 1.
WEIGHT = 2.0
#: Answers to all messages of a pass, (messages, 28) float16: see `ask`.
Asked = Callable[[int], np.ndarray]


def beside(plan: Plan, settings: Settings, data: Data, last: int) -> Plan:
    """`plan`, its pass `last` with the answers of `settings.teacher`, which are kept under the work
    folder, apart for each seed: another draws other conversations.

    Raises BundleError where the teacher is a folder and no bundle.
    """
    if not settings.teacher:
        raise ValueError("no teacher to ask")
    asked = _asked(settings, settings.teacher, data)
    soft = softened(plan, asked, settings.work / "soft" / str(settings.seed))
    return lambda number: soft(number) if number == last else plan(number)


def check(path: Path) -> None:
    """Raises BundleError or CheckpointError, which name `path`, where no teacher lies there."""
    if path.is_dir():
        read(path)
    else:
        teacher.weights_of(path)


def _asked(settings: Settings, path: Path, data: Data) -> Asked:
    if path.is_dir():
        listener = Listener(read(path))
        plans = plans_of(settings, data, listener)
        return lambda number: np.concatenate([c.soft for c in plans.epoch(number)])
    found = teacher.load(settings, path)
    same = plans_of(settings, data, found.encoder).epoch
    return lambda number: ask(found.model, same(number))


def softened(plan: Plan, asked: Asked, folder: Path) -> Plan:
    """`plan` with what a teacher says of its conversations, kept in `folder`.

    Raises ValueError where kept answers are of other conversations.
    """

    def epoch(number: int) -> list[Encoded]:
        encoded, path = plan(number), folder / f"{number}.npy"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            with draft_of(path) as draft, draft.open("wb") as file:
                np.save(file, asked(number))
        soft = np.load(path, mmap_mode="r")
        lengths = [len(c) for c in encoded]
        if sum(lengths) != len(soft):
            raise ValueError(f"{path.name}: a teacher's answers to other conversations; remove it")
        parts = np.split(soft, np.cumsum(lengths)[:-1])
        return [replace(c, soft=part) for c, part in zip(encoded, parts, strict=True)]

    return epoch


def ask(model: Student, encoded: Sequence[Encoded]) -> np.ndarray:
    """Probabilities of labels and risks, (messages of all conversations, 28) float16, in order."""
    ends = np.cumsum([0, *(len(c) for c in encoded)])
    place = {id(c): ends[i] for i, c in enumerate(encoded)}
    found = np.empty((ends[-1], N_LABELS + N_RISKS), np.float16)
    with torch.autocast("cpu", torch.bfloat16, enabled=has_bf16()):
        for group, _, labels, risks in answers(model, encoded):
            said = torch.sigmoid(torch.cat([labels, risks], -1).float()).half().numpy()
            for row, c in enumerate(group):
                found[place[id(c)] : place[id(c)] + len(c)] = said[row, : len(c)]
    return found


class Listener(Encoder):
    """Reads conversations as a bundle does, and keeps what the bundle says of each message."""

    def __init__(self, bundle: Bundle) -> None:
        files, manifest = bundle.files, bundle.manifest
        table, tokenizer = json.loads(files["text.json"]), files["tokenizer.json"]
        super().__init__(Tokenizer.from_str(tokenizer.decode()), table, MAX_TOKENS)
        self.graph = Replayed(files["model.onnx"], tokenizer, table, manifest)
        self.calibration = manifest.raw["calibration"]

    def __call__(self, conversations: Sequence[dict[str, Any]]) -> list[Encoded]:
        traces = replay(self.graph, conversations, "teacher")
        pairs = zip(super().__call__(conversations), traces, strict=True)
        return [replace(c, soft=uncalibrated(trace, self.calibration)) for c, trace in pairs]


def uncalibrated(trace: Trace, calibration: dict[str, Any]) -> np.ndarray:
    """Probabilities before calibration, as `ask` gives them, (messages, 28) float16: the losses of
    a student weigh a rare label up, as those of its teacher did."""
    kinds = {"indicators": trace.indicators, "cues": trace.cues, "risks": trace.risks}
    found = []
    for kind, said in kinds.items():
        a, b = (np.array(calibration[kind][name]) for name in "ab")
        sure = np.clip(said.astype(np.float64), 1e-6, 1 - 1e-6)
        found.append(1 / (1 + np.exp(-(np.log(sure / (1 - sure)) - b) / a)))
    return np.concatenate(found, 1).astype(np.float16)
