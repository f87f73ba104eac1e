"""What the pages of a report quote beside its own data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safelight_training.crossfit_table import JSON as CROSSFIT
from safelight_training.evaluation.report import PEERS

Row = dict[str, Any]


@dataclass(frozen=True)
class Quoted:
    """peers: rows measured beside the same bundle. strangers: what students hear in corpora that
    they do not know; none where the bundle's own thresholds were set by such students. language:
    what the manifest says of the language head. Each None where it is not there."""

    peers: Row | None = None
    strangers: Row | None = None
    language: Row | None = None


def quoted(folder: Path, digest: str, evidence: Row) -> Quoted:
    """From the reports in `folder`; of the bundle whose manifest has this sha256 and evidence."""
    peers = _read(folder / PEERS)
    return Quoted(
        peers if peers and peers.get("manifest_sha256") == digest else None,
        None if "crossfit" in evidence else _read(folder / CROSSFIT),
        evidence.get("language"),
    )


def _read(path: Path) -> Row | None:
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError):
        return None
