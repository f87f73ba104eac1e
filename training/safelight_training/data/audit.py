"""Reads what was generated with suspicion: leaks between splits, balance, shortcuts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from safelight_training.data.leaks import leaks
from safelight_training.data.shortcuts import shortcut_baselines

Report = dict[str, dict[str, Any]]


def audit(conversations: Iterable[dict[str, Any]]) -> Report:
    """Counts, leaks, harmless to risky messages per voice, and shortcut AUROCs by source.

    `shortcuts/scenario` and `shortcuts/authored` are of the train split by language;
    `balance` maps a voice to harmless messages per risky message (1 or more is the goal).
    """
    synthetic = [c for c in conversations if not c.get("real")]
    scenario = [c for c in synthetic if c["family"].startswith("scenario/")]
    authored = [c for c in synthetic if not c["family"].startswith("scenario/")]
    report: Report = {
        "counts": dict(sorted(Counter(f"{c['split']}/{_risky(c)}" for c in synthetic).items())),
        "leaks": leaks(scenario),
        "leaks_with_authored": leaks(synthetic),
        "balance": balance(scenario),
    }
    for name, chats in (("scenario", scenario), ("authored", authored)):
        for language in sorted({c["language"] for c in chats}):
            mine = [c for c in chats if c["language"] == language and c["split"] == "train"]
            report[f"shortcuts/{name}/{language}"] = shortcut_baselines(mine)
    return report


def balance(conversations: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Harmless messages per risky message, by voice."""
    totals: Counter[tuple[str, str]] = Counter()
    for chat in conversations:
        totals[chat["voice"], _risky(chat)] += len(chat["messages"])
    voices = sorted({voice for voice, _ in totals})
    return {v: round(totals[v, "harmless"] / max(1, totals[v, "risky"]), 3) for v in voices}


def lines(report: Report) -> list[str]:
    """The report, one line a figure."""
    return [f"{part}: {name} = {value}" for part, rows in report.items()
            for name, value in rows.items()]  # fmt: skip


def _risky(chat: dict[str, Any]) -> str:
    return "harmless" if chat["label"] == "none" else "risky"
