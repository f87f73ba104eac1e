"""The report's sections, from its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from safelight_training.evaluation.markdown import paired, score, share
from safelight_training.evaluation.page import caveats, judged, language, ordinary, own_data, plots
from safelight_training.evaluation.page.common import LEVELS, interval
from safelight_training.evaluation.page.quoted import Quoted
from safelight_training.evaluation.page.section import Figure, Section, Table

Row = dict[str, Any]
INTRODUCTION = (
    "What a Safelight bundle does on chats that its training never saw. Made by a command, not by "
    "hand. The risky chats are machine-written for this project and none is real: recall says what "
    "the model does with such texts, not what it will do with people who adapt. The ordinary chats "
    "come from public corpora, mostly of crowd workers, students and forum users; none is known "
    "to be of teenagers. Intervals in brackets are 95%."
)


def sections(report: Row, quoted: Quoted) -> Iterator[Section]:
    """In the order of the page."""
    yield judged.trade_off(report["judging"])
    yield judged.early(report["judging"])
    yield judged.calibration(report["judging"]["calibration"])
    yield ordinary.real_chats(report["real"], caveats.of_ordinary(report, quoted.strangers))
    yield ordinary.a_year(report["real"])
    yield ordinary.precision(report["worth"], report["real"])
    yield _fairness(report["fairness"])
    yield _robustness(report["robustness"])
    yield language.section(quoted.language)
    if quoted.peers:
        yield _peers(quoted.peers)
    yield _examples(report["examples"])
    yield from own_data.written(report["written"])
    yield own_data.shortcuts(report["shortcuts"])
    yield _cost(report["bytes"])
    yield _about(report)


def _fairness(rows: Sequence[Row]) -> Section:
    lines = [
        (r["name"], r["harmless"]["n"],
         f"{score(r['shift']['mean'])} ({score(r['shift']['low'])} to {score(r['shift']['high'])})",
         share(r["harmless"]["reference"]), share(r["harmless"]["group"]), _gap(r["harmless"]),
         r["risky"]["n"], share(r["risky"]["reference"]), share(r["risky"]["group"]),
         _gap(r["risky"]))
        for r in rows
    ]  # fmt: skip
    head = ("group or language", "harmless pairs", "shift of log-odds", "reference warned, %",
            "group warned, %", "gap in warnings", "risky pairs", "reference in time, %",
            "group in time, %", "gap in time")  # fmt: skip
    pairs = next(r for r in rows if r["name"] == "all")["harmless"]
    return Section(
        "Groups side by side",
        "The same chat with only the marks of a group changed. Shift: how much higher the "
        "log-odds of the highest risk are in the group's version, 0 is fair. Over all pairs "
        f"{100 * pairs['reference']['share']:.1f}% of the reference versions and "
        f"{100 * pairs['group']['share']:.1f}% of the groups' versions are warned, "
        f"{_apart(pairs)}. The goal is at most 0.2 points or 1.25 times apart. Gap: points, then "
        "pairs of which only the reference and only the group is warned, then the p of an exact "
        "McNemar test.",
        tables=(Table("Groups and languages", head, lines),),
    )


def _gap(both: Row) -> str:
    points = 100 * (both["group"]["share"] - both["reference"]["share"])
    only = f"{both['only_reference']}, {both['only_group']}"
    return f"{points:+.1f} ({only}; p {both['p']:.2f})"


def _apart(both: Row) -> str:
    one, other = sorted((both["reference"]["share"], both["group"]["share"]))
    times = f"{other / one:.2f} times" if one else "no ratio"
    return f"{100 * (other - one):.1f} points and {times} apart"


def _robustness(rows: Sequence[Row]) -> Section:
    title = "When people type differently"
    if not rows:
        return Section(title, "Not measured in a brief report.")
    lines = [
        (r["name"].replace("_", " "), r["strength"], share(r["recall"]), paired(r.get("drop")),
         share(r["hard_warned"]), paired(r.get("rise")), score(r["auroc"]))
        for r in rows
    ]  # fmt: skip
    head = ("perturbation", "strength", "in time, %", "points lost", "hard ones warned, %",
            "points more", "AUROC")  # fmt: skip
    return Section(
        title,
        f"A third of the judging chats ({rows[0]['n']} risky, {rows[0]['n_hard']} hard to tell) "
        "after each perturbation: light, medium and strong touch a tenth, a quarter and half of "
        "the words or messages, one at least. Points are paired, over the chats that it changed at "
        "all (their number in the cell). The goal is at most 3 points lost at medium strength.",
        (Figure(lambda: plots.robustness(rows), "Points of recall lost, paired 95% intervals."),),
        (Table("Perturbations", head, lines),),
    )


def _peers(found: Row) -> Section:
    lines = [
        (r["name"], share(r["recall"]), f"{r['against_first']['p']:.3f}", share(r["english"]),
         share(r["hard"]), f"{share(r['real'])} of {r['real']['n']}", share(r["premature"]),
         interval(r["auroc"]), f"{r['ms']:.2f}", f"{r['times_first']:.2f}",
         f"{r['megabytes']:.1f}", r["note"])
        for r in found["rows"]
    ]  # fmt: skip
    head = ("system", "in time, %", "p against the first", "in time, English, %",
            "hard ones warned, %", "real chats warned, %", "premature, %", "AUROC",
            "ms a message in bulk", "times the first", "MB", "note")  # fmt: skip
    own = found["rows"][0]["name"]  # and again on samples, with a comma
    apart = [row for row in found["rows"] if not row["name"].startswith(f"{own},")]
    return Section(
        "Beside what others do",
        "Each peer is written from its public description, learns from the same training split, "
        "and gets its threshold by the same rule from real calibration chats and hard negatives "
        "of validation. Heavy ones get it from a sample of them, which proves less and "
        "sets a looser threshold: compare them with Safelight on that sample. p: exact McNemar "
        "test. AUROC is of the scores that are held against the threshold. Time: many "
        "chats at once on all threads; other work ran meanwhile, so compare the multiples, for "
        "which Safelight was timed right after each.",
        (
            Figure(lambda: plots.peers(found["rows"]), "Recall at the same false-alarm rule."),
            Figure(lambda: plots.cost(apart), "Size and recall; larger dots are slower."),
        ),
        (Table("Systems", head, lines),),
    )


def _examples(examples: Sequence[Row]) -> Section:
    pictures = [
        Figure(partial(plots.timeline, i, chat), chat["title"]) for i, chat in enumerate(examples)
    ]
    lines = [
        (chat["title"], len(chat["levels"]), _mark(chat["first_sign"]), _mark(chat["warn_by"]),
         *(_mark(_entered(chat["levels"], level)) for level in (1, 2, 3)))
        for chat in examples
    ]  # fmt: skip
    head = ("chat", "messages", "first sign", "last useful warning", *LEVELS)
    return Section("How the risk moves", "Written chats, message by message.", pictures,
                   (Table("Where each level was first reached", head, lines),))  # fmt: skip


def _entered(levels: Sequence[int], level: int) -> int | None:
    return next((i for i, found in enumerate(levels) if found >= level), None)


def _mark(place: int | None) -> str:
    return "–" if place is None else str(place + 1)


def _cost(sizes: Row) -> Section:
    lines = [(f"`{name}`", f"{size:,}") for name, size in sizes.items()]
    return Section(
        "Cost",
        f"The bundle is {sum(sizes.values()) / 1e6:.1f} MB on the phone. Time a message, and "
        "that it does not grow with the chat, stands in `docs/benchmarks`.",
        tables=(Table("Bytes", ("file", "bytes"), lines),),
    )


def data_of(report: Row) -> str:
    """The version of the data, and those that each of several students learned from."""
    students = ", ".join(report["members"])
    return report["data_version"] + (f" (its students: {students})" if students else "")


def _about(report: Row) -> Section:
    lines = [
        ("sha256 of the manifest", f"`{report['manifest_sha256']}`"),
        ("model version", report["model_version"]),
        ("training commit", f"`{report['training_commit']}`"),
        ("data version, seed", f"{data_of(report)}, {report['seed']}"),
        ("sensitivity", report["sensitivity"]),
        ("command", f"`{report['command']}`"),
    ]
    return Section("About this report", "Which bundle, which data, which command.",
                   tables=(Table("The bundle", ("what", "value"), lines),))  # fmt: skip
