"""The numbers and lists of the policy, read and checked from a manifest."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safelight import reading
from safelight.reading import BundleError
from safelight.taxonomy import CUES, INDICATORS

SENSITIVITIES = ("low", "standard", "high")
#: The indicators that raise `urgent` by a threshold of their own.
DIRECT = ("self_harm_push", "coerced_task")
_POLICY_KEYS = (
    "weak",
    "critical",
    "critical_with",
    "direct",
    "require_progression",
    "tally_decay",
    "tally_min",
    "hold_messages",
)


@dataclass(frozen=True)
class PolicyConfig:
    """One sensitivity's policy. All probabilities are calibrated, 0..1.

    present, strong: per indicator id. cues: per cue id. enter: for notice, warning and urgent,
    in this order, the thresholds of (grooming, sextortion); infinity where a risk cannot raise
    a level. leave: factor on `enter` below which a level is left.
    """

    present: Mapping[str, float]
    strong: Mapping[str, float]
    cues: Mapping[str, float]
    enter: tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
    leave: float
    weak: frozenset[str]
    critical: frozenset[str]
    critical_with: Mapping[str, frozenset[str]]
    direct: Mapping[str, float]
    require_progression: bool
    tally_decay: float
    tally_min: float
    hold_messages: int

    @classmethod
    def from_manifest(
        cls, manifest: Mapping[str, Any], sensitivity: str = "standard"
    ) -> PolicyConfig:
        """Read `thresholds` and `policy` of a manifest; BundleError on any fault.

        sensitivity: "low", "standard" or "high" (ValueError otherwise).
        """
        if sensitivity not in SENSITIVITIES:
            raise ValueError(f"sensitivity must be one of {', '.join(SENSITIVITIES)}")
        where = "manifest.json: thresholds"
        thresholds = reading.exact_keys(
            reading.field(manifest, "thresholds", "manifest.json"),
            ("indicators", "cues", "levels"),
            where,
        )
        present, strong = _indicator_thresholds(thresholds["indicators"], f"{where}.indicators")
        levels = reading.exact_keys(thresholds["levels"], SENSITIVITIES, f"{where}.levels")
        enter, leave = _level_thresholds(levels[sensitivity], f"{where}.levels.{sensitivity}")
        policy = reading.exact_keys(
            reading.field(manifest, "policy", "manifest.json"),
            _POLICY_KEYS,
            "manifest.json: policy",
        )
        return cls(
            present=present,
            strong=strong,
            cues=_probabilities(thresholds["cues"], CUES, f"{where}.cues"),
            enter=enter,
            leave=leave,
            **_policy_numbers(policy, present, "manifest.json: policy"),
        )


def _probability(value: Any, where: str) -> float:
    return reading.number(value, where, low=0.0, high=1.0)


def _probabilities(value: Any, names: tuple[str, ...], where: str) -> dict[str, float]:
    numbers = reading.sequence(value, where, least=len(names), most=len(names))
    return {
        name: _probability(number, f"{where}: {name}")
        for name, number in zip(names, numbers, strict=True)
    }


def _indicator_thresholds(value: Any, where: str) -> tuple[dict[str, float], dict[str, float]]:
    found = reading.exact_keys(value, ("present", "strong"), where)
    present = _probabilities(found["present"], INDICATORS, f"{where}.present")
    strong = _probabilities(found["strong"], INDICATORS, f"{where}.strong")
    for name in INDICATORS:
        if strong[name] < present[name]:
            raise BundleError(f"{where}: strong is below present for {name}")
    return present, strong


def _level_thresholds(
    value: Any, where: str
) -> tuple[tuple[tuple[float, float], tuple[float, float], tuple[float, float]], float]:
    found = reading.exact_keys(value, ("grooming", "sextortion", "leave"), where)
    grooming = reading.exact_keys(found["grooming"], ("notice", "warning"), f"{where}.grooming")
    sextortion = reading.exact_keys(
        found["sextortion"], ("notice", "warning", "urgent"), f"{where}.sextortion"
    )
    first = {key: _probability(p, f"{where}.grooming.{key}") for key, p in grooming.items()}
    second = {key: _probability(p, f"{where}.sextortion.{key}") for key, p in sextortion.items()}
    if first["notice"] > first["warning"]:
        raise BundleError(f"{where}.grooming: a higher level has a lower threshold")
    if not second["notice"] <= second["warning"] <= second["urgent"]:
        raise BundleError(f"{where}.sextortion: a higher level has a lower threshold")
    enter = (
        (first["notice"], second["notice"]),
        (first["warning"], second["warning"]),
        (math.inf, second["urgent"]),
    )
    return enter, reading.number(found["leave"], f"{where}.leave", low=0.01, high=1.0)


def _names(value: Any, where: str) -> frozenset[str]:
    entries = reading.sequence(value, where, most=len(INDICATORS))
    return frozenset(reading.one_of(entry, INDICATORS, where) for entry in entries)


def _policy_numbers(
    policy: Mapping[str, Any], present: Mapping[str, float], where: str
) -> dict[str, Any]:
    critical = _names(policy["critical"], f"{where}.critical")
    partners = reading.mapping(policy["critical_with"], f"{where}.critical_with")
    for name in partners:
        if name not in critical:
            raise BundleError(f"{where}.critical_with: {name!r} is not critical")
    if not isinstance(policy["require_progression"], bool):
        raise BundleError(f"{where}.require_progression: must be true or false")
    tally_min = _probability(policy["tally_min"], f"{where}.tally_min")
    direct = reading.exact_keys(policy["direct"], DIRECT, f"{where}.direct")
    for name in DIRECT:
        floor = max(present[name], tally_min)
        reading.number(direct[name], f"{where}.direct.{name}", low=floor, high=1.0)
    return {
        "weak": _names(policy["weak"], f"{where}.weak"),
        "critical": critical,
        "critical_with": {
            name: _names(entry, f"{where}.critical_with.{name}") for name, entry in partners.items()
        },
        "direct": {name: float(direct[name]) for name in DIRECT},
        "require_progression": policy["require_progression"],
        "tally_decay": _probability(policy["tally_decay"], f"{where}.tally_decay"),
        "tally_min": tally_min,
        "hold_messages": reading.integer(
            policy["hold_messages"], f"{where}.hold_messages", low=1, high=1000
        ),
    }
