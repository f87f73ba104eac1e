"""The pages of the report on disk: made of its data, and held against it."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from pathlib import Path
from typing import Any

from safelight_training.evaluation import report
from safelight_training.evaluation.kept import committed
from safelight_training.evaluation.page import html, model_card, plain

NAMES = (report.JSON, report.MARKDOWN)


def render_pages(folder: Path, card: Path, digest: str) -> None:
    """The pages and the card anew from the data in `folder`, if it is of the bundle `digest`."""
    try:
        data = (folder / report.JSON).read_bytes()
    except OSError:
        return
    found = json.loads(data)
    if found["manifest_sha256"] != digest:
        return
    peers = read_peers(folder, digest)
    page = html.render(found, peers, hashlib.sha256(data).hexdigest())
    card.parent.mkdir(parents=True, exist_ok=True)
    for path, text in (
        (folder / report.MARKDOWN, plain.render(found, peers)),
        (folder / report.HTML, page),
        (card, model_card.render(found)),
    ):
        path.write_text(text, "utf-8")
        print(f"wrote {path.name}")


def read_peers(folder: Path, digest: str) -> dict[str, Any] | None:
    """The committed rows of the peers, if they were measured beside this very bundle."""
    try:
        found = json.loads((folder / report.PEERS).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if found.get("manifest_sha256") == digest else None


def committed_report(
    folder: Path, card: Path, digest: str
) -> tuple[dict[str, Any] | None, list[str]]:
    """The committed data, and which of its pages are missing or of other data."""
    page = partial(plain.render, peers=read_peers(folder, digest))
    data, problems = committed(folder, NAMES, page)
    return data, problems + _stale_pages(folder, card)


def _stale_pages(folder: Path, card: Path) -> list[str]:
    """Pictures differ between versions of the plotting library, so the page names its data."""
    try:
        data, page = (folder / report.JSON).read_bytes(), (folder / report.HTML).read_text("utf-8")
    except OSError:
        return [f"{report.HTML} is missing"]
    problems = []
    if not html.names(page, hashlib.sha256(data).hexdigest()):
        problems.append(f"{report.HTML} is not of {report.JSON}")
    if not card.exists() or card.read_text("utf-8") != model_card.render(json.loads(data)):
        problems.append(f"{card.name} is not of {report.JSON}")
    return problems
