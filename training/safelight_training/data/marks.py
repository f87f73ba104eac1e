"""Where an arc begins, where a warning would come too late, and how marks move with messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from safelight.taxonomy import RISKS

REQUESTS = frozenset(("image_request", "meet_request"))
THREATS = frozenset(
    (
        "share_threat",
        "payment_demand",
        "deadline",
        "hacked_claim",
        "fabricated_image",
        "self_harm_push",
        "coerced_task",
    )
)


def first_sign(messages: Sequence[dict[str, Any]]) -> int:
    """Index of the first message with an indicator."""
    return next(i for i, message in enumerate(messages) if message["indicators"])


def warn_by(messages: Sequence[dict[str, Any]]) -> int:
    """Index of the last message at which a warning still comes before harm (taxonomy.md).

    The first request, threat or demand; if it was a request that was refused, the message
    that comes back to it. Without any of these, the last message with an indicator.
    """
    signs = [i for i, message in enumerate(messages) if message["indicators"]]
    turns = [i for i in signs if (REQUESTS | THREATS) & set(messages[i]["indicators"])]
    if not turns:
        return signs[-1]
    first = turns[0]
    if THREATS & set(messages[first]["indicators"]):
        return first
    for i in range(first + 1, len(messages)):
        if "complied" in messages[i]["cues"]:
            return first
        if "refusal" in messages[i]["cues"]:
            return next((turn for turn in turns if turn > i), first)
    return first


def spans(
    messages: Sequence[dict[str, Any]], label: str, end: int | None = None
) -> dict[str, list[int] | None]:
    """Where each risk is active; a chat that turns from trust to threats holds both."""
    found: dict[str, list[int] | None] = dict.fromkeys(RISKS)
    last = len(messages) - 1 if end is None else end
    found[label] = [first_sign(messages), last]
    threats = [i for i, m in enumerate(messages) if THREATS & set(m["indicators"])]
    if label == "grooming" and threats:
        found["sextortion"] = [threats[0], max(last, threats[0])]
    return found


def moved(
    conversation: dict[str, Any], messages: list[dict[str, Any]], place: Sequence[int]
) -> dict[str, Any]:
    """The conversation with new messages; old message i now stands at `place[i]`."""
    result = {**conversation, "messages": messages}
    risks = conversation.get("risks") or {}
    result["risks"] = {
        risk: [place[i] for i in span] if span else None for risk, span in risks.items()
    }
    for mark in ("first_sign", "warn_by"):
        if conversation.get(mark) is not None:
            result[mark] = place[conversation[mark]]
    return result
