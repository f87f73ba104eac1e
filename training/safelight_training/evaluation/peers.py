"""`peers`: what others do, beside a bundle: same training, same false-alarm rule, same chats."""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from safelight_training.data.independent import independent
from safelight_training.evaluation import lab, metrics
from safelight_training.evaluation.baselines.listed import SAFELIGHT, Peer, heavy, light, slow
from safelight_training.evaluation.command import refuse_other_data
from safelight_training.evaluation.kept import write_json
from safelight_training.evaluation.real import dialogue_of
from safelight_training.evaluation.report import HALF, PEERS
from safelight_training.evaluation.subject import Subject, read_subject
from safelight_training.evaluation.systems import System, same_rule
from safelight_training.refused import REFUSED

Row = dict[str, Any]
Chat = dict[str, Any]
FORMAT = 2
KINDS = {"light": (light,), "heavy": (light, heavy), "slow": (light, heavy, slow)}


@dataclass(frozen=True)
class Chats:
    """Whom peers learn from and are judged on; real ones both ways round."""

    train: Sequence[Chat]
    hard: Sequence[Chat]
    calibration: Sequence[Chat]
    report: Sequence[Chat]
    judging: Sequence[Chat]

    def digest(self) -> str:
        """sha256 over the texts of all chats but those of training."""
        found = hashlib.sha256()
        for chat in chain(self.hard, self.calibration, self.report, self.judging):
            found.update(json.dumps([chat["id"], [m["text"] for m in chat["messages"]]]).encode())
        return found.hexdigest()

    def sample(self, size: int, seed: int = 1) -> Chats:
        """At most `size` hard ones, and real dialogues one way round; all where size is 0."""
        if not size:
            return self
        rng = random.Random(f"peers/{seed}")

        def few(chats: Sequence[Chat]) -> list[Chat]:
            ways: dict[str, list[Chat]] = {}
            for chat in chats:
                ways.setdefault(_dialogue(chat), []).append(chat)
            names = rng.sample(sorted(ways), min(size, len(ways)))
            return [rng.choice(ways[name]) for name in names]

        return Chats(self.train, few(self.hard), few(self.calibration), few(self.report),
                     self.judging)  # fmt: skip


def _dialogue(chat: Chat) -> str:
    """Name of a real chat without the way round; written ones have one way."""
    return dialogue_of(chat) if chat.get("corpus") else str(chat["id"])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("bundle", type=Path, help="folder of the bundle")
    parser.add_argument("--corpora", type=Path, required=True, help="folder of real benign chats")
    parser.add_argument("--kinds", choices=list(KINDS), default="heavy",
                        help="light: minutes; heavy: sentence encoders too; slow: fine-tuned "
                             "transformers too (an hour)")  # fmt: skip
    parser.add_argument("--out", type=Path, default=Path("docs/evaluation"),
                        help="folder of the report; its rows of this bundle stay")  # fmt: skip
    parser.add_argument("--card", type=Path, default=Path("docs/model_card.md"),
                        help="the model card beside it")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """0 = written, 3 = input refused in one line."""
    from safelight_training.evaluation.page.files import render_pages

    try:
        subject = read_subject(args.bundle)
        refuse_other_data(subject)
        chats = read_chats(subject, args.corpora)
        listed = chain.from_iterable(kind(subject) for kind in KINDS[args.kinds])
        measure(subject, chats, listed, args.out / PEERS)
        render_pages(args.out, args.card, subject)
    except REFUSED as error:
        print(f"safelight_training: {error}", file=sys.stderr)
        return 3
    return 0


def read_chats(subject: Subject, corpora: Path) -> Chats:
    """The splits as the recipe of the bundle has them; training chats written and real."""
    from safelight_training.recipe import Settings, load_data, training_chats

    version = subject.bundle.manifest.data_version
    data = load_data(Settings(Path(), corpora, subject.seed, data_version=version))
    real = training_chats(data)
    hard = [c for c in data.of("validation") if c["label"] == "none" and c.get("twin") == "hard"]
    return Chats(
        [*data.of("train"), *_chats(real)], hard, _chats(data.calibration()),
        _chats(data.real_of("report")), independent(HALF),
    )  # fmt: skip


def _chats(real: Sequence[Chat]) -> list[Chat]:
    return [c for c in real if c["is_chat"]]


