"""Sections on the project's own data set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from safelight_training.evaluation.lab import BEFORE
from safelight_training.evaluation.markdown import alarms, score, share
from safelight_training.evaluation.page import plots
from safelight_training.evaluation.page.common import SHARES, SOURCES, TWINS, delay
from safelight_training.evaluation.page.section import Figure, Section, Table

Row = dict[str, Any]
FIGURES = ("precision", "recall", "f1", "auroc", "average_precision")


def written(found: Row) -> Iterator[Section]:
    risky = [
        (r["language"], SOURCES[r["source"]], "both" if r["label"] == "any" else r["label"], r["n"],
         share(r["recall"]), *(_before(r["before"][act]) for act in BEFORE), share(r["premature"]),
         share(r["warned"]), delay(r["delay"]))
        for r in found["risky"]
    ]  # fmt: skip
    harmless = [
        (r["language"], SOURCES[r["source"]], TWINS[r["twin"]], r["n"], *alarms(r))
        for r in found["harmless"]
    ]
    ranks = [(r["language"], SOURCES[r["source"]], r["n"], score(r["auroc"]))
             for r in found["auroc"]]  # fmt: skip
    head = ("language", "source", "harm", "n", "in time, %",
            *(f"before the first `{act}`, %" for act in BEFORE), "premature, %", "warned at all, %",
            "delay in messages (median, p90)")  # fmt: skip
    yield Section(
        "The written test split",
        "Conversations of the project's own data set that training never saw. Before an act: of "
        "the chats whose first sign comes before the first message with that label, those warned "
        "between the two.",
        tables=(
            Table("Risky conversations", head, risky),
            Table("Harmless conversations that reach each level",
                  ("language", "source", "kind", "n", *SHARES), harmless),
            Table("AUROC of the highest risk", ("language", "source", "n", "AUROC"), ranks),
        ),
    )  # fmt: skip
    yield _indicators(found["indicators"])


def _before(row: Row | None) -> str:
    return "–" if row is None else f"{share(row)} of {row['n']}"


def _indicators(found: Row) -> Section:
    means = ", ".join(f"{name} {score(value)}" for name, value in found["macro_f1"].items())
    lines = [(f"`{r['id']}`", r["n"], *(score(r[key]) for key in FIGURES)) for r in found["each"]]
    return Section(
        "Indicators",
        f"Written test split, the other person's messages, at each threshold. Mean F1: {means}. "
        f"Means over indicators: AUROC {score(found['macro'].get('auroc'))}, average precision "
        f"{score(found['macro'].get('average_precision'))}.",
        (Figure(lambda: plots.by_indicator(found["each"]), "F1, and messages that show it."),),
        (
            Table(
                "Each indicator",
                ("indicator", "messages", *(key.replace("_", " ") for key in FIGURES)),
                lines,
            ),
        ),
    )


def shortcuts(rows: Sequence[Row]) -> Section:
    title, words = "What can be told without reading", (
        "AUROC of small classifiers, cross-validated on the written conversations, that see only "
        "who spoke, lengths, times, emoji, punctuation, or the style of the messages before the "
        "first sign. 0.50 is chance; above 0.60 the data is at fault and flatters the model."
    )  # fmt: skip
    if not rows:
        return Section(title, f"{words} Not measured: too few conversations.")
    names = ("who", "lengths", "times", "emoji", "punctuation", "style")
    lines = [(r["language"], SOURCES[r["set"]], r["n"], *(score(r[name]) for name in names))
             for r in rows]  # fmt: skip
    return Section(
        title, words, tables=(Table("Shortcuts", ("language", "set", "n", *names), lines),)
    )
