"""Whether a chat is in a language that the model knows, told over its messages. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safelight import reading

_WHERE = "manifest.json: language"
#: Log-odds that one message can give at most, either way.
_MOST = 6.0


@dataclass(frozen=True)
class LanguageRule:
    """decay: 0..1, what is left of the evidence after a message. foreign: evidence (log-odds, > 0)
    from which on the language counts as unknown to the model; known: below minus this, as known.
    """

    decay: float
    foreign: float
    known: float

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any]) -> LanguageRule | None:
        """`language` of a manifest; None where it has none. BundleError on any fault."""
        if "language" not in manifest:
            return None
        found = reading.exact_keys(manifest["language"], ("decay", "foreign", "known"), _WHERE)
        return cls(
            reading.number(found["decay"], f"{_WHERE}: decay", low=0.0, high=1.0),
            reading.number(found["foreign"], f"{_WHERE}: foreign", low=0.01, high=1e6),
            reading.number(found["known"], f"{_WHERE}: known", low=0.01, high=1e6),
        )


def evidence(
    rule: LanguageRule | None, before: float, text: str, languages: NDArray[np.float32] | None
) -> float:
    """Evidence after a message; unchanged by one without letters.

    languages: (n,) float32 probabilities, the last of which is that of all other languages.
    """
    if rule is None or languages is None or not any(letter.isalpha() for letter in text):
        return before
    other = min(max(float(languages[-1]), 1e-6), 1 - 1e-6)
    odds = math.log(other) - math.log1p(-other)
    return rule.decay * before + min(max(odds, -_MOST), _MOST)


def supported(rule: LanguageRule | None, evidence: float) -> bool | None:
    """True or False where the evidence is enough, else None."""
    if rule is None or -rule.known < evidence < rule.foreign:
        return None
    return evidence < 0
