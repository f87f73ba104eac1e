"""What a teacher says of each message that the student trains on, beside the labels.

The teacher reads the same conversations, with the same noise, in its own tokens; its answers are
made once and kept, so that a training which resumes does not ask again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from . import teacher
from .batches import Encoded, answers
from .drafts import draft_of
from .model import N_LABELS, N_RISKS, Student
from .recipe import Data, Settings, plans_of
from .train import Plan, has_bf16

#: Of the teacher's part in the loss, where the labels' own is 1.
WEIGHT = 0.5


def beside(plan: Plan, settings: Settings, data: Data) -> Plan:
    """`plan` with the answers of `settings.teacher`, which are kept under the work folder,
    apart for each seed: another draws other conversations."""
    if not settings.teacher:
        raise ValueError("no teacher to ask")
    asked = teacher.load(settings, settings.teacher)
    same = plans_of(settings, data, asked.encoder).epoch
    return softened(plan, same, asked.model, settings.work / "soft" / str(settings.seed))


def softened(plan: Plan, same: Plan, model: Student, folder: Path) -> Plan:
    """`plan` with what `model` says of the conversations of `same`: those of `plan`, in its tokens.

    Raises ValueError where kept answers are of other conversations.
    """

    def epoch(number: int) -> list[Encoded]:
        encoded, path = plan(number), folder / f"{number}.npy"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            with draft_of(path) as draft, draft.open("wb") as file:
                np.save(file, ask(model, same(number)))
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
