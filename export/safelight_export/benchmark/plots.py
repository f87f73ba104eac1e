"""The two pictures of peers.md."""

from __future__ import annotations

import statistics
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import LogLocator, NullLocator, StrMethodFormatter

from safelight_export.benchmark.peers_page import dots
from safelight_export.benchmark.rounds import middle
from safelight_training.evaluation.page.figure import INK, SERIES, drawing, standalone

Row = dict[str, Any]
#: Dots within this factor of each other: the name of the left one stands to its left.
CLOSE = 2.0


def by_length(found: Row, digest: str) -> str:
    """Milliseconds a message against its place in the chat. digest: of the data, kept inside."""
    places = found["ours"]["places_ms"]
    lines = [("Safelight", [statistics.median(times) for times in places.values()])]
    lines += [(p["name"], [middle(c["pairs"], 1) for c in p["chat_ms"].values()])
              for p in found["peers"]]  # fmt: skip
    label = "Milliseconds a message, first and last place: " + "; ".join(
        f"{name} {values[0]:.3g} and {values[-1]:.3g}" for name, values in lines
    )
    with drawing("cost-by-length", label, 7.4, 3.8) as under_way:
        axes = under_way.axes
        for i, (name, values) in enumerate(lines):
            axes.plot([int(n) for n in places], values, "o-", color=SERIES[i], label=name,
                      linewidth=3 if i == 0 else 1.5, ms=4)  # fmt: skip
        _logarithmic(axes, "message of the chat (log)", {"x": (1,), "y": (1, 3)})
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return standalone(under_way.svg, digest)


def by_size(found: Row, digest: str) -> str:
    """Megabytes against milliseconds a message far in a chat."""
    rows = dots(found)
    label = "Size and time a message, far in a chat: " + "; ".join(
        f"{name} {size:.3g} MB {ms:.3g} ms" for name, size, ms in rows
    )
    with drawing("size-and-time", label, 7.4, 3.8) as under_way:
        axes = under_way.axes
        for i, (name, size, ms) in enumerate(rows):
            axes.scatter([size], [ms], s=90 if i == 0 else 45, color=SERIES[i])
            near = any(1 < s / size < CLOSE and max(ms / m, m / ms) < CLOSE for _, s, m in rows)
            axes.annotate(name, (size, ms), xytext=(-7 if near else 7, 4),
                          ha="right" if near else "left",
                          textcoords="offset points", color=INK)  # fmt: skip
        axes.margins(x=0.25, y=0.15)
        _logarithmic(axes, "MB (log)", {"x": (1, 2, 5), "y": (1, 3)})
    return standalone(under_way.svg, digest)


def _logarithmic(axes: Axes, across: str, steps: dict[str, tuple[int, ...]]) -> None:
    """Milliseconds a message against `across`, with plain numbers at these steps of each decade."""
    axes.set(xscale="log", yscale="log", xlabel=across, ylabel="ms a message (log)")
    axis: Axis
    for axis, subs in ((axes.xaxis, steps["x"]), (axes.yaxis, steps["y"])):
        axis.set_major_locator(LogLocator(subs=subs))
        axis.set_major_formatter(StrMethodFormatter("{x:,g}"))
        axis.set_minor_locator(NullLocator())
