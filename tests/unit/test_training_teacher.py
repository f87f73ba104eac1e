"""A BERT-shaped encoder in the student's place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from safelight_training import distil, teacher
from safelight_training.batches import Encoded
from safelight_training.encoders.sentence import Sentence
from safelight_training.model import Shape, Student
from safelight_training.recipe import Settings
from safelight_training.train import Checkpoints, Stage, train


def encoder() -> Sentence:
    torch.manual_seed(3)
    config = BertConfig(vocab_size=40, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
                        intermediate_size=32, max_position_embeddings=64)  # fmt: skip
    return Sentence(BertModel(config, add_pooling_layer=False))


def plan(epoch: int) -> list[Encoded]:
    rng = np.random.default_rng(epoch)
    labels, risks = rng.random((6, 26)).astype(np.float32), rng.random((6, 2)).astype(np.float32)
    ids = [rng.integers(0, 40, 5).tolist() for _ in range(6)]
    one = np.ones(6, np.float32)
    return [Encoded(ids, one, -one, labels, np.ones_like(labels), risks, np.ones_like(risks))] * 4


def test_padding_changes_nothing_and_length_is_one() -> None:
    found = encoder().eval()
    ids, mask = torch.tensor([[5, 6, 7]]), torch.ones(1, 3, dtype=torch.int64)
    padded = torch.tensor([[5, 6, 7, 0, 0]]), torch.tensor([[1, 1, 1, 0, 0]])
    with torch.no_grad():
        alone, among = found(ids, mask), found(*padded)
    assert torch.allclose(alone, among, atol=1e-6)
    assert alone.norm(dim=-1).item() == pytest.approx(1.0, abs=1e-5)


def test_it_learns_and_its_table_stays(tmp_path: Path) -> None:
    model = Student(Shape(40, state=8, projected=8, hidden=12), encoder())
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    train(model, [Stage("teacher", 1, plan, 20, 1e-3, 1e-2)], 5, Checkpoints(tmp_path / "t.pt"))
    moved = {name for name, weight in model.state_dict().items()
             if not torch.equal(weight, before[name])}  # fmt: skip
    assert "encoder.bert.embeddings.word_embeddings.weight" not in moved
    assert {"encoder.bert.encoder.layer.0.output.dense.weight", "risk_out.weight"} <= moved


def test_a_trained_teacher_is_read_back_with_its_layers(tmp_path: Path) -> None:
    settings = Settings(tmp_path, None, smoke=True)
    made = teacher.make(settings, layers=2)
    with torch.no_grad():
        made.model.risk_out.bias.fill_(1.5)
    torch.save({"model": made.model.state_dict()}, tmp_path / "teacher.pt")
    found = teacher.load(settings, tmp_path / "teacher.pt")
    assert found.model.encoder.bert.config.num_hidden_layers == 2
    chat = {"messages": [{"sender": "peer", "text": "hey, is this Sam?"}]}
    said, again = (distil.ask(m, found.encoder([chat])) for m in (made.model, found.model))
    assert np.array_equal(said, again)
