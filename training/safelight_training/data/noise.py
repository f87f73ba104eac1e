"""How people really type: small seeded changes to texts and times, fresh for every epoch.

Risky, harmless and real chats get the same distribution, so noise gives nothing away.
"""

from __future__ import annotations

import random
import re
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from safelight_training.data.evasion import EVASIONS, MANY, long_word, long_words
from safelight_training.data.languages import FOLDER, language_lists, lines_of
from safelight_training.data.marks import moved
from safelight_training.data.times import draw_offsets

EMOJI = tuple("😂😅👍🙂😭🔥😊🙄👀🤔🎉😴🙈💀✨")
CLEAN, LIGHT = 0.4, 0.3  # shares of writers; the rest types heavily
#: Chances: a message is sent in two; it is sent together with the same writer's next one; one that
#: does nothing but talk comes as a medium without words.
SPLIT_MESSAGE, MERGED, WORDLESS = 0.06, 0.03, 0.015
WORDLESS_MEDIA = ("voice", "voice", "image", "sticker", "video", "deleted")
OWN_TIMES = 0.2  # share of timed conversations that keep their writer's pauses


@cache
def _abbreviations(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    pairs = (line.split(" = ") for line in lines_of("abbreviation", language))
    return tuple((re.compile(rf"\b{re.escape(long)}\b", re.I), short) for long, short in pairs)


@cache
def _neighbours(language: str, folder: Path = FOLDER) -> dict[str, str]:
    known = language if (folder / f"{language}.txt").exists() else "en"
    table: dict[str, str] = {}
    for row in language_lists(known, folder).get("keyboard", ()):
        for left, right in pairwise(row):
            table[left] = table.get(left, "") + right
            table[right] = table.get(right, "") + left
    return table


def slip(text: str, rng: random.Random, language: str) -> str:
    """One spelling slip: two letters swapped, or one left out or doubled."""
    if not (word := long_word(text, rng)):
        return text
    i = rng.randrange(word[0], word[1] - 1)
    middle = rng.choice((text[i + 1] + text[i], text[i], text[i] * 2 + text[i + 1]))
    return text[:i] + middle + text[i + 2 :]


def wrong_key(text: str, rng: random.Random, language: str) -> str:
    """One letter replaced by its neighbour on the keyboard."""
    if not (word := long_word(text, rng)):
        return text
    i = rng.randrange(*word)
    near = _neighbours(language).get(text[i].lower())
    return text[:i] + rng.choice(near) + text[i + 1 :] if near else text


def careless(text: str, rng: random.Random, language: str) -> str:
    """A slip or a wrong key in one word of four and more letters out of four; in one at least."""
    for _ in range(max(1, round(MANY * len(long_words(text))))):
        text = rng.choice((slip, wrong_key))(text, rng, language)
    return text


def without_accents(text: str, rng: random.Random, language: str) -> str:
    """No accents (languages written with combining marks only)."""
    split = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", split))


def without_apostrophes(text: str, rng: random.Random, language: str) -> str:
    """No apostrophe inside a word ("dont")."""
    return re.sub(r"(?<=\w)['’](?=\w)", "", text)


def abbreviated(text: str, rng: random.Random, language: str) -> str:
    """Chat abbreviations of the language, each taken with a chance of 0.7."""
    for long, short in _abbreviations(language):
        if rng.random() < 0.7:
            text = long.sub(short, text)
    return text


def lower_case(text: str, rng: random.Random, language: str) -> str:
    """No capitals."""
    return text.lower()


def upper_case(text: str, rng: random.Random, language: str) -> str:
    """Shouted."""
    return text.upper()


def stretched(text: str, rng: random.Random, language: str) -> str:
    """The last letter of the text repeated ("sooo")."""
    return re.sub(r"(\w)(\W*)$", lambda m: m[1] * rng.randint(2, 4) + m[2], text)


def with_emoji(text: str, rng: random.Random, language: str) -> str:
    """One to three times the same emoji at the end."""
    return f"{text} {rng.choice(EMOJI) * rng.choice((1, 1, 1, 2, 3))}"


def without_punctuation(text: str, rng: random.Random, language: str) -> str:
    """No commas, and no dots at the end."""
    return re.sub(r"[.,;:!]+(?=\s|$)", "", text)


#: Change, chance that a writer has the habit, chance per message of who has it.
HABITS = (
    (abbreviated, 0.5, 0.8),
    (without_apostrophes, 0.5, 0.9),
    (without_accents, 0.4, 0.9),
    (lower_case, 0.5, 0.95),
    (without_punctuation, 0.5, 0.9),
    (with_emoji, 0.4, 0.15),
    (stretched, 0.3, 0.06),
    (slip, 0.8, 0.12),
    (wrong_key, 0.6, 0.08),
    (careless, 0.35, 0.7),
    (upper_case, 0.1, 0.08),
)


def noisy(conversation: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """A copy as other writers would have typed it; labels and marks stay on their messages."""
    language = conversation.get("language", "")
    habits: dict[str, list[tuple[Any, float]]] = {}
    for sender in dict.fromkeys(m["sender"] for m in conversation["messages"]):
        kind = rng.random()
        scale = 0.0 if kind < CLEAN else 0.5 if kind < CLEAN + LIGHT else 1.0
        changes = (*HABITS, *EVASIONS)
        habits[sender] = [(f, each) for f, has, each in changes if rng.random() < has * scale]
    messages: list[dict[str, Any]] = []
    place = []
    for message in conversation["messages"]:
        text = message.get("text", "")
        for change, chance in habits[message["sender"]] if text else ():
            if rng.random() < chance:
                text = change(text, rng, language)
        changed = _wordless({**message, "text": text}, rng)
        if messages and _mergeable(messages[-1], changed) and rng.random() < MERGED:
            messages[-1] = _merged(messages[-1], changed)
        else:
            messages += _parts(changed, rng)
        place.append(len(messages) - 1)
    _retimed(messages, rng)
    return moved(conversation, messages, place)


def _wordless(message: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Ordinary talk now and then comes as a voice note or a picture, of which nothing is known."""
    if message.get("indicators") or message.get("cues") or message.get("media"):
        return message
    if rng.random() >= WORDLESS:
        return message
    return {**message, "text": "", "media": rng.choice(WORDLESS_MEDIA)}


def _mergeable(one: dict[str, Any], next_one: dict[str, Any]) -> bool:
    """Same writer, words in both, no medium, and labels known of both or of neither."""
    same = one["sender"] == next_one["sender"] and one.get("masked") == next_one.get("masked")
    media = one.get("media") or next_one.get("media")
    return bool(same and one["text"] and next_one["text"] and not media)


def _merged(one: dict[str, Any], next_one: dict[str, Any]) -> dict[str, Any]:
    """Both in one message, which does what either did."""
    merged = {**one, "text": f"{one['text']} {next_one['text']}"}
    for key in ("indicators", "cues", "unsure"):
        if key in one or key in next_one:
            merged[key] = list(dict.fromkeys((*one.get(key, ()), *next_one.get(key, ()))))
    return merged


def _parts(message: dict[str, Any], rng: random.Random) -> list[dict[str, Any]]:
    """The message, sometimes sent in two; the second part completes what it does, the first may
    show it already."""
    words = message["text"].split(" ")
    if len(words) < 6 or rng.random() >= SPLIT_MESSAGE:
        return [message]
    cut = rng.randrange(2, len(words) - 1)
    head = {**message, "text": " ".join(words[:cut])}
    for key in ("indicators", "cues"):
        if key in head:
            head["unsure"] = [*head.get("unsure", ()), *head[key]]
            head[key] = []
    tail = {key: value for key, value in message.items() if key not in ("media", "id")}
    tail["text"] = " ".join(words[cut:])
    if "offset_s" in tail:
        tail["offset_s"] = message["offset_s"] + 1
    return [head, tail]


def _retimed(messages: list[dict[str, Any]], rng: random.Random) -> None:
    """Half of the conversations lose their times; most others get new ones.

    Writers give long pauses to risky chats more often than to harmless ones, and real chats
    have no times at all: the same draw for all leaves nothing to be told from them.
    """
    if rng.random() < 0.5:
        for message in messages:
            message.pop("offset_s", None)
        return
    if all("offset_s" in message for message in messages) and rng.random() < OWN_TIMES:
        stretch = rng.uniform(0.5, 2.0)
        offsets = [round(message["offset_s"] * stretch) for message in messages]
    else:
        offsets = draw_offsets([len(message["text"]) for message in messages], rng)
    for message, offset in zip(messages, offsets, strict=True):
        message["offset_s"] = offset
