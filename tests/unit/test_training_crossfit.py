"""Cross-fitting by corpus: how corpora are dealt out, who judges what, the table, refusals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from safelight_training import crossfit, crossfit_table
from safelight_training.ablate_encoder import BASE, Lab, Variant
from safelight_training.cli import main
from safelight_training.corpora import CorpusError
from safelight_training.evaluation import kept
from safelight_training.operating_point import dialogue
from safelight_training.plans import HELD_OUT_CORPORA
from safelight_training.recipe import Data, Settings, digest
from safelight_training.refused import InputError
from safelight_training.variants import file_of

EVALUATION = Path(__file__).parents[2] / "docs/evaluation"
HELD = HELD_OUT_CORPORA[0]


def chats(**sizes: int) -> list[dict[str, Any]]:
    return [{"corpus": name, "family": str(i), "is_chat": True, "split": "calibration"}
            for name, size in sizes.items() for i in range(size)]  # fmt: skip


def said(some: Iterable[dict[str, Any]], risk: float) -> dict[bool, dict[str, np.ndarray]]:
    """Each dialogue as loud as `risk`, half as loud where a progression is asked for."""
    return {asked: {dialogue(c): np.full((3, 2), risk / (1 + asked)) for c in some}
            for asked in (True, False)}  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Variant, set[str]]]:
    """The variants that were asked, and the corpora of which; the n-th says a risk of n tenths."""
    found: list[tuple[Variant, set[str]]] = []

    def by_gate(_: Any, variant: Variant, some: list[dict[str, Any]]) -> Any:
        found.append((variant, {c["corpus"] for c in some}))
        return said(some, 0.1 * len(found))

    monkeypatch.setattr(crossfit, "by_gate", by_gate)
    monkeypatch.setattr(crossfit_table, "by_gate", by_gate)
    return found


def test_corpora_are_dealt_to_groups_of_about_one_size() -> None:
    data = Data([], chats(casino=3, sgd=5, taskmaster4=1, **{HELD: 9}))
    assert crossfit.dealt(data, 2) == (("sgd",), ("casino", "taskmaster4"))
    with pytest.raises(CorpusError, match=r"in 4 groups .* there are 3"):
        crossfit.dealt(data, 4)


def test_translations_of_the_same_dialogues_are_left_out_together() -> None:
    data = Data([], chats(xpersona_en=3, xpersona_ja=2, casino=4))
    assert crossfit.dealt(data, 2) == (("xpersona_en", "xpersona_ja"), ("casino",))
    with pytest.raises(CorpusError, match=r"in 3 groups .* there are 2"):
        crossfit.dealt(data, 3)


def test_a_group_that_is_left_out_is_not_trained_on(tmp_path: Path) -> None:
    lines = [{"sender": "peer", "text": "hi", "indicators": [], "cues": []}] * 4
    real = [{**c, "split": "train", "language": "en", "label": "none", "messages": lines}
            for c in chats(casino=3, sgd=2)]  # fmt: skip
    lab = Lab(Settings(tmp_path, smoke=True), Data([], real))
    encoder: Any = None
    assert {c["corpus"] for c in lab._plans(1, encoder).chats} == {"casino", "sgd"}
    assert {c["corpus"] for c in lab._plans(1, encoder, ("casino",)).chats} == {"sgd"}


def test_answers_to_other_chats_are_refused_in_one_line(tmp_path: Path) -> None:
    settings = SimpleNamespace(data_version="0", seed=1)
    lab: Any = SimpleNamespace(folder=tmp_path, settings=settings)
    some = chats(casino=3)
    path = tmp_path / f"gated-{file_of(BASE, '0')}"
    torch.save(said(some, 0.5), path)
    assert crossfit.by_gate(lab, BASE, some)[True].keys() == {dialogue(c) for c in some}
    with pytest.raises(InputError, match="answers to other chats"):
        crossfit.by_gate(lab, BASE, some[1:])


def test_students_of_other_data_lie_elsewhere() -> None:
    data = Data([], [{**c, "label": "none", "messages": []} for c in chats(casino=3)])
    fewer = Data([], data.real[1:])
    settings = Settings(Path("unused"))
    found = {digest(replace(settings, **change), some)
             for change in ({}, {"seed": 2}, {"smoke": True}, {"more_languages": ("nl",)})
             for some in (data, fewer)}  # fmt: skip
    labelled = Data([], [{**data.real[0], "indicators": ["secrecy"]}, *data.real[1:]])
    found.add(digest(settings, labelled))  # the same texts, with another label
    assert len(found) == 9
    assert digest(settings, data) in found


def test_the_chats_of_a_group_are_judged_by_who_did_not_learn_from_it(
    asked: list[tuple[Variant, set[str]]],
) -> None:
    data = Data([], chats(casino=20, sgd=30, xpersona_it=10, **{HELD: 10}))
    groups = crossfit.dealt(data, 2)
    lab: Any = SimpleNamespace(data=data, settings=Settings(Path("unused"), seed=3))
    found = crossfit.heard_by_strangers(lab, groups)
    assert found.groups == groups == (("sgd",), ("casino", "xpersona_it"))
    assert [(set(variant.without), some) for variant, some in asked] == [
        ({"sgd"}, {"sgd"}), ({"casino", "xpersona_it"}, {"casino", "xpersona_it"})
    ]  # fmt: skip
    assert replace(asked[0][0], without=(), name="plain") == replace(BASE, seed=3)
    assert found.scores[False]["sgd/0"].max() == pytest.approx(0.1)
    assert found.scores[False]["casino/0"].max() == pytest.approx(0.2)
    assert found.scores[True]["casino/0"].max() == pytest.approx(0.1)
    assert len(found.scores[True]) == 60  # none of a corpus that no training sees


def test_each_pool_holds_what_its_name_says() -> None:
    corpora = {dialogue(c): c["corpus"] for c in chats(casino=1000, **{HELD: 500})}
    known = {name: 0.9 if i % 100 == 0 else 0.1 for i, name in enumerate(corpora)}
    strange = known | {f"casino/{i}": 0.95 if i % 25 == 0 else 0.2 for i in range(1000)}
    found = {row["pool"]: row for row in crossfit_table.rows(corpora, known, strange)}
    assert [row["n"] for row in found.values()] == [1000, 1000, 500, 1500, 1500]
    shares = [row["at_point"]["share"] for row in found.values()]
    assert shares == [0.01, 0.04, 0.01, 0.01, 0.03]  # four times as loud as by who knows them
    today = found[crossfit_table.TODAY]
    assert today["at_threshold"]["share"] == 0.0
    assert found["all, cross-fitted"]["at_threshold"]["share"] == round(40 / 1500, 4)
    assert found["all, cross-fitted"]["threshold"] > 0.95 > today["threshold"]


def test_the_corpora_that_strangers_find_loud_come_first() -> None:
    corpora = {dialogue(c): c["corpus"] for c in chats(casino=100, sgd=2000, **{HELD: 900})}
    known = dict.fromkeys(corpora, 0.3)
    strange = known | {f"casino/{i}": 0.8 for i in range(10)} | {"sgd/0": 0.31, "sgd/1": 0.6}
    first, second = crossfit_table.by_corpus(corpora, known, strange)
    assert (first["corpus"], first["n"], first["loudest"]) == ("casino", 100, 0.8)
    assert (first["known"]["share"], first["strange"]["share"]) == (0.0, 0.1)
    assert (second["corpus"], second["loudest"]) == ("sgd", 0.6)
    assert second["strange"]["share"] == 0.0005  # one of the two is within the margin


def test_the_table_asks_all_students_of_both_gates_and_counts_the_open_one(
    asked: list[tuple[Variant, set[str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Data([], chats(casino=20, sgd=30, **{HELD: 10}))
    monkeypatch.setattr(crossfit_table, "Lab",
                        lambda settings: SimpleNamespace(data=data, settings=settings))  # fmt: skip
    given = ["crossfit", "--work", str(tmp_path), "--out", str(tmp_path), "--groups", "2"]
    assert main(given) == 0
    assert [variant == BASE for variant, _ in asked] == [False, False, True]
    assert asked[2][1] == {"casino", "sgd", HELD}
    written, problems = kept.committed(
        tmp_path, (crossfit_table.JSON, crossfit_table.MARKDOWN), crossfit_table.render
    )
    assert problems == []
    assert [row["point"] for row in written["rows"]] == [0.3, 0.2, 0.3, 0.3, 0.3]


@pytest.mark.parametrize("sizes", [{}, {"casino": 3, "sgd": 3}, {"casino": 3, HELD: 3}])
def test_too_few_corpora_are_refused_before_any_training(
    sizes: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    lab = SimpleNamespace(data=Data([], chats(**sizes)))
    monkeypatch.setattr(crossfit_table, "Lab", lambda _: lab)
    given = ["crossfit", "--work", str(tmp_path), "--out", str(tmp_path), "--groups", "2"]
    assert main(given) == 3
    assert "real chats of" in capsys.readouterr().err


def test_the_committed_table_is_of_its_data() -> None:
    files = crossfit_table.JSON, crossfit_table.MARKDOWN
    _, problems = kept.committed(EVALUATION, files, crossfit_table.render)
    assert problems == []
