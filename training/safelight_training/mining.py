"""Hard negatives out of the real corpora: ordinary chats on which a model is loud."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from .batches import Encoded, answers
from .drafts import draft_of
from .model import Student

Conversation = dict[str, Any]
#: Chats that are listened to, and the share of them that is kept.
HEARD, KEPT = 6000, 0.05


def loudest(
    model: Student, chats: Sequence[Conversation],
    encoder: Callable[[Sequence[Conversation]], list[Encoded]], seed: int, path: Path,
) -> list[Conversation]:  # fmt: skip
    """The loudest of a sample of `chats`, loudest first, by the highest logit of either risk.

    Their ids are kept in `path`: a training that is resumed hears the same ones, though its
    model has moved on.
    """
    by_id = {chat["id"]: chat for chat in chats}
    if not path.exists():
        ids = sorted(by_id)
        sample = random.Random(f"{seed}/loud").sample(ids, min(HEARD, len(ids)))
        peaks = _peaks(model, encoder([by_id[name] for name in sample]))
        order = sorted(range(len(sample)), key=lambda i: (-peaks[i], sample[i]))
        kept = [sample[i] for i in order[: round(KEPT * len(sample))]]
        with draft_of(path) as draft:
            draft.write_text(json.dumps(kept), "utf-8")
    return [by_id[name] for name in json.loads(path.read_text("utf-8")) if name in by_id]


def _peaks(model: Student, encoded: Sequence[Encoded]) -> list[float]:
    place = {id(chat): i for i, chat in enumerate(encoded)}
    peaks = [0.0] * len(encoded)
    for group, batch, _, risks in answers(model, encoded):
        loud = risks.amax(-1).masked_fill(batch.valid == 0, -torch.inf).amax(1)
        for chat, peak in zip(group, loud.tolist(), strict=True):
            peaks[place[id(chat)]] = peak
    return peaks
