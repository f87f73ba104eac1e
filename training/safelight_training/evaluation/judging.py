"""The full measure of a bundle on marked chats that nobody wrote for training: rows as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from safelight.taxonomy import RISKS
from safelight_training import thresholds
from safelight_training.evaluation import lab, metrics, reliability
from safelight_training.evaluation.lab import Warnings
from safelight_training.evaluation.replay import Played, warnings_of
from safelight_training.evaluation.subject import Subject
from safelight_training.evaluation.written import alarms_of

Row = dict[str, Any]
#: Points of the curve of recall over false alarms.
POINTS = 60


def rows(subject: Subject, played: Sequence[Played]) -> Row:
    """`languages` (then `all`), `curve`, `delays`, `calibration`."""
    everybody = warnings_of(played)
    return {
        "languages": [_language(name, some) for name, some in _by_language(played)],
        "curve": curve(played, gated(subject, played)),
        "delays": delays(everybody),
        "calibration": {risk: calibration(played, risk) for risk in RISKS},
    }


def whole(judging: Row) -> Row:
    """The row over all languages."""
    return next(row for row in judging["languages"] if row["language"] == "all")


def _by_language(played: Sequence[Played]) -> Iterator[tuple[str, list[Played]]]:
    languages = sorted({p.conversation["language"] for p in played})
    for language in (*languages, "all"):
        yield language, [p for p in played if language in (p.conversation["language"], "all")]


def _language(language: str, played: Sequence[Played]) -> Row:
    found = warnings_of(played)
    helped = {
        label: lab.helped(found.pick(lambda chat, label=label: chat["label"] == label))
        for label in RISKS
    }
    harmless = {}
    for kind in ("hard", "plain"):
        highest = [p.highest for p in played if kind_of(p) == kind]
        harmless[kind] = {"n": len(highest), **alarms_of(np.array(highest, int))}
    return {"language": language, "any": lab.helped(found), **helped, "harmless": harmless,
            "ranking": lab.ranking(found), "early": lab.early_row(found)}  # fmt: skip


def kind_of(played: Played) -> str:
    """What a chat is: `risky`, or, harmless, `hard` (to tell) or `plain`."""
    chat = played.conversation
    return str(chat.get("twin")) if chat["label"] == "none" else "risky"


def gated(subject: Subject, played: Sequence[Played]) -> list[np.ndarray]:
    """(messages,) of each chat: the louder risk where the gate of `warning` is open, else 0."""
    chats, traces = [p.conversation for p in played], [p.trace for p in played]
    return thresholds.warning_scores(subject.bundle.manifest.raw, chats, traces)


def curve(played: Sequence[Played], scores: Sequence[np.ndarray]) -> list[Row]:
    """Recall by harm and share of hard and plain harmless chats warned, threshold by threshold.

    One threshold for both risks; the places of the thresholds are quantiles of the chats' peaks.
    """
    peaks = np.array([float(s.max(initial=0.0)) for s in scores])
    kinds = np.array([kind_of(p) for p in played])
    places = np.unique(np.quantile(peaks, np.linspace(0, 1, POINTS)))
    risky = [p for p, kind in zip(played, kinds, strict=True) if kind == "risky"]
    sign, by = (
        np.array([p.conversation[m] for p in risky], int) for m in ("first_sign", "warn_by")
    )
    mine = [s for s, kind in zip(scores, kinds, strict=True) if kind == "risky"]
    found = []
    for threshold in (*places[places > 0], np.nextafter(1.0, 2.0)):
        first = np.array([metrics.first_place(s >= threshold) for s in mine], int)
        row: Row = {"threshold": round(float(threshold), 6)}
        row["recall"] = round(metrics.rate(metrics.in_time(first, sign, by)).share, 4)
        for kind in ("hard", "plain"):
            row[kind] = round(metrics.rate(peaks[kinds == kind] >= threshold).share, 4)
        found.append(row)
    return found


def delays(found: Warnings) -> Row:
    """Messages from the first sign to the first warning of each warned risky chat, and how many
    of those were in time, late, premature, never."""
    risky = found.pick(lambda chat: chat["label"] != "none")
    sign, by = risky.marks()
    ok = metrics.in_time(risky.first, sign, by)
    early = metrics.premature(risky.first, sign)
    loud = metrics.warned(risky.first)
    return {
        "in_time": sorted((risky.first - sign)[ok].tolist()),
        "late": sorted((risky.first - sign)[loud & ~ok & ~early].tolist()),
        "premature": int(early.sum()),
        "never": int((~loud).sum()),
    }


def calibration(played: Sequence[Played], risk: str) -> Row:
    """Reliability of one risk at fixed messages, at the share of active ones that is stated."""
    column = RISKS.index(risk)
    said, true = [], []
    for p in played:
        places, active = reliability.judged(p.conversation, risk)
        said.append(p.trace.risks[places, column])
        true.append(active)
    probability, label = np.concatenate(said), np.concatenate(true)
    bins = reliability.reliability(probability, label)
    return {
        "n": len(label),
        "active": round(float(label.mean()), 4),
        "ece": round(reliability.expected_calibration_error(bins), 4),
        "brier": round(reliability.brier(probability, label), 4),
        "bins": [
            {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(b).items()}
            for b in bins
        ],
    }
