"""Labelled chats of whoever retrains: JSON lines (docs/formats.md) beside what was written here."""

from __future__ import annotations

from collections.abc import Sequence
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
    is kept. A line that cannot be used is named on standard error and the rest is read. Raises
    CorpusError where nothing is left, where a risky chat lacks its marks, or where a language is
    none of `languages`.
    """
    return [_ready(chat, languages) for path in paths for chat in read_folder(path)]


def _ready(chat: Conversation, languages: Sequence[str]) -> Conversation:
    if chat["language"] not in languages:
        known = ", ".join(languages)
        raise CorpusError(f"{chat['id']}: language is none of {known}; add it with --language")
    if chat["label"] != "none" and (chat.get("first_sign") is None or not _arcs(chat)):
        raise CorpusError(f"{chat['id']}: training needs first_sign, warn_by and risks")
    if not all("indicators" in m or "cues" in m for m in chat["messages"]):
        raise CorpusError(f"{chat['id']}: every message needs indicators or cues, empty or not")
    voice = chat.get("voice") or chat["family"]
    split = chat.get("split") or by_share(f"own/{voice}", AUTHORED_SHARES)
    if split not in SPLITS:
        raise CorpusError(f"{chat['id']}: split is none of {', '.join(SPLITS)}")
    messages = [{"indicators": [], "cues": [], **message} for message in chat["messages"]]
    family = FAMILY + chat["family"]
    return {**chat, "voice": voice, "family": family, "split": split, "messages": messages}


def _arcs(chat: Conversation) -> bool:
    spans = [span for span in (chat.get("risks") or {}).values() if span is not None]
    n = len(chat["messages"])
    return bool(spans) and all(
        isinstance(span, (list, tuple)) and len(span) == 2 and 0 <= span[0] <= span[1] < n
        for span in spans
    )
