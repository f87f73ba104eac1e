"""One message of one chat, around the graph: what is refused, what is fed, what is shown. Pure."""

from __future__ import annotations

from datetime import datetime, timezone

import numpy as np
from numpy.typing import NDArray

from safelight import language
from safelight.advice import AdviceBook
from safelight.conversation import ChatState
from safelight.manifest import Manifest
from safelight.policy import PolicyState, decide
from safelight.settings import Settings, shown
from safelight.snapshot_payload import short
from safelight.taxonomy import INDICATORS, MEDIA, RISKS
from safelight.types import SELF, Assessment, Form, Level, Message, Outputs, Stage

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def check(message: Message) -> None:
    """Raise ValueError, which quotes nothing, where a message is faulty."""
    if not isinstance(message.sender, str) or not message.sender:
        raise ValueError('sender must be "self", "peer" or a name')
    if not isinstance(message.text, str):
        raise ValueError("text must be a string")
    if message.media is not None and message.media not in MEDIA:
        raise ValueError(f"media must be None or one of {', '.join(MEDIA)}")
    if message.id is not None and (not isinstance(message.id, str) or not message.id):
        raise ValueError("id must be None or a string that is not empty")
    sent_at = message.sent_at
    if sent_at is not None and (not isinstance(sent_at, datetime) or sent_at.utcoffset() is None):
        raise ValueError("sent_at must be None or a datetime with a time zone")


def gap(before: datetime | None, now: datetime | None) -> float:
    """Return seconds since the previous message, -1 when unknown or first, never else negative."""
    if before is None or now is None:
        return -1.0
    # By UTC: two times in one time zone would be subtracted as the clocks on the wall show them.
    return max(((now - _EPOCH) - (before - _EPOCH)).total_seconds(), 0.0)


def moved(
    manifest: Manifest,
    book: AdviceBook,
    old: ChatState,
    message: Message,
    outputs: Outputs,
    hidden: NDArray[np.float32],
    settings: Settings,
    muted: bool,
    replay: bool,
) -> tuple[ChatState, Assessment]:
    """Return the state of a chat after a message, and what is shown.

    outputs, hidden: of the graph's step on this message; hidden is kept. settings: those that
    held when it began.
    """
    config = manifest.policies[settings.sensitivity]
    message_id = f"m{old.messages}" if message.id is None else message.id
    policy, level, stage, reasons = decide(
        old.policy, config, short(message.sender), message_id, outputs
    )
    before, _ = shown(old.policy.level, settings, muted)
    level, form = shown(level, settings, muted)
    further = level >= Level.WARNING and _urgency(policy) > _urgency(old.policy)
    risks = tuple(outputs.risks.tolist())
    rule = manifest.language
    foreign = language.evidence(rule, old.foreign, message.text, outputs.languages)
    state = ChatState(hidden, policy, risks, message.sent_at, old.messages + 1, foreign)
    shown_now: dict[str, float] = {}
    if message.sender != SELF:
        found = zip(INDICATORS, outputs.indicators.tolist(), strict=True)
        shown_now = {name: p for name, p in found if p >= config.present[name]}
    return state, Assessment(
        level=level,
        changed=not replay and level != before,
        stage=stage if level else Stage.NONE,
        risks=dict(zip(RISKS, risks, strict=True)),
        indicators=shown_now,
        reasons=reasons if level else (),
        supported_language=language.supported(rule, foreign),
        book=book,
        form=form,
        raised=not replay and (level > before or further),
    )


def _urgency(state: PolicyState) -> int:
    """How much the advice of a stage is needed; that on a push to self-harm most of all."""
    pushed = any(reason.indicator == "self_harm_push" for reason in state.reasons)
    return tuple(Stage).index(state.stage) + (state.stage is Stage.CRISIS and pushed)


def unread(book: AdviceBook) -> Assessment:
    """Return what is shown of a message while the guard is off."""
    none, risks = Level.NONE, dict.fromkeys(RISKS, 0.0)
    return Assessment(none, False, Stage.NONE, risks, {}, (), None, book, Form.OFF)
