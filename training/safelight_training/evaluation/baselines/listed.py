"""Every peer by name: how it is trained, what it weighs, what it is."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from safelight_training.evaluation.baselines import sentences
from safelight_training.evaluation.baselines.frozen import Frozen
from safelight_training.evaluation.baselines.keywords import FILE, Keywords
from safelight_training.evaluation.baselines.sentinel import Sentinel
from safelight_training.evaluation.baselines.tfidf import Tfidf
from safelight_training.evaluation.subject import Subject
from safelight_training.evaluation.systems import Safelight, System

Chat = dict[str, Any]
SAFELIGHT = "Safelight"
#: Real dialogues, and hard negatives, on which the heavy and the slow ones get their thresholds.
SAMPLE, SLOW_SAMPLE = 1500, 200
_ON = f", threshold on {SAMPLE:,} real chats"
#: Chats of training from which those over frozen sentence encoders learn.
LEARNT = 2000
#: Windows that the slow ones learn from, newest tokens of a window, and every how many messages.
WINDOWS, TOKENS, STEP = 1000, 192, 6


@dataclass(frozen=True)
class Peer:
    """`make` trains it on the chats given; `size` tells its bytes once it is trained.

    sample: real and hard chats that set its threshold and on which false alarms are counted, 0
    for all; a small sample proves less and sets a looser threshold.
    """

    name: str
    note: str
    make: Callable[[Sequence[Chat]], System]
    size: Callable[[System], int]
    sample: int = 0


def light(subject: Subject) -> Iterator[Peer]:
    """Those that train and run in minutes; Safelight first."""
    yield _ours(subject, SAFELIGHT, "the policy's gate of warning, one threshold")
    yield Peer(Keywords.name, "public warning signs in seven languages, last 50 messages",
               lambda _: Keywords(), lambda _: FILE.stat().st_size)  # fmt: skip
    yield Peer(Tfidf.name, "character 2- to 4-grams of the last 20 messages",
               lambda train: Tfidf(subject.seed).fit(train), _tfidf_bytes)  # fmt: skip


def heavy(subject: Subject) -> Iterator[Peer]:
    """Those that need a sentence encoder; raises WeightsError where its package is missing."""
    english, seed = sentences.minilm(), subject.seed
    yield _again(subject, SAMPLE)
    yield Peer(Sentinel.name, f"skewness of contrastive scores, all-MiniLM-L6-v2 (English){_ON}",
               lambda train: Sentinel(english, seed).fit(train), _sentinel_bytes,
               SAMPLE)  # fmt: skip
    yield _frozen("frozen MiniLM, linear", english, sentences.minilm_bytes(), "all-MiniLM-L6-v2 "
                  "(English)", seed)  # fmt: skip
    yield _frozen("frozen USE-m3, linear", sentences.usem3(), sentences.usem3_bytes(),
                  "the multilingual encoder from which ours is trained", seed)  # fmt: skip


def _frozen(
    name: str, encode: sentences.Encode, size: int, encoder: str, seed: int
) -> Peer:  # fmt: skip
    def make(train: Sequence[Chat]) -> System:
        few = random.Random(f"{name}/{seed}").sample(list(train), min(LEARNT, len(train)))
        return Frozen(name, encode, seed).fit(few)

    note = f"mean vectors of the last 20 messages, {encoder}; {LEARNT:,} chats of training{_ON}"
    return Peer(name, note, make, lambda _: size, SAMPLE)


def slow(subject: Subject) -> Iterator[Peer]:
    """Fine-tuned transformers over windows."""
    from safelight_training.encoders import e5
    from safelight_training.evaluation.baselines import transformer as t

    yield _again(subject, SLOW_SAMPLE)
    trained: list[t.Windows] = []  # one encoder serves both
    for name, window, decide, how in (
        ("eSPD's protocol", t.ESPD_WINDOW, t.espd, "5 of the last 10 windows"),
        ("paxmod's windows", t.PAXMOD_WINDOW, t.worst_window, "the worst window"),
    ):

        def make(
            train: Sequence[Chat], name: str = name, window: int = window, decide: Any = decide
        ) -> System:
            if not trained:
                file = e5.read(e5.weights_path())
                first = t.Windows("windows", e5.pretrained(file), e5.tokenizer(file), window,
                                  decide, subject.seed, TOKENS, STEP)  # fmt: skip
                trained.append(first.fit(train, WINDOWS))
            return trained[0].under(name, window, decide)

        note = (
            f"multilingual-e5-small on the last {window} messages ({TOKENS} tokens), {how}; "
            f"trained once for both on {WINDOWS:,} windows, asked every {STEP} messages, threshold "
            f"on {SLOW_SAMPLE} real chats"
        )
        yield Peer(name, note, make, lambda _: e5.weights_path().stat().st_size, SLOW_SAMPLE)


def _again(subject: Subject, sample: int) -> Peer:
    """Safelight by the rule of those that see few real chats."""
    name = f"{SAFELIGHT}, threshold on {sample:,}"
    return _ours(
        subject, name, "the same as the first, by the rule of the ones that follow", sample
    )


def _ours(subject: Subject, name: str, note: str, sample: int = 0) -> Peer:
    size = sum(len(content) for content in subject.bundle.files.values())
    return Peer(name, note, lambda _: Safelight(name, subject), lambda _: size, sample)


def _tfidf_bytes(system: System) -> int:
    assert isinstance(system, Tfidf)
    return int(4 * np.count_nonzero(system.model.coef_) + 4 * len(system.weight.idf_))


def _sentinel_bytes(system: System) -> int:
    assert isinstance(system, Sentinel)
    return sentences.minilm_bytes() + sum(index.nbytes for index in system.index)