def measure(subject: Subject, chats: Chats, listed: Iterable[Peer], path: Path) -> Row:
    """One row a system, Safelight first; written after each, rows that stand there are kept.

    Each is timed beside the first, in the same run, so that rows of several runs compare.
    """
    kept = {row["name"]: row for row in _kept(path, subject, chats)}
    rows: list[Row] = []
    found: Row = {}
    beside: System | None = None
    for peer in listed:
        beside = beside or peer.make(chats.train)  # ours: nothing to train
        row = kept.pop(peer.name, None) or _measured(peer, chats, beside)
        first, mine = (np.array(list(r["in_time"])) == "1" for r in ((rows or [row])[0], row))
        rows.append({**row, "against_first": lab.mcnemar(first, mine)})
        found = {
            "chats_sha256": chats.digest(),
            "format": FORMAT, "manifest_sha256": subject.digest,
            "data_version": subject.bundle.manifest.data_version, "half": HALF,
            "rows": [*rows, *kept.values()],
        }  # fmt: skip
        write_json(path, found)
    return found


def _kept(path: Path, subject: Subject, chats: Chats) -> list[Row]:
    """Rows of the same chats; those of Safelight only if they are of the same bundle."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return []
    mine = {"format": FORMAT, "chats_sha256": chats.digest(),
            "data_version": subject.bundle.manifest.data_version}  # fmt: skip
    if not mine.items() <= found.items():
        return []
    same = found["manifest_sha256"] == subject.digest
    return [row for row in found["rows"] if same or not row["name"].startswith(SAFELIGHT)]


def _measured(peer: Peer, chats: Chats, beside: System) -> Row:
    started = time.perf_counter()
    system = peer.make(chats.train)
    trained = time.perf_counter() - started
    return {"name": peer.name, "note": peer.note, "train_s": round(trained, 1),
            **_row(system, chats.sample(peer.sample), beside),
            "megabytes": round(peer.size(system) / 1e6, 2)}  # fmt: skip


def _timed(system: System, chats: Sequence[Chat]) -> tuple[list[np.ndarray], float]:
    """Scores, and the seconds that they took."""
    started = time.perf_counter()
    scores = system.scores(chats)
    return scores, time.perf_counter() - started


def _row(system: System, chats: Chats, beside: System) -> Row:
    threshold = same_rule(system, chats.calibration, chats.hard)
    scores, seconds = _timed(system, chats.judging)
    _, ours = _timed(beside, chats.judging)
    found = lab.warnings(chats.judging, scores, threshold)
    risky = found.pick(lambda chat: chat["label"] != "none")
    in_time = metrics.in_time(risky.first, *risky.marks())
    real = lab.warnings(chats.report, system.scores(chats.report), threshold)
    return {
        "n": len(in_time),
        "recall": lab.rate_of(in_time),
        "english": _english(risky, in_time),
        "premature": lab.rate_of(metrics.premature(risky.first, risky.marks()[0])),
        **{kind: _harmless(found, kind) for kind in ("hard", "plain")},
        "real": _real(real),
        "auroc": lab.ranking(found)["auroc"],
        "early": lab.early_row(found),
        "ms": round(1000 * seconds / sum(len(chat["messages"]) for chat in chats.judging), 3),
        "times_first": round(seconds / ours, 3),
        "in_time": "".join("01"[int(hit)] for hit in in_time),
    }  # fmt: skip


def _english(risky: lab.Warnings, in_time: np.ndarray) -> Row:
    """Some peers read English alone."""
    mine = np.array([chat["language"] == "en" for chat in risky.chats], bool)
    return {"n": int(mine.sum()), **lab.rate_of(in_time[mine])}


def _harmless(found: lab.Warnings, kind: str) -> Row:
    mine = found.pick(lambda chat: chat["label"] == "none" and chat["twin"] == kind)
    return {"n": len(mine.chats), **lab.rate_of(metrics.warned(mine.first))}


def _real(found: lab.Warnings) -> Row:
    """A dialogue counts once: warned if it is with either side as the owner."""
    loud: dict[str, bool] = {}
    for chat, first in zip(found.chats, found.first, strict=True):
        name = _dialogue(chat)
        loud[name] = loud.get(name, False) or first != metrics.NEVER
    return {"n": len(loud), **lab.rate_of(np.array(list(loud.values()), bool))}
