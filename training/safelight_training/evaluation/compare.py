"""Two bundles on the same judging chats, with paired tests: is the difference more than chance?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from safelight_training.data.independent import independent
from safelight_training.evaluation import bootstrap, lab, metrics
from safelight_training.evaluation.judging import gated, kind_of
from safelight_training.evaluation.markdown import table
from safelight_training.evaluation.replay import Played, play, warnings_of
from safelight_training.evaluation.report import HALF
from safelight_training.evaluation.subject import SENSITIVITY, Subject

Row = dict[str, Any]
HEAD = """# Two bundles side by side

Judging chats, development half, each bundle at its own threshold; then recall where 2% of the hard
ones are warned. Only A, only B: chats that one alone gets; p: exact McNemar test. AUROC:
difference A − B with its 95% interval over resampled families.
"""
#: Share of hard negatives warned at which bundles with other thresholds are compared.
OPERATING_POINT = 0.02


def measure(one: Subject, other: Subject) -> Row:
    """Rows of yes-or-no questions, and the difference in AUROC."""
    chats = independent(HALF)
    both = [_hits(subject, chats) for subject in (one, other)]
    risky = np.array([chat["label"] != "none" for chat in chats])
    rows = [
        {"question": name, "a": _share(both[0][name]), "b": _share(both[1][name]),
         **lab.mcnemar(both[0][name], both[1][name])}
        for name in ("in time", "in time at 2% of hard ones", "hard ones warned",
                     "plain ones warned", "premature")
    ]  # fmt: skip
    drawn = bootstrap.families([chat["family"] for chat in chats])
    peaks = [found["peak"] for found in both]

    def auroc(values: np.ndarray, indices: np.ndarray) -> float | None:
        return metrics.auroc(risky[indices], values[indices])

    everyone = np.arange(len(chats))
    a, b = (auroc(values, everyone) for values in peaks)
    low, high = bootstrap.difference(auroc, *peaks, drawn) or (-1.0, 1.0)
    return {"digests": [one.digest, other.digest], "rows": rows,
            "auroc": {"a": a, "b": b, "low": low, "high": high}}  # fmt: skip


def _share(hits: np.ndarray) -> float:
    return float(hits.mean()) if len(hits) else 0.0


def _hits(subject: Subject, chats: Sequence[dict[str, Any]]) -> dict[str, np.ndarray]:
    config = subject.bundle.manifest.policies[SENSITIVITY]
    played = play(subject.replayed(), config, chats, subject.digest[:8])
    found = warnings_of(played)
    risky = found.pick(lambda chat: chat["label"] != "none")
    sign, by = risky.marks()
    scores = gated(subject, played)
    edge = hard_edge(played, scores)
    moved = lab.warnings(chats, scores, edge).pick(lambda chat: chat["label"] != "none")
    return {
        "in time": metrics.in_time(risky.first, sign, by),
        "in time at 2% of hard ones": metrics.in_time(moved.first, sign, by),
        "premature": metrics.premature(risky.first, sign),
        **{f"{kind} ones warned": _warned(played, kind) for kind in ("hard", "plain")},
        "peak": found.loudest,
    }


def _warned(played: Sequence[Played], kind: str) -> np.ndarray:
    mine = [p.first_warning for p in played if kind_of(p) == kind]
    return metrics.warned(np.array(mine, int))


def hard_edge(played: Sequence[Played], scores: Sequence[np.ndarray]) -> float:
    """The lowest threshold at which no more than OPERATING_POINT of the hard ones are warned."""
    pairs = zip(played, scores, strict=True)
    hard = sorted((s.max() for p, s in pairs if kind_of(p) == "hard"), reverse=True)
    allowed = int(OPERATING_POINT * len(hard))
    return float(np.nextafter(hard[allowed], 1)) if len(hard) > allowed else 0.0


def render(found: Row) -> str:
    """Markdown."""
    names = [(letter, f"`{digest}`") for letter, digest in zip("AB", found["digests"], strict=True)]
    rows = [
        (r["question"], r["n"], f"{100 * r['a']:.1f}", f"{100 * r['b']:.1f}", r["only_one"],
         r["only_other"], f"{r['p']:.4f}")
        for r in found["rows"]
    ]  # fmt: skip
    auroc = found["auroc"]
    gap = f"{auroc['a'] - auroc['b']:+.3f} ({auroc['low']:+.3f} to {auroc['high']:+.3f})"
    told = f"AUROC: A {auroc['a']:.3f}, B {auroc['b']:.3f}, difference {gap}\n"
    head = ("question", "n", "A, %", "B, %", "only A", "only B", "p")
    return "\n".join([HEAD, table(("bundle", "sha256 of the manifest"), names),
                      table(head, rows), told])  # fmt: skip
