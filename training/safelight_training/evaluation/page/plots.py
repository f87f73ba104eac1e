"""The pictures of the report, each from its rows: data → SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from safelight_training.evaluation.page.figure import (
    INK,
    MUTED,
    SERIES,
    WARN,
    drawing,
)

Row = dict[str, Any]


def _percent(value: float) -> float:
    return 100 * value


def trade_off(judging: Row, budget: float, point: Row) -> str:
    """Recall by harm against hard-to-tell chats warned; the shipped threshold and the goal marked.

    point: `recall` and `hard` (0..1) of the bundle as it ships; budget: the goal for hard ones.
    """
    rows = sorted(judging["curve"], key=lambda row: (row["hard"], row["recall"]))
    label = (
        "Warned in time against hard-to-tell harmless chats warned. As shipped: "
        f"{_percent(point['recall']):.0f}% in time, {_percent(point['hard']):.0f}% of hard ones."
    )
    with drawing("trade-off", label) as found:
        axes = found.axes
        axes.step([_percent(r["hard"]) for r in rows], [_percent(r["recall"]) for r in rows],
                  where="post", color=SERIES[0], linewidth=2)  # fmt: skip
        axes.axvline(_percent(budget), color=MUTED, linestyle="--", linewidth=1)
        axes.annotate(f"goal: {_percent(budget):g}%", (_percent(budget), 3), xytext=(4, 0),
                      textcoords="offset points", color=MUTED)  # fmt: skip
        axes.plot([_percent(point["hard"])], [_percent(point["recall"])], "o", color=WARN, ms=8)
        axes.annotate("as shipped", (_percent(point["hard"]), _percent(point["recall"])),
                      xytext=(8, -4), textcoords="offset points", color=INK)  # fmt: skip
        axes.set(xlabel="hard-to-tell harmless chats warned, %", ylabel="risky chats in time, %",
                 xlim=(-1, 60), ylim=(0, 102))  # fmt: skip
    return found.svg


def reliability(calibration: dict[str, Row]) -> str:
    """What was said against what was true, both risks."""
    told = ", ".join(f"{risk}: error {row['ece']:.3f}" for risk, row in calibration.items())
    with drawing("reliability", f"Reliability of the risks. {told}.", 4.6, 4.0) as found:
        axes = found.axes
        axes.plot([0, 1], [0, 1], color=MUTED, linestyle="--", linewidth=1)
        for i, (risk, row) in enumerate(calibration.items()):
            points = sorted((b["said"], b["true"]) for b in row["bins"])
            axes.plot(*zip(*points, strict=True), "o-", color=SERIES[i], label=risk, ms=4)
        axes.set(xlabel="risk said", ylabel="share of active arcs", xlim=(0, 1), ylim=(0, 1))
        axes.legend(loc="upper left")
    return found.svg


def delay(delays: Row) -> str:
    """How many messages after the first sign the warning came."""
    in_time, late = delays["in_time"], delays["late"]
    label = (f"Delay of warnings: {len(in_time)} in time, {len(late)} late, {delays['premature']} "
             f"premature, {delays['never']} never.")  # fmt: skip
    edge = max([20, *in_time, *late]) + 1
    bins = np.unique(np.round(np.linspace(0, min(edge, 80), 28))).astype(int)
    with drawing("delay", label) as found:
        axes = found.axes
        values = [np.minimum(in_time, bins[-1] - 1), np.minimum(late, bins[-1] - 1)]
        axes.hist(values, bins=bins, stacked=True, color=[SERIES[1], WARN],
                  label=[f"in time ({len(in_time)})", f"too late ({len(late)})"])  # fmt: skip
        axes.set(xlabel="messages from the first sign to the warning", ylabel="risky chats")
        axes.legend(title=f"premature {delays['premature']}, never {delays['never']}")
    return found.svg


def _bars(axes: Axes, names: Sequence[str], rates: Sequence[Row], color: str, shift: float,
          height: float, label: str | None = None) -> None:  # fmt: skip
    y = np.arange(len(names)) + shift
    middle = np.array([_percent(r["share"]) for r in rates])
    low = middle - [_percent(r["low"]) for r in rates]
    high = np.array([_percent(r["high"]) for r in rates]) - middle
    axes.barh(y, middle, height, color=color, label=label)
    axes.errorbar(middle, y, xerr=np.maximum([low, high], 0), fmt="none", ecolor=INK,
                  elinewidth=1, capsize=2)  # fmt: skip


def by_language(languages: Sequence[Row]) -> str:
    """Recall by harm and hard ones warned, language by language, with intervals."""
    names = [row["language"] for row in languages]
    recall = [row["any"]["recall"] for row in languages]
    hard = [row["harmless"]["hard"]["warning"] for row in languages]
    label = "By language, in time and hard ones warned: " + "; ".join(
        f"{n} {_percent(r['share']):.0f}% and {_percent(h['share']):.0f}%"
        for n, r, h in zip(names, recall, hard, strict=True)
    )
    with drawing("languages", label, 6.4, 0.55 * len(names) + 1.1) as found:
        axes = found.axes
        _bars(axes, names, recall, SERIES[1], -0.19, 0.36, "risky chats warned in time")
        _bars(axes, names, hard, WARN, 0.19, 0.36, "hard-to-tell harmless chats warned")
        axes.set_yticks(range(len(names)), names)
        axes.invert_yaxis()
        axes.set(xlabel="%, 95% interval", xlim=(0, 100))
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.16), ncols=2)
    return found.svg


def by_indicator(rows: Sequence[Row]) -> str:
    """F1 of each indicator, best first."""
    rows = sorted((row for row in rows if row["n"]), key=lambda row: -row["f1"])
    label = "F1 by indicator: " + ", ".join(f"{r['id']} {r['f1']:.2f}" for r in rows)
    with drawing("indicators", label, 6.4, 0.27 * len(rows) + 0.8) as found:
        axes = found.axes
        axes.barh([r["id"] for r in rows], [r["f1"] for r in rows], 0.65, color=SERIES[0])
        for i, row in enumerate(rows):
            axes.annotate(f"{row['f1']:.2f}  (n {row['n']})", (row["f1"], i), xytext=(4, 0),
                          textcoords="offset points", va="center", color=MUTED, size=8)  # fmt: skip
        axes.invert_yaxis()
        axes.set(xlabel="F1 over the other person's messages", xlim=(0, 1))
    return found.svg


def robustness(rows: Sequence[Row]) -> str:
    """Points of recall lost under each perturbation, three strengths."""
    rows = [row for row in rows if row["strength"] and row["drop"]]
    names = list(dict.fromkeys(row["name"] for row in rows))
    strengths = list(dict.fromkeys(row["strength"] for row in rows))
    label = "Points of recall lost at medium strength: " + ", ".join(
        f"{row['name']} {_percent(row['drop']['value']):.0f}"
        for row in rows
        if row["strength"] == "medium"
    )
    with drawing("robustness", label, 6.4, 0.5 * len(names) + 1.0) as found:
        axes = found.axes
        for i, strength in enumerate(strengths):
            mine = [row for row in rows if row["strength"] == strength]
            y = np.array([names.index(row["name"]) for row in mine]) + (i - 1) * 0.25
            value, low, high = (
                np.array([_percent(row["drop"][key]) for row in mine])
                for key in ("value", "low", "high")
            )
            ends = np.maximum([value - low, high - value], 0)
            axes.errorbar(value, y, xerr=ends, fmt="o", color=SERIES[i], ms=5, elinewidth=1,
                          capsize=2, label=strength)  # fmt: skip
        axes.axvline(0, color=INK, linewidth=1)
        axes.set_yticks(range(len(names)), [name.replace("_", " ") for name in names])
        axes.invert_yaxis()
        axes.set(xlabel="points of recall lost, 95% interval (right is worse)")
        axes.legend(loc="lower right", title="strength")
    return found.svg


def timeline(number: int, chat: Row) -> str:
    """Both risks after each message of an example, with its marks and levels."""
    risks = {name: chat["risks"][name] for name in chat["risks"]}
    n = len(chat["levels"])
    first = next((i for i, level in enumerate(chat["levels"]) if level >= 2), None)
    told = "no warning" if first is None else f"warned at message {first + 1} of {n}"
    with drawing(f"timeline-{number}", f"{chat['title']}: {told}.", 6.4, 2.4) as found:
        axes = found.axes
        x = np.arange(1, n + 1)
        for i, (name, values) in enumerate(risks.items()):
            axes.plot(x, values, color=SERIES[i], linewidth=2, label=name)
        for place, words in ((chat["first_sign"], "first sign"), (chat["warn_by"], "last useful")):
            if place is not None:
                axes.axvline(place + 1, color=MUTED, linestyle=":", linewidth=1)
                axes.annotate(words, (place + 1, 1.03), ha="center", color=MUTED, size=8)
        if first is not None:
            axes.plot([first + 1], [max(v[first] for v in risks.values())], "o", color=WARN, ms=8,
                      label="warning")  # fmt: skip
        axes.set(xlabel="message", ylabel="risk", ylim=(0, 1.12), xlim=(0.5, n + 0.5))
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3)
    return found.svg


def peers(rows: Sequence[Row]) -> str:
    """Recall of every system at the same false-alarm rule."""
    rows = sorted(rows, key=lambda row: -row["recall"]["share"])
    names = [row["name"] for row in rows]
    label = "Warned in time at the same false-alarm rule: " + ", ".join(
        f"{r['name']} {_percent(r['recall']['share']):.0f}%" for r in rows
    )
    with drawing("peers", label, 6.4, 0.5 * len(rows) + 1.0) as found:
        axes = found.axes
        _bars(axes, names, [r["recall"] for r in rows], SERIES[0], 0, 0.55)
        axes.set_yticks(range(len(names)), names)
        axes.invert_yaxis()
        axes.set(xlabel="risky chats warned in time, %", xlim=(0, 100))
    return found.svg


def cost(rows: Sequence[Row]) -> str:
    """Bytes against recall; the size of a dot is its time a message."""
    label = "Size against recall: " + ", ".join(
        f"{r['name']} {r['megabytes']:.1f} MB {_percent(r['recall']['share']):.0f}%" for r in rows
    )
    with drawing("cost", label) as found:
        axes = found.axes
        taken: list[tuple[float, float]] = []  # where names stand: decades, percent
        for i, row in enumerate(sorted(rows, key=lambda r: r["recall"]["share"])):
            size, recall = max(row["megabytes"], 0.01), _percent(row["recall"]["share"])
            axes.scatter([size], [recall], s=30 + 30 * np.sqrt(row["times_first"]),
                         color=SERIES[i % len(SERIES)])  # fmt: skip
            x, y = float(np.log10(size)), recall + 1
            while any(abs(x - a) < 1.7 and abs(y - b) < 6 for a, b in taken):
                y += 6
            taken.append((x, y))
            axes.annotate(row["name"], (size, recall), xytext=(1.3 * size, y), color=INK, size=8,
                          arrowprops={"arrowstyle": "-", "color": INK, "lw": 0.5})  # fmt: skip
        axes.set(xscale="log", xlabel="MB (log)", ylabel="risky chats in time, %", ylim=(0, 102))
    return found.svg
