"""The report as one self-contained HTML page: no script, no network, light and dark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from safelight_training.evaluation.judging import whole
from safelight_training.evaluation.markdown import interval, percent
from safelight_training.evaluation.page.quoted import Quoted
from safelight_training.evaluation.page.section import Figure, Section, Table
from safelight_training.evaluation.page.sections import INTRODUCTION, sections
from safelight_training.evaluation.real import of_corpora, strange

Row = dict[str, Any]
CSS = Path(__file__).with_name("page.css")


def render(report: Row, quoted: Quoted, digest: str = "") -> str:
    """The page of what `report.measure` returned, and of what it quotes.

    digest: sha256 of what it is made of, which the page names.
    """
    body = "\n".join((_top(report), *(_section(s) for s in sections(report, quoted))))
    return "\n".join((
        "<!doctype html>", '<html lang="en">', "<head>", '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f'<meta name="report-sha256" content="{digest}">',
        f"<title>Safelight: what bundle {escape(report['manifest_sha256'][:12])} does</title>",
        f"<style>\n{CSS.read_text('utf-8')}</style>", "</head>", "<body>", "<main>", body,
        "</main>", "</body>", "</html>", "",
    ))  # fmt: skip


def names(page: str, digest: str) -> bool:
    """Whether the page says that it was made of what has this sha256."""
    return f'<meta name="report-sha256" content="{digest}">' in page


def _top(report: Row) -> str:
    items = "\n".join(
        f"<li><strong>{value}</strong><span>{escape(words)}</span></li>"
        for value, words in cards(report)
    )
    return (
        "<h1>Does it warn in time, and only then?</h1>\n"
        f'<p>{escape(INTRODUCTION)}</p>\n<ul class="cards">\n{items}\n</ul>'
    )


def cards(report: Row) -> list[tuple[str, str]]:
    """The figures to see first: value, what it is."""
    everybody = whole(report["judging"])
    recall, hard = everybody["any"], everybody["harmless"]["hard"]
    found = [
        (percent(recall["recall"], 0), f"of {recall['n']} risky chats warned before harm "
         f"{interval(recall['recall'], 0)}"),
        (percent(hard["warning"], 0), f"of {hard['n']} harmless chats that are hard to tell "
         f"warned {interval(hard['warning'], 0)}"),
    ]  # fmt: skip
    if real := strange(report["real"]):
        words = (f"of {real['n']:,} real chats of {of_corpora(real)} warned "
                 f"{interval(real['warning'], 2)}")  # fmt: skip
        found.append((percent(real["warning"], 2), words))
    auroc = everybody["ranking"]["auroc"]
    if auroc:
        words = "AUROC: how often a risky chat ranks above a harmless one"
        found.append((f"{auroc['value']:.3f}", words))
    return found


def _section(found: Section) -> str:
    return "\n".join((
        "<section>", f"<h2>{escape(found.title)}</h2>", f"<p>{_text(found.words)}</p>",
        *(_figure(f) for f in found.figures), *(_table(t) for t in found.tables),
        *(f"<p>{_text(note)}</p>" for note in found.notes), "</section>",
    ))  # fmt: skip


def _text(words: str) -> str:
    """Escaped, with `code` as Markdown writes it."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(words))


def _figure(found: Figure) -> str:
    caption = f"<figcaption>{_text(found.caption)}</figcaption>"
    return f"<figure>\n{found.svg()}\n{caption}\n</figure>"


def _table(found: Table) -> str:
    """Folded under its name; scrolls by itself on a narrow screen."""
    name = escape(found.name, quote=True)
    head = "".join(f'<th scope="col">{_text(cell)}</th>' for cell in found.head)
    return "\n".join((
        f"<details><summary>{name}</summary>",
        f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">',
        f"<table><thead><tr>{head}</tr></thead>", "<tbody>",
        *(_row(row) for row in found.rows), "</tbody></table></div></details>",
    ))  # fmt: skip


def _row(cells: Sequence[object]) -> str:
    first, *rest = (_text(str(cell)) for cell in cells)
    return f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{c}</td>" for c in rest) + "</tr>"
