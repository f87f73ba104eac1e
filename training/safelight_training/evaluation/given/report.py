"""A bundle on chats that somebody gives: rows by language, and PAN12's own figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from safelight_training import own_data
from safelight_training.evaluation import lab, metrics
from safelight_training.evaluation.given import json_lines, pan12
from safelight_training.evaluation.lab import Warnings
from safelight_training.evaluation.markdown import score, share, table
from safelight_training.evaluation.page.common import delay, interval
from safelight_training.evaluation.replay import play, warnings_of
from safelight_training.evaluation.subject import SENSITIVITY, Subject

Row = dict[str, Any]
Chat = dict[str, Any]
JSON, MARKDOWN = "given.json", "given.md"
HEAD = """# A bundle on given chats

In time: from the first sign on and no later than the last useful message, where all risky chats are
marked. Intervals are 95%. F latency uses p = {p:.6f}. Ordinary chats count one by one.
"""
AUTHORS = """## Authors, as PAN12 counts them

An author is named if any chat with them as the other side was warned. F0.5 ranks the task.
"""


def of_folder(subject: Subject, path: Path, split: str | None = None) -> Row:
    """Labelled JSON lines, all or what a training on them gives to `split`; raises CorpusError
    where none can be read."""
    chats = own_data.of_split(json_lines.read_folder(path), split)
    return {**rows(subject, warned(subject, chats)), "split": split}


def of_pan12(subject: Subject, folder: Path) -> Row:
    """A licensed copy: all chats, then the part of a split whose authors stand nowhere else, then
    what comes later in the file than four fifths of it. Raises CorpusError."""
    pan = pan12.read_folder(folder)
    played = warned(subject, pan.chats)
    first = {chat["id"]: place for chat, place in zip(pan.chats, played.first, strict=True)}
    parts = {
        "all": (pan.chats, pan.authors),
        "a fifth, author-disjoint": (pan12.disjoint(pan.chats, (4, 1))[1], ()),
        "the last fifth, later and other authors": (pan12.in_order(pan.chats, 0.8)[1], ()),
    }
    authors = []
    for name, (chats, everybody) in parts.items():
        mine = np.array([first[chat["id"]] for chat in chats], int)
        scores = pan12.author_scores(chats, mine, pan.predators, everybody)
        authors.append({"part": name, **scores})
    return {**rows(subject, one_way(played)), "authors": authors}


def one_way(found: Warnings) -> Warnings:
    """A conversation that stands there both ways round once: the louder, the first warning."""
    picked: dict[str, int] = {}
    loudest, first = found.loudest.copy(), found.first.copy()
    for i, chat in enumerate(found.chats):
        k = picked.setdefault(chat["family"], i)
        loudest[k] = max(loudest[k], loudest[i])
        places = [place for place in (first[k], first[i]) if place != metrics.NEVER]
        first[k] = min(places, default=metrics.NEVER)
    kept = list(picked.values())
    return Warnings([found.chats[i] for i in kept], loudest[kept], first[kept])


def warned(subject: Subject, chats: Sequence[Chat]) -> Warnings:
    """The highest risk and the first warning of each chat, as a phone would have it."""
    config = subject.bundle.manifest.policies[SENSITIVITY]
    return warnings_of(play(subject.replayed(), config, chats, "given chats"))


def rows(subject: Subject, found: Warnings) -> Row:
    """`languages`, then `all`."""
    languages = sorted({chat["language"] for chat in found.chats})
    listed = [_row(name, found.pick(lambda c, name=name: c["language"] == name))
              for name in languages]  # fmt: skip
    return {"format": 1, "manifest_sha256": subject.digest,
            "languages": [*listed, _row("all", found)]}  # fmt: skip


def _row(language: str, found: Warnings) -> Row:
    alarms = lab.alarms(found)
    harmless = {"n": alarms.n, **lab.rounded(alarms)}
    return {"language": language, "risky": lab.helped(found), "harmless": harmless,
            "ranking": lab.ranking(found), "early": lab.early_row(found)}  # fmt: skip


def render(found: Row) -> str:
    """Markdown."""
    lines = [
        (r["language"] or "unknown", r["risky"]["n"], share(r["risky"]["recall"]),
         share(r["risky"]["premature"]), share(r["risky"]["warned"]), delay(r["risky"]["delay"]),
         r["harmless"]["n"], share(r["harmless"]), interval(r["ranking"]["auroc"]),
         score(r["early"]["f1"]), score(r["early"]["f_latency"]), score(r["early"]["erde_5"]),
         score(r["early"]["erde_50"]))
        for r in found["languages"]
    ]  # fmt: skip
    head = ("language", "risky", "in time, %", "premature, %", "warned at all, %", "delay",
            "harmless", "warned, %", "AUROC", "F1", "F latency", "ERDE 5", "ERDE 50")  # fmt: skip
    p = found["languages"][-1]["early"]["p"]
    what = f"Bundle with manifest `{found['manifest_sha256']}`."
    if split := found.get("split"):
        what += f" Only the chats that a training on them gives to the split `{split}`."
    parts = [HEAD.format(p=p), f"{what}\n", table(head, lines)]
    if "authors" in found:
        names = ("part", "authors", "predators", "named", "precision", "recall", "f1", "f05")
        parts += [AUTHORS, table(names, [[r[name] for name in names] for r in found["authors"]])]
    return "\n".join(parts)
