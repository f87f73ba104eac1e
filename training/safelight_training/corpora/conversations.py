"""Real chats as labelled conversations: nothing risky known, both ways round."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from safelight.taxonomy import RISKS
from safelight_training.corpora.reader import read_corpus, sources_in
from safelight_training.corpora.sources import Source
from safelight_training.data.splits import corpus_split
from safelight_training.data.times import draw_offsets


def real_conversations(
    folder: Path, languages: Collection[str], seed: int = 1, splits: Collection[str] = ()
) -> Iterator[dict[str, Any]]:
    """Each chat twice: once with side "a" as `self`, once with side "b".

    The dictionaries have the labelled form with `label` "none", `real` true, `corpus`,
    `is_chat` and `split` (train, calibration, selection or report; `splits` keeps some).
    Indicators and cues are unknown there: the keys are missing from the messages, so that
    a loss can tell "not labelled" from "none". Half of the chats have times: their own where the
    corpus has them, else drawn ones.
    """
    for source, path in sources_in(Path(folder), languages):
        for raw in read_corpus(path):
            dialogue = source.dialogue(raw["id"])
            split = corpus_split(dialogue)
            if splits and split not in splits:
                continue
            senders = dict.fromkeys(message["sender"] for message in raw["messages"])
            for owner in list(senders)[:2]:
                yield _labelled(source, raw, owner, split, seed)


def _labelled(
    source: Source, raw: dict[str, Any], owner: str, split: str, seed: int
) -> dict[str, Any]:
    rng = random.Random(f"{seed}/{raw['id']}/{owner}")
    others = [m["sender"] for m in raw["messages"] if m["sender"] != owner]
    names = {owner: "self"} | ({others[0]: "peer"} if others else {})
    messages = [
        {"sender": names.get(m["sender"], m["sender"]), "text": m["text"]} for m in raw["messages"]
    ]
    if rng.random() < 0.5:
        known = [m.get("offset_s") for m in raw["messages"]]
        drawn = draw_offsets([len(m["text"]) for m in messages], rng)
        offsets = drawn if None in known else known
        for message, offset in zip(messages, offsets, strict=True):
            message["offset_s"] = offset
    return {
        "id": f"{raw['id']}/{owner}",
        "language": source.language,
        "label": "none",
        "risks": dict.fromkeys(RISKS),
        "voice": source.name,
        "kind": source.name,
        "twin": "",
        "family": source.dialogue(raw["id"]),
        "split": split,
        "real": True,
        "corpus": source.name,
        "is_chat": source.is_chat,
        "messages": messages,
    }
