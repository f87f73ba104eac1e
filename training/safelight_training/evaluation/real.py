"""Rows on real chats: how often ordinary people would be alarmed, corpus by corpus."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from safelight_training.corpora import sources_in
from safelight_training.evaluation.replay import Played
from safelight_training.evaluation.written import Row, alarms_of
from safelight_training.plans import HELD_OUT_CORPORA

#: The pool that says what a phone meets.
STRANGE = "all, of corpora never trained on"
FAMILIAR = "all, of corpora trained on"
#: Messages from which a chat counts as one of some length.
LONG = 10


def dialogue_of(chat: dict[str, Any]) -> str:
    """Corpus and name of a real chat, without the way round."""
    return f"{chat['corpus']}/{chat['id'].rpartition('/')[0]}"


def strange(real: Row | None) -> Row | None:
    """The pool of corpora that training never saw, or of all where there is none of those: then of
    corpora whose other chats it saw, which `is_strange` tells apart."""
    pools = {row["pool"]: row for row in (real or {}).get("pooled", ())}
    return pools.get(STRANGE) or pools.get("all")


def is_strange(pool: Row) -> bool:
    """Whether training saw no chat of the corpora in this row."""
    return bool(pool["pool"] == STRANGE)


def of_corpora(pool: Row) -> str:
    """How the corpora in this row stand to training."""
    return "corpora " + ("that training never saw" if is_strange(pool) else
                         "whose other chats were trained on")  # fmt: skip


@dataclass(frozen=True)
class Chat:
    """One real chat, whoever of its first two writers holds the phone; the higher level of both."""

    corpus: str
    language: str
    messages: int
    highest: int

    @property
    def trained(self) -> bool:
        """Whether other chats of its corpus were in training."""
        return self.corpus not in HELD_OUT_CORPORA


def merged(played: Iterable[Played]) -> list[Chat]:
    """The directions of each chat as one: it is alarmed if either of them is."""
    return louder((p.conversation, p.highest) for p in played)


def louder(directions: Iterable[tuple[dict[str, Any], int]]) -> list[Chat]:
    """The same of conversations and the highest level in each."""
    chats: dict[str, Chat] = {}
    for c, level in directions:
        key = dialogue_of(c)
        highest = max(level, chats[key].highest if key in chats else 0)
        chats[key] = Chat(c["corpus"], c["language"], len(c["messages"]), highest)
    return list(chats.values())


def real_rows(chats: Sequence[Chat], digests: dict[str, str]) -> Row:
    """`corpora`: one row a corpus, with the sha256 of its file; `pooled`: rows over corpora."""
    corpora = []
    for name in sorted({chat.corpus for chat in chats}):
        mine = [chat for chat in chats if chat.corpus == name]
        row = {"corpus": name, "language": mine[0].language, "trained": mine[0].trained}
        corpora.append({**row, "sha256": digests[name], **_figures(mine)})
    pools = {
        "all": list(chats),
        STRANGE: [c for c in chats if not c.trained],
        FAMILIAR: [c for c in chats if c.trained],
        f"all, of {LONG} messages or more": [c for c in chats if c.messages >= LONG],
    }
    for language in sorted({chat.language for chat in chats}):
        mine = [c for c in chats if c.language == language]
        pools[language] = mine
        pools[f"{language}, of corpora never trained on"] = [c for c in mine if not c.trained]
    pooled = [{"pool": name, **_figures(pool)} for name, pool in pools.items() if pool]
    return {"corpora": corpora, "pooled": pooled}


def _figures(chats: Sequence[Chat]) -> Row:
    highest = np.array([chat.highest for chat in chats], np.int64)
    messages = sum(chat.messages for chat in chats)
    return {"n": len(chats), "messages": messages, **alarms_of(highest)}


def file_digests(folder: Path, languages: Collection[str]) -> dict[str, str]:
    """Name of each corpus of chats in these languages → sha256 of its file."""
    return {
        source.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for source, path in sources_in(folder, languages)
        if source.is_chat
    }


def report_part(conversations: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The chats that set no threshold and were never mined."""
    return [c for c in conversations if c["is_chat"] and c["split"] == "report"]
