"""The table of encoders, in small: a student that is taught, and the teacher that it needs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from safelight_training import ablate_encoder, recipe
from safelight_training.cli import main
from safelight_training.plans import Amounts
from safelight_training.recipe import Data, Settings

PUPIL = "taught by e5, 12 layers"


def few(settings: Settings) -> Data:
    found = recipe.load_data(settings)
    return Data([*found.of("train")[:40], *found.of("validation")[:60]], [])


def test_a_pupil_has_its_teacher_trained_once_and_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    teacher = replace(ablate_encoder.TEACHER, layers=1)
    pupil = replace(ablate_encoder.BASE, name=PUPIL, taught=teacher)
    monkeypatch.setattr(ablate_encoder, "VARIANTS", (pupil, teacher))
    monkeypatch.setattr(ablate_encoder, "load_data", few)
    monkeypatch.setattr(recipe, "amounts_of", lambda _: Amounts(1, 10, 0, 0))
    given = ["ablate-encoder", "--smoke", "--work", str(tmp_path), "--only", PUPIL,
             "--threads", "1", "--out", str(tmp_path)]  # fmt: skip
    assert main(given) == 0
    written = (tmp_path / "encoders.json").read_bytes()
    assert [row["name"] for row in json.loads(written)["rows"]] == [PUPIL]
    assert len(list(tmp_path.glob("encoders/*.training"))) == 2
    assert [path.stem.rpartition("-")[0] for path in tmp_path.glob("encoders/*.pt")] == [
        "taught-by-e5-12-layers"
    ]
    assert len(list(tmp_path.glob("encoders/soft/*/1/0.npy"))) == 1

    def again(*_: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr(ablate_encoder, "train", again)
    assert main(given) == 0
    assert (tmp_path / "encoders.json").read_bytes() == written
