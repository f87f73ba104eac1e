"""Thresholds by corpus: how corpora are dealt out, what each pool says, what is refused."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from safelight_training import crossfit
from safelight_training.ablate_encoder import BASE, Variant
from safelight_training.cli import main
from safelight_training.evaluation import kept
from safelight_training.plans import HELD_OUT_CORPORA

EVALUATION = Path(__file__).parents[2] / "docs/evaluation"
HELD = HELD_OUT_CORPORA[0]


def chats(**sizes: int) -> list[dict[str, Any]]:
    return [{"corpus": name, "family": str(i), "is_chat": True}
            for name, size in sizes.items() for i in range(size)]  # fmt: skip


def test_corpora_are_dealt_to_groups_of_about_one_size() -> None:
    assert crossfit.groups_of({"a": 5, "b": 9, "c": 4, "d": 1}) == [("b", "d"), ("a", "c")]
    assert crossfit.groups_of({}) == [(), ()]


def test_each_pool_holds_what_its_name_says() -> None:
    some = chats(casino=1000, **{HELD: 500})
    known = np.where(np.arange(1500) % 100 == 0, 0.9, 0.1)
    strange = known.copy()
    strange[:1000] = np.where(np.arange(1000) % 25 == 0, 0.95, 0.2)
    found = {row["pool"]: row for row in crossfit.rows(some, known, strange)}
    assert [row["n"] for row in found.values()] == [1000, 1000, 500, 1500, 1500]
    shares = [row["at_point"]["share"] for row in found.values()]
    assert shares == [0.01, 0.04, 0.01, 0.01, 0.03]  # four times as loud as by who knows them
    assert found[crossfit.TODAY]["at_threshold"]["share"] == 0.0
    assert found["all, cross-fitted"]["at_threshold"]["share"] == round(40 / 1500, 4)
    assert found["all, cross-fitted"]["threshold"] > 0.95 > found[crossfit.TODAY]["threshold"]


def test_the_chats_of_a_group_are_judged_by_who_did_not_learn_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = chats(casino=20, sgd=30, xpersona_it=10, **{HELD: 10})
    both_ways = [{**chat} for chat in some for _ in range(2)]
    lab = SimpleNamespace(chats={}, data=SimpleNamespace(calibration=lambda: both_ways))
    asked: list[Variant] = []

    def peaks(_: Any, variant: Variant) -> np.ndarray:
        asked.append(variant)
        return np.full(len(some), 0.1 * len(asked))

    seen: list[np.ndarray] = []
    monkeypatch.setattr(crossfit, "Lab", lambda _: lab)
    monkeypatch.setattr(crossfit, "_peaks", peaks)
    real_rows = crossfit.rows
    monkeypatch.setattr(crossfit, "rows",
                        lambda c, k, s: seen.append(s) or real_rows(c, k, s))  # fmt: skip
    assert main(["crossfit", "--work", str(tmp_path), "--out", str(tmp_path)]) == 0
    assert asked[0] == BASE
    assert [variant.without for variant in asked[1:]] == [("sgd",), ("casino", "xpersona_it")]
    assert lab.chats["calibration"] == some
    judged = dict(zip([c["corpus"] for c in some], seen[0].round(1), strict=True))
    assert judged == {"casino": 0.3, "sgd": 0.2, "xpersona_it": 0.3, HELD: 0.1}


@pytest.mark.parametrize("sizes", [{}, {"casino": 3, "sgd": 3}, {"casino": 3, HELD: 3}])
def test_too_few_corpora_are_refused_before_any_training(
    sizes: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    lab = SimpleNamespace(chats={}, data=SimpleNamespace(calibration=lambda: chats(**sizes)))
    monkeypatch.setattr(crossfit, "Lab", lambda _: lab)
    assert main(["crossfit", "--work", str(tmp_path), "--out", str(tmp_path)]) == 3
    assert "too few corpora of real chats" in capsys.readouterr().err


def test_the_committed_table_is_of_its_data() -> None:
    _, problems = kept.committed(EVALUATION, (crossfit.JSON, crossfit.MARKDOWN), crossfit.render)
    assert problems == []
