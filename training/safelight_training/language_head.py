"""The language head: a linear classifier of a message's tokens that tells the seven languages from
all others, and the rule by which a chat counts as one of them.

It reads tokens and not the message vector, which is made to mean the same in every language
(docs/experiments.md, 14), and so needs nothing of the model. *Other* are exchanges of a package in
further languages and words of further languages in the order of chance; the seven get such words
too, so that disorder gives nothing away.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import wordfreq
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from safelight.language import LanguageRule, evidence

from .batches import Encoder, pad_ids
from .corpora import CorpusError
from .corpora.packages import FOLDERS, exchanges, folder_names
from .data.languages import LANGUAGES
from .model import LanguageTable
from .thresholds import upper_bound

Chat = dict[str, Any]
#: Messages of each language, sentences made of chance words of each language, words drawn from.
MESSAGES, SENTENCES, WORDS = 4000, 400, 3000
#: Chats in the seven languages on which the rule is made, and messages of one in another.
JUDGED, CHAT = 4000, 8
#: Folders of exchanges in languages that a retrained model may know.
NAMES = {
    "bn": "bengali", "fa": "persian", "he": "hebrew", "hi": "hindi", "id": "indonesian",
    "ko": "korean", "mr": "marathi", "nl": "dutch", "or": "oriya", "ru": "russian", "sv": "swedish",
    "ta": "tamil", "te": "telugu", "th": "thai", "tr": "turkish", "uk": "ukrainian", "ur": "urdu",
    "yo": "yoruba", "zh": "chinese",
}  # fmt: skip
#: What is written everywhere.
EVERYWHERE = ("ok", "haha", "lol", "hahaha", "xd", "wow", "hmm", "omg", "ja", "no", "hey")
DECAY = 0.9
#: Share of chats in the seven languages that may ever count as foreign, and the reverse.
FALSE_FOREIGN, FALSE_KNOWN = 0.001, 0.01


@dataclass(frozen=True)
class Head:
    """The classifier, its rule, and what both were measured on."""

    table: LanguageTable
    rule: LanguageRule
    evidence: dict[str, Any]


def fit(
    encoder: Encoder, written: Sequence[Chat], judged: Sequence[Chat], seed: int,
    every: int = 1, languages: Sequence[str] = LANGUAGES,
) -> Head:  # fmt: skip
    """written: chats of training; judged: chats in the `languages` that training never saw.

    every: only each so-manieth message and chat, where all is done in small.
    """
    rng = random.Random(f"{seed}/languages")
    foreign, other = _foreign(languages), len(languages)
    pairs = [*_known(written, rng, languages), *_words(rng, languages)]
    pairs += [(text, other) for texts in foreign for text in texts[::2]]
    pairs += [(text, kind) for text in EVERYWHERE for kind in range(other + 1) for _ in range(3)]
    pairs = pairs[::every]
    found = LogisticRegression(C=0.3, max_iter=200, tol=1e-3, class_weight="balanced")
    found.fit(_counts(encoder, [text for text, _ in pairs]), [kind for _, kind in pairs])
    weight, bias = (part.astype(np.float32) for part in (found.coef_.T, found.intercept_))
    table = LanguageTable(torch.from_numpy(weight).contiguous(), torch.from_numpy(bias))
    few = rng.sample(list(judged), min(JUDGED, len(judged)))
    known = [[m.get("text", "") for m in chat["messages"]] for chat in few]
    others = [chat for texts in foreign for chat in _chats(texts[1::2])]
    courses = (_courses(encoder, table, chats[::every]) for chats in (known, others))
    rule, proof = _rule(*courses)
    return Head(table, rule, proof)


def _known(
    written: Sequence[Chat], rng: random.Random, languages: Sequence[str]
) -> Iterator[tuple[str, int]]:
    """Messages of the known languages, as many of each."""
    for kind, language in enumerate(languages):
        texts = [m.get("text", "") for c in written if c["language"] == language
                 for m in c["messages"]]  # fmt: skip
        texts = [text for text in texts if any(letter.isalpha() for letter in text)]
        yield from ((text, kind) for text in rng.sample(texts, min(MESSAGES, len(texts))))


def _words(rng: random.Random, languages: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Chance words, as often as they are used: of each known language and of all others."""
    for language in sorted(wordfreq.available_languages("small")):
        table = wordfreq.get_frequency_dict(language, wordlist="small")
        words = sorted(table, key=lambda word: (-table[word], word))[:WORDS]
        weights = [table[word] for word in words]
        kind = languages.index(language) if language in languages else len(languages)
        space = "" if language in ("ja", "zh") else " "
        for _ in range(SENTENCES):
            yield space.join(rng.choices(words, weights, k=rng.randint(1, 12))), kind


