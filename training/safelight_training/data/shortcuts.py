"""What can be told without reading: if one of these scores above 0.60, the data is at fault.

Small classifiers that see only who spoke, only lengths, only times, only emoji, only punctuation,
only the language, or only the style of what stands BEFORE the first sign or around a splice, asked
to tell risky from harmless practice chats.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from safelight_training.data.languages import language_lists
from safelight_training.data.splice import splice

FOLDS = 5
GOAL = 0.60
#: Messages on each side of a splice that are looked at.
AROUND = 2
EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
MARKS = tuple(
    re.compile(pattern)
    for pattern in (
        r"[?？]",
        r"[!！]",
        r"[.。]$",
        r",|、",
        r"\.\.|…",
        r"^[A-ZÀ-Þ]",
        r"\d",
        r"['’\"]",
    )
)


def shortcut_baselines(conversations: Sequence[dict[str, Any]], seed: int = 1) -> dict[str, float]:
    """AUROC (0..1, cross-validated) of `who`, `lengths`, `times`, `emoji`, `punctuation`, `style`.

    Real chats are left out: they are told by their corpora. Chats of one shape (a risky one
    and its harmless partners) stay in one fold. Needs FOLDS chats of each kind.
    """
    chats = [c for c in conversations if not c.get("real")]
    risky = np.array([c["label"] != "none" for c in chats])
    groups = np.array([_shape(c["id"]) for c in chats])
    timed = np.array(["offset_s" in c["messages"][-1] for c in chats])
    scores = {
        "who": _auroc(np.array([_who(c) for c in chats]), risky, groups, seed),
        "lengths": _auroc(np.array([_lengths(c) for c in chats]), risky, groups, seed),
        "times": _auroc(
            np.array([_times(c) for c in chats if "offset_s" in c["messages"][-1]]),
            risky[timed],
            groups[timed],
            seed,
        ),
        "emoji": _auroc(np.array([_emoji(c) for c in chats]), risky, groups, seed),
        "punctuation": _auroc(np.array([_punctuation(c) for c in chats]), risky, groups, seed),
        "style": _style(chats, risky, groups, seed),
    }
    return {name: round(float(score), 4) for name, score in scores.items()}


def language_shortcut(conversations: Sequence[dict[str, Any]], seed: int = 1) -> float:
    """AUROC of a classifier that sees nothing but the language."""
    languages = sorted({chat["language"] for chat in conversations})
    rows = np.array([[c["language"] == name for name in languages] for c in conversations], float)
    risky = np.array([c["label"] != "none" for c in conversations])
    groups = np.array([_shape(c["id"]) for c in conversations])
    return round(_auroc(rows, risky, groups, seed), 4)


def splice_shortcut(
    written: Sequence[dict[str, Any]], real: Sequence[dict[str, Any]], seed: int = 1,
    amount: int = 2000,
) -> float:  # fmt: skip
    """AUROC of the style of what stands around a splice: is the chat inside a risky one?

    Each of `amount` written chats is spliced into a real one of its language; the text is up to
    AROUND messages on each side of the first join, none of them from the first sign on.
    """
    rng = random.Random(seed)
    pool: dict[str, list[dict[str, Any]]] = {}
    for chat in real:
        pool.setdefault(chat["language"], []).append(chat)
    usable = [chat for chat in written if chat["language"] in pool]
    texts, risky, groups = [], [], []
    for inner in rng.sample(usable, min(amount, len(usable))):
        joined = splice(inner, rng.choice(pool[inner["language"]]), rng)["messages"]
        join = next(i for i, message in enumerate(joined) if not message.get("masked"))
        ahead = AROUND if inner["label"] == "none" else min(AROUND, inner["first_sign"])
        around = joined[max(0, join - AROUND) : join + ahead]
        texts.append("\n".join(message["text"] for message in around))
        risky.append(inner["label"] != "none")
        groups.append(_shape(inner["id"]))
    languages = sorted({chat["language"] for chat in usable})
    model = _style_model(languages)
    rows = np.array(texts, dtype=object)
    return round(_cross_validated(model, rows, np.array(risky), np.array(groups)), 4)


def _shape(conversation_id: str) -> str:
    base, _, suffix = conversation_id.rpartition("-")
    return base if suffix in ("a", "b", "c", "d", "e") else conversation_id


def _who(chat: dict[str, Any]) -> list[float]:
    owner = [message["sender"] == "self" for message in chat["messages"]]
    changes = sum(a != b for a, b in pairwise(owner))
    runs, longest = 1, {True: 0, False: 0}
    for i, now in enumerate(owner):
        runs = runs + 1 if i and owner[i - 1] == now else 1
        longest[now] = max(longest[now], runs)
    head = [float(x) for x in (owner + owner[-1:] * 6)[:6]]
    share, turns = float(np.mean(owner)), changes / max(1, len(owner) - 1)
    senders = len({message["sender"] for message in chat["messages"]})
    return [share, turns, senders, longest[True], longest[False], float(owner[-1]), *head]


def _lengths(chat: dict[str, Any]) -> list[float]:
    row = [float(len(chat["messages"]))]
    for owner in (True, False):
        sizes = [len(m["text"]) for m in chat["messages"] if (m["sender"] == "self") is owner]
        sizes = sizes or [0]
        row += [len(sizes), sum(sizes), float(np.mean(sizes)), float(np.std(sizes))]
        row += [float(x) for x in np.percentile(sizes, (10, 50, 90, 100))]
    return row


def _times(chat: dict[str, Any]) -> list[float]:
    gaps = np.log1p(np.diff([message["offset_s"] for message in chat["messages"]]))
    gaps = gaps if len(gaps) else np.zeros(1)
    return [*map(float, np.percentile(gaps, (10, 50, 90, 100))), float(gaps.mean()),
            float(gaps.std()), float((gaps > 6).mean()), float((gaps > 9).mean())]  # fmt: skip


def _emoji(chat: dict[str, Any]) -> list[float]:
    row = []
    for owner in (True, False):
        texts = [m["text"] for m in chat["messages"] if (m["sender"] == "self") is owner]
        found = [len(EMOJI.findall(text)) for text in texts] or [0]
        row += [float(sum(found)), float(np.mean([n > 0 for n in found]))]
    return row


def _punctuation(chat: dict[str, Any]) -> list[float]:
    """Shares of messages, of the owner and of others, that hold or end in a mark."""
    row = []
    for owner in (True, False):
        texts = [m["text"] for m in chat["messages"] if (m["sender"] == "self") is owner] or [""]
        for mark in MARKS:
            row.append(float(np.mean([bool(mark.search(text)) for text in texts])))
    return row


def _auroc(rows: np.ndarray, risky: np.ndarray, groups: np.ndarray, seed: int) -> float:
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=15, random_state=seed)
    return _cross_validated(model, rows, risky, groups)


def _style(
    chats: Sequence[dict[str, Any]], risky: np.ndarray, groups: np.ndarray, seed: int
) -> float:
    """Messages before the first sign against as many first messages of harmless chats.

    The place is that of the risky chat of the same shape; where none is, a drawn one.
    """
    rng = random.Random(seed)
    first = {_shape(c["id"]): c["first_sign"] for c in chats if c["label"] != "none"}
    places = [place for place in first.values() if place]
    texts, keep = [], []
    for i, chat in enumerate(chats):
        place = first.get(_shape(chat["id"]))
        place = rng.choice(places) if place is None else place
        if 0 < place <= len(chat["messages"]):
            texts.append("\n".join(m["text"] for m in chat["messages"][:place]))
            keep.append(i)
    model = _style_model(sorted({chat["language"] for chat in chats}))
    return _cross_validated(model, np.array(texts, dtype=object), risky[keep], groups[keep])


def _style_model(languages: Sequence[str]) -> Any:
    """Character trigrams and function words of these languages, nothing else."""
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    words = {w for name in languages for line in language_lists(name)["function_words"]
             for w in line.split()}  # fmt: skip
    return make_pipeline(
        make_union(
            TfidfVectorizer(analyzer="char", ngram_range=(3, 3), min_df=5, sublinear_tf=True),
            CountVectorizer(vocabulary=sorted(words), token_pattern=r"\w+", binary=True),
        ),
        LogisticRegression(C=0.3, max_iter=300),
    )


def _cross_validated(model: Any, rows: Any, risky: np.ndarray, groups: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict

    scores = cross_val_predict(model, rows, risky, groups=groups, cv=GroupKFold(FOLDS),
                               method="predict_proba")  # fmt: skip
    return float(roc_auc_score(risky, scores[:, 1]))
