"""Sections on the project's own data set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from safelight_training.evaluation.markdown import alarms, score, share
from safelight_training.evaluation.page import plots
from safelight_training.evaluation.page.common import SHARES, SOURCES, TWINS, delay
from safelight_training.evaluation.page.section import Figure, Section, Table

Row = dict[str, Any]


def written(found: Row) -> Iterator[Section]:
    risky = [
        (r["language"], SOURCES[r["source"]], "both" if r["label"] == "any" else r["label"], r["n"],
         share(r["recall"]), share(r["premature"]), share(r["warned"]), delay(r["delay"]))
        for r in found["risky"]
    ]  # fmt: skip
    harmless = [
        (r["language"], SOURCES[r["source"]], TWINS[r["twin"]], r["n"], *alarms(r))
        for r in found["harmless"]
    ]
    ranks = [(r["language"], SOURCES[r["source"]], r["n"], score(r["auroc"]))
             for r in found["auroc"]]  # fmt: skip
    head = ("language", "source", "harm", "n", "in time, %", "premature, %", "warned at all, %",
            "delay in messages (median, p90)")  # fmt: skip
    yield Section(
        "The written test split",
        "Conversations of the project's own data set that training never saw.",
        tables=(
            Table("Risky conversations", head, risky),
            Table("Harmless conversations that reach each level",
                  ("language", "source", "kind", "n", *SHARES), harmless),
            Table("AUROC of the highest risk", ("language", "source", "n", "AUROC"), ranks),
        ),
    )  # fmt: skip
    yield _indicators(found["indicators"])


def _indicators(found: Row) -> Section:
    means = ", ".join(f"{name} {score(value)}" for name, value in found["macro_f1"].items())
    lines = [
        (f"`{r['id']}`", r["n"], *(score(r[k]) for k in ("precision", "recall", "f1")))
        for r in found["each"]
    ]
    return Section(
        "Indicators",
        f"Written test split, the other person's messages, at each threshold. Mean F1: {means}.",
        (Figure(plots.by_indicator(found["each"]), "F1, and messages that show the indicator."),),
        (Table("Each indicator", ("indicator", "messages", "precision", "recall", "F1"), lines),),
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
