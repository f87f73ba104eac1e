"""Matplotlib figures as inline SVG that follows the page's light or dark colours."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

#: Colours that stand for a variable of the page's style; matplotlib only sees the codes.
INK, MUTED, LINE, PAPER = "#010101", "#020202", "#030303", "#040404"
SERIES = ("#050505", "#060606", "#070707", "#080808", "#090909", "#0a0a0a")
WARN = "#0b0b0b"
_VARIABLES = {INK: "ink", MUTED: "muted", LINE: "line", PAPER: "paper", WARN: "warn",
              **{code: f"series-{i}" for i, code in enumerate(SERIES)}}  # fmt: skip
_STYLE = {
    "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10.0,
    "text.color": INK, "axes.labelcolor": MUTED, "axes.edgecolor": LINE, "xtick.color": MUTED,
    "ytick.color": MUTED, "axes.facecolor": "none", "figure.facecolor": "none",
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.color": LINE,
    "grid.linewidth": 0.6, "legend.frameon": False, "axes.axisbelow": True,
}  # fmt: skip


class Drawing:
    """One figure under way: `axes` to draw on, `svg` once the block is left."""

    def __init__(self, figure: Figure, axes: Axes) -> None:
        self.figure, self.axes, self.svg = figure, axes, ""


@contextmanager
def drawing(name: str, label: str, width: float = 6.4, height: float = 3.4) -> Iterator[Drawing]:
    """`name`: unique on the page; `label`: what a screen reader says in place of the picture."""
    style = {**_STYLE, "svg.hashsalt": name}
    with mpl.rc_context(style):
        figure = Figure(figsize=(width, height), layout="constrained")
        under_way = Drawing(figure, figure.subplots())
        yield under_way
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None}, transparent=True)
    under_way.svg = _inline(file.getvalue(), name, label)


def _inline(svg: str, name: str, label: str) -> str:
    """Without prolog, metadata and fixed size; ids of its own; colours as variables."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    svg = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', svg)
    for code, variable in _VARIABLES.items():
        svg = svg.replace(code, f"var(--{variable})")
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(label, quote=True)}" ', 1)


def standalone(svg: str, digest: str) -> str:
    """What `drawing` left, as a file of its own: a size, and the page's colours by the theme.

    digest: of the data that it shows, kept inside.
    """
    css = Path(__file__).with_name("page.css").read_text("utf-8")
    colours = css[: css.index("* {")] + "svg { background: var(--paper); }"
    width, height = re.findall(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg)[0]
    svg = svg.replace("<svg ", f'<svg width="{width}pt" height="{height}pt" ', 1)
    head, rest = svg.split(">", 1)
    return f"{head}>\n<!-- of data {digest} -->\n<style>\n{colours}\n</style>{rest}"
