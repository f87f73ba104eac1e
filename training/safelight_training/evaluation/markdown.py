"""The page of a report, from its data alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Row = dict[str, Any]
NAMES = {
    "all": "all",
    "new_families": "scenario families never trained on",
    "held_out_voices": "whole dialogues, writers never trained on",
    "known_voices": "whole dialogues, other ones by writers trained on",
    "train_families": "scenario families trained on",
    "authored": "whole dialogues, all splits",
    "any": "both",
    "hard": "hard to tell",
    "plain": "plain",
}
LEVELS = ("notice or above", "warning or above", "urgent")
INTRODUCTION = """\
# Evaluation, part 1

What the bundle below does on conversations that its training never saw. Made by a command, not by
hand; shares are in percent with the 95% Wilson interval in brackets.

The risky conversations are written for this project: none is a real one, so recall here says
what the model does with such texts, not what it will do with people who adapt. The ordinary
chats of the last section come from public corpora, mostly of crowd workers, students and forum
users; none is known to be of teenagers.
"""
RISKY = """\
## Risky conversations (written, test split)

- **Recall by harm**: first warned at or after the first sign and at or before the last message
  at which a warning still comes before harm (the first request for a private picture or a secret
  meeting, the first threat or demand; where refused, the one that repeats it).
- **Premature**: first warned before the first sign; counted as a miss.
- **Warned**: warned at any message, too early or too late ones included.
- **Delay**: messages from the first sign to the first warning that is not premature; median, and
  90th percentile.
"""
HARMLESS = """\
## Harmless conversations (written, test split)

Share that reached each level. *Hard to tell*: made to resemble a risk (a lesson, a helpline, a
teasing friend, a couple). *Plain*: everyday talk.
"""
MODEL = """\
## The model alone (written, test split)

AUROC: the chance that a risky conversation's highest risk is above a harmless one's, before any
threshold. F1: of each indicator over the other person's messages, at its threshold; the mean is
over the indicators that occur.
"""
SHORTCUTS = """\
## What can be told without reading

AUROC of small classifiers, cross-validated on the written conversations, that see only who spoke,
only lengths, only times, only emoji, only punctuation, or only the style of the messages before the
first sign. 0.50 is chance;
above 0.60 the data is at fault, and figures on that set flatter the model.
"""
REAL = """\
## Ordinary real chats (report part)

Chats that set no threshold and were never trained on. Each is scored with either side as the owner
of the phone, and counts as alarmed if either is. *New*: training saw no chat of the corpus
(thresholds saw other chats of it). With no alarm, n chats prove at best a rate of 3/n (95%).
"""


def render(report: Row) -> str:
    """Markdown of what `report.measure` returned (as read back from JSON)."""
    written = report["written"]
    parts = [
        INTRODUCTION,
        _header(report),
        RISKY,
        _risky(written["risky"]),
        HARMLESS,
        _harmless(written["harmless"]),
        MODEL,
        _auroc(written["auroc"]),
        _indicators(written["indicators"]),
        SHORTCUTS,
        _shortcuts(report["shortcuts"]),
        REAL,
        _real(report["real"]) if report["real"] else "Not measured: no corpora were given.",
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _header(report: Row) -> str:
    return table(
        ("what", "value"),
        [
            ("sha256 of the bundle's manifest", f"`{report['manifest_sha256']}`"),
            ("model version", report["model_version"]),
            ("training commit", f"`{report['training_commit']}`"),
            ("data version, seed", f"{report['data_version']}, {report['seed']}"),
            ("sensitivity", report["sensitivity"]),
            ("command", f"`{report['command']}`"),
        ],
    )


def _risky(rows: Iterable[Row]) -> str:
    head = ("language", "source", "harm", "n", "recall by harm", "premature", "warned", "delay")
    return table(head, [
        (r["language"], NAMES[r["source"]], NAMES.get(r["label"], r["label"]), r["n"],
         share(r["recall"]), share(r["premature"]), share(r["warned"]), _delay(r["delay"]))
        for r in rows
    ])  # fmt: skip


def _harmless(rows: Iterable[Row]) -> str:
    head = ("language", "source", "kind", "n", *LEVELS)
    return table(head, [
        (r["language"], NAMES[r["source"]], NAMES[r["twin"]], r["n"], *alarms(r)) for r in rows
    ])  # fmt: skip


def _auroc(rows: Iterable[Row]) -> str:
    return table(
        ("language", "source", "n", "AUROC"),
        [(r["language"], NAMES[r["source"]], r["n"], score(r["auroc"])) for r in rows],
    )


def _indicators(found: Row) -> str:
    means = ", ".join(f"{name} {score(value)}" for name, value in found["macro_f1"].items())
    head = ("indicator", "messages that show it", "precision", "recall", "F1")
    rows = [
        (f"`{r['id']}`", r["n"], *(score(r[key]) for key in ("precision", "recall", "f1")))
        for r in found["each"]
    ]
    return f"Mean F1: {means}.\n\n{table(head, rows)}"


def _shortcuts(rows: Sequence[Row]) -> str:
    if not rows:
        return "Not measured: too few conversations."
    all_names = ("who", "lengths", "times", "emoji", "punctuation", "style")
    names = [name for name in all_names if name in rows[0]]  # older reports know fewer
    return table(
        ("language", "set", "n", "who spoke", *names[1:]),
        [
            (r["language"], NAMES[r["set"]], r["n"], *(score(r[name]) for name in names))
            for r in rows
        ],
    )


def _real(found: Row) -> str:
    pooled = table(
        ("chats", "n", "messages", *LEVELS),
        [(r["pool"], r["n"], r["messages"], *alarms(r)) for r in found["pooled"]],
    )
    corpora = table(
        ("corpus", "language", "new", "n", "messages", *LEVELS, "sha256 of the file"),
        [
            (f"`{r['corpus']}`", r["language"], "" if r["trained"] else "new", r["n"],
             r["messages"], *alarms(r), f"`{r['sha256'][:12]}…`")
            for r in found["corpora"]
        ],
    )  # fmt: skip
    return f"{pooled}\n{corpora}"


def alarms(row: Row) -> tuple[str, ...]:
    return tuple(share(row[level]) for level in ("notice", "warning", "urgent"))


def share(rate: Row) -> str:
    """0.1234 → 12.3; small shares keep two places, where budgets of 0.1% are judged."""
    places = 1 if rate["high"] >= 0.1 else 2
    middle, low, high = (f"{100 * rate[key]:.{places}f}" for key in ("share", "low", "high"))
    return f"{middle} ({low}–{high})"


def score(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _delay(value: Row | None) -> str:
    return "–" if value is None else f"{value['median']:g}, {value['p90']:g}"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)
