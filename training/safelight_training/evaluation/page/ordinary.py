"""Sections on ordinary real chats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from safelight_training.evaluation import prevalence
from safelight_training.evaluation.markdown import alarms
from safelight_training.evaluation.page.common import LEVELS, SHARES
from safelight_training.evaluation.page.section import Section, Table
from safelight_training.evaluation.real import of_corpora, strange

Row = dict[str, Any]
REPORT_PART = (
    "Report part: chats that set no threshold, were never trained on and never read. A chat "
    "counts as alarmed if it is with either side as the owner of the phone. New: training saw "
    "no chat of that corpus. With no alarm, n chats prove at best a rate of 3/n. A year has "
    "20 active chats a month."
)


def real_chats(real: Row | None, caveats: Iterable[str]) -> Section:
    """`caveats`: sentences on what the figures leave open."""
    title = "Ordinary real chats"
    if not real:
        return Section(title, "Not measured: no corpora were given.")
    pooled = [(r["pool"], r["n"], r["messages"], *alarms(r),
               f"{prevalence.a_year(r['warning']['share']):.2f} "
               f"({prevalence.a_year(r['warning']['high']):.2f} at most)")
              for r in real["pooled"]]  # fmt: skip
    corpora = [
        (f"`{r['corpus']}`", r["language"], "" if r["trained"] else "new", r["n"], r["messages"],
         *alarms(r), f"`{r['sha256'][:12]}…`")
        for r in real["corpora"]
    ]  # fmt: skip
    return Section(
        title,
        " ".join((REPORT_PART, *caveats)),
        tables=(
            Table("Pooled", ("chats", "n", "messages", *SHARES, "false warnings a year"), pooled),
            Table("By corpus", ("corpus", "language", "new", "n", "messages", *SHARES,
                                "sha256 of the file"), corpora),
        ),
    )  # fmt: skip


def a_year(real: Row | None) -> Section:
    title = "A year of chats"
    if not real:
        return Section(title, "Not measured: no corpora were given.")
    rows = [
        (r["language"], r["streams"], r["messages"],
         *(_year(r[level]) for level in LEVELS))
        for r in real["streams"]
    ]  # fmt: skip
    return Section(
        title,
        "The same chats joined into streams of 2,000 messages of one language, each also with "
        "the sides swapped. Each cell: times the level was entered, then that per 10,000 "
        "messages, then in a year of 3,000 messages a month with its 95% interval. A stream is "
        "harder than life: no chat goes on about so many things.",
        tables=(Table("Alarms in streams", ("language", "streams", "messages", *LEVELS), rows),),
    )


def _year(rates: Row | None) -> str:
    if rates is None:
        return "too few messages"
    low, high = rates["a_year_low"], rates["a_year_high"]
    return (
        f"{rates['times']}: {rates['per_10_000']:.2f}; {rates['a_year']:.1f} ({low:.1f}–{high:.1f})"
    )


def precision(rows: Sequence[Row] | None, real: Row | None) -> Section:
    """What a warning is worth where risky chats are rare; `real`: of which the false alarms are."""
    title = "What a warning is worth"
    if not rows or not (pool := strange(real)):
        return Section(title, "Not measured: no corpora were given.")
    lines = [
        (f"1 in {1 / row['prevalence']:,.0f}",
         "–" if row["precision"] is None else f"{100 * row['precision']:.1f}",
         f"{100 * row['low']:.1f}–{100 * row['high']:.1f}")
        for row in rows
    ]  # fmt: skip
    return Section(
        title,
        "Share of warned chats that are risky, from the recall on the judging chats and the false "
        f"alarms in {of_corpora(pool)}, where so many chats are risky. The interval "
        "has both rates at their worse, then at their better ends.",
        tables=(Table("Precision", ("risky chats", "precision, %", "interval"), lines),),
    )
