"""Messages to time with: written chats of the test split, every language of the bundle."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from safelight_training.data.generate import conversations

Chat = dict[str, Any]


def chats(languages: Sequence[str], a_language: int, seed: int = 1) -> list[Chat]:
    """At most so many chats a language, shuffled; every message has a text."""
    counts = {language: {"test": a_language} for language in languages}
    found: list[Chat] = []
    written = [chat for chat in conversations(seed, languages, counts) if chat["split"] == "test"]
    random.Random(seed).shuffle(written)
    for language in languages:
        found += [chat for chat in written if chat["language"] == language][:a_language]
    random.Random(seed).shuffle(found)
    return [{**chat, "messages": [m for m in chat["messages"] if m.get("text")]} for chat in found]


def texts(found: Sequence[Chat], most: int, seed: int = 1) -> list[str]:
    """At most so many of their messages, drawn at random."""
    every = [message["text"] for chat in found for message in chat["messages"]]
    return random.Random(seed).sample(every, min(most, len(every)))
