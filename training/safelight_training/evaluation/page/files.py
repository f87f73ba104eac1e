"""The pages of the report on disk: made of its data, and held against it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from safelight_training.evaluation import report
from safelight_training.evaluation.kept import committed
from safelight_training.evaluation.page import html, model_card, plain
from safelight_training.evaluation.page.quoted import Quoted, quoted
from safelight_training.evaluation.subject import Subject

NAMES = (report.JSON, report.MARKDOWN)


def render_pages(folder: Path, card: Path, subject: Subject) -> bool:
    """The pages and the card anew from the data in `folder`; whether they are of this bundle, as
    nothing is written of another."""
    try:
        found = json.loads((folder / report.JSON).read_bytes())
    except OSError:
        return False
    if found["manifest_sha256"] != subject.digest:
        return False
    beside = _beside(folder, subject)
    card.parent.mkdir(parents=True, exist_ok=True)
    pages: dict[Path, Callable[[], str]] = {
        folder / report.MARKDOWN: lambda: plain.render(found, beside),
        folder / report.HTML: lambda: html.render(found, beside, digest_of(folder)),
        card: lambda: model_card.render(found, beside),
    }
    for path, page in pages.items():
        path.write_text(page(), "utf-8")
        print(f"wrote {path.name}")
    return True


def _beside(folder: Path, subject: Subject) -> Quoted:
    return quoted(folder, subject.digest, subject.bundle.manifest.raw.get("evidence", {}))


def digest_of(folder: Path) -> str:
    """sha256 of the data and of all that the page without pictures says, what it quotes too."""
    both = (folder / report.JSON).read_bytes() + (folder / report.MARKDOWN).read_bytes()
    return hashlib.sha256(both).hexdigest()


def committed_report(
    folder: Path, card: Path, subject: Subject
) -> tuple[dict[str, Any] | None, list[str]]:
    """The committed data, and which of its pages are missing or of other data."""
    beside = _beside(folder, subject)
    data, problems = committed(folder, NAMES, partial(plain.render, quoted=beside))
    return data, problems + _stale_pages(folder, card, beside)


def _stale_pages(folder: Path, card: Path, beside: Quoted) -> list[str]:
    """Pictures differ between versions of the plotting library, so the page names its data."""
    try:
        data, digest = (folder / report.JSON).read_bytes(), digest_of(folder)
        page = (folder / report.HTML).read_text("utf-8")
    except OSError:
        return [f"{report.HTML} is missing"]
    problems = []
    if not html.names(page, digest):
        problems.append(f"{report.HTML} is not of {report.JSON}")
    if not card.exists() or card.read_text("utf-8") != model_card.render(json.loads(data), beside):
        problems.append(f"{card.name} is not of {report.JSON}")
    return problems
