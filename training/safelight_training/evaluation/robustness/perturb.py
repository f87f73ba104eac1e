"""All perturbations by name, in three strengths, seeded chat by chat."""

from __future__ import annotations

import random
from typing import Any

from safelight_training.evaluation.robustness.messages import CHAT_CHANGES
from safelight_training.evaluation.robustness.texts import TEXT_CHANGES

STRENGTHS = {"light": 0.1, "medium": 0.25, "strong": 0.5}
NAMES = (*TEXT_CHANGES, *CHAT_CHANGES)


def perturbed(chat: dict[str, Any], name: str, strength: str, seed: int = 1) -> dict[str, Any]:
    """The chat after perturbation `name` (of NAMES) at `strength` (of STRENGTHS).

    A text perturbation touches every message that has text, of both sides alike.
    """
    rng = random.Random(f"{seed}/{name}/{strength}/{chat['id']}")
    share = STRENGTHS[strength]
    if name in CHAT_CHANGES:
        return CHAT_CHANGES[name](chat, rng, share)
    change, language = TEXT_CHANGES[name], chat.get("language", "")
    messages = [
        {**message, "text": change(message["text"], rng, share, language)}
        if message.get("text") else message
        for message in chat["messages"]
    ]  # fmt: skip
    return {**chat, "messages": messages}
