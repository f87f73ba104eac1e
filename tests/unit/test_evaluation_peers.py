"""Peers and Safelight get the same rule, the same chats, and a row that others can check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from safelight_training.evaluation import peers
from safelight_training.evaluation.baselines.listed import SAFELIGHT, Peer
from safelight_training.evaluation.peers import Chats
from safelight_training.evaluation.subject import read_subject
from safelight_training.evaluation.systems import Growing


def chat(name: str, risk: float, risky: bool = False, **more: Any) -> dict[str, Any]:
    marks = {"label": "grooming", "twin": "", "first_sign": 1, "warn_by": 3} if risky else {}
    messages = [{"sender": "peer", "text": str(risk if i else 0.0)} for i in range(4)]
    return {"id": name, "family": name, "language": "en", "label": "none", "twin": "hard",
            "corpus": "", "messages": messages, **marks, **more}  # fmt: skip


def real(number: int, risk: float) -> list[dict[str, Any]]:
    return [chat(f"c:{number}/{way}", risk, corpus="c", family=f"c:{number}") for way in "ab"]


CHATS = Chats(
    train=[],
    hard=[chat(f"h{i}", 0.1) for i in range(40)],
    calibration=[c for i in range(50) for c in real(i, 0.3 if i == 7 else 0.05)],
    report=[c for i in range(20) for c in real(100 + i, 0.4 if i == 3 else 0.05)],
    judging=[chat(f"j{i}", 0.9 if i < 6 else 0.2, risky=True) for i in range(10)]
    + [chat(f"n{i}", 0.1) for i in range(10)],
)


def said(messages: Any) -> float:
    return float(messages[-1]["text"])


def peer(name: str, risk: Any = said, sample: int = 0) -> Peer:
    return Peer(name, "a note", lambda train: Growing(name, risk), lambda system: 2_000_000, sample)


@pytest.fixture
def subject(tiny_bundle: Path) -> Any:
    return read_subject(tiny_bundle)


def test_rows_by_hand(subject: Any, tmp_path: Path) -> None:
    """The loudest of 50 calibration chats says 0.3: so 0.9 is warned, 0.2 is not; one of twenty
    report chats is at 0.4."""
    listed = [peer("one"), peer("blind", lambda messages: 0.0)]
    found = peers.measure(subject, CHATS, listed, tmp_path / "peers.json")
    one, blind = found["rows"]
    assert (one["n"], one["recall"]["share"], one["premature"]["share"]) == (10, 0.6, 0.0)
    assert (one["hard"]["n"], one["hard"]["share"]) == (10, 0.0)
    assert (one["real"]["n"], one["real"]["share"]) == (20, 0.05)
    assert one["in_time"] == "1111110000" and one["megabytes"] == 2.0
    assert blind["recall"]["share"] == 0.0
    assert blind["against_first"] == {"n": 10, "only_one": 6, "only_other": 0, "p": 0.0312}
    assert json.loads((tmp_path / "peers.json").read_text("utf-8")) == found


def test_rows_of_the_same_bundle_are_not_measured_again(subject: Any, tmp_path: Path) -> None:
    path = tmp_path / "peers.json"
    before = peers.measure(subject, CHATS, [peer("first"), peer("one")], path)
    broken = peer("one", lambda messages: pytest.fail("measured again"))
    after = peers.measure(subject, CHATS, [peer("first"), broken, peer("two")], path)
    assert after["rows"][1] == before["rows"][1] and after["rows"][2]["name"] == "two"
    stale = {**after, "chats_sha256": "0" * 64}
    path.write_text(json.dumps(stale), "utf-8")
    assert peers.measure(subject, CHATS, [peer("three")], path)["rows"][0]["name"] == "three"


def test_a_new_bundle_is_measured_beside_the_rows_of_others(subject: Any, tmp_path: Path) -> None:
    path = tmp_path / "peers.json"
    own = f"{SAFELIGHT}, threshold on 5"
    before = peers.measure(subject, CHATS, [peer(SAFELIGHT), peer(own), peer("other")], path)
    path.write_text(json.dumps({**before, "manifest_sha256": "0" * 64}), "utf-8")
    louder = [peer(name, lambda messages: 0.0) for name in (SAFELIGHT, own, "other")]
    after = peers.measure(subject, CHATS, louder, path)["rows"]
    assert [row["recall"]["share"] for row in after] == [0.0, 0.0, 0.6]
    assert after[2]["against_first"]["only_other"] == 6


def test_a_sample_is_seeded_one_way_round_and_leaves_judging_whole() -> None:
    few = CHATS.sample(5)
    assert few == CHATS.sample(5) and few.judging == CHATS.judging
    assert [len(part) for part in (few.hard, few.calibration, few.report)] == [5, 5, 5]
    names = [c["family"] for c in few.calibration]
    assert len(set(names)) == 5
    assert CHATS.sample(0) is CHATS


def test_swapping_two_peers_swaps_their_rows(subject: Any, tmp_path: Path) -> None:
    one, other = peer("one"), peer("blind", lambda messages: 0.0)
    forth = peers.measure(subject, CHATS, [one, other], tmp_path / "a.json")["rows"]
    back = peers.measure(subject, CHATS, [other, one], tmp_path / "b.json")["rows"]
    timed = ("ms", "times_first", "train_s", "against_first")
    for a, b in zip(forth, back[::-1], strict=True):
        assert {k: v for k, v in a.items() if k not in timed} == {
            k: v for k, v in b.items() if k not in timed
        }
    assert forth[1]["against_first"]["only_one"] == back[1]["against_first"]["only_other"]
    assert np.isclose(forth[1]["against_first"]["p"], back[1]["against_first"]["p"])
