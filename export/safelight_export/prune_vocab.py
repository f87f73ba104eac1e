"""Prunes a SentencePiece vocabulary and writes one `tokenizer.json` for every port.

Kept: the control pieces, every single character, and the pieces that common words of
each language (PyPI `wordfreq`) and the training text use most, language by language.
Pruning on clean training text alone would throw away the slang that users receive.
"""

from __future__ import annotations

import heapq
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import Unigram
from tokenizers.processors import TemplateProcessing

Piece = tuple[str, float]
CONTROL = ("<unk>", "<s>", "</s>")
WORDS_PER_LANGUAGE = 50_000
#: Weight of one use of a piece in training text, beside the frequency of common words (0..1).
IN_TRAINING = 1e-6


def read_pieces(path: Path) -> list[Piece]:
    """(text, log probability) of each piece of a SentencePiece model file, in id order."""
    data = path.read_bytes()
    pieces: list[Piece] = []
    for field, value in _fields(data):
        if field == 1 and isinstance(value, bytes):
            text, score = "", 0.0
            for inner, content in _fields(value):
                if inner == 1 and isinstance(content, bytes):
                    text = content.decode("utf-8")
                elif inner == 2 and isinstance(content, bytes):
                    score = float(np.frombuffer(content, "<f4")[0])
            pieces.append((text, score))
    return pieces


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """(field number, value) of one protobuf message; groups do not occur here."""
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    while at < len(data):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
            continue
        size = {1: 8, 5: 4}.get(key & 7) or varint()
        yield key >> 3, data[at : at + size]
        at += size


def build_tokenizer(pieces: list[Piece], tokens: Iterable[str] = ()) -> Tokenizer:
    """Unigram tokenizer over `pieces`; `tokens` are added behind them, each one id.

    Text is expected in NFKC already (text preparation does it). `<s>` and `</s>` frame
    the ids, as in the pre-training of the encoder.
    """
    tokenizer = Tokenizer(Unigram(pieces, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Replace(Regex("[ \\t\\r\\n]+"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_tokens([AddedToken(t, normalized=False, special=True) for t in tokens])
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)]
    )
    return tokenizer


def choose(
    pieces: list[Piece], texts: Mapping[str, Iterable[str]], languages: Iterable[str], size: int
) -> list[int]:
    """Ids of the pieces to keep, ascending; `texts` are training messages by language."""
    tokenizer = build_tokenizer(pieces)
    keep = {i for i, (text, _) in enumerate(pieces) if text in CONTROL or _is_character(text)}
    ranked = []
    for language in languages:
        counts = _word_counts(tokenizer, language)
        for encoding in tokenizer.encode_batch(list(texts.get(language, ()))):
            for i in encoding.ids:
                counts[i] += IN_TRAINING
        order = [i for i in sorted(counts, key=lambda i: (-counts[i], i)) if i not in keep]
        ranked.append([(place, i) for place, i in enumerate(order)])
    for _, i in heapq.merge(*ranked):  # round robin over the languages, most used first
        if len(keep) >= size:
            break
        keep.add(i)
    return sorted(keep)


def _word_counts(tokenizer: Tokenizer, language: str) -> dict[int, float]:
    """Use of each piece in the most common words of a language, weighted by frequency."""
    from wordfreq import get_frequency_dict

    table = get_frequency_dict(language, wordlist="best")
    common = heapq.nlargest(WORDS_PER_LANGUAGE, table.items(), key=lambda item: item[1])
    counts: dict[int, float] = defaultdict(float)
    encodings = tokenizer.encode_batch([word for word, _ in common])
    for (_, frequency), encoding in zip(common, encodings, strict=True):
        for i in encoding.ids:
            counts[i] += frequency
    return counts


def _is_character(piece: str) -> bool:
    text = unicodedata.normalize("NFKC", piece.removeprefix("▁"))
    return len(text) <= 1