def _foreign(languages: Sequence[str]) -> list[list[str]]:
    """Messages of exchanges in other languages, language by language; every second one is for
    fitting, the others for judging."""
    try:
        names = folder_names()
    except CorpusError:
        return []  # words of other languages alone then teach what is foreign
    known = {*FOLDERS.values(), "hinglish"}  # the last is half English
    known |= {NAMES[code] for code in languages if code in NAMES}
    return [[m["text"] for row in exchanges(name, name) for m in row["messages"]]
            for name in names if name not in known]  # fmt: skip


def _chats(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Messages that follow each other, as chats of one length."""
    for at in range(0, len(texts) - CHAT + 1, CHAT):
        yield texts[at : at + CHAT]


def _ids(encoder: Encoder, texts: Sequence[str]) -> list[list[int]]:
    """Token ids of each text, at least one."""
    return [ids or [0] for ids in encoder.ids([(text, None) for text in texts])]


def _counts(encoder: Encoder, texts: Sequence[str]) -> sparse.csr_matrix:
    """How often each token stands in each text: (texts, vocabulary) float32."""
    ids = _ids(encoder, texts)
    rows = np.repeat(np.arange(len(ids)), [len(some) for some in ids])
    ones = np.ones(len(rows), np.float32)
    size = len(ids), encoder.tokenizer.get_vocab_size()
    return sparse.csr_matrix((ones, (rows, np.concatenate(ids))), size)


def _courses(
    encoder: Encoder, table: LanguageTable, chats: Sequence[Sequence[str]]
) -> list[list[float]]:
    """The evidence after each message of each chat."""
    rule, courses = LanguageRule(DECAY, 1.0, 1.0), []
    for chat in chats:
        value, course = 0.0, []
        said = torch.softmax(table(*pad_ids(_ids(encoder, chat))), -1).numpy() if chat else ()
        for text, probabilities in zip(chat, said, strict=True):
            value = evidence(rule, value, text, probabilities)
            course.append(value)
        courses.append(course)
    return courses


def _rule(
    known: Sequence[Sequence[float]], foreign: Sequence[Sequence[float]]
) -> tuple[LanguageRule, dict[str, Any]]:
    """Edges from the highest evidence of known chats and the lowest of foreign ones."""
    highest = np.array([max(course) for course in known if course])
    lowest = np.array([min(course) for course in foreign if course])
    up = max(float(np.quantile(highest, 1 - FALSE_FOREIGN)) if len(highest) else 0.0, 3.0)
    down = max(float(-np.quantile(lowest, FALSE_KNOWN)) if len(lowest) else 0.0, 3.0)
    rule = LanguageRule(DECAY, round(up + 0.01, 3), round(down + 0.01, 3))
    wrong = int((highest >= rule.foreign).sum())
    return rule, {
        "known": {"n": len(highest), "foreign": wrong,
                  "upper_bound_95": round(upper_bound(wrong, len(highest)), 6) if known else None,
                  "told": _share([course[-1] <= -rule.known for course in known if course])},
        "foreign": {"n": len(lowest), "known": int((lowest <= -rule.known).sum()),
                    "told": _share([course[-1] >= rule.foreign for course in foreign if course])},
    }  # fmt: skip


def _share(hits: Sequence[bool]) -> float | None:
    return round(sum(hits) / len(hits), 4) if hits else None
