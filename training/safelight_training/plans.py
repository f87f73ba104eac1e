"""What each epoch of training sees: half real chat, half written, the same for the same seed."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .batches import Encoded, Encoder
from .data.authored_format import is_authored
from .data.noise import noisy
from .data.splice import splice
from .data.times import one_after_another

Conversation = dict[str, Any]

#: Corpora that training never sees, so that thresholds are set on chats of a strange origin.
HELD_OUT_CORPORA = (
    "topical_chat", "persuasionforgood", "minecraft_dialogue", "diabla_en", "diabla_fr",
    "asdc_ja", "labforsims_fr",
)  # fmt: skip


#: Scenario families around wordings that are few in the data and must be heard all the same.
RARE = ("warnings_off", "warnings_off_threat", "phone_alerts")


@dataclass(frozen=True)
class Amounts:
    """How much of each kind an epoch holds."""

    authored: int = 2  # copies of each authored dialogue, each with noise of its own
    scenarios: int = 4500
    spliced: int = 1200
    real_messages: int = 140_000
    streams: int = 500  # long ones, for the second stage
    stream_messages: int = 400
    loud: int = 2  # copies of each loud real chat in the second stage
    rare: int = 3  # copies, in the third, of each chat of RARE
    beside: tuple[int, int, int] = (2700, 1500, 60_000)  # authored, scenarios, real messages there


class Plans:
    """Draws conversations for the stages of training; `written` and `real` of the train split."""

    def __init__(
        self, written: Sequence[Conversation], real: Sequence[Conversation], encoder: Encoder,
        amounts: Amounts, seed: int,
    ) -> None:  # fmt: skip
        self.authored = [c for c in written if is_authored(c)]
        self.scenarios = [c for c in written if not is_authored(c)]
        self.chats = [c for c in real if c["is_chat"] and len(c["messages"]) >= 4]
        self.lines = [c for c in real if not c["is_chat"]]
        self.by_language: dict[str, list[Conversation]] = defaultdict(list)
        for chat in self.chats:
            self.by_language[chat["language"]].append(chat)
        self.encoder, self.amounts, self.seed = encoder, amounts, seed
        #: Real chats on which the model was loud after the first stage.
        self.loud: list[Conversation] = []

    def epoch(self, number: int) -> list[Encoded]:
        """Whole conversations of ordinary length."""
        rng = random.Random(f"{self.seed}/epoch/{number}")
        amounts = self.amounts
        picked = [c for c in self.authored for _ in range(amounts.authored)]
        picked += _some(rng, self.scenarios, amounts.scenarios)
        picked += [self._spliced(rng, self._any_written(rng)) for _ in range(amounts.spliced)]
        picked += self._real(rng, amounts.real_messages)
        return self._windows(rng, picked)

    def streams(self, number: int) -> list[Encoded]:
        """Long conversations: real chats joined, half of them with a written one in it; and loud
        real chats, so that ordinary talk which sounds like a sign is learnt as ordinary."""
        rng = random.Random(f"{self.seed}/streams/{number}")
        joined = []
        for _ in range(self.amounts.streams if self.chats else 0):
            length = int(self.amounts.stream_messages * rng.uniform(0.25, 1.5))
            written = self._any_written(rng)
            stream = self._joined(rng, written["language"], length)
            # Where a language has no real chats, the stream is in another one and stays harmless.
            if rng.random() < 0.5 and stream["language"] == written["language"]:
                stream = splice(written, stream, rng)
            joined.append(noisy(stream, rng))
        copies = max(1, self.amounts.authored // 2)
        joined += [noisy(c, rng) for c in self.authored for _ in range(copies)]
        few = min(self.amounts.scenarios, len(self.scenarios)) // 2
        joined += [noisy(c, rng) for c in rng.sample(self.scenarios, few)]
        joined += [noisy(c, rng) for c in self.loud for _ in range(self.amounts.loud)]
        return self.encoder(joined)

    def rare(self, number: int) -> list[Encoded]:
        """Every chat of the families in RARE, beside a share of all else: nothing is to be lost."""
        rng = random.Random(f"{self.seed}/rare/{number}")
        authored, scenarios, real = self.amounts.beside
        named = {f"scenario/{name}" for name in RARE}
        few = [c for c in self.scenarios if c["family"] in named]
        picked = [c for c in few for _ in range(self.amounts.rare)]
        picked += _some(rng, self.authored, authored) + _some(rng, self.scenarios, scenarios)
        picked += self._real(rng, real)
        return self._windows(rng, picked)

    def _windows(self, rng: random.Random, picked: Sequence[Conversation]) -> list[Encoded]:
        """Each as some writer would have typed it, cut to what an ordinary chat holds."""
        return [_cut(c, 160, rng) for c in self.encoder([noisy(c, rng) for c in picked])]

    def _any_written(self, rng: random.Random) -> Conversation:
        pool = self.authored if self.authored and rng.random() < 0.6 else self.scenarios
        return rng.choice(pool)

    def _spliced(self, rng: random.Random, written: Conversation) -> Conversation:
        real = self.by_language.get(written["language"])
        return splice(written, rng.choice(real), rng) if real else written

    def _real(self, rng: random.Random, budget: int) -> list[Conversation]:
        picked, total = [], 0
        order = rng.sample(self.chats, len(self.chats))
        if self.lines:
            order += [self._joined_lines(rng) for _ in range(len(self.lines) // 12)]
            rng.shuffle(order)
        for chat in order:
            if total >= budget:
                break
            picked.append(chat)
            total += len(chat["messages"])
        return picked

    def _joined_lines(self, rng: random.Random) -> Conversation:
        first = rng.choice(self.lines)
        others = [c for c in rng.choices(self.lines, k=30) if c["language"] == first["language"]]
        return _join([first, *others[:12]], rng)

    def _joined(self, rng: random.Random, language: str, length: int) -> Conversation:
        pool, chats, total = self.by_language.get(language) or self.chats, [], 0
        while total < length:
            chats.append(rng.choice(pool))
            total += len(chats[-1]["messages"])
        return _join(chats, rng)


def _some(rng: random.Random, pool: Sequence[Conversation], most: int) -> list[Conversation]:
    return rng.sample(pool, min(most, len(pool)))


def _join(chats: Sequence[Conversation], rng: random.Random) -> Conversation:
    """One chat after the other, hours apart where times are known."""
    messages = one_after_another(chats, lambda: int(rng.lognormvariate(9.5, 1.0)))
    return {**chats[0], "messages": messages}


def _cut(conversation: Encoded, most: int, rng: random.Random) -> Encoded:
    """A window of at most `most` messages, from the start half of the time when it is longer."""
    spare = len(conversation) - most
    if spare <= 0:
        return conversation
    if conversation.risks.max() > 0:  # keep the head of the arc in sight
        first = int((conversation.risks.max(1) > 0).argmax())
        start = min(spare, max(0, first - rng.randint(5, most // 2)))
    else:
        start = 0 if rng.random() < 0.5 else rng.randint(0, spare)
    return conversation.window(start, start + most)
