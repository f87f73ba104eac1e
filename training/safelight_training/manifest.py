"""The manifest of a new bundle, but for the sizes and sums of its files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from safelight._version import __version__
from safelight.taxonomy import CUES, INDICATORS, RISKS

MAX_TOKENS, MAX_CHUNKS = 64, 4


@dataclass(frozen=True)
class Sizes:
    """What of the manifest a graph is run by."""

    state_size: int
    languages: tuple[str, ...]
    max_tokens: int = MAX_TOKENS
    max_chunks: int = MAX_CHUNKS


def manifest(sizes: Sizes, made: dict[str, Any], chosen: dict[str, Any]) -> dict[str, Any]:
    """`made`: origin of the student, or of the run that calibrated where there are several: theirs
    are in `members`; `chosen`: thresholds, policy, evidence, calibration and language rule."""
    return {
        "format": 1,
        "model_version": __version__,
        "sequence": 1,
        **made,
        "created": date.today().isoformat(),
        "labels": {"risks": list(RISKS), "indicators": list(INDICATORS), "cues": list(CUES)},
        "state_size": sizes.state_size,
        "max_tokens": sizes.max_tokens,
        "max_chunks": sizes.max_chunks,
        "languages": list(sizes.languages),
        **chosen,
        "licence": "Apache-2.0",
    }
