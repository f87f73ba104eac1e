"""PAN12 (sexual predator identification), from the folder of a researcher who holds a licence.

Nothing of it is fetched, quoted or kept here; the schema is the published one:

    <conversations><conversation id="…"><message line="1">
      <author>…</author><time>HH:MM</time><text>…</text></message>…

and a text file with one author id a line for those who are predators. Its times have no date, so
that "earlier" can only mean earlier in the file.
"""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import fbeta_score, precision_score, recall_score

from safelight.taxonomy import RISKS
from safelight_training.corpora.reader import CorpusError
from safelight_training.evaluation.metrics import NEVER

TIME = re.compile(r"^\s*(\d{1,2}):(\d{2})")
DAY_S = 86_400
#: PAN12 ranks authors by F of beta 0.5: an officer's time is worth more than completeness.
BETA = 0.5


@dataclass(frozen=True)
class Pan12:
    """`chats`: those of two writers or more. One in which a predator takes part stands there once,
    with the predator as the other side; any other once for each of its first two writers.

    authors: of the whole corpus, those who only talk to themselves too.
    """

    chats: list[dict[str, Any]]
    predators: frozenset[str]
    authors: frozenset[str]


def read_folder(folder: Path) -> Pan12:
    """Reads the XML file in `folder` and the list of predators beside it: `*predators*.txt` (its
    training part) or `*groundtruth-problem1*` (its test part). Raises CorpusError."""
    corpora = sorted(folder.glob("*.xml"))
    names = sorted(p for p in folder.glob("*.txt") if "diff" not in p.name)
    lists = [p for p in names if "predators" in p.name]
    lists = lists or [p for p in names if "groundtruth-problem1" in p.name]
    if len(corpora) != 1 or len(lists) != 1:
        raise CorpusError(
            f"{folder.name}: not one corpus (*.xml) and one list of predators (*.txt)"
        )
    predators = frozenset(lists[0].read_text("utf-8", "replace").split())
    chats: list[dict[str, Any]] = []
    authors: set[str] = set()
    for name, raw in _raw(corpora[0]):
        authors.update(m["author"] for m in raw)
        chats += _ways(name, raw, predators)
    if not chats:
        raise CorpusError(f"{corpora[0].name}: no conversation of two writers")
    return Pan12(chats, predators, frozenset(authors))


def _raw(path: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Conversations one by one: the corpus is larger than a phone's memory."""
    try:
        for _, element in ET.iterparse(path, events=("end",)):
            if element.tag != "conversation":
                continue
            messages = [
                {"author": (m.findtext("author") or "").strip(), "text": m.findtext("text") or "",
                 "time": m.findtext("time") or ""}
                for m in element.iter("message")
            ]  # fmt: skip
            yield element.get("id", ""), messages
            element.clear()
    except ET.ParseError as error:
        line = error.position[0]
        raise CorpusError(f"{path.name}:{line}: not well-formed XML") from None


def _ways(
    name: str, raw: list[dict[str, Any]], predators: frozenset[str]
) -> Iterator[dict[str, Any]]:
    authors = list(dict.fromkeys(m["author"] for m in raw))
    if len(authors) < 2:
        return
    clock = offsets([m["time"] for m in raw])
    risky = [a for a in authors if a in predators]
    for peer in risky[:1] or authors[:2]:
        owner = next(a for a in authors if a != peer)
        messages = []
        for m, offset in zip(raw, clock, strict=True):
            sender = {peer: "peer", owner: "self"}.get(m["author"], m["author"])
            timed = {} if offset is None else {"offset_s": offset}
            messages.append({"sender": sender, "text": m["text"], **timed})
        yield {
            "id": f"{name}/{peer}", "family": name, "language": "en", "corpus": "pan12",
            "label": "grooming" if risky else "none", "risks": dict.fromkeys(RISKS),
            "peer": peer, "authors": authors, "is_chat": True, "real": True, "twin": "",
            "messages": messages,
        }  # fmt: skip


def offsets(times: Sequence[str]) -> list[int | None]:
    """Seconds since the first message; a clock that goes back has passed midnight.

    All None where one time cannot be read.
    """
    found = [TIME.match(time) for time in times]
    if not all(found):
        return [None] * len(times)
    result: list[int | None] = []
    day, last = 0, None
    for match in found:
        second = int(match[1]) * 3600 + int(match[2]) * 60  # type: ignore[index]
        if last is not None and second < last:
            day += DAY_S
        last = second
        result.append(day + second)
    start = result[0] or 0
    return [None if value is None else value - start for value in result]


def disjoint(
    chats: Sequence[dict[str, Any]], shares: Sequence[float]
) -> list[list[dict[str, Any]]]:
    """Splits of these shares in which no author stands in two.

    Chats that share an author, directly or through others, stay together; groups are dealt out
    by a hash of their first chat, so that a split does not depend on the order of the file.
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for chat in chats:
        for author in chat["authors"][1:]:
            parent[root(author)] = root(chat["authors"][0])
    edges = np.cumsum(shares) / np.sum(shares)
    parts: list[list[dict[str, Any]]] = [[] for _ in shares]
    keys: dict[str, str] = {}
    for chat in chats:
        group = root(chat["authors"][0])
        keys[group] = min(keys.get(group, chat["family"]), chat["family"])
    for chat in chats:
        digest = hashlib.sha256(keys[root(chat["authors"][0])].encode()).digest()
        place = int.from_bytes(digest[:8], "big") / 2**64
        parts[int(np.searchsorted(edges, place, "right"))].append(chat)
    return parts


def in_order(chats: Sequence[dict[str, Any]], share: float) -> tuple[list[Any], list[Any]]:
    """The first `share` of the file, and the rest without any author of the first."""
    names = list(dict.fromkeys(chat["family"] for chat in chats))
    early = set(names[: round(share * len(names))])
    one = [chat for chat in chats if chat["family"] in early]
    known = {author for chat in one for author in chat["authors"]}
    return one, [c for c in chats if c["family"] not in early and not known & set(c["authors"])]


def author_scores(
    chats: Sequence[dict[str, Any]], first: np.ndarray, predators: Collection[str],
    authors: Collection[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """The figures of the task: an author is named if any chat with them as the peer was warned.

    authors: also counted, as never named, where they are nobody's peer.
    """
    named = dict.fromkeys(
        sorted({a for chat in chats for a in chat["authors"]} | {*authors}), False
    )
    for chat, place in zip(chats, first, strict=True):
        named[chat["peer"]] |= bool(place != NEVER)
    said = np.array(list(named.values()), bool)
    true = np.array([author in predators for author in named], bool)
    values = {
        "precision": precision_score(true, said, zero_division=0),
        "recall": recall_score(true, said, zero_division=0),
        "f1": fbeta_score(true, said, beta=1.0, zero_division=0),
        "f05": fbeta_score(true, said, beta=BETA, zero_division=0),
    }
    return {"authors": len(named), "predators": int(true.sum()), "named": int(said.sum()),
            **{key: round(float(value), 4) for key, value in values.items()}}  # fmt: skip
