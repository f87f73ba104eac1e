"""Thresholds and gates of a bundle, on a graph whose answers are written in the messages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from safelight.taxonomy import CUES, INDICATORS
from safelight_training import operating_point
from safelight_training.scoring import Trace

Line = tuple[float, tuple[str, ...]]
THREAT: Line = (0.9, ("share_threat",))
SECRECY: Line = (0.9, ("secrecy",))
QUIET: Line = (0.01, ())


def chat(label: str, lines: list[Line], number: int = 0, **more: Any) -> dict[str, Any]:
    """Peer messages only; the arc runs from the first line with an indicator to the end."""
    messages = [
        {"sender": "peer", "text": "hi", "indicators": list(names), "cues": [], "risk": risk}
        for risk, names in lines
    ]
    marks = [i for i, (_, names) in enumerate(lines) if names]
    by = {"first_sign": marks[0], "warn_by": len(lines) - 1} if label != "none" else {}
    return {"label": label, "language": "en", "messages": messages, "is_chat": True,
            "corpus": "c", "family": str(number), "twin": "hard", **by, **more}  # fmt: skip


def answers(graph: Any, chats: list[dict[str, Any]], label: str) -> list[Trace]:
    found = []
    for c in chats:
        risks = np.array([[m["risk"]] * 2 for m in c["messages"]], np.float32)
        shown = [[0.99 * (name in m["indicators"]) for name in INDICATORS] for m in c["messages"]]
        cues = np.zeros((len(risks), len(CUES)), np.float32)
        found.append(Trace(risks, np.array(shown, np.float32), cues))
    return found


@pytest.fixture(autouse=True)
def _graph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operating_point, "replay", answers)


REAL = [chat("none", [(0.2, ("secrecy", "meet_request"))], n) for n in range(5000)]


def chosen(risky: list[dict[str, Any]], real: list[dict[str, Any]] = REAL) -> dict[str, Any]:
    return operating_point.choose(None, [*risky, chat("none", [QUIET])], real)  # type: ignore[arg-type]


def test_a_gate_that_costs_nothing_is_kept() -> None:
    found = chosen([chat("sextortion", [QUIET, THREAT])])
    assert found["policy"]["require_progression"] is True
    assert found["evidence"]["progression"]["recall_with"] == 1.0


def test_a_gate_that_costs_recall_goes() -> None:
    found = chosen([chat("grooming", [QUIET, SECRECY])])  # one sign alone: no progression
    assert found["policy"]["require_progression"] is False
    proof = found["evidence"]["progression"]
    assert (proof["recall_with"], proof["recall_without"]) == (0.0, 1.0)
    assert proof["judged_on"] == "validation"


def test_judging_chats_decide_of_the_gate_and_of_nothing_else() -> None:
    clear, alone = chat("sextortion", [QUIET, THREAT]), chat("grooming", [QUIET, SECRECY])
    plain = [clear, chat("none", [QUIET])]
    kept, gone = (
        operating_point.choose(None, plain, REAL, [judging])  # type: ignore[arg-type]
        for judging in (clear, alone)
    )
    assert kept["policy"]["require_progression"] is True
    assert gone["policy"]["require_progression"] is False
    assert gone["evidence"]["progression"]["judged_on"] == "dev"
    assert gone["thresholds"]["indicators"] == kept["thresholds"]["indicators"]


def test_the_thresholds_stand_above_the_real_chats() -> None:
    levels = chosen([chat("sextortion", [THREAT])])["thresholds"]["levels"]["standard"]
    assert 0.2 < levels["sextortion"]["warning"] < 0.25


def test_a_dialogue_counts_once_by_its_louder_way_round() -> None:
    twice = [chat("none", [(risk, ("secrecy", "meet_request"))]) for risk in (0.3, 0.1)]
    lines = [chat("none", [(0.8, ("secrecy", "meet_request"))], 1, is_chat=False)]
    found = chosen([chat("sextortion", [THREAT])], [*twice, *lines])
    assert found["evidence"]["standard"]["warning"]["n"] == 1
    assert found["thresholds"]["levels"]["standard"]["grooming"]["warning"] > 0.3


def test_real_chats_count_as_strangers_hear_them_and_the_evidence_says_so() -> None:
    groups, loud = (("c",),), {f"c/{n}": np.full((3, 2), 0.7) for n in range(100)}
    quiet = {name: scores / 2 for name, scores in loud.items()}
    heard = operating_point.CrossFitted({True: loud, False: quiet}, groups)
    written = [chat("sextortion", [THREAT]), chat("none", [QUIET])]
    found = operating_point.choose(None, written, REAL, crossfitted=heard)  # type: ignore[arg-type]
    assert found["policy"]["require_progression"] is True
    standard = found["thresholds"]["levels"]["standard"]["grooming"]
    assert 0.7 < standard["warning"] < 0.72
    assert found["evidence"]["standard"]["notice"]["n"] == 5000
    alone = chosen([chat("sextortion", [THREAT])])["thresholds"]["levels"]["standard"]
    assert found["evidence"]["crossfit"] == {
        "groups": [["c"]], "dialogues": 100, "thresholds_otherwise": alone["grooming"],
    }  # fmt: skip
    assert "crossfit" not in chosen([chat("sextortion", [THREAT])])["evidence"]


LOUD = chat("none", [THREAT, (0.05, ("secrecy",)), QUIET], 5001, language="ja")


def test_each_language_has_its_evidence_at_standard_sensitivity() -> None:
    found = chosen([chat("sextortion", [THREAT])], [*REAL, LOUD])["evidence"]["languages"]
    by_level = {level: (row["n"], row["k"]) for level, row in found["ja"].items()}
    assert by_level == {"notice": (1, 1), "warning": (1, 1), "urgent": (1, 0)}
    assert {level: row["n"] for level, row in found["en"].items()} == dict.fromkeys(by_level, 5000)
    assert found["en"]["warning"]["k"] == 0


def test_languages_count_as_strangers_hear_them_and_urgent_messages_as_the_bundle_does() -> None:
    quiet = {"c/5001": np.full((3, 2), 0.1)}
    heard = operating_point.CrossFitted({True: quiet, False: quiet}, (("c",),))
    written = [chat("sextortion", [THREAT]), chat("none", [QUIET])]
    real = [*REAL, LOUD, LOUD]
    found = operating_point.choose(None, written, real, crossfitted=heard)  # type: ignore[arg-type]
    evidence = found["evidence"]
    assert evidence["languages"]["ja"]["warning"]["k"] == 0
    counted = evidence["urgent_messages"]
    assert (counted["n"], counted["k"]) == (5000 + 3, 1)  # once, both ways round of them


def test_what_needs_no_risk_has_its_evidence_too() -> None:
    push = chat("none", [(0.0, ("self_harm_push",))], 5001)
    own = chat("none", [(0.0, ("coerced_task",))], 5002)
    own["messages"][0]["sender"] = "self"  # the owner's words raise nothing
    direct = chosen([chat("sextortion", [THREAT])], [*REAL, push, own])["evidence"]["direct"]
    assert {name: (found["n"], found["k"]) for name, found in direct.items()} == {
        "self_harm_push": (5002, 1), "coerced_task": (5002, 0),
    }  # fmt: skip
