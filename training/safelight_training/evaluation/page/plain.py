"""The report as Markdown: the words and tables of its sections."""

from __future__ import annotations

from typing import Any

from safelight_training.evaluation.markdown import table
from safelight_training.evaluation.page.quoted import Quoted
from safelight_training.evaluation.page.section import Section
from safelight_training.evaluation.page.sections import INTRODUCTION, sections

Row = dict[str, Any]


def render(report: Row, quoted: Quoted) -> str:
    """Markdown of what `report.measure` returned (read back from JSON), and of what it quotes."""
    parts = ["# Evaluation\n", f"{INTRODUCTION}\n"]
    parts += [_section(found) for found in sections(report, quoted)]
    return "\n".join(parts)


def _section(found: Section) -> str:
    parts = [f"## {found.title}\n", f"{found.words}\n"]
    for listed in found.tables:
        parts += [f"### {listed.name}\n", table(listed.head, listed.rows)]
    return "\n".join([*parts, *(f"{note}\n" for note in found.notes)])
