"""Thresholds: the bound behind a budget, the gates of the policy, and what a sample can show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from safelight.policy import PolicyConfig
from safelight.taxonomy import CUES, INDICATORS
from safelight_training.scoring import Trace
from safelight_training.thresholds import (
    BUDGETS,
    LEAVE,
    SENSITIVITY,
    allowed,
    cue_thresholds,
    gated_scores,
    indicator_thresholds,
    level_thresholds,
    needed,
    open_config,
    pick,
    policy_for,
    proof,
    unproven,
    upper_bound,
)


@pytest.mark.parametrize(
    ("k", "n", "bound"),
    [
        (0, 10, 1 - 0.05 ** (1 / 10)),  # nothing seen: 1 - 0.05^(1/n), near 3/n
        (0, 3000, 0.000998),
        (0, 59, 0.0495),  # the 59 samples of "95% sure of 95%"
        (1, 10, 0.3942),  # tables of Clopper and Pearson (1934), one side of 95%
        (2, 20, 0.2826),
        (5, 5, 1.0),
        (0, 0, 1.0),
    ],
)
def test_clopper_pearson(k: int, n: int, bound: float) -> None:
    assert upper_bound(k, n) == pytest.approx(bound, abs=5e-5)


@pytest.mark.parametrize(
    ("n", "budget", "k"),
    [
        (100, 0.01, -1),
        (298, 0.01, -1),
        (299, 0.01, 0),
        (473, 0.01, 1),
        (3000, 0.001, 0),
        (0, 1, -1),
    ],
)
def test_allowed_alarms(n: int, budget: float, k: int) -> None:
    assert allowed(n, budget) == k


def column(p: list[float], y: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same probabilities and labels for every indicator, all asked."""
    shape = (len(p), len(INDICATORS))
    wide = [np.broadcast_to(np.array(x, np.float32)[:, None], shape) for x in (p, y)]
    return wide[0], wide[1], np.ones(shape, np.float32)


def test_present_is_the_best_f1_and_strong_is_rarely_wrong() -> None:
    p = [0.9, 0.8, 0.62, 0.58, 0.42, 0.1, 0.1, 0.1]
    y = [1, 1, 0, 1, 0, 0, 0, 0]
    found = indicator_thresholds(*column(p, y))
    assert found["present"] == [0.45] * len(INDICATORS)  # the lowest that keeps 0.42 out
    assert found["strong"] == [0.65] * len(INDICATORS)  # the first above the wrong 0.62


def test_an_indicator_never_seen_needs_near_certainty() -> None:
    found = indicator_thresholds(*column([0.3, 0.6, 0.2], [0, 0, 0]))
    assert found["present"] == [0.9] * len(INDICATORS)
    assert min(found["strong"]) >= 0.9


def test_messages_that_are_not_asked_do_not_move_a_threshold() -> None:
    p, y, mask = column([0.9, 0.58, 0.42, 0.97, 0.99], [1, 1, 0, 0, 0])
    mask = mask.copy()
    mask[3:] = 0
    assert indicator_thresholds(p, y, mask)["present"] == [0.45] * len(INDICATORS)
    cues = slice(0, len(CUES))
    assert cue_thresholds(p[:, cues], y[:, cues], mask[:, cues]) == [0.45] * len(CUES)


def config() -> PolicyConfig:
    indicators = {"present": [0.5] * len(INDICATORS), "strong": [0.75] * len(INDICATORS)}
    level = {
        "grooming": {"notice": 0.4, "warning": 0.6},
        "sextortion": {"notice": 0.4, "warning": 0.6, "urgent": 0.8},
        "leave": LEAVE,
    }
    thresholds = {
        "indicators": indicators,
        "cues": [0.5] * len(CUES),
        "levels": dict.fromkeys(SENSITIVITY, level),
    }
    return open_config({"thresholds": thresholds, "policy": policy_for(indicators)})


Line = tuple[str, float, float, tuple[str, ...]]


def scored(lines: list[Line]) -> list[list[float]]:
    conversation = {"messages": [{"sender": sender} for sender, *_ in lines]}
    risks = np.array([[g, s] for _, g, s, _ in lines], np.float32)
    shown = [[float(name in names) for name in INDICATORS] for *_, names in lines]
    trace = Trace(risks, np.array(shown, np.float32), np.zeros((len(lines), len(CUES)), np.float32))
    return gated_scores(conversation, trace, config()).max(0).round(4).tolist()


