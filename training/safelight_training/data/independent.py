"""Chats written to judge the model, apart from all training data (`independent/README.md`)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from safelight_training.data.authored_format import read_dialogues
from safelight_training.data.near import normalise, pairs

FOLDER = Path(__file__).parents[1] / "independent"
#: Shorter messages ("how old are you if you don't mind") come to any two people.
LEAST_WORDS, LEAST_LETTERS = 10, 24


def independent(half: str, folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Conversations of `half` ("dev"), in the order of languages and voices.

    Raises AuthoredError with file and line where one does not follow the format.
    """
    found = []
    for path in sorted((folder / half).glob("*/*.txt")):
        for chat in read_dialogues(path):
            family = f"independent/{chat['id']}"
            found.append({**chat, "family": family, "real": False, "corpus": "", "is_chat": True})
    return found


def shared(judging: Iterable[dict[str, Any]], training: Iterable[str]) -> list[str]:
    """Ids of messages ("id/place") of the judging chats that stand in the training texts.

    Exactly, or with 0.8 of their words in common (Jaccard); only messages long enough to
    be nobody's but their writer's.
    """
    mine = {}
    for chat in judging:
        for place, message in enumerate(chat["messages"]):
            if _long(message["text"]):
                mine[f"{chat['id']}/{place}"] = message["text"]
    names, texts = list(mine), list(mine.values())
    others = sorted({text for text in training if _long(text)})
    near = pairs([*texts, *others])
    return sorted({names[i] for i, j in near if i < len(texts) <= j})


def _long(text: str) -> bool:
    plain = normalise(text)
    words = plain.split()
    # Languages that write without spaces have few words; there letters count.
    return len(words) >= LEAST_WORDS or (len(words) <= 2 and len(plain) >= LEAST_LETTERS)
