"""Two bundles side by side: paired tests see a difference, and none where there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from safelight.taxonomy import CUES, INDICATORS
from safelight_training.evaluation import compare
from safelight_training.evaluation.replay import Played
from safelight_training.evaluation.subject import read_subject
from safelight_training.scoring import Trace


def chat(number: int, label: str, twin: str = "") -> dict[str, Any]:
    marks = {"first_sign": 1, "warn_by": 2} if label != "none" else {}
    return {"id": str(number), "family": f"f{number}", "language": "en", "label": label,
            "twin": twin, "messages": [{"sender": "peer", "text": "x"}] * 4, **marks}  # fmt: skip


CHATS = [chat(i, "grooming") for i in range(12)]
CHATS += [chat(100 + i, "none", "hard") for i in range(20)] + [chat(200, "none", "plain")]


def sees(risky: float, harmless: float) -> Any:
    """A play in which risky chats reach one risk and harmless ones another, from message 1 on."""

    def play(graph: Any, config: Any, chats: Any, label: str) -> list[Played]:
        found = []
        for c in chats:
            risk = risky if c["label"] != "none" else harmless
            risks = np.full((4, 2), risk, np.float32)
            risks[0] = 0.0
            trace = Trace(risks, np.zeros((4, len(INDICATORS))), np.zeros((4, len(CUES))))
            found.append(Played(c, trace, np.where(risks[:, 0] >= 0.5, 2, 0)))
        return found

    return play


@pytest.fixture
def measured(tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    subject = read_subject(tiny_bundle)
    monkeypatch.setattr(compare, "independent", lambda half: CHATS)
    monkeypatch.setattr(
        compare, "gated", lambda subject, played: [p.trace.risks.max(-1) for p in played]
    )

    def run(*plays: Any) -> Any:
        turns = iter(plays)

        def play(*rest: Any) -> list[Played]:
            return next(turns)(*rest)

        monkeypatch.setattr(compare, "play", play)
        return compare.measure(subject, subject)

    return run


def test_a_better_bundle_is_better_beyond_chance(measured: Any) -> None:
    found = measured(sees(0.9, 0.1), sees(0.3, 0.2))
    rows = {row["question"]: row for row in found["rows"]}
    in_time = rows["in time"]
    assert (in_time["a"], in_time["b"], in_time["only_one"], in_time["only_other"]) == (1, 0, 12, 0)
    assert in_time["p"] < 0.001
    assert rows["in time at 2% of hard ones"]["b"] == 1.0  # with the threshold moved both see all
    assert rows["hard ones warned"] == {"question": "hard ones warned", "a": 0.0, "b": 0.0, "n": 20,
                                        "only_one": 0, "only_other": 0, "p": 1.0}  # fmt: skip
    assert found["auroc"] == {"a": 1.0, "b": 1.0, "low": 0.0, "high": 0.0}
    assert "| in time | 12 | 100.0 | 0.0 | 12 | 0 |" in compare.render(found)


def test_swapped_bundles_swap_their_columns(measured: Any) -> None:
    one, other = sees(0.9, 0.7), sees(0.3, 0.2)
    forth, back = measured(one, other)["rows"], measured(other, one)["rows"]
    for a, b in zip(forth, back, strict=True):
        assert (a["a"], a["b"], a["only_one"]) == (b["b"], b["a"], b["only_other"])
        assert a["p"] == b["p"]
