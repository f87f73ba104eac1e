"""A student learns from what a teacher says of the same conversations."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from safelight.guard import SHIPPED
from safelight.reading import BundleError
from safelight_training import distil, from_bundle, vectors
from safelight_training.batches import Encoded, collate
from safelight_training.data.independent import independent
from safelight_training.encoders.usem3 import UseM3
from safelight_training.losses import Weights, soft_loss, total
from safelight_training.model import N_LABELS, Shape, Student
from safelight_training.recipe import Data, Settings
from safelight_training.train import CheckpointError, Checkpoints, Plan, Stage, train

LENGTHS = (3, 5, 4, 6)
ONLY_SOFT = Weights(label=0, risk=0, tail=0, soft=1.0)


def chat(length: int, rng: np.random.Generator) -> Encoded:
    ids = [rng.integers(3, 40, rng.integers(2, 9)).tolist() for _ in range(length)]
    labels, one = np.zeros((length, N_LABELS), np.float32), np.ones(length, np.float32)
    risks = np.zeros((length, 2), np.float32)
    return Encoded(ids, one, -one, labels, labels, risks, risks + 1)


def plan(epoch: int) -> list[Encoded]:
    rng = np.random.default_rng(epoch)
    return [chat(length, rng) for length in LENGTHS]


def student(seed: int) -> Student:
    torch.manual_seed(seed)
    return Student(Shape(40, state=8, projected=8, hidden=12), UseM3(40))


def asking(model: Student, same: Plan = plan) -> distil.Asked:
    return lambda number: distil.ask(model, same(number))


def test_each_message_gets_what_the_teacher_says_of_it(tmp_path: Path) -> None:
    teacher = student(3).eval()
    softened = distil.softened(plan, asking(teacher), tmp_path)(0)
    assert [c.soft.shape for c in softened] == [(n, N_LABELS + 2) for n in LENGTHS]
    for c in softened:
        alone = distil.ask(teacher, [replace(c, soft=None)])
        assert np.allclose(alone, c.soft, atol=2e-2)  # float16, and bfloat16 where there is one


def test_answers_are_kept_and_not_asked_again(tmp_path: Path) -> None:
    first = distil.softened(plan, asking(student(3).eval()), tmp_path)(0)
    again = distil.softened(plan, asking(student(4).eval()), tmp_path)(0)
    assert all(np.array_equal(a.soft, b.soft) for a, b in zip(first, again, strict=True))
    other = distil.softened(plan, asking(student(4).eval()), tmp_path / "new")(0)
    assert not np.array_equal(first[0].soft, other[0].soft)


def test_answers_to_other_conversations_are_refused(tmp_path: Path) -> None:
    distil.softened(plan, asking(student(3).eval()), tmp_path)(0)
    with pytest.raises(ValueError, match=r"0\.npy: a teacher's answers to other conversations"):
        distil.softened(lambda n: plan(n)[:2], asking(student(3).eval()), tmp_path)(0)


def test_soft_loss_by_hand() -> None:
    labels, risks = torch.zeros(1, 2, N_LABELS), torch.zeros(1, 2, 2)
    soft, valid = torch.full((1, 2, N_LABELS + 2), 0.25), torch.tensor([[1.0, 0.0]])
    expected = (N_LABELS / 2 + 2) * math.log(2)  # whatever the target, a logit of 0 costs log 2
    assert soft_loss(labels, risks, soft, valid).item() == pytest.approx(expected, rel=1e-6)
    signs_alone = soft_loss(labels, risks, soft, valid, of_risks=0.0).item()
    assert signs_alone == pytest.approx(N_LABELS / 2 * math.log(2), rel=1e-6)
    sure = torch.logit(soft)
    best = soft_loss(sure[..., :N_LABELS], sure[..., N_LABELS:], soft, valid).item()
    assert best < expected


def test_without_a_teacher_the_loss_is_that_of_the_labels() -> None:
    batch = collate(plan(0))
    labels, risks = torch.zeros(4, 6, N_LABELS), torch.zeros(4, 6, 2)
    given = (labels, risks, batch.labels, batch.label_mask, batch.risks, batch.risk_weight)
    plain, soft = (total(*given, batch.valid, Weights(soft=s), batch.soft) for s in (0.0, 1.0))
    assert batch.soft is None
    assert plain.item() == soft.item()


def test_the_student_comes_to_say_what_the_teacher_says(tmp_path: Path) -> None:
    teacher, pupil = student(3).eval(), student(5)
    with torch.no_grad():
        teacher.risk_out.bias.copy_(torch.tensor([2.0, -1.0]))
    softened = distil.softened(plan, asking(teacher, lambda _: plan(0)), tmp_path)

    def gap() -> float:
        said, wanted = distil.ask(pupil, plan(0)), softened(0)
        return float(np.abs(said - np.concatenate([c.soft for c in wanted])).mean())

    before = gap()
    stage = Stage("whole", 60, lambda _: softened(0), 20, 1e-3, 1e-2, loss=ONLY_SOFT)
    train(pupil, [stage], 1, Checkpoints(tmp_path / "pupil.pt"))
    assert gap() < before / 4


def test_vectors_are_kept_with_and_without_a_teacher(tmp_path: Path) -> None:
    model = student(3).eval()
    made = vectors.with_vectors(model, plan(0))
    vectors.save(tmp_path / "plain", made)
    assert vectors.load(tmp_path / "plain")[1].soft is None
    softened = [replace(c, soft=np.ones((len(c), 28), np.float16)) for c in made]
    vectors.save(tmp_path / "soft", softened)
    assert vectors.load(tmp_path / "soft")[1].soft.shape == (LENGTHS[1], 28)


def test_a_bundle_says_what_its_students_say_together() -> None:
    bundle = from_bundle.read(SHIPPED)
    encoded = distil.Listener(bundle)(independent("dev")[::60])
    asked = (distil.ask(model, encoded) for model in from_bundle.students_of(bundle))
    logits = [torch.logit(torch.from_numpy(said).float(), eps=1e-6) for said in asked]
    together = torch.sigmoid(torch.stack(logits).mean(0)).numpy()
    said = np.concatenate([c.soft for c in encoded])
    assert said.shape == together.shape
    assert said[:, -2:].max() > 0.5, "no chat here is risky"
    gaps = np.abs(said - together)  # whole numbers against the weights that they stand for
    assert gaps.mean() < 0.005
    assert np.quantile(gaps, 0.99) < 0.1


def test_only_the_last_pass_hears_the_teacher(tmp_path: Path) -> None:
    chats = [{**chat, "split": "train"} for chat in independent("dev")[:2]]
    settings = Settings(tmp_path, smoke=True, teacher=SHIPPED)
    data = Data(chats, [])
    own = distil.plans_of(settings, data, distil.Listener(from_bundle.read(SHIPPED)))

    def bare(number: int) -> list[Encoded]:
        return [replace(c, soft=None) for c in own.epoch(number)]

    heard = distil.beside(bare, settings, data, last=1)
    assert all(c.soft is None for c in heard(0))
    assert not list(tmp_path.rglob("*.npy"))
    assert [len(c.soft) for c in heard(1)] == [len(c) for c in bare(1)]


def test_a_student_is_no_teacher(tmp_path: Path) -> None:
    path = tmp_path / "student.pt"
    Checkpoints(path).save({"model": student(3).state_dict()})
    with pytest.raises(CheckpointError, match=r"student\.pt: not a teacher's checkpoint"):
        distil.check(path)


def test_a_folder_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    settings = Settings(tmp_path, smoke=True, teacher=tmp_path)
    with pytest.raises(BundleError, match=tmp_path.name):
        distil.beside(plan, settings, Data([], []), last=0)
