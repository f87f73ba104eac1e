"""Fills plans with phrases: slots in, labelled messages out."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

from safelight.taxonomy import CUES, INDICATORS
from safelight_training.data.phrasebook import BLANK, KINDS_OF, UNSETTLED, Pools
from safelight_training.data.scenario import Slot, shown
from safelight_training.data.times import draw_offsets

#: What ordinary talk is made of, the same in risky and harmless chats. "topic" is the
#: situation of the chat, "twin" the look-alike of some indicator.
PEER_TALK = {"topic": 54, "peer:chat": 14, "peer:ask": 10, "peer:react": 12, "twin": 10}
SELF_TALK = {"topic": 52, "self:chat": 20, "self:ask": 9, "self:ok": 11, "self:unsure": 8}
OPENING, CLOSING, WITH_MEDIUM = 0.4, 0.25, 0.04
SENT_MEDIA = ("image", "image", "image", "video", "voice", "voice", "sticker", "file", "location")
#: Blanks that mean the same thing all through a chat.
STEADY = ("game", "app")
#: Phrases that a voice needs in a section to be drawn from alone, and how often it then is.
OWN_ENOUGH, OWN_VOICE = 4, 0.85
#: How often an indicator that has kinds with wordings of their own is one of these.
KIND = 0.15
#: Characters by which a text may miss the length asked for; what is missing is talk.
ROOM = 4
#: Up to so many characters are made up for by a word or two of agreeing.
BRIEF = 22


class Renderer:
    """Writes the messages of one chat: one voice, one topic, one seed."""

    def __init__(
        self, pools: Pools, lists: Mapping[str, Sequence[str]], voice: str, topic: str, seed: str
    ) -> None:
        self.pools, self.lists, self.voice, self.topic, self.seed = pools, lists, voice, topic, seed
        self.used: set[str] = set()
        rng = random.Random(seed)
        self.steady = {blank: rng.choice(lists[blank]) for blank in STEADY}
        self.member = rng.choice(lists["name"])

    def messages(
        self, slots: Sequence[Slot], lengths: Sequence[int] = ()
    ) -> tuple[list[dict[str, Any]], list[int]]:
        """Messages, and for each the index of its slot (a slot without phrases stays empty).

        `lengths` in characters: what the text of a slot should come close to, 0 for any. A slot has
        a random source of its own, so that two plans that differ in some slots share the rest.
        """
        found: list[dict[str, Any]] = []
        kept = []
        for i, slot in enumerate(slots):
            rng = random.Random(f"{self.seed}/{i}")
            last = len(slots) - 1 if i else -1
            near = lengths[i] if lengths else 0
            message = self._message(slot, i == 0, i == last, near, rng)
            if message:
                found.append(message)
                kept.append(i)
        rng = random.Random(f"{self.seed}/times")
        pauses = [slots[i].pause for i in kept]
        offsets = draw_offsets([len(message["text"]) for message in found], rng, pauses)
        for message, offset in zip(found, offsets, strict=True):
            message["offset_s"] = offset
        return found, kept

    def _message(
        self, slot: Slot, opens: bool, closes: bool, near: int, rng: random.Random
    ) -> dict[str, Any] | None:
        chat = "self:chat" if slot.who == "self" else "peer:chat"
        acts = slot.acts or (self._talk(slot.who, opens, closes, rng),)
        labels = shown(acts)
        picks = [self._draw(act, near, rng) for act in acts]
        if not all(text for _, text in picks):
            if set(labels) & set(INDICATORS):
                return None
            picks = [self._draw(chat, near, rng)]
        text = " ".join(text for _, text in picks if text)
        if not text:
            return None
        short_of = near - len(text) - 1
        if short_of > ROOM:
            brief = "self:ok" if slot.who == "self" else "peer:react"
            _, more = self._draw(brief if short_of < BRIEF else chat, short_of, rng)
            text = f"{text} {more}" if text and len(more) <= short_of + ROOM else text
        message: dict[str, Any] = {
            "sender": self.member if slot.who == "other" else slot.who,
            "text": text,
            "indicators": [label for label in labels if label in INDICATORS],
            "cues": [label for label in labels if label in CUES],
        }
        unsure = [name for name in UNSETTLED if f"twin:{name}" in acts]
        if unsure and self.pools.unsettled.intersection(pick for pick, _ in picks):
            message["unsure"] = unsure
        if rng.random() < WITH_MEDIUM and not slot.acts:
            message["media"] = rng.choice(SENT_MEDIA)
            message["text"] = text if rng.random() < 0.5 else ""
        return message

    def _talk(self, who: str, opens: bool, closes: bool, rng: random.Random) -> str:
        owner = who == "self"
        if opens and not owner and rng.random() < OPENING:
            return "peer:hello"
        if closes and rng.random() < CLOSING:
            return "self:bye" if owner else "peer:bye"
        table = SELF_TALK if owner else PEER_TALK
        kind = rng.choices(list(table), list(table.values()))[0]
        if kind == "topic":
            return f"{self.topic}{'<' if owner else '>'}"
        return f"twin:{rng.choice(INDICATORS)}" if kind == "twin" else kind

    def _draw(self, section: str, near: int, rng: random.Random) -> tuple[str, str]:
        """A phrase not used yet, mostly of the chat's own voice, as written and with its blanks
        filled; "" twice where there is none."""
        kinds = [kind for kind in KINDS_OF.get(section, ()) if self.pools.by_section.get(kind)]
        if kinds and rng.random() < KIND:
            section = rng.choice(kinds)
        whole = self.pools.by_section.get(section, ())
        own = self.pools.by_voice.get((self.voice, section), ())
        pool = own if len(own) >= OWN_ENOUGH and rng.random() < OWN_VOICE else whole
        if not pool:
            return "", ""
        fresh = [text for text in pool if text not in self.used]
        fresh = fresh or [text for text in whole if text not in self.used]
        if not fresh and not shown([section]):
            return "", ""  # nothing new to say of it: nobody repeats ordinary talk word for word
        fresh = fresh or list(pool)
        pick = self._of_length(fresh, whole, near, rng) if near else rng.choice(fresh)
        self.used.add(pick)
        return pick, self._fill(pick, rng)

    def _of_length(
        self, fresh: Sequence[str], whole: Sequence[str], near: int, rng: random.Random
    ) -> str:
        """Any text about as long as `near`; else a shorter one, to which talk is added.

        Never simply the closest: the few longest texts would be drawn again and again, and
        their exact lengths would give them away.
        """
        unused = [text for text in whole if text not in self.used]
        for texts in (fresh, unused):
            if fitting := [text for text in texts if abs(len(text) - near) <= ROOM]:
                return rng.choice(fitting)
        shorter = [text for text in fresh if len(text) < near]
        return rng.choice(shorter) if shorter else min(fresh, key=len)

    def _fill(self, text: str, rng: random.Random) -> str:
        def value(blank: re.Match[str]) -> str:
            name = blank[1]
            return self.steady.get(name) or rng.choice(self.lists[name])

        return BLANK.sub(value, text)
