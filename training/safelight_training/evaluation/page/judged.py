"""Sections on the judging chats."""

from __future__ import annotations

from typing import Any

from safelight_training.evaluation.judging import whole
from safelight_training.evaluation.markdown import alarms, score, share
from safelight_training.evaluation.page import plots
from safelight_training.evaluation.page.common import SHARES, TWINS, delay, interval
from safelight_training.evaluation.page.section import Figure, Section, Table

Row = dict[str, Any]
#: Hard-to-tell harmless chats that may be warned: the goal, not a threshold.
GOAL = 0.02


def trade_off(judging: Row) -> Section:
    everybody = whole(judging)
    point = {"recall": everybody["any"]["recall"]["share"],
             "hard": everybody["harmless"]["hard"]["warning"]["share"]}  # fmt: skip
    rows = [
        (r["language"], harm, r[key]["n"], share(r[key]["recall"]), share(r[key]["premature"]),
         share(r[key]["warned"]), delay(r[key]["delay"]))
        for r in judging["languages"]
        for key, harm in (("any", "both"), ("grooming", "grooming"), ("sextortion", "sextortion"))
    ]  # fmt: skip
    harmless = [
        (r["language"], TWINS[kind], r["harmless"][kind]["n"], *alarms(r["harmless"][kind]))
        for r in judging["languages"] for kind in TWINS
    ]  # fmt: skip
    head = ("language", "harm", "n", "in time, %", "premature, %", "warned at all, %",
            "delay in messages (median, p90)")  # fmt: skip
    return Section(
        "Recall against false alarms",
        "Judging chats, development half: machine-written apart from all training data. In time "
        "means from the first sign on, and no later than the last message at which a warning still "
        "comes before harm. Premature: before the first sign; it counts as a miss.",
        (
            Figure(lambda: plots.trade_off(judging, GOAL, point),
                   "Each step is another threshold; the dot is the bundle as it ships."),
            Figure(lambda: plots.by_language(judging["languages"]), "By language, 95% intervals."),
            Figure(lambda: plots.delay(judging["delays"]), "How soon after a first sign it warns."),
        ),
        (
            Table("Risky chats", head, rows),
            Table("Harmless chats that reach each level", ("language", "kind", "n", *SHARES),
                  harmless),
        ),
    )  # fmt: skip


def _minutes(value: Row | None) -> str:
    timed = value and value["minutes"]
    return "–" if not timed else f"{timed['median']:g}, {timed['p90']:g} (n {timed['n']})"


def early(judging: Row) -> Section:
    rows = [
        (r["language"], r["early"]["n"], interval(r["ranking"]["auroc"]),
         interval(r["ranking"]["average_precision"]), score(r["early"]["f1"]),
         score(r["early"]["speed"]), score(r["early"]["f_latency"]), score(r["early"]["erde_5"]),
         score(r["early"]["erde_50"]), _minutes(r["any"]["delay"]))
        for r in judging["languages"]
    ]  # fmt: skip
    head = ("language", "n", "AUROC", "average precision", "F1", "speed", "F latency", "ERDE 5",
            "ERDE 50", "delay in minutes (median, p90)")  # fmt: skip
    p = whole(judging)["early"]["p"]
    return Section(
        "Ranks, and how early, as others count it",
        "The same chats. AUROC and average precision are of the highest risk at any message, with "
        "intervals by resampled chats (their few writers are not resampled). F latency: F1 times "
        f"speed (p = {p:.6f}); for both a premature warning is a hit. ERDE: low is good. Minutes "
        "come from pauses that writers made up.",
        tables=(Table("Ranks and early warning", head, rows),),
    )


def calibration(found: Row) -> Section:
    rows = [(risk, r["n"], f"{100 * r['active']:.1f}", score(r["ece"]), score(r["brier"]))
            for risk, r in found.items()]  # fmt: skip
    return Section(
        "Does a risk of 0.7 mean 0.7?",
        "Risks at fixed messages (the 5th, 10th, 20th, 40th, 80th and the last) against whether "
        "the arc was active there. The share of active ones is that of these chats, far above that "
        "of life.",
        (Figure(lambda: plots.reliability(found), "Bins of equal mass; the diagonal is exact."),),
        (Table("Calibration", ("risk", "n", "active, %", "expected calibration error", "Brier"),
               rows),),
    )  # fmt: skip
