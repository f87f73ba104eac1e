"""The loop: its schedule, what it leaves alone, and a kill that changes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from safelight_training.batches import Encoded, collate
from safelight_training.costs import FILE, PART, Costs
from safelight_training.encoders.usem3 import UseM3
from safelight_training.model import Shape, Student
from safelight_training.train import (
    CheckpointError,
    Checkpoints,
    Stage,
    _with_fewer_tokens,
    load_student,
    schedule,
    train,
)

VOCABULARY = 40


def student(seed: int = 1) -> Student:
    torch.manual_seed(seed)
    encoder = UseM3(VOCABULARY, dim=32, branch=8, deep=16)
    return Student(Shape(VOCABULARY, state=8, projected=8, hidden=12), encoder)


def conversation(rng: np.random.Generator) -> Encoded:
    n = int(rng.integers(2, 9))
    ids = [rng.integers(0, VOCABULARY, rng.integers(1, 25)).tolist() for _ in range(n)]
    sender = rng.integers(0, 2, n).astype(np.float32)
    labels = (rng.random((n, 26)) > 0.8).astype(np.float32)
    risks = rng.random((n, 2)).astype(np.float32)
    gaps, weight = np.full(n, -1.0, np.float32), np.ones_like(risks)
    return Encoded(ids, sender, gaps, labels, np.ones_like(labels), risks, weight)


def plan(epoch: int) -> list[Encoded]:
    rng = np.random.default_rng(epoch)
    return [conversation(rng) for _ in range(12)]


STAGES = (
    Stage("whole", 2, plan, 20, encoder_rate=1e-3, rate=1e-2),
    Stage("streams", 2, plan, 40, encoder_rate=0.0, rate=1e-2, average=0.5),
)


class Killed(RuntimeError):
    """Stands for a power cut."""


class EveryStep(Checkpoints):
    """Saves after every `every` steps, and dies after `most` saves."""

    def __init__(self, path: Path, every: int, most: int) -> None:
        super().__init__(path)
        self.every, self.most, self.steps, self.saves = every, most, 0, 0

    def due(self) -> bool:
        self.steps += 1
        if self.saves >= self.most:
            raise Killed
        return self.steps % self.every == 0

    def save(self, content: dict[str, Any]) -> None:
        self.saves += 1
        super().save(content)


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, torch.Tensor]:
    model = student()
    train(model, STAGES, 5, Checkpoints(tmp_path_factory.mktemp("whole") / "student.pt"))
    return model.state_dict()


@pytest.mark.parametrize(
    ("why", "every", "most"),
    [
        ("in the first epoch", 1, 2),
        ("steps after the last save", 3, 1),
        ("in the second epoch", 1, 7),
        ("in the second stage", 1, 12),
        ("late in the second stage, with its running mean", 1, 14),
    ],
)
def test_a_killed_training_ends_with_the_same_weights(
    tmp_path: Path, uninterrupted: dict[str, torch.Tensor], why: str, every: int, most: int
) -> None:
    path = tmp_path / "student.pt"
    with pytest.raises(Killed):
        train(student(), STAGES, 5, EveryStep(path, every, most))
    resumed = student(seed=99)  # other weights at first: all comes from the checkpoint
    train(resumed, STAGES, 5, Checkpoints(path))
    for name, weight in resumed.state_dict().items():
        assert torch.equal(weight, uninterrupted[name]), (why, name)


def test_the_table_learns_only_where_a_stage_says_so(tmp_path: Path) -> None:
    for rate in (0.0, 1e-2):
        model = student()
        before = model.encoder.embedding.weight.clone()
        stage = Stage("whole", 1, plan, 20, 1e-3, 1e-2, table_rate=rate)
        train(model, [stage], 5, Checkpoints(tmp_path / f"{rate}.pt"))
        assert torch.equal(model.encoder.embedding.weight, before) == (rate == 0)


def test_skipped_tokens_leave_every_message_something() -> None:
    batch = collate(plan(0))
    torch.manual_seed(1)
    fewer = _with_fewer_tokens(batch, 0.9)
    for (ids, mask), (same, some) in zip(batch.messages, fewer.messages, strict=True):
        assert ids is same
        assert torch.all(some <= mask)
        assert some.any(1).all()
    left = sum(int(mask.sum()) for _, mask in fewer.messages)
    assert 0 < left < 0.5 * sum(int(mask.sum()) for _, mask in batch.messages)


def test_costs_are_kept_at_checkpoints_and_added_after_a_kill(tmp_path: Path) -> None:
    path, file = tmp_path / "student.pt", tmp_path / FILE

    def rows() -> dict[str, dict[str, float]]:
        return {row["name"]: row for row in json.loads(file.read_text("utf-8"))["stages"]}

    with pytest.raises(Killed):
        train(student(), STAGES, 5, EveryStep(path, 1, 7), costs=Costs(file))
    before = rows()
    assert set(before) == {"whole", f"whole{PART}preparing the chats"}
    train(student(), STAGES, 5, Checkpoints(path), costs=Costs(file))
    after = rows()
    assert list(after) == [
        name
        for stage in ("whole", "streams")
        for name in (stage, f"{stage}{PART}preparing the chats")
    ]
    assert after["whole"]["seconds"] > before["whole"]["seconds"] > 0
    assert after["whole"]["runs"] == 2
    for row in after.values():
        part = after.get(f"{row['name']}{PART}preparing the chats", row)
        assert part["seconds"] <= row["seconds"]


def test_where_the_kills_fall() -> None:
    """The table above means what it says: five steps an epoch, then a second stage."""
    saved = []

    class Watch(Checkpoints):
        def due(self) -> bool:
            return True

        def save(self, content: dict[str, Any]) -> None:
            saved.append((content["stage"], content["epoch"]))

    train(student(), STAGES, 5, Watch(Path("never-written")))
    places = {"first epoch": saved[1], "second epoch": saved[6], "second stage": saved[11]}
    assert places == {"first epoch": (0, 0), "second epoch": (0, 1), "second stage": (1, 0)}


def test_a_stage_ends_with_the_running_mean_of_its_weights(tmp_path: Path) -> None:
    ends = {}
    for average in (0.0, 1e-9, 0.9):
        model = student()
        train(model, [Stage("whole", 1, plan, 20, 1e-3, 1e-2, average=average)], 5,
              Checkpoints(tmp_path / f"{average}.pt"))  # fmt: skip
        ends[average] = model.state_dict()["risk_out.weight"]
    start = student().state_dict()["risk_out.weight"]
    assert torch.allclose(ends[0.0], ends[1e-9])  # a mean that forgets at once is the last weights
    assert (ends[0.9] - start).norm() < (ends[0.0] - start).norm()


def test_a_stage_can_end_halfway_and_a_kill_changes_nothing(tmp_path: Path) -> None:
    def ends(name: str, halfway: bool) -> dict[str, torch.Tensor]:
        model = student(seed=99 if (tmp_path / name).exists() else 1)
        stage = Stage("rare", 2, plan, 20, 1e-3, 1e-2, halfway=halfway)
        train(model, [stage], 5, Checkpoints(tmp_path / name))
        return model.state_dict()

    whole, half = ends("whole.pt", halfway=False), ends("half.pt", halfway=True)
    for name, start in student().state_dict().items():
        assert torch.allclose(half[name], (start + whole[name]) / 2, atol=1e-6), name
    with pytest.raises(Killed):
        stage = Stage("rare", 2, plan, 20, 1e-3, 1e-2, halfway=True)
        train(student(), [stage], 5, EveryStep(tmp_path / "killed.pt", 1, 7))
    for name, weight in ends("killed.pt", halfway=True).items():
        assert torch.equal(weight, half[name]), name


def test_a_finished_training_is_not_done_again(
    tmp_path: Path, uninterrupted: dict[str, torch.Tensor]
) -> None:
    path = tmp_path / "student.pt"
    train(student(), STAGES, 5, Checkpoints(path))
    again = student(seed=99)

    def never(epoch: int) -> list[Encoded]:
        raise AssertionError("the plan was asked again")

    train(again, [Stage("whole", 2, never, 20, 1e-3, 1e-2)] * 2, 5, Checkpoints(path))
    assert all(torch.equal(w, uninterrupted[n]) for n, w in again.state_dict().items())


def test_another_seed_gives_other_weights(
    tmp_path: Path, uninterrupted: dict[str, torch.Tensor]
) -> None:
    other = student()
    train(other, STAGES, 6, Checkpoints(tmp_path / "student.pt"))
    name = "risk_out.weight"
    assert not torch.equal(other.state_dict()[name], uninterrupted[name])


def test_the_embedding_table_is_never_trained_and_the_rest_is(
    uninterrupted: dict[str, torch.Tensor],
) -> None:
    fresh = student().state_dict()
    moved = {name for name, weight in fresh.items() if not torch.equal(weight, uninterrupted[name])}
    assert moved == set(fresh) - {"encoder.embedding.weight"}


def test_an_encoder_rate_of_zero_leaves_the_encoder_alone(tmp_path: Path) -> None:
    model, fresh = student(), student().state_dict()
    train(model, STAGES[1:], 5, Checkpoints(tmp_path / "student.pt"))
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, fresh[name]) == name.startswith("encoder."), name


def test_load_student_gives_the_weights_back(tmp_path: Path) -> None:
    model = Student(Shape(3, state=8, projected=8, hidden=12))
    path = tmp_path / "student.pt"
    Checkpoints(path).save({"model": model.state_dict(), "shape": model.shape.as_dict()})
    loaded = load_student(path)
    assert loaded.shape == model.shape
    assert not loaded.training
    assert all(torch.equal(w, model.state_dict()[n]) for n, w in loaded.state_dict().items())


@pytest.mark.parametrize("content", [b"", b"plain text", b"PK\x03\x04 cut short", None])
def test_a_file_that_is_no_checkpoint_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "student.pt"
    if content is None:
        torch.save([1.0], path)
    else:
        path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"student\.pt: no checkpoint that can be read"):
        load_student(path)


def test_a_checkpoint_of_another_model_is_named(tmp_path: Path) -> None:
    path = tmp_path / "student.pt"
    Checkpoints(path).save({"model": {}, "shape": Shape(3, state=8).as_dict()})
    with pytest.raises(CheckpointError, match=r"student\.pt: not a student's checkpoint"):
        load_student(path)


@pytest.mark.parametrize(
    ("progress", "rate"), [(0.0, 0.1), (0.025, 0.55), (0.05, 1.0), (0.525, 0.51), (1.0, 0.02)]
)
def test_schedule(progress: float, rate: float) -> None:
    assert schedule(progress) == pytest.approx(rate)


def test_the_schedule_rises_then_falls() -> None:
    rates = [schedule(i / 200) for i in range(201)]
    top = rates.index(max(rates))
    assert rates[: top + 1] == sorted(rates[: top + 1])
    assert rates[top:] == sorted(rates[top:], reverse=True)
