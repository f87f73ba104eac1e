"""Chats as the policy sees them: who wrote, the two risks, what the message shows.

All numbers are multiples of 1/64, so that float32 and float64 hold the same value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from safelight.taxonomy import CUES, INDICATORS
from safelight.types import Outputs

Line = tuple[str, float, float, dict[str, float]]
Case = tuple[str, str, str, list[Line]]


def _levels(notice: float, warning: float, urgent: float) -> dict[str, Any]:
    return {
        "grooming": {"notice": notice, "warning": warning},
        "sextortion": {"notice": notice, "warning": warning, "urgent": urgent},
        "leave": 0.5,
    }


def _config(**policy: Any) -> dict[str, Any]:
    """`thresholds` and `policy` in the form of a manifest."""
    return {
        "thresholds": {
            "indicators": {"present": [0.5] * len(INDICATORS), "strong": [0.75] * len(INDICATORS)},
            "cues": [0.5] * len(CUES),
            "levels": {
                "low": _levels(0.5, 0.75, 0.875),
                "standard": _levels(0.25, 0.5, 0.75),
                "high": _levels(0.125, 0.25, 0.5),
            },
        },
        "policy": {
            "weak": ["personal_info_request", "special_bond", "identity_claim", "boundary_test"],
            "critical": [
                "share_threat",
                "fabricated_image",
                "hacked_claim",
                "payment_demand",
                "self_harm_push",
                "coerced_task",
            ],
            "critical_with": {
                "payment_demand": ["share_threat", "fabricated_image", "hacked_claim"]
            },
            "direct": {"self_harm_push": 0.875, "coerced_task": 0.9375},
            "require_progression": True,
            "tally_decay": 0.98,
            "tally_min": 0.3,
            "hold_messages": 3,
            **policy,
        },
    }


CONFIGS: dict[str, dict[str, Any]] = {
    "plain": _config(),
    "no_progression": _config(require_progression=False),
    "hold_one": _config(hold_messages=1),
    "fast_decay": _config(tally_decay=0.75),
}


def by(name: str, grooming: float, sextortion: float, **shown: float) -> Line:
    return name, grooming, sextortion, shown


def peer(grooming: float, sextortion: float, **shown: float) -> Line:
    return by("peer", grooming, sextortion, **shown)


def own(grooming: float, sextortion: float, **shown: float) -> Line:
    return by("self", grooming, sextortion, **shown)


def outputs(line: Line) -> Outputs:
    """A line as the model would say it."""
    _, grooming, sextortion, shown = line
    return Outputs(
        np.array([grooming, sextortion], np.float32),
        np.array([shown.get(label, 0.0) for label in INDICATORS], np.float32),
        np.array([shown.get(label, 0.0) for label in CUES], np.float32),
    )


def written(line: Line, id: str) -> dict[str, Any]:
    """A line as the vectors hold it."""
    sender, grooming, sextortion, shown = line
    return {
        "sender": sender,
        "id": id,
        "risks": [grooming, sextortion],
        "indicators": {k: p for k, p in shown.items() if k in INDICATORS},
        "cues": {k: p for k, p in shown.items() if k in CUES},
    }


CALM = [peer(0, 0), own(0, 0)]
WEAK = {
    "personal_info_request": 1.0,
    "special_bond": 1.0,
    "identity_claim": 1.0,
    "boundary_test": 1.0,
}
THREAT = peer(0, 0.875, share_threat=0.875)

#: what it shows → the chat, under the plain policy at standard sensitivity
PLAIN: dict[str, list[Line]] = {
    "ordinary messages": CALM * 3,
    "risk without any indicator": [peer(1, 1), own(1, 1)],
    "an indicator without risk": [peer(0.125, 0.125, secrecy=1)],
    "an indicator just below its threshold": [peer(0.875, 0, secrecy=0.484375)],
    "an indicator at its threshold, risk at notice": [peer(0.25, 0, secrecy=0.5)],
    "risk just below notice": [peer(0.234375, 0, secrecy=1)],
    "the other risk does as well": [peer(0, 0.25, secrecy=0.5)],
    "weak only: one, repeated": [peer(0.875, 0, special_bond=1)] * 6,
    "weak only: all four, with high risk": [peer(1, 1, **WEAK), own(1, 1), peer(1, 1, **WEAK)],
    "progression: two in one message": [peer(0.5, 0, secrecy=1, isolation=1)],
    "progression: over two messages": [
        peer(0.125, 0, secrecy=1),
        own(0.25, 0),
        peer(0.5, 0, image_request=1),
    ],
    "progression: a weak one counts beside": [
        peer(0.25, 0, special_bond=1),
        peer(0.5, 0, secrecy=1),
    ],
    "progression: the same twice is none": [peer(0.875, 0, secrecy=1), peer(0.875, 0, secrecy=1)],
    "progression, but little risk": [peer(0.4375, 0, secrecy=1, isolation=1)],
    "progression: the risk comes later, on the owner's turn": [
        peer(0.125, 0, secrecy=1),
        peer(0.125, 0, isolation=1),
        own(0.5, 0),
    ],
    "critical: strong and alone": [peer(0, 0.5, share_threat=0.75)],
    "critical: alone, not strong": [peer(0, 0.5, share_threat=0.734375)],
    "critical: was strong once": [
        peer(0, 0.125, share_threat=0.75),
        peer(0, 0.5, share_threat=0.5),
    ],
    "critical: a demand alone is not": [peer(0, 1, payment_demand=1)],
    "critical: a demand beside a threat": [peer(0, 0.75, payment_demand=1, hacked_claim=0.5)],
    "critical: a demand, the threat later": [
        peer(0, 0.75, payment_demand=1),
        own(0, 0.75),
        peer(0, 0.75, share_threat=0.5),
    ],
    "critical: a demand beside a deadline is not": [peer(0, 0.875, payment_demand=1, deadline=1)],
    "urgent: threat and risk": [peer(0, 0.75, fabricated_image=0.5)],
    "urgent: grooming alone never": [peer(1, 0.734375, share_threat=1)],
    "urgent: a threat seen before, the risk rises later": [
        peer(0, 0.25, share_threat=0.5),
        own(0, 0.75),
    ],
    "direct: a push by itself": [peer(0, 0, self_harm_push=0.875)],
    "direct: a push just below": [peer(0, 0, self_harm_push=0.859375)],
    "direct: a task by itself": [peer(0, 0, coerced_task=0.9375)],
    "direct: a task below its own threshold": [peer(0, 0, coerced_task=0.921875)],
    "direct: holds by its tally, then falls": [peer(0, 0, self_harm_push=1), *CALM * 24],
    "direct: in the owner's words does not count": [own(0, 0, self_harm_push=1, coerced_task=1)],
    "the owner's indicators do not count": [own(1, 1, share_threat=1, secrecy=1)],
    "a peer's cues do not count": [peer(0, 0.875, share_threat=1, complied=1, distress=1)],
    "stage: trust": [peer(0.5, 0, secrecy=1, incentive=1)],
    "stage: request": [peer(0.5, 0, secrecy=1, meet_request=1)],
    "stage: threat": [peer(0, 0.5, deadline=1, pressure=1)],
    "stage: after": [peer(0.5, 0, secrecy=1, image_request=1), own(0.5, 0, complied=0.5)],
    "stage: a cue below its threshold": [
        peer(0.5, 0, secrecy=1, image_request=1),
        own(0.5, 0, complied=0.484375),
    ],
    "stage: after, by an earlier cue": [own(0, 0, complied=1), THREAT],
    "stage: crisis by distress in a threat": [THREAT, own(0, 0.875, distress=0.5)],
    "stage: distress without a threat": [
        peer(0.5, 0, secrecy=1, isolation=1),
        own(0.5, 0, distress=1),
    ],
    "stage: crisis by a push": [peer(0, 0.5, self_harm_push=1, share_threat=1)],
    "stage: a cue fades": [
        peer(0.5, 0, secrecy=1, image_request=1),
        own(0.5, 0, complied=1),
        *[own(0.5, 0)] * 60,
    ],
    "hysteresis: held at the leave threshold": [
        peer(0.5, 0, secrecy=1, isolation=1),
        *[own(0.25, 0)] * 6,
    ],
    "hysteresis: two below do not lower": [
        peer(0.5, 0, secrecy=1, isolation=1),
        *[own(0.234375, 0)] * 2,
        own(0.25, 0),
    ],
    "hysteresis: the count starts again": [
        peer(0.5, 0, secrecy=1, isolation=1),
        *[own(0.125, 0)] * 2,
        own(0.375, 0),
        *[own(0.125, 0)] * 3,
    ],
    "leaving: one level at a time": [THREAT, *CALM * 6],
    "leaving: to notice, which holds": [
        peer(0.5, 0, secrecy=1, isolation=1),
        *[own(0.1875, 0)] * 8,
    ],
    "leaving: up again at once": [THREAT, *CALM * 2, peer(0, 0.75, payment_demand=1)],
    "a tally fades, then the same once more": [
        peer(0, 0, secrecy=1),
        *CALM * 30,
        peer(0.25, 0),
        peer(0.25, 0, secrecy=0.5),
    ],
    "what was shown stays when all has faded": [
        peer(0.5, 0, secrecy=1, isolation=1),
        *[own(0.375, 0)] * 64,
    ],
    "a lower tally is kept under the higher": [
        peer(0.5, 0, secrecy=1, isolation=0.5),
        *[own(0.5, 0)] * 27,
    ],
    "groups: two friends make no progression": [
        by("Ann", 0.875, 0, secrecy=1),
        by("Ben", 0.875, 0, isolation=1),
    ],
    "groups: one of them makes it": [
        by("Ann", 0.875, 0, secrecy=1),
        by("Ben", 0, 0),
        by("Ann", 0.875, 0, isolation=1),
    ],
    "groups: the demand of one, the threat of another": [
        by("Ann", 0, 1, payment_demand=1),
        by("Ben", 0, 0.5, share_threat=0.5),
    ],
    "groups: the risk rises while another writes": [
        by("Ann", 0, 0.125, share_threat=0.5),
        by("Ben", 0, 0.75),
    ],
    "groups: a push is urgent as it comes, while that of another fades": [
        by("Ann", 0, 0, self_harm_push=1),
        *[own(0, 0)] * 42,
        by("Ben", 0, 0, self_harm_push=1),
        own(0, 0),
    ],
    "groups: reasons of both that passed": [
        by("Ann", 0.5, 0, secrecy=1, isolation=1),
        by("Ben", 0.5, 0, incentive=1, move_channel=1),
    ],
    "groups: weak of one beside strong of another": [
        by("Ann", 0.5, 0, special_bond=1),
        by("Ben", 0.5, 0, secrecy=1),
    ],
    "reasons: at most six, critical first kept": [
        peer(0, 0.5, share_threat=0.5),
        peer(0, 0.5, secrecy=1, isolation=1, constant_contact=1, risk_check=1),
        peer(0, 0.5, incentive=1, move_channel=1, pressure=1),
    ],
    "reasons: the latest message of each": [
        peer(0.5, 0, secrecy=1, isolation=1),
        own(0.5, 0),
        peer(0.5, 0, isolation=0.5),
        peer(0.5, 0, secrecy=0.75),
    ],
}

#: config, sensitivity, what it shows → the chat
OTHER: list[Case] = [
    ("no_progression", "standard", "warning by one indicator", [peer(0.5, 0, secrecy=1)]),
    ("no_progression", "standard", "weak only still raises nothing", [peer(1, 1, **WEAK)]),
    ("hold_one", "standard", "each calm message lowers one level", [THREAT, *CALM * 3]),
    (
        "fast_decay",
        "standard",
        "a first sign fades in four messages",
        [peer(0.125, 0, secrecy=1), *[own(0.125, 0)] * 4, peer(0.5, 0, isolation=1)],
    ),
    (
        "fast_decay",
        "standard",
        "a task that faded takes no advice from a threat",
        [peer(0, 0, coerced_task=0.5), peer(0, 0.875, share_threat=1)],
    ),
    (
        "fast_decay",
        "standard",
        "a push that faded still does",
        [peer(0, 0, self_harm_push=0.5), peer(0, 0.875, share_threat=1)],
    ),
    (
        "fast_decay",
        "standard",
        "a first sign still counts after three",
        [peer(0.125, 0, secrecy=1), *[own(0.125, 0)] * 3, peer(0.5, 0, isolation=1)],
    ),
    *(
        (
            (
                "plain",
                name,
                f"one chat at {name} sensitivity",
                [
                    peer(0.125, 0, secrecy=1),
                    peer(0.375, 0, isolation=1),
                    own(0.5, 0),
                    peer(0.75, 0.25, image_request=1),
                    peer(0.25, 0.5, share_threat=0.875),
                    peer(0, 0.875, payment_demand=1),
                    *CALM * 6,
                ],
            )
        )
        for name in ("low", "standard", "high")
    ),
]


def cases() -> Iterator[Case]:
    """(config, sensitivity, what it shows, chat), in a fixed order."""
    for why, lines in PLAIN.items():
        yield "plain", "standard", why, lines
    yield from OTHER
