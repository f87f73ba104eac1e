"""The lab of variants: how one is judged, and what each is made of."""

from __future__ import annotations

import json
from dataclasses import make_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from safelight.taxonomy import INDICATORS
from safelight_training import ablate, ablate_encoder, variants
from safelight_training.ablate import ENSEMBLES, VARIANTS
from safelight_training.batches import Encoded, collate
from safelight_training.cli import main
from safelight_training.evaluation import kept, quick
from safelight_training.mixed import CONCEPTS, Mixed
from safelight_training.model import N_LABELS, Shape, Student
from safelight_training.targets import label_targets, onset_weights, risk_targets
from safelight_training.vectors import NoEncoder

EVALUATION = Path(__file__).parents[2] / "docs" / "evaluation"
DIM = 16
LOUD, QUIET = 6.0, -6.0
SIGNS = ["secrecy", "image_request"]


def chat(label: str, n: int, **more: Any) -> dict[str, Any]:
    """Peer messages only; a risky one shows its signs from message 2 on, harm is at message 4."""
    signs = SIGNS if label != "none" else []
    messages = [{"sender": "peer", "text": "hi", "indicators": signs if i >= 2 else [], "cues": []}
                for i in range(6)]  # fmt: skip
    risky = {"first_sign": 2, "warn_by": 4, "risks": {"grooming": [2, 5]}} if signs else {}
    return {"label": label, "language": "en", "messages": messages, "corpus": "c",
            "family": str(n), "twin": "hard", **risky, **more}  # fmt: skip


def encoded(c: dict[str, Any]) -> Encoded:
    labels, mask = label_targets(c)
    n = len(c["messages"])
    ones = np.ones(n, np.float32)
    return Encoded([], ones, ones, labels, mask, risk_targets(c), onset_weights(c))


def says(c: dict[str, Any], at: int | None, risk: float = LOUD) -> tuple[np.ndarray, np.ndarray]:
    """A model that shows the signs and a loud risk from message `at` on."""
    labels = np.full((6, N_LABELS), QUIET, np.float32)
    risks = np.full((6, 2), QUIET, np.float32)
    if at is not None:
        for name in SIGNS:
            labels[at:, INDICATORS.index(name)] = LOUD
        risks[at:, 0] = risk
    return labels, risks


def judged(dev: list[tuple[dict[str, Any], int | None]]) -> quick.Row:
    validation = [chat("grooming" if i % 2 else "none", i) for i in range(8)]
    chats = {
        "validation": validation,
        "calibration": [chat("none", i) for i in range(3100)],
        "dev": [c for c, _ in dev],
    }
    sets = {name: [encoded(c) for c in some] for name, some in chats.items()}
    said = {
        "validation": [says(c, 2 if c["label"] != "none" else None) for c in validation],
        "calibration": [says(c, None) for c in chats["calibration"]],
        "dev": [says(c, at) for c, at in dev],
    }
    return quick.judge(chats, sets, said)


def test_a_model_that_is_right_gets_full_marks() -> None:
    found = judged([(chat("grooming", 1), 3), (chat("none", 2), None)])
    assert (found["recall"], found["hard"], found["auroc"]) == (1.0, 0.0, 1.0)


def test_what_real_chats_alone_ask_for_does_not_follow_the_hard_ones() -> None:
    """Of 5,000 real chats one may be warned, though the hard ones raise the threshold above it."""
    validation = [chat("grooming" if i % 2 else "none", i) for i in range(8)]
    chats = {"validation": validation, "dev": validation,
             "calibration": [chat("none", i) for i in range(5000)]}  # fmt: skip
    heard = [says(c, 2, LOUD if c["label"] != "none" else 2.0) for c in validation]
    said = {"validation": heard, "dev": heard,
            "calibration": [says(c, None if i else 2, 1.9)
                            for i, c in enumerate(chats["calibration"])]}  # fmt: skip
    sets = {name: [encoded(c) for c in some] for name, some in chats.items()}
    found = quick.judge(chats, sets, said)
    assert found["threshold"] == pytest.approx(found["threshold_of_hard_ones"], abs=1e-3)
    assert found["threshold_of_real_chats"] < found["threshold"] / 10


