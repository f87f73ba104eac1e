"""Does anything of one split stand in another? Exact and near duplicates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from safelight_training.data.near import normalise, pairs

#: Shorter messages ("ok lol") are everybody's and prove nothing.
LEAST_WORDS = 4


def leaks(conversations: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Counts of what stands in two splits: families, whole chats, messages, near messages.

    Messages are compared after normalising, from four words on; messages near each other
    share 0.8 of their words (Jaccard).
    """
    splits: dict[str, dict[str, set[str]]] = {
        name: defaultdict(set) for name in ("families", "chats", "messages")
    }
    for conversation in conversations:
        split = conversation["split"]
        splits["families"][conversation["family"]].add(split)
        texts = [normalise(message["text"]) for message in conversation["messages"]]
        splits["chats"]["\n".join(texts)].add(split)
        for text in texts:
            if len(text.split()) >= LEAST_WORDS:
                splits["messages"][text].add(split)
    found = {name: sum(len(s) > 1 for s in by.values()) for name, by in splits.items()}
    texts = list(splits["messages"])
    where = splits["messages"]
    found["near_messages"] = sum(where[texts[i]] != where[texts[j]] for i, j in pairs(texts))
    return found
