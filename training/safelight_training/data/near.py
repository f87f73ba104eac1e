"""Which texts say nearly the same: the basis of leak-free splits and of the audit."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence

NEAR = 0.8
WORD = re.compile(r"\w+")


def normalise(text: str) -> str:
    """Lower case, without accents, punctuation and runs of spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("’", ""))
    return " ".join(WORD.findall("".join(c for c in plain if not unicodedata.combining(c))))


def pairs(texts: Sequence[str], threshold: float = NEAR) -> list[tuple[int, int]]:
    """Pairs of indices whose word sets have a Jaccard similarity >= threshold.

    Exact: two sets that similar share one of their `n - ceil(threshold * n) + 1` rarest
    words, so only texts that meet there are compared.
    """
    sets = [frozenset(normalise(text).split()) or frozenset([text]) for text in texts]
    rarity = Counter(word for words in sets for word in words)
    index: dict[str, list[int]] = defaultdict(list)
    found = []
    for i, words in enumerate(sets):
        ordered = sorted(words, key=lambda word: (rarity[word], word))
        keep = len(words) - -int(-threshold * len(words) // 1) + 1
        candidates = set()
        for word in ordered[:keep]:
            candidates.update(index[word])
            index[word].append(i)
        for j in sorted(candidates):
            shared = len(words & sets[j])
            if shared >= threshold * (len(words) + len(sets[j]) - shared):
                found.append((j, i))
    return found


def clusters(texts: Sequence[str], threshold: float = NEAR) -> list[int]:
    """For each text the index of the first text of its cluster (near pairs, chained)."""
    parent = list(range(len(texts)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for a, b in pairs(texts, threshold):
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    return [root(i) for i in range(len(texts))]