@pytest.mark.parametrize(
    ("why", "lines", "expected"),
    [
        ("no gate opens", [("peer", 0.9, 0.9, ())], [[0, 0], [0, 0], [0, 0]]),
        ("weak ones open none", [("peer", 0.9, 0.9, ("special_bond",))], [[0, 0], [0, 0], [0, 0]]),
        ("the owner opens none", [("self", 0.9, 0.9, ("secrecy",))], [[0, 0], [0, 0], [0, 0]]),
        ("one opens notice", [("peer", 0.9, 0.2, ("secrecy",))], [[0.9, 0.2], [0, 0], [0, 0]]),
        (
            "risk before the gate does not count",
            [("peer", 0.9, 0.9, ()), ("peer", 0.3, 0.2, ("secrecy",))],
            [[0.3, 0.2], [0, 0], [0, 0]],
        ),
        (
            "the highest while it is open",
            [("peer", 0.3, 0.2, ("secrecy",)), ("self", 0.5, 0.1, ()), ("peer", 0.4, 0.4, ())],
            [[0.5, 0.4], [0, 0], [0, 0]],
        ),
        (
            "two open warning as well",
            [("peer", 0.6, 0.1, ("secrecy",)), ("peer", 0.5, 0.2, ("isolation",))],
            [[0.6, 0.2], [0.5, 0.2], [0, 0]],
        ),
        (
            "a threat opens all; grooming never is urgent",
            [("peer", 0.7, 0.6, ("share_threat",))],
            [[0.7, 0.6], [0.7, 0.6], [0, 0.6]],
        ),
        (
            "a push counts by its risk, not by its own threshold",
            [("peer", 0.1, 0.2, ("self_harm_push",))],
            [[0.1, 0.2], [0.1, 0.2], [0, 0.2]],
        ),
    ],
)
def test_gated_scores(why: str, lines: list[Line], expected: list[list[float]]) -> None:
    assert scored(lines) == expected, why


@pytest.mark.parametrize(("sure", "warned"), [(0.6, 0.0), (0.9, 0.5)])
def test_urgent_may_be_open_where_warning_is_not(sure: float, warned: float) -> None:
    """A threat that is not strong is critical, and no progression: the runtime gives a notice."""
    shown = np.array([[sure * (name == "share_threat") for name in INDICATORS]], np.float32)
    trace = Trace(np.full((1, 2), 0.5, np.float32), shown, np.zeros((1, len(CUES)), np.float32))
    (scores,) = gated_scores({"messages": [{"sender": "peer"}]}, trace, config())
    assert scores.tolist() == [[0.5, 0.5], [warned, warned], [0.0, 0.5]]


def test_a_gate_closes_when_its_sign_has_faded() -> None:
    lines: list[Line] = [("peer", 0.2, 0.1, ("secrecy",)), *[("self", 0.1, 0.1, ())] * 70]
    assert scored([*lines, ("peer", 0.9, 0.9, ())])[0] == pytest.approx([0.2, 0.1])


def test_pick_stays_above_the_loudest_chat_where_nothing_is_allowed() -> None:
    scores = np.linspace(0, 0.6, 100)
    threshold = pick(scores, 0.0002)
    assert threshold > 0.6
    assert proof(scores, threshold) == {
        "n": 100,
        "k": 0,
        "upper_bound_95": round(upper_bound(0, 100), 6),
    }


def test_pick_keeps_the_budget_with_room() -> None:
    scores = np.linspace(0, 0.999, 3000)
    threshold = pick(scores, 0.01)
    shown = proof(scores, threshold)
    assert allowed(3000, 0.01) == 20
    assert 0 < shown["k"] <= 20  # the margin keeps more out than the bound asks
    assert shown["upper_bound_95"] <= 0.01
    assert threshold < 0.999


def test_no_chat_proves_nothing() -> None:
    none = np.zeros(0)
    assert proof(none, pick(none, 0.01)) == {"n": 0, "k": 0, "upper_bound_95": 1.0}


def test_no_score_reaches_a_threshold_that_must_stand_above_all() -> None:
    scores = np.array([0.2, 0.9995])
    assert pick(scores, 0.0002) > 0.9995


