"""Labelled chats of whoever retrains: JSON lines (docs/formats.md) beside what was written here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from .corpora.reader import CorpusError
from .data.authored_format import AUTHORED
from .data.generate import SPLITS
from .data.splits import AUTHORED_SHARES, by_share
from .evaluation.given.json_lines import read_folder

Conversation = dict[str, Any]
#: Set in front of every family, so that whole dialogues of others weigh as those of this project.
FAMILY = AUTHORED + "own/"


def read(paths: Sequence[Path], languages: Sequence[str]) -> list[Conversation]:
    """All conversations of files and folders, with `split`, ready for training.

    Chats of one `voice` (else of one `family`) go to one split; a `split` that a chat names itself
    is kept. A line that cannot be used, such as a risky chat without its marks, is named on
    standard error and the rest is read. Raises CorpusError where nothing is left, or where a
    language is none of `languages`.
    """
    chats = [chat for path in paths for chat in read_folder(path, lacks=_lacks)]
    for chat in chats:
        if chat["language"] not in languages:
            known = ", ".join(languages)
            raise CorpusError(f"{chat['id']}: language is none of {known}; add it with --language")
    return [_ready(chat) for chat in chats]


def of_split(chats: Iterable[Conversation], split: str | None) -> list[Conversation]:
    """Those of read_folder's chats that `read` gives to `split`; all where it is None.

    Raises CorpusError where there is none.
    """
    found = [chat for chat in chats if split in (None, _split_of(chat))]
    if not found:
        raise CorpusError(f"no chat is of the split {split}")
    return found


def _voice_of(chat: Conversation) -> str:
    return str(chat.get("voice") or chat["family"])


def _split_of(chat: Conversation) -> str:
    return str(chat.get("split") or by_share(f"own/{_voice_of(chat)}", AUTHORED_SHARES))


def _lacks(chat: Conversation) -> str:
    """What training needs and the chat has not; empty where it can be trained on."""
    label = chat["label"]
    if label != "none" and (chat.get("first_sign") is None or not chat["risks"].get(label)):
        return f"training needs first_sign, warn_by and the risk {label}"
    if not all("indicators" in m or "cues" in m for m in chat["messages"]):
        return "every message needs indicators or cues, empty or not"
    return "" if _split_of(chat) in SPLITS else f"split is none of {', '.join(SPLITS)}"


def _ready(chat: Conversation) -> Conversation:
    messages = [{"indicators": [], "cues": [], **message} for message in chat["messages"]]
    return {**chat, "voice": _voice_of(chat), "family": FAMILY + chat["family"],
            "split": _split_of(chat), "messages": messages}  # fmt: skip
