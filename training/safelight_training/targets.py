"""What the model is asked to say after each message (`encoder.md`, targets)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from safelight.taxonomy import CUES, INDICATORS, RISKS

#: Ramp at the first warning sign, and how slowly the risk fades after an arc, per message.
START, FADE = 0.3, 0.96
ONSET = 4.0
#: Acts that ordinary chats practically never hold: there an unlabelled message counts as a
#: negative, with this weight (docs/decisions/0006-real-negatives.md).
NEVER_ORDINARY = (
    "share_threat", "payment_demand", "hacked_claim", "fabricated_image", "self_harm_push",
    "coerced_task", "image_request", "image_offer",
)  # fmt: skip
ORDINARY_WEIGHT = 0.3
LABELS = (*INDICATORS, *CUES)
_NEVER = [INDICATORS.index(name) for name in NEVER_ORDINARY]


class Arc(NamedTuple):
    """Places of messages in the arc of one risk.

    `shown`: the first message from `first` to `warn_by` that shows a sign, or `warn_by` itself.
    """

    column: int  # of the risk
    first: int
    last: int
    warn_by: int
    shown: int


def _arcs(conversation: dict[str, Any]) -> Iterator[Arc]:
    """The arcs of the risks that are active in the chat."""
    messages = conversation["messages"]
    for column, risk in enumerate(RISKS):
        if span := (conversation.get("risks") or {}).get(risk):
            first, last = span
            warn_by = max(conversation["warn_by"], first)
            signs = (i for i in range(first, warn_by) if messages[i].get("indicators"))
            yield Arc(column, first, last, warn_by, next(signs, warn_by))


def risk_targets(conversation: dict[str, Any]) -> np.ndarray:
    """(messages, 2) float32, 0..1: 0 before the first sign, 1 one peer message before `warn_by`.

    At most START while no message has shown a sign: harmless chats begin with the same words.
    1 while the arc is active, then falling slowly: the state must not latch for ever.
    """
    messages = conversation["messages"]
    target = np.zeros((len(messages), len(RISKS)), np.float32)
    for column, first, last, warn_by, shown in _arcs(conversation):
        peers = [i for i in range(first, warn_by) if messages[i]["sender"] != "self"]
        full = peers[-1] if peers else first
        for i in range(first, len(messages)):
            if i < full:
                target[i, column] = START + (1 - START) * (i - first) / (full - first)
            else:
                target[i, column] = 1.0 if i <= last else FADE ** (i - last)
        target[first:shown, column] = np.minimum(target[first:shown, column], START)
    return target


def onset_weights(conversation: dict[str, Any]) -> np.ndarray:
    """(messages, 2) float32: weight of each message in the loss of each risk.

    ONSET from the first message that shows a sign to `warn_by`, the only ones at which a warning
    is in time and has a reason: a threat that comes at once must raise the risk at that message.
    """
    weights = np.ones((len(conversation["messages"]), len(RISKS)), np.float32)
    for arc in _arcs(conversation):
        weights[arc.shown : arc.warn_by + 1, arc.column] = ONSET
    return weights


def label_targets(conversation: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Labels and mask, both (messages, 26) float32.

    Indicators are asked of peers' messages, cues of the owner's. Messages without the key
    `indicators` (real chats) were never labelled: all but NEVER_ORDINARY is masked there. So is
    what a message is `unsure` of: the first part of one that was sent in two.
    """
    messages = conversation["messages"]
    labels = np.zeros((len(messages), len(INDICATORS) + len(CUES)), np.float32)
    mask = np.zeros_like(labels)
    for i, message in enumerate(messages):
        if "indicators" not in message:
            if message["sender"] != "self":
                mask[i, _NEVER] = ORDINARY_WEIGHT
            continue
        if message["sender"] == "self":
            mask[i, len(INDICATORS) :] = 1
        else:
            mask[i, : len(INDICATORS)] = 1
        for label in message.get("unsure", ()):
            mask[i, LABELS.index(label)] = 0
        for label in message.get("indicators", ()):
            labels[i, INDICATORS.index(label)] = 1
        for label in message.get("cues", ()):
            labels[i, len(INDICATORS) + CUES.index(label)] = 1
    return labels, mask


def gaps(conversation: dict[str, Any]) -> np.ndarray:
    """(messages,) float32 seconds since the previous message; −1 unknown and for the first."""
    times = [message.get("offset_s") for message in conversation["messages"]]
    result = np.full(len(times), -1.0, np.float32)
    for i in range(1, len(times)):
        if times[i] is not None and times[i - 1] is not None:
            result[i] = max(0.0, times[i] - times[i - 1])
    return result