def test_without_real_chats_the_hard_ones_bound_a_notice_too() -> None:
    hard = np.linspace(0, 0.8, 101)
    wide = np.broadcast_to(hard[:, None, None], (101, 3, 2))
    found, evidence = level_thresholds(np.zeros((0, 3, 2)), wide)
    notice, warning = (found["standard"]["grooming"][level] for level in ("notice", "warning"))
    assert (hard >= notice).mean() == pytest.approx(0.5, abs=0.01)
    assert (hard >= warning).mean() == pytest.approx(0.05, abs=0.01)
    assert found["low"]["grooming"]["notice"] > notice
    assert evidence["standard"]["notice"]["n"] == 0


def levels(hard: list[float]) -> tuple[dict[str, Any], dict[str, Any]]:
    rng = np.random.default_rng(1)
    real = rng.beta(0.5, 6.0, (4000, 3, 2))
    wide = np.broadcast_to(np.array(hard)[:, None, None], (len(hard), 3, 2))
    return level_thresholds(real, wide)


def test_levels_rise_in_order_and_sensitivities_too() -> None:
    found, evidence = levels([0.01] * 40)
    for name in SENSITIVITY:
        for risk in found[name]["grooming"], found[name]["sextortion"]:
            assert list(risk.values()) == sorted(risk.values())
        assert all(evidence[name][level]["n"] == 4000 for level in BUDGETS)
    notice = [found[name]["grooming"]["notice"] for name in ("high", "standard", "low")]
    assert notice == sorted(notice)
    assert notice[0] < notice[2]


def test_hard_negatives_lift_the_warning_only() -> None:
    low, _ = levels([0.01] * 40)
    high, evidence = levels([0.97] * 40)
    assert high["standard"]["grooming"]["warning"] == pytest.approx(0.97)
    assert high["standard"]["grooming"]["notice"] == low["standard"]["grooming"]["notice"]
    assert high["standard"]["sextortion"]["urgent"] >= 0.97
    assert evidence["standard"]["hard_negatives"] == {"n": 40, "edge_at_budget": 0.97}


def test_a_higher_sensitivity_warns_of_more_hard_ones() -> None:
    found, evidence = levels(np.linspace(0.9, 0.99, 200).tolist())
    edges = [found[name]["grooming"]["warning"] for name in ("high", "standard", "low")]
    assert edges == sorted(set(edges))
    shares = [1 - (e - 0.9) / 0.09 for e in edges]
    assert shares == pytest.approx([0.15, 0.05, 0.025], abs=1e-3)
    assert all(evidence[name]["hard_negatives"]["n"] == 200 for name in SENSITIVITY)


def test_what_is_proved_is_the_threshold_that_is_shipped() -> None:
    _, evidence = levels([0.97] * 40)
    assert all(evidence[name]["warning"]["k"] <= evidence[name]["notice"]["k"]
               for name in SENSITIVITY)  # fmt: skip
    assert evidence["high"]["warning"]["k"] == evidence["low"]["warning"]["k"]


def test_direct_thresholds_are_not_below_those_of_their_indicators() -> None:
    strong = [0.99 if name == "self_harm_push" else 0.5 for name in INDICATORS]
    found = policy_for({"present": [0.5] * len(INDICATORS), "strong": strong})["direct"]
    assert found == {"self_harm_push": 0.99, "coerced_task": 0.97}


@pytest.mark.parametrize("budget", [0.01, 0.001, 0.0002, 0.0006])
def test_no_fewer_chats_would_prove_a_budget(budget: float) -> None:
    n = needed(budget)
    assert upper_bound(0, n) <= budget < upper_bound(0, n - 1)


def test_budgets_that_too_few_chats_leave_open_are_named() -> None:
    def said(chats: int) -> str:
        quiet = np.linspace(0.0, 0.5, 6 * chats).reshape(chats, 3, 2)
        return unproven(level_thresholds(quiet, np.zeros((0, 3, 2)))[1])

    few = said(656)
    assert few.startswith("656 real chats do not prove")
    assert "warning 0.46% for 0.10%, which takes 2,995 chats" in few
    assert "urgent 0.46% for 0.02%, which takes 14,978 chats" in few
    assert "notice" not in few and "\n" not in few
    assert "warning" not in said(2995) and "urgent" in said(2995)
    assert said(14978) == ""
    assert said(0).startswith("no real chats")
