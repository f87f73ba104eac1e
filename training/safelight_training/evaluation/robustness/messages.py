"""Perturbations of whole chats: how messages arrive, not what they say.

Each takes (chat, rng, strength) and returns a chat whose marks moved with its messages; `strength`
0..1 is the share of the messages that it touches.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from safelight_training.data.marks import moved

Chat = dict[str, Any]
ChatChange = Callable[[Chat, random.Random, float], Chat]
#: Characters of a very long message.
LONG = 10_000
FILLER = "and then we talked about the weather and what we had for lunch "


def split(chat: Chat, rng: random.Random, strength: float) -> Chat:
    """A message sent in two, cut between words (between letters where there are no spaces)."""
    messages: list[dict[str, Any]] = []
    place = []
    for message in chat["messages"]:
        text = message["text"]
        if len(text) >= 6 and rng.random() < strength:
            spaces = [i for i, letter in enumerate(text) if letter == " " and 0 < i < len(text) - 1]
            cut = rng.choice(spaces) if spaces else len(text) // 2
            head = {**message, "text": text[:cut]} | (
                {"indicators": [], "cues": []} if "indicators" in message else {}
            )
            messages += [head, {**message, "text": text[cut:].strip(), "media": None}]
        else:
            messages.append(message)
        place.append(len(messages) - 1)
    heads = [0, *(last + 1 for last in place[:-1])]
    return _from_heads(moved(chat, messages, place), chat, heads)


def _from_heads(parted: Chat, original: Chat, heads: list[int]) -> Chat:
    """What begins with a message begins with its first part; what ends with it, with its last."""
    if original.get("first_sign") is not None:
        parted["first_sign"] = heads[original["first_sign"]]
    for risk, span in (original.get("risks") or {}).items():
        if span:
            parted["risks"][risk][0] = heads[span[0]]
    return parted


def order(chat: Chat, rng: random.Random, strength: float) -> Chat:
    """Neighbouring messages of the same sender arrive the other way round."""
    messages, place = list(chat["messages"]), list(range(len(chat["messages"])))
    i = 0
    while i + 1 < len(messages):
        if messages[i]["sender"] == messages[i + 1]["sender"] and rng.random() < strength:
            one, other = messages[i], messages[i + 1]
            messages[i] = {**other, **_time(one)}
            messages[i + 1] = {**one, **_time(other)}
            place[i], place[i + 1] = i + 1, i
            i += 1
        i += 1
    return _in_order(moved(chat, messages, place), chat)


def _in_order(swapped: Chat, original: Chat) -> Chat:
    """A warning may come with whichever of two swapped messages arrives; spans stay spans."""
    spans = {
        risk: sorted(span) if span else None for risk, span in (swapped.get("risks") or {}).items()
    }
    for mark in ("first_sign", "warn_by"):
        if original.get(mark) is not None:
            pick = min if mark == "first_sign" else max
            swapped[mark] = pick(swapped[mark], original[mark])
    return {**swapped, "risks": spans}


def _time(message: dict[str, Any]) -> dict[str, Any]:
    return {"offset_s": message["offset_s"]} if "offset_s" in message else {}


def duplicated(chat: Chat, rng: random.Random, strength: float) -> Chat:
    """A message delivered twice."""
    return _with_extra(chat, rng, strength, lambda message: {**message})


def empty(chat: Chat, rng: random.Random, strength: float) -> Chat:
    """Messages without any text in between."""
    return _with_extra(chat, rng, strength, lambda message: _saying(message, ""))


def very_long(chat: Chat, rng: random.Random, strength: float) -> Chat:
    """Messages of 10,000 harmless characters in between, a twentieth as many as of other kinds."""
    text = (FILLER * (LONG // len(FILLER) + 1))[:LONG]
    return _with_extra(chat, rng, strength / 20, lambda message: _saying(message, text))


def _saying(message: dict[str, Any], text: str) -> dict[str, Any]:
    quiet = {key: [] for key in ("indicators", "cues") if key in message}
    return {**message, "text": text, "media": None, **quiet}


def _with_extra(
    chat: Chat, rng: random.Random, strength: float,
    extra: Callable[[dict[str, Any]], dict[str, Any]],
) -> Chat:  # fmt: skip
    """After a share of the messages, one at least, comes another one."""
    n = len(chat["messages"])
    after = set(rng.sample(range(n), min(n, max(1, round(strength * n)))))
    messages: list[dict[str, Any]] = []
    place = []
    for i, message in enumerate(chat["messages"]):
        place.append(len(messages))
        messages.append(message)
        if i in after:
            messages.append(extra(message))
    return moved(chat, messages, place)


CHAT_CHANGES: dict[str, ChatChange] = {
    "split": split, "order": order, "duplicated": duplicated, "empty": empty,
    "very_long": very_long,
}  # fmt: skip
