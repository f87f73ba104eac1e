"""A cell: one model over one shard of one suite under one perturbation. Pure and seeded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

import safelight
from safelight.graph import Graph
from safelight_training.evaluation.replay import Played, play
from safelight_training.evaluation.robustness.perturb import perturbed
from safelight_training.evaluation.subject import SENSITIVITY, Subject
from safelight_training.evaluation.sweep import SweepError

Row = dict[str, Any]
Chat = dict[str, Any]
#: The graph that this process used last; cells come in the order of models.
_loaded: dict[str, Graph] = {}


@dataclass(frozen=True)
class Cell:
    """model: sha256 of the manifest. change: a perturbation, or "" for none. code: `code_digest()`
    of the process that asks. digest: of all inputs; names the file of the rows."""

    model: str
    chats: tuple[Chat, ...]
    change: str
    strength: str
    code: str
    digest: str


def cell(
    model: str, chats: tuple[Chat, ...], chats_digest: str, change: str, strength: str
) -> Cell:  # fmt: skip
    """A cell with its digest; `chats_digest` is `digest_of(chats)`."""
    code = code_digest()
    inputs = [code, model, change, strength, chats_digest]
    return Cell(model, chats, change, strength, code, digest_of(inputs))


def measure(subjects: Mapping[str, Subject], asked: Cell) -> list[Row]:
    """One row a chat, in their order: the chat without its texts (marks where the perturbation left
    them), `loudest`, `first`, `highest`, and whether it was changed.

    Raises SweepError if this process has other code than the one that asks.
    """
    if asked.code != code_digest():
        raise SweepError("a worker has other code, or another numpy or onnxruntime; install the "
                         "same on every machine")  # fmt: skip
    chats = [
        perturbed(chat, asked.change, asked.strength) if asked.change else chat
        for chat in asked.chats
    ]
    subject = subjects[asked.model]
    config = subject.bundle.manifest.policies[SENSITIVITY]
    played = play(_graph(subject), config, chats, label="", threads=1)
    return [
        _row(one, one.conversation["messages"] != before["messages"])
        for one, before in zip(played, asked.chats, strict=True)
    ]


def _graph(subject: Subject) -> Graph:
    if subject.digest not in _loaded:
        _loaded.clear()
        _loaded[subject.digest] = subject.graph()
    return _loaded[subject.digest]


def _row(played: Played, changed: bool) -> Row:
    return {
        "chat": _without_texts(played.conversation),
        "loudest": float(played.trace.risks.max()),
        "first": played.first_warning,
        "highest": played.highest,
        "changed": changed,
    }


def _without_texts(chat: Chat) -> Chat:
    """What the measures read of a chat; no word that anybody wrote."""
    kept = ("id", "language", "family", "corpus", "label", "twin", "first_sign", "warn_by")
    messages = [
        {key: message[key] for key in ("indicators", "offset_s") if key in message}
        for message in chat["messages"]
    ]
    return {**{key: chat[key] for key in kept if key in chat}, "messages": messages}


def digest_of(value: Any) -> str:
    """sha256 of the value as JSON with sorted keys."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def code_digest() -> str:
    """sha256 over what computes here: the sources of both packages and the libraries' versions."""
    whole = hashlib.sha256(f"{np.__version__} {onnxruntime.__version__}".encode())
    training = Path(__file__).parents[2]
    tables = [Path(__file__).parents[1] / "robustness" / "code_switch.txt"]
    for root in (Path(safelight.__file__).parent, training):
        for path in sorted(root.rglob("*.py")):
            whole.update(f"{path.relative_to(root).as_posix()}\n".encode() + path.read_bytes())
    for path in (*tables, *sorted((training / "data" / "languages").glob("*.txt"))):
        whole.update(path.read_bytes())
    return whole.hexdigest()
