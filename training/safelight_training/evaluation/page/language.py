"""Which language a chat is in: what the manifest says of the head that tells it."""

from __future__ import annotations

from typing import Any

from safelight_training.evaluation.page.section import Section, Table

Row = dict[str, Any]
TITLE = "Which language a chat is in"


def section(found: Row | None) -> Section:
    """`found`: the evidence of the head, as in the bundle's manifest."""
    if not found:
        return Section(TITLE, "The bundle does not tell.")
    known, foreign = found["known"], found["foreign"]
    rows = [
        ("in the languages it knows", known["n"], _share(known), _once(known, "foreign")),
        ("exchanges in other languages", foreign["n"], _share(foreign), _once(foreign, "known")),
    ]
    return Section(
        TITLE,
        "A chat is told as known, as foreign or, while little is said, as neither. Quoted from the "
        "bundle's manifest: the edges of the rule were chosen on these very chats, whose texts the "
        "head had not learnt from. Told wrongly: at any message, not only the last.",
        tables=(Table("Told as known or foreign",
                      ("chats", "n", "told rightly at the end, %", "told wrongly"), rows),),
    )  # fmt: skip


def sentence(found: Row | None) -> str:
    """The same for the card."""
    if not found:
        return "Which language a chat is in it does not tell."
    known, foreign = found["known"], found["foreign"]
    if known["told"] is None or foreign["told"] is None:
        return "How well it says so was not measured."
    return (
        f"It says so of {_share(foreign)}% of {foreign['n']:,} exchanges in others, and takes "
        f"{foreign['known']:,} of them for known ones at some time; of {known['n']:,} chats in its "
        f"own {_share(known)}% are told as known at the end, and {known['foreign']:,} ever as "
        "foreign (the rule's edges were chosen on these chats)."
    )


def _share(row: Row) -> str:
    return "–" if row["told"] is None else f"{100 * row['told']:.1f}"


def _once(row: Row, other: str) -> str:
    bound = row.get("upper_bound_95")
    return f"{row[other]:,}" + ("" if bound is None else f" (at most {100 * bound:.2f}%)")