@pytest.mark.parametrize(
    ("family", "at", "expected"),
    [("authored/x", 2, 1.0), ("authored/x", None, 4 / 6), ("scenario/x", 2, None)],
)
def test_labels_are_judged_on_whole_dialogues_alone(
    family: str, at: int | None, expected: float | None
) -> None:
    """Where nothing is heard, precision is the share of the messages that show a sign."""
    chats = [chat("grooming", i, family=family) for i in range(5)]
    said = [says(c, at) for c in chats]
    assert quick.label_precision(chats, [encoded(c) for c in chats], said) == pytest.approx(
        expected
    )


@pytest.mark.parametrize(("why", "at"), [("too late", 5), ("premature", 1), ("never", None)])
def test_a_warning_out_of_time_is_none(why: str, at: int | None) -> None:
    assert judged([(chat("grooming", 1), at), (chat("none", 2), None)])["recall"] == 0.0, why


def test_hard_ones_that_are_warned_count() -> None:
    found = judged([(chat("grooming", 1), 3), (chat("none", 2), 3), (chat("none", 3), None)])
    assert found["hard"] == 0.5
    # The loud hard one is as loud as the risky one, wherever the point lies.
    assert {found[f"recall_at_{n}_percent"] for n in quick.HARD} == {0.0}


def test_the_more_hard_ones_may_be_warned_the_more_risky_ones_are() -> None:
    loud_hard = [(chat("none", i), 3 if i < 3 else None) for i in range(100)]
    found = judged([(chat("grooming", 200), 3), *loud_hard])
    assert [found[f"recall_at_{n}_percent"] for n in (2, 5, 10)] == [0.0, 1.0, 1.0]


def test_names_are_unique_and_ensembles_are_of_them() -> None:
    names = [v.name for v in VARIANTS]
    assert len(set(names)) == len(names)
    assert all(member in names for members in ENSEMBLES.values() for member in members)


def test_what_is_kept_of_a_variant_is_of_its_definition_and_its_data() -> None:
    plain = ablate_encoder.BASE
    names = {variants.file_of(v, version) for v in (plain, replace(plain, rate=0.1))
             for version in ("1", "2")}  # fmt: skip
    assert len(names) == 4
    assert variants.file_of(replace(plain), "1") in names


def test_a_choice_that_a_variant_does_not_take_leaves_what_is_kept_of_it() -> None:
    old = make_dataclass("Variant", [("name", str), ("rate", float, 1.0)])
    new = make_dataclass("Variant", [("name", str), ("rate", float, 1.0), ("extra", int, 0)])
    kept = variants.file_of(old("a"), "1")
    assert variants.file_of(new("a"), "1") == kept
    assert variants.file_of(new("a", extra=1), "1") != kept
    assert variants.file_of(new("a", rate=2.0), "1") == variants.file_of(old("a", 2.0), "1") != kept


def test_an_answer_that_could_not_be_kept_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    with pytest.raises(ZeroDivisionError):
        variants.asked_once(path, lambda: {"dev": 1 / 0})  # type: ignore[dict-item]
    assert variants.asked_once(path, lambda: {"dev": []}) == {"dev": []}
    assert variants.asked_once(path, lambda: {}) == {"dev": []}


def test_rows_asked_for_alone_leave_the_others_of_the_same_data(tmp_path: Path) -> None:
    path, order = tmp_path / "t.json", ["a", "b", "c"]
    first = variants.beside_others([{"name": "c"}, {"name": "a", "x": 1}], path, "1", order)
    assert [row["name"] for row in first["rows"]] == ["a", "c"]
    path.write_text(json.dumps(first), "utf-8")
    both = variants.beside_others([{"name": "b"}, {"name": "a", "x": 2}], path, "1", order)
    assert both["rows"] == [{"name": "a", "x": 2}, {"name": "b"}, {"name": "c"}]
    assert variants.beside_others([{"name": "b"}], path, "2", order)["rows"] == [{"name": "b"}]


