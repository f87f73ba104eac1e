"""The suites: labelled chats by name. What has no labels is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from safelight_training import own_data
from safelight_training.corpora import real_conversations
from safelight_training.data.generate import SPLITS
from safelight_training.data.independent import independent
from safelight_training.data.languages import LANGUAGES
from safelight_training.data.splits import CORPUS_SHARES
from safelight_training.evaluation.command import refuse_other_data, written_conversations
from safelight_training.evaluation.fairness import versions
from safelight_training.evaluation.given import json_lines
from safelight_training.evaluation.pairs import read_pairs
from safelight_training.evaluation.report import HALF
from safelight_training.evaluation.subject import Subject
from safelight_training.evaluation.sweep import SweepError

Chat = dict[str, Any]
#: The judging chats' half that is for choosing; the other one is for the final report alone.
JUDGING, FAIRNESS, GIVEN = f"judging-{HALF}", "fairness", "given"
WRITTEN = {f"written-{split}": split for split in SPLITS}
REAL = {f"real-{part}": part for part in CORPUS_SHARES}
NAMES = (JUDGING, FAIRNESS, *WRITTEN, *REAL)


@dataclass(frozen=True)
class Sources:
    """Folder of real chats, a file or folder of labelled ones, and which split of these
    (own_data.py), None for all."""

    corpora: Path | None = None
    data: Path | None = None
    split: str | None = None


def load(name: str, subject: Subject, sources: Sources) -> list[Chat]:
    """Chats of a suite (of NAMES, or GIVEN), as `evaluate` takes them for this bundle.

    Raises SweepError, and BundleError, CorpusError or AuthoredError as the readers do.
    """
    if name in WRITTEN:
        refuse_other_data(subject)
        found = [c for c in written_conversations(subject) if c["split"] == WRITTEN[name]]
    elif name in REAL:
        found = _real(sources.corpora, REAL[name], subject.seed)
    elif name == FAIRNESS:
        found = versions(read_pairs())
    elif name == GIVEN:
        found = own_data.of_split(_given(sources.data), sources.split)
    else:
        found = independent(HALF)
    if not found:
        raise SweepError(f"{name}: holds no chat")
    return found


def _real(corpora: Path | None, part: str, seed: int) -> list[Chat]:
    if corpora is None:
        raise SweepError(f"real-{part}: needs --corpora")
    return [c for c in real_conversations(corpora, LANGUAGES, seed, (part,)) if c["is_chat"]]


def _given(data: Path | None) -> list[Chat]:
    """Every line has its label, or nothing is measured: a sweep judges models, never people."""
    if data is None:
        raise SweepError("given: needs --data")

    def refuse(problem: str) -> NoReturn:
        raise SweepError(f"{problem}; a sweep takes labelled chats alone (docs/evaluate.md)")

    return json_lines.read_folder(data, refuse)


def sharded(chats: Sequence[Chat], shards: int) -> list[tuple[Chat, ...]]:
    """Every n-th chat, so that shards cost alike; none is empty."""
    return [tuple(chats[i::shards]) for i in range(min(shards, len(chats)))]


def whole(parts: Sequence[Sequence[Any]]) -> list[Any]:
    """What `sharded` dealt out, in the order it had."""
    found: list[Any] = [None] * sum(map(len, parts))
    for i, part in enumerate(parts):
        found[i :: len(parts)] = part
    return found
