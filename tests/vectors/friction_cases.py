"""What a person's choices show, what friction asks, and what "this was fine" leaves."""

from __future__ import annotations

from itertools import product
from typing import Any

import policy_cases
from policy_cases import Line, own, peer

from safelight.friction import SENDING, arriving, sending
from safelight.policy import PolicyConfig, PolicyState, decide, this_was_fine
from safelight.settings import Settings, asking_level, shown
from safelight.types import Level, Stage

Case = dict[str, Any]
CALM = own(0.875, 0.875)  # nothing is shown, the risks stay where they were
BOTH = peer(0.875, 0, secrecy=1, isolation=1)
THREAT = peer(0, 0.875, share_threat=1)
DEMAND = peer(0, 0.875, payment_demand=1)

#: what it shows → the chat; None is where the person said that it was fine
FINE: dict[str, list[Line | None]] = {
    "a warning ends at once, and risk alone does not bring it back": [BOTH, None, CALM, CALM],
    "a notice ends": [peer(0.875, 0, secrecy=1), None, peer(0.875, 0)],
    "one new sign is a notice, not a progression with the old": [
        BOTH,
        None,
        peer(0.875, 0, image_request=1),
    ],
    "a sign seen before counts when it is made again": [BOTH, None, BOTH],
    "a weak sign alone still raises nothing": [BOTH, None, peer(0.875, 0, special_bond=1)],
    "urgent ends as well": [THREAT, None, CALM],
    "a new threat is urgent at once": [BOTH, None, THREAT],
    "a second threat is urgent again": [THREAT, None, CALM, THREAT],
    "a new push is urgent without any risk": [BOTH, None, peer(0, 0, self_harm_push=1)],
    "a demand after a threat that was fine is a notice": [THREAT, None, DEMAND],
    "a demand beside a new threat is urgent": [
        THREAT,
        None,
        DEMAND,
        peer(0, 0.875, hacked_claim=0.5),
    ],
    "what the owner showed still picks the advice": [
        BOTH,
        own(0.875, 0, complied=1),
        None,
        peer(0.875, 0, image_request=1),
    ],
    "in a chat where nothing was noticed it changes nothing": [None, BOTH],
    "the places of messages go on": [BOTH, CALM, None, peer(0.875, 0, meet_request=1)],
}


def shown_cases() -> list[Case]:
    """Every level under every choice: what is seen, and the level by which friction asks."""
    flags = (True, False)
    cases = []
    for level, on, discreet, friction, muted in product(Level, flags, flags, flags, flags):
        settings = Settings(on=on, discreet=discreet, friction=friction)
        seen, form = shown(level, settings, muted)
        cases.append(
            {
                "rule": "shown",
                "found": level.label,
                "settings": {"on": on, "discreet": discreet, "friction": friction},
                "muted": muted,
                "level": seen.label,
                "form": form.value,
                "asking": asking_level(level, settings, muted).label,
            }
        )
    return cases


def friction_cases() -> list[Case]:
    """Every level at every stage: what is asked of each kind, on its way out and in."""
    return [
        {
            "rule": "friction",
            "level": level.label,
            "stage": stage.value,
            "send": {kind: sending(kind, level, stage).value for kind in SENDING},
            "arrive": {kind: arriving(kind, level, stage).value for kind in SENDING},
        }
        for level, stage in product(Level, Stage)
        if (level == Level.NONE) == (stage == Stage.NONE)
    ]


def fine_cases() -> list[Case]:
    """Chats in the form of policy.json, under its plain policy; `fine` follows the message."""
    return [_fine_case(why, lines) for why, lines in FINE.items()]


def _fine_case(why: str, lines: list[Line | None]) -> Case:
    config = PolicyConfig.from_manifest(policy_cases.CONFIGS["plain"])
    state, steps = PolicyState(), []
    for line in lines:
        if line is None:
            state = this_was_fine(state)
            steps.append({"fine": True, "level": state.level.label, "stage": state.stage.value})
            continue
        name = f"m{state.messages}"
        outputs = policy_cases.outputs(line)
        state, level, stage, reasons = decide(state, config, line[0], name, outputs)
        steps.append(
            {
                **policy_cases.written(line, name),
                "level": level.label,
                "stage": stage.value,
                "reasons": [[reason.message_id, reason.indicator] for reason in reasons],
            }
        )
    return {"rule": "fine", "why": why, "steps": steps}


def build() -> Case:
    """The whole file."""
    return {
        "what": "exactly: shown, the level found and the choices -> level and form seen, and the "
        "level by which friction asks; friction, that level and the stage -> what is done with "
        "each kind; fine, outputs of each message, as in policy.json, and where the person said "
        "that it was fine -> level, stage and reasons",
        "config": policy_cases.CONFIGS["plain"],
        "cases": [*shown_cases(), *friction_cases(), *fine_cases()],
    }
