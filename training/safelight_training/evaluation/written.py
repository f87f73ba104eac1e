"""Rows on written conversations: the test split, and what can be told without reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from safelight.policy import PolicyConfig
from safelight.taxonomy import INDICATORS, RISKS
from safelight.types import Level
from safelight_training.data.authored_format import is_authored
from safelight_training.data.languages import lines_of
from safelight_training.data.shortcuts import shortcut_baselines
from safelight_training.data.splits import TEST_VOICES
from safelight_training.evaluation import metrics
from safelight_training.evaluation.lab import average_precision, helped, rate_of
from safelight_training.evaluation.replay import Played, warnings_of
from safelight_training.targets import label_targets

Row = dict[str, Any]
SOURCES = ("new_families", "held_out_voices", "known_voices")
ALARMS = (Level.NOTICE, Level.WARNING, Level.URGENT)
#: Chats of each kind below which a shortcut baseline is noise, and is left out.
LEAST = 50


def source_of(conversation: dict[str, Any]) -> str:
    """One of SOURCES: who wrote it, and what of it training may know."""
    if not is_authored(conversation):
        return "new_families"
    return "held_out_voices" if conversation["voice"] in TEST_VOICES else "known_voices"


def alarms_of(highest: np.ndarray) -> Row:
    """The share at or above each level; `highest` (conversations,) int."""
    return {level.label: rate_of(metrics.reached(highest, level)) for level in ALARMS}


def written_rows(played: Sequence[Played], config: PolicyConfig) -> Row:
    """`risky`, `harmless`, `auroc` and `indicators` of the test split."""
    return {
        "risky": [_risky_row(key, label, found) for key, label, found in _risky_groups(played)],
        "harmless": [
            {**key, "twin": twin, "n": len(found), **alarms_of(_highest(found))}
            for key, twin, found in _harmless_groups(played)
        ],
        "auroc": [
            {**key, "n": len(found), "auroc": auroc_of(found)} for key, found in _groups(played)
        ],
        "indicators": _indicators(played, config),
    }


def _groups(played: Sequence[Played]) -> Iterator[tuple[Row, list[Played]]]:
    """By language and source, then each source in all languages."""
    languages = sorted({p.conversation["language"] for p in played})
    for language in (*languages, "all"):
        for source in SOURCES:
            found = [
                p
                for p in played
                if language in (p.conversation["language"], "all")
                and source_of(p.conversation) == source
            ]
            if found:
                yield {"language": language, "source": source}, found


def _risky_groups(played: Sequence[Played]) -> Iterator[tuple[Row, str, list[Played]]]:
    for key, found in _groups(played):
        for label in (*RISKS, "any"):
            mine = [
                p
                for p in found
                if p.conversation["label"] != "none" and label in (p.conversation["label"], "any")
            ]
            if mine:
                yield key, label, mine


def _harmless_groups(played: Sequence[Played]) -> Iterator[tuple[Row, str, list[Played]]]:
    for key, found in _groups(played):
        for twin in ("hard", "plain"):
            mine = [
                p
                for p in found
                if p.conversation["label"] == "none" and p.conversation["twin"] == twin
            ]
            if mine:
                yield key, twin, mine


def _risky_row(key: Row, label: str, found: Sequence[Played]) -> Row:
    return {**key, "label": label, **helped(warnings_of(found))}


def _highest(found: Iterable[Played]) -> np.ndarray:
    return np.array([p.highest for p in found])


def auroc_of(found: Sequence[Played]) -> float | None:
    risky = np.array([p.conversation["label"] != "none" for p in found])
    value = metrics.auroc(risky, np.array([p.trace.risks.max() for p in found]))
    return None if value is None else round(value, 4)


def _indicators(played: Sequence[Played], config: PolicyConfig) -> Row:
    """Over peers' messages: F1 of each indicator at its `present` threshold, AUROC and average
    precision of its probability, and the means over the indicators that occur."""
    languages = sorted({p.conversation["language"] for p in played})
    by_language = {
        language: _each([p for p in played if p.conversation["language"] == language], config)
        for language in languages
    }
    by_language["all"] = _each(played, config)
    return {
        "macro_f1": {
            language: round(float(np.mean([row["f1"] for row in rows if row["n"]])), 4)
            for language, rows in by_language.items()
            if any(row["n"] for row in rows)
        },
        "macro": {key: _mean(by_language["all"], key) for key in ("auroc", "average_precision")},
        "each": by_language["all"],
    }


def _mean(rows: Sequence[Row], key: str) -> float | None:
    values = [row[key] for row in rows if row[key] is not None]
    return round(float(np.mean(values)), 4) if values else None


def _each(played: Sequence[Played], config: PolicyConfig) -> list[Row]:
    targets = [label_targets(p.conversation) for p in played]
    labels, mask = (np.concatenate(parts) for parts in zip(*targets, strict=True))
    probability = np.concatenate([p.trace.indicators for p in played])
    rows = []
    for column, name in enumerate(INDICATORS):
        asked = mask[:, column] > 0
        said, true = probability[asked, column] >= config.present[name], labels[asked, column] > 0
        found = metrics.precision_recall_f1(said, true)
        values = zip(("precision", "recall", "f1"), (round(v, 4) for v in found), strict=True)
        scores = probability[asked, column]
        ranks = {"auroc": metrics.auroc(true, scores) if len(true) else None,
                 "average_precision": average_precision(true, scores)}  # fmt: skip
        rows.append({
            "id": name, "n": int(true.sum()), **dict(values),
            **{key: None if value is None else round(value, 4) for key, value in ranks.items()},
        })  # fmt: skip
    return rows


def shortcut_rows(written: Sequence[dict[str, Any]]) -> list[Row]:
    """AUROC of the baselines that do not read: scenarios by split, authored of all splits.

    A language without a list of function words (data/languages) is left out: style asks for them.
    """
    rows = []
    languages = sorted({c["language"] for c in written})
    for language in (name for name in languages if lines_of("function_words", name)):
        mine = [c for c in written if c["language"] == language]
        parts = {
            "new_families": [c for c in mine if not is_authored(c) and c["split"] == "test"],
            "train_families": [c for c in mine if not is_authored(c) and c["split"] == "train"],
            "authored": [c for c in mine if is_authored(c)],
        }
        for name, chats in parts.items():
            risky = sum(c["label"] != "none" for c in chats)
            if min(risky, len(chats) - risky) >= LEAST:
                baselines = shortcut_baselines(chats)
                rows.append({"language": language, "set": name, "n": len(chats), **baselines})
    return rows
