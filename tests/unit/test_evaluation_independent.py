"""Bundles side by side: the operating point, the rows, the page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from safelight.taxonomy import CUES, INDICATORS
from safelight_training.evaluation import independent as judging
from safelight_training.evaluation.replay import Played
from safelight_training.scoring import Trace


def played(label: str, risks: list[float], language: str = "en", twin: str = "hard") -> Played:
    """A chat of peer messages; levels rise to warning at 0.5. Signs from message 1 to 2."""
    chat: dict[str, Any] = {"label": label, "language": language, "twin": twin}
    chat["messages"] = [{"sender": "peer", "text": "hi"} for _ in risks]
    if label != "none":
        chat |= {"twin": "", "first_sign": 1, "warn_by": 2}
    n = len(risks)
    both = np.array([[risk, 0.0] for risk in risks], np.float32)
    trace = Trace(both, np.zeros((n, len(INDICATORS))), np.zeros((n, len(CUES))))
    return Played(chat, trace, np.array([2 if risk >= 0.5 else 0 for risk in risks]))


@pytest.fixture(autouse=True)
def _open_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        judging, "gated", lambda subject, some: [p.trace.risks.max(-1) for p in some]
    )


def rows(chats: list[Played]) -> dict[str, judging.Row]:
    return {row["language"]: row for row in judging.rows(SimpleNamespace(), chats)}  # type: ignore[arg-type]


CHATS = [
    played("grooming", [0.1, 0.6, 0.6, 0.6]),  # in time
    played("grooming", [0.6, 0.6, 0.6, 0.6]),  # premature
    played("sextortion", [0.1, 0.3, 0.3, 0.6]),  # too late at 0.5, in time at 0.3
    played("sextortion", [0.1, 0.2, 0.2, 0.2], "fr"),  # never
    *[played("none", [0.1 + i / 500] * 4) for i in range(50)],  # the loudest: 0.198
    played("none", [0.7] * 4, "fr", "plain"),
]


def test_rows_by_language_and_over_all() -> None:
    found = rows(CHATS)
    assert list(found) == ["en", "fr", "all"]
    everything = found["all"]
    assert {k: everything[k]["n"] for k in ("grooming", "sextortion", "any", "hard", "plain")} == {
        "grooming": 2, "sextortion": 2, "any": 4, "hard": 50, "plain": 1,
    }  # fmt: skip
    assert everything["any"]["recall"]["share"] == 0.25
    assert everything["any"]["premature"]["share"] == 0.25
    assert everything["hard"]["warning"]["share"] == 0.0
    assert everything["plain"]["warning"]["share"] == 1.0
    assert found["en"]["plain"]["n"] == 0


def test_at_the_operating_point_two_percent_of_the_hard_ones_are_warned() -> None:
    # One of 50 may be warned, so the edge lies just above the second loudest, 0.196.
    found = rows(CHATS)["all"]
    assert found["sextortion"]["recall_at_2_percent"]["share"] == 1.0
    assert found["grooming"]["recall_at_2_percent"]["share"] == 0.5


def test_the_page_holds_each_bundle_in_each_language() -> None:
    bundles = [
        {
            "name": name,
            "data_version": "1",
            "manifest_sha256": "ab",
            "rows": list(rows(CHATS).values()),
        }
        for name in ("before", "after")
    ]
    page = judging.render({"bundles": bundles})
    for name in ("before", "after"):
        assert f"| all | {name} | 4 | 25.0 (" in page
        assert f"| fr | {name} | 1 | 100.0 (" in page


@pytest.mark.parametrize("text", ["bundle", "=bundle", "name="])
def test_a_bundle_needs_a_name(text: str) -> None:
    with pytest.raises(ValueError, match="NAME=BUNDLE"):
        judging.named(text)