@pytest.mark.parametrize("command", ["ablate", "ablate-encoder"])
def test_a_variant_that_is_none_is_refused(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--student", "s.pt"] if command == "ablate" else []
    with pytest.raises(SystemExit) as refused:
        main([command, *more, "--only", "plainer"])
    assert refused.value.code == 2
    assert "plainer" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lab", "others"), [(ablate, {"student", "teacher", *ENSEMBLES}), (ablate_encoder, set())]
)
def test_a_committed_table_is_of_its_data_and_says_what_it_lacks(
    lab: Any, others: set[str]
) -> None:
    found, problems = kept.committed(EVALUATION, (lab.JSON, lab.MARKDOWN), lab.render)
    assert problems == [] and found is not None
    known = {variant.name for variant in lab.VARIANTS}
    there = {row["name"] for row in found["rows"]}
    assert there <= known | others and set(lab.BEFORE) <= known
    page = lab.render(found)
    assert {name for name in known if f"*{name}*" in page.split("Declared")[-1]} == known - there


def test_a_table_that_lacks_nothing_says_nothing() -> None:
    found = {"rows": [{"name": "plain"}, {"name": "hazard"}]}
    assert variants.lacking(found, ("plain", "hazard"), {"plain": 10}) == ""
    told = variants.lacking(found, ("plain", "step", "focal"), {"step": 10})
    assert "*step* (10), *focal*" in told and "plain" not in told


@pytest.mark.parametrize("variant", [*VARIANTS[1:], *ablate_encoder.VARIANTS[1:]],
                         ids=lambda variant: variant.name)  # fmt: skip
def test_each_variant_changes_one_thing(variant: Any) -> None:
    base = ablate.BASE if isinstance(variant, ablate.Variant) else ablate_encoder.BASE
    changed = {name for name in vars(variant)
               if name not in ("name", "question")
               and getattr(variant, name) != getattr(base, name)}  # fmt: skip
    if getattr(variant, "layers", 0):  # another encoder comes with the rates and batches it suits
        assert changed - {"taught"} == {"layers", "rate", "budget"}
    elif "taught" in changed:  # one more change to a pupil stands beside the pupil's own row
        assert len(changed - {"taught"}) <= 1
    else:
        assert len(changed) == 1 or changed == {"rate", "heads"}


def test_the_state_of_signs_alone_reads_no_text() -> None:
    torch.manual_seed(1)
    model = Student(Shape(1, state=8, projected=0, hidden=12), NoEncoder(DIM))
    assert model.gru.input_size == CONCEPTS
    labels, risks, _ = model(torch.randn(2, 3, DIM), torch.ones(2, 3), torch.ones(2, 3))
    assert labels.shape == (2, 3, N_LABELS)
    assert risks.shape == (2, 3, 2)


def test_the_mixed_one_can_be_either_of_its_halves() -> None:
    torch.manual_seed(1)
    model = Mixed(Shape(1, state=8, projected=4, hidden=12), NoEncoder(DIM)).eval()
    given = torch.randn(2, 3, DIM), torch.ones(2, 3), torch.ones(2, 3)
    torch.nn.init.zeros_(model.gate.weight)
    with torch.no_grad():
        model.gate.bias.fill_(50.0)
        plain = Student.forward(model, *given)[1]
        assert torch.allclose(model(*given)[1], plain, atol=1e-5)
        model.gate.bias.fill_(-50.0)
        assert not torch.allclose(model(*given)[1], plain, atol=1e-2)


def test_informed_risks_hear_what_the_heads_say_in_context() -> None:
    given = torch.randn(2, 3, DIM), torch.ones(2, 3), torch.ones(2, 3)
    for informed in (False, True):
        torch.manual_seed(1)
        shape = Shape(1, state=8, projected=4, hidden=12, informed=informed)
        model = Student(shape, NoEncoder(DIM)).eval()
        with torch.no_grad():
            before = model(*given)[1]
            model.context_out.bias.fill_(5.0)  # reaches labels alone, unless risks read them
            assert torch.equal(model(*given)[1], before) != informed


def test_a_cut_keeps_the_arc_in_sight() -> None:
    c = chat("grooming", 1)
    long = encoded({**c, "messages": [*c["messages"]] * 4, "first_sign": 20, "warn_by": 22,
                    "risks": {"grooming": [20, 22]}})  # fmt: skip
    cut = ablate._cut(long, 8)
    assert len(cut) == 8
    assert cut.risks.max() == 1.0
    assert len(ablate._cut(long, 100)) == 24
    collate([cut])
