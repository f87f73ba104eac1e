"""The loudest ordinary chats of a sample, and the same ones after a resume."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from safelight_training import mining
from safelight_training.batches import Encoded
from safelight_training.encoders.usem3 import UseM3
from safelight_training.model import Shape, Student

CHATS = [{"id": f"chat{n}"} for n in range(40)]


def encoder(chats: list[dict[str, Any]]) -> list[Encoded]:
    """The number in a chat's name is its token, and how often it says so."""
    found = []
    for chat in chats:
        n = int(chat["id"][4:])
        length = 1 + n % 5
        labels, risks = np.zeros((length, 26), np.float32), np.zeros((length, 2), np.float32)
        one = np.ones(length, np.float32)
        found.append(Encoded([[n]] * length, 0 * one, -one, labels, labels, risks, risks + 1))
    return found


def student(seed: int) -> Student:
    torch.manual_seed(seed)
    return Student(Shape(40, state=8, projected=8, hidden=12), UseM3(40, dim=32, branch=8, deep=16))


@pytest.fixture
def half(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mining, "HEARD", 20)
    monkeypatch.setattr(mining, "KEPT", 0.25)


def test_the_loudest_are_kept_loudest_first(half: None, tmp_path: Path) -> None:
    model = student(1)
    found = mining.loudest(model, CHATS, encoder, 1, tmp_path / "loud.json")
    peaks = mining._peaks(model, encoder(CHATS))
    mine = [peaks[int(chat["id"][4:])] for chat in found]
    assert len(found) == 5
    assert mine == sorted(mine, reverse=True)
    assert mine[-1] > np.median(peaks)


def test_padding_is_not_heard() -> None:
    model = student(2)
    alone = [mining._peaks(model, encoder([chat]))[0] for chat in CHATS]
    assert mining._peaks(model, encoder(CHATS)) == pytest.approx(alone, abs=1e-5)


def test_a_resumed_training_hears_the_same_ones(half: None, tmp_path: Path) -> None:
    path = tmp_path / "loud.json"
    first = mining.loudest(student(1), CHATS, encoder, 1, path)
    assert mining.loudest(student(2), CHATS, encoder, 1, path) == first
    assert json.loads(path.read_text("utf-8")) == [chat["id"] for chat in first]
    assert mining.loudest(student(2), CHATS, encoder, 1, tmp_path / "other.json") != first
