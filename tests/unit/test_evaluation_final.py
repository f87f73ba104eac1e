"""The final table: what it counts, what it says of a goal, and that no test opens its chats."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from safelight.reading import BundleError
from safelight.taxonomy import CUES, INDICATORS
from safelight_training import ablate_encoder
from safelight_training.cli import main
from safelight_training.data import independent as judging_chats
from safelight_training.evaluation import final, goals
from safelight_training.evaluation.replay import Played
from safelight_training.scoring import Trace

Row = dict[str, Any]
ROOT = Path(__file__).parents[2]


def played(label: str, loud_from: int | None, messages: int, twin: str = "hard") -> Played:
    """A chat with signs from message 1 to 2 if risky; warned from message `loud_from` on."""
    chat: Row = {"id": "", "label": label, "language": "en", "twin": twin, "family": "f"}
    chat["messages"] = [{"sender": "peer", "text": "hi"} for _ in range(messages)]
    if label != "none":
        chat |= {"twin": "", "first_sign": 1, "warn_by": 2}
    loud = np.arange(messages) >= (messages if loud_from is None else loud_from)
    zeros = np.zeros((messages, len(INDICATORS))), np.zeros((messages, len(CUES)))
    return Played(chat, Trace(np.repeat(loud[:, None] * 0.9, 2, 1), *zeros), np.where(loud, 2, 0))


def test_short_and_long_chats_are_told_apart() -> None:
    short, long = final.lengths([
        played("grooming", 2, 59), played("sextortion", 3, 5), played("none", None, 5),
        played("grooming", 1, 60), played("none", 4, 60), played("none", 4, 70, "plain"),
    ])  # fmt: skip
    assert (short["risky"]["n"], short["risky"]["rate"]["share"]) == (2, 0.5)  # one came late
    assert (short["hard"]["n"], short["hard"]["rate"]["share"]) == (1, 0.0)
    assert (long["risky"]["n"], long["risky"]["rate"]["share"]) == (1, 1.0)
    assert long["hard"]["rate"]["share"] == long["plain"]["rate"]["share"] == 1.0
    assert (long["hard"]["n"], short["plain"]["n"]) == (1, 0)


def rate(share: float) -> Row:
    return {"share": share, "low": 0.0, "high": 1.0}


def found(recall: float = 0.95, hard: float = 0.02) -> Row:
    """All goals met exactly, unless said."""
    row = {"n": 10, "recall": rate(recall), "premature": rate(0.0),
           "recall_at_2_percent": rate(0.5)}  # fmt: skip
    alarms = {"n": 10, **{level: rate(hard) for level in ("notice", "warning", "urgent")}}
    rows = [{"language": name, "auroc": 0.99, "any": row, "grooming": row, "sextortion": row,
             "hard": alarms, "plain": alarms} for name in ("en", "fr", "all")]  # fmt: skip
    lengths = [{"long": long, **{kind: {"n": 5, "rate": rate(0.02 if kind == "hard" else recall)}
                                 for kind in ("risky", "hard", "plain")}}
               for long in (False, True)]  # fmt: skip
    error = {"n": 9, "active": 0.2, "ece": 0.03, "brier": 0.01}
    errors = {"grooming": {**error}, "sextortion": error}
    drop = {"n": 9, "value": 0.03, "low": 0.0, "high": 0.1}
    plain = {"recall": rate(recall), "hard_warned": rate(hard), "auroc": 0.99}
    peers = [
        {"name": name, "recall": rate(share), "auroc": None}
        for name, share in (
            ("Safelight", 0.4),
            ("words", 0.1),
            ("Safelight, again", 0.6),
            ("tokens", 0.5),
        )
    ]
    return {
        "half": "test", "strength": "medium", "long": 60,
        "bundles": [{"name": "shipped", "data_version": "1", "manifest_sha256": "ab", "rows": rows,
                     "lengths": lengths, "calibration": errors}],
        "robustness": [{"name": "none", **plain},
                       {"name": "no_accents", **plain, "drop": drop, "rise": None}],
        "quoted": {
            "real": {"n": 9, "notice": rate(0.01), "warning": rate(0.001), "urgent": rate(0.0002)},
            "fairness": {"n": 9, "reference": rate(0.02), "group": rate(0.02)},
            "bytes": 25_000_000, "milliseconds": 3.0, "machine": "one",
            "peers": {"data_version": "1", "rows": peers},
            "students": {"data_version": "2", "points_behind": {"plain": 0.01, "taught": -0.02}},
        },
    }  # fmt: skip


def test_a_goal_that_is_just_reached_is_met() -> None:
    assert "**missed**" not in goals.render(found())


def test_a_goal_that_is_not_reached_says_by_how_much() -> None:
    page = goals.render(found(recall=0.925, hard=0.0201))
    assert (
        "| recall by harm, `en` (n 10) | ≥ 95% | 92.5 (0.0–100.0) | **missed** by 2.5 points"
        in page
    )
    assert "| recall by harm, `fr` (n 10) | ≥ 90% | 92.5 (0.0–100.0) | met" in page
    assert "| hard ones warned (n 10) | ≤ 2% | 2.0 (0.0–100.0) | **missed** by 0.01 points" in page


def test_a_limit_that_is_met_says_how_far_the_aim_is() -> None:
    told = found()
    page = goals.render(told)
    assert "| bundle, MB | ≤ 25 (aim: 14) | 25.0 | met; 11.0 above the aim |" in page
    assert "| ≤ 3 (aim: 0.3) | 3.00 | met; 2.70 above the aim |" in page
    told["quoted"] |= {"bytes": 14_000_000, "milliseconds": 3.1}
    page = goals.render(told)
    assert "| 14.0 | met |" in page
    assert "| 3.10 | **missed** by 0.10; 2.80 above the aim |" in page


def test_each_perturbation_that_misses_is_named_with_its_points() -> None:
    told = found()
    drop = told["robustness"][1]["drop"]
    told["robustness"] += [{**told["robustness"][1], "name": name, "drop": {**drop, "value": value}}
                           for name, value in (("typos", 0.05), ("zero_width", 0.171))]  # fmt: skip
    row = next(line for line in goals.render(told).splitlines() if "points of recall lost" in line)
    assert "most: 17.1 (zero width)" in row
    assert "**missed** by 14.1 (zero width), 2.0 (typos) points: 2 of 3" in row


def test_a_peer_is_beside_the_row_of_ours_above_it() -> None:
    told = found()
    assert "| 2 of 2 | met |" in goals.render(told)
    told["quoted"]["peers"]["rows"][3]["recall"] = rate(0.6)
    assert "| 1 of 2 | **missed** by tokens |" in goals.render(told)


@pytest.mark.parametrize(
    ("place", "value"),
    [(("quoted", "fairness", "group"), rate(0.03)), (("quoted", "bytes"), 25_200_000),
     (("quoted", "milliseconds"), 3.01), (("quoted", "real", "urgent"), rate(0.0003)),
     (("quoted", "students", "points_behind", "taught"), 0.011),
     (("robustness", 1, "drop", "value"), 0.031),
     (("bundles", 0, "calibration", "grooming", "ece"), 0.031),
     (("bundles", 0, "lengths", 1, "hard", "rate"), rate(0.03)),
     (("bundles", 0, "lengths", 1, "risky", "rate"), rate(0.9))],
)  # fmt: skip
def test_each_goal_can_be_missed(place: tuple[Any, ...], value: Any) -> None:
    told = found()
    inner: Any = told
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    assert goals.render(told).count("**missed**") == 1


def test_reports_of_another_bundle_are_not_quoted() -> None:
    other = SimpleNamespace(digest="0" * 64, bundle=None)
    with pytest.raises(BundleError, match=r"report\.json: is not of this bundle"):
        final.quotes(other, ROOT / "docs/evaluation", ROOT / "docs/benchmarks/bundle.json")  # type: ignore[arg-type]


def test_a_benchmark_of_another_model_of_the_same_size_is_not_quoted(tmp_path: Path) -> None:
    cost = {"files": {"model.onnx": 3}, "model_sha256": hashlib.sha256(b"one").hexdigest()}
    for name, content in (
        (final.REPORT, {"manifest_sha256": "ab", "real": {}}),
        (final.PEERS, {}),
        (final.ENCODERS, {}),
        ("bundle.json", cost),
    ):
        (tmp_path / name).write_text(json.dumps(content), "utf-8")
    other = SimpleNamespace(digest="ab", bundle=SimpleNamespace(files={"model.onnx": b"two"}))
    with pytest.raises(BundleError, match=r"bundle\.json: is not of this bundle's model"):
        final.quotes(other, tmp_path, tmp_path / "bundle.json")  # type: ignore[arg-type]


def test_a_student_is_behind_where_it_is_most() -> None:
    def row(name: str, *recalls: float) -> Row:
        return {"name": name, **dict(zip(ablate_encoder.BUDGETS, recalls, strict=True))}

    rows = [row("plain", 0.4, 0.5, 0.6), row("taught by e5, 12 layers", 0.5, 0.6, 0.64),
            row("large batches", 0.1, 0.1, 0.1), row("e5, 6 layers", 0.9, 0.9, 0.9)]  # fmt: skip
    assert final.behind_teacher(rows) == {}
    rows.append(row("e5, 12 layers", 0.45, 0.5, 0.63))
    assert final.behind_teacher(rows) == {"plain": 0.05, "taught by e5, 12 layers": -0.01}


def test_quotes_are_taken_anew_without_opening_the_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging_chats, "FOLDER", tmp_path / "nowhere")
    kept, new = found(), {**found()["quoted"], "machine": "another"}
    (tmp_path / final.JSON).write_text(json.dumps(kept), "utf-8")
    subject = SimpleNamespace(digest="ab")
    monkeypatch.setattr(final, "read_subject", lambda folder: subject)
    monkeypatch.setattr(final, "quotes", lambda *_: new)
    args = SimpleNamespace(bundle=tmp_path, out=tmp_path, cost=tmp_path, check=False, quotes=True,
                           before=())  # fmt: skip
    assert final.run(args) == 0  # type: ignore[arg-type]
    written = json.loads((tmp_path / final.JSON).read_text("utf-8"))
    assert written == {**kept, "quoted": new}
    subject.digest = "cd"
    assert final.run(args) == 3  # type: ignore[arg-type]
    assert json.loads((tmp_path / final.JSON).read_text("utf-8")) == written


@pytest.mark.parametrize("option", ["--quotes", "--check"])
def test_earlier_bundles_where_nothing_is_measured_are_refused_in_one_line(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["final", str(tmp_path), option, "--before", f"old={tmp_path}", "--out", str(tmp_path)]
    assert main(given) == 3
    assert capsys.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_table_of_another_bundle_is_said_to_be_and_opens_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging_chats, "FOLDER", tmp_path / "nowhere")
    (tmp_path / final.JSON).write_text(json.dumps(found()), "utf-8")
    (tmp_path / final.MARKDOWN).write_text(goals.render(found()), "utf-8")
    subject = SimpleNamespace(digest="0" * 64)
    monkeypatch.setattr(final, "read_subject", lambda folder: subject)
    args = SimpleNamespace(bundle=tmp_path, out=tmp_path, cost=tmp_path, check=True, before=())
    assert final.run(args) == 0  # type: ignore[arg-type]
    assert "is of the bundle ab, not of this one" in capsys.readouterr().out
    (tmp_path / final.MARKDOWN).write_text("typed by hand", "utf-8")
    assert final.run(args) == 1  # type: ignore[arg-type]
