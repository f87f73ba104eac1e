"""When a message calls for a card: a level that rises, or a stage that needs other advice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from safelight import Guard, Level, Message, Reason, Stage
from safelight.assess import _urgency, moved
from safelight.conversation import ChatState
from safelight.policy import PolicyState
from safelight.taxonomy import CUES, INDICATORS
from safelight.types import Outputs


def said(*shown: str, risk: float = 0.9) -> Outputs:
    found = [np.array([float(name in shown) for name in names], np.float32)
             for names in (INDICATORS, CUES)]  # fmt: skip
    return Outputs(np.array([risk, risk], np.float32), *found)


@pytest.mark.parametrize(
    ("sender", "outputs", "raised"),
    [
        ("peer", said("share_threat"), False),  # as it was
        ("self", said("complied"), True),  # what to do after is other advice
        ("peer", said("coerced_task"), True),
        ("peer", said("self_harm_push"), True),
        ("peer", said(), False),
    ],
)
def test_a_stage_that_needs_other_advice_calls_for_a_card(
    guard: Guard, sender: str, outputs: Outputs, raised: bool
) -> None:
    chat = guard.conversation("c").state

    def after(state: ChatState, sender: str, outputs: Outputs, replay: bool) -> Any:
        message = Message(sender, "", None, None, None)
        return moved(guard.manifest, guard.book, state, message, outputs, state.hidden,
                     guard.settings, False, replay)  # fmt: skip

    chat, first = after(chat, "peer", said("share_threat"), False)
    assert (first.level, first.stage, first.raised) == (Level.URGENT, Stage.THREAT, True)
    _, then = after(chat, sender, outputs, False)
    assert (then.level, then.changed, then.raised) == (Level.URGENT, False, raised)
    assert not after(chat, sender, outputs, True)[1].raised


def test_a_push_to_self_harm_is_raised_within_a_crisis(guard: Guard) -> None:
    before = PolicyState(Level.URGENT, Stage.CRISIS, (Reason("m0", "coerced_task"),))
    pushed = replace(before, reasons=(*before.reasons, Reason("m1", "self_harm_push")))
    assert _urgency(pushed) > _urgency(before)
    assert not _urgency(before) > _urgency(pushed)
    assert not _urgency(pushed) > _urgency(pushed)
