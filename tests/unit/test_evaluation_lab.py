"""The lab judges any system alike: perfect, random, late and silent ones get what they must."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from safelight_training.evaluation import bootstrap, lab, streams, systems
from safelight_training.evaluation.lab import Warnings
from safelight_training.evaluation.metrics import NEVER, Rate


def chat(number: int, risky: bool, messages: int = 12, **more: Any) -> dict[str, Any]:
    marks = {"first_sign": 4, "warn_by": 8, "label": "grooming"} if risky else {"label": "none"}
    lines = [{"sender": "peer", "text": f"{number} {i}", "offset_s": 60 * i, "indicators": []}
             for i in range(messages)]  # fmt: skip
    return {"id": str(number), "family": f"f{number}", "language": "en", "corpus": "c",
            "messages": lines, **marks, **more}  # fmt: skip


CHATS = [chat(i, i % 2 == 0) for i in range(200)]


def perfect(messages: Any) -> float:
    """Knows that even chats are risky, and where."""
    risky = int(messages[0]["text"].split()[0]) % 2 == 0
    return float(risky and len(messages) > 4)


def always_late(messages: Any) -> float:
    return perfect(messages) * float(len(messages) > 9)


def judge(risk: Any, threshold: float = 0.5) -> Warnings:
    return lab.warnings(CHATS, systems.Growing("x", risk).scores(CHATS), threshold)


def test_a_perfect_model() -> None:
    found = judge(perfect)
    row = lab.helped(found)
    assert row["n"] == 100
    assert row["recall"]["share"] == 1.0 and row["premature"]["share"] == 0.0
    assert row["delay"]["median"] == 0 and row["delay"]["minutes"]["median"] == 0
    assert lab.alarms(found).share == 0.0
    ranks = lab.ranking(found)
    assert ranks["auroc"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert ranks["average_precision"]["value"] == 1.0
    assert lab.early_row(found)["f1"] == 1.0
    assert lab.worth(Rate(100, 1.0, 0.96, 1.0), lab.alarms(found))[0]["precision"] == 1.0


def test_a_random_model() -> None:
    rng = random.Random(5)
    found = judge(lambda messages: rng.random())
    ranks = lab.ranking(found)
    assert ranks["auroc"]["low"] < 0.5 < ranks["auroc"]["high"]
    assert ranks["auroc"]["high"] - ranks["auroc"]["low"] < 0.25
    assert ranks["average_precision"]["value"] == pytest.approx(0.5, abs=0.12)


def test_a_model_that_is_always_late_helps_nobody() -> None:
    found = judge(always_late)
    row = lab.helped(found)
    assert row["recall"]["share"] == 0.0 and row["warned"]["share"] == 1.0
    assert row["delay"] == {"median": 5.0, "p90": 5.0,
                            "minutes": {"n": 100, "median": 5.0, "p90": 5.0}}  # fmt: skip
    assert lab.ranking(found)["auroc"]["value"] == 1.0  # ranks do not see it
    soon, late = (lab.early_row(judge(risk)) for risk in (perfect, always_late))
    assert late["f_latency"] < soon["f_latency"] and late["erde_5"] > soon["erde_5"]


def test_a_silent_model() -> None:
    found = judge(lambda messages: 0.0)
    row = lab.helped(found)
    assert row["recall"]["share"] == row["warned"]["share"] == 0.0 and row["delay"] is None
    assert lab.early_row(found)["erde_50"] == 0.5  # every risky chat missed
    assert lab.worth(Rate(9, 0.0, 0.0, 0.3), Rate(9, 0.0, 0.0, 0.3))[0]["precision"] is None


def test_swapping_two_systems_swaps_their_rows() -> None:
    one, other = (judge(risk) for risk in (perfect, always_late))
    a, b = (lab.helped(found)["recall"]["share"] for found in (one, other))
    hits = [found.first == 4 for found in (one, other)]
    forth, back = lab.mcnemar(*hits), lab.mcnemar(*hits[::-1])
    assert (a, b) == (1.0, 0.0)
    assert (forth["only_one"], forth["only_other"]) == (back["only_other"], back["only_one"])
    assert forth["p"] == back["p"] < 0.001


def test_mcnemar_by_hand() -> None:
    """Six against one discordant cases: 2 · (1 + 7) / 2^7 = 0.125."""
    one = np.array([True] * 6 + [False] + [True] * 5)
    other = np.array([False] * 6 + [True] + [True] * 5)
    assert lab.mcnemar(one, other) == {"n": 12, "only_one": 6, "only_other": 1, "p": 0.125}


def test_before_an_act_counts_only_whom_it_can_help() -> None:
    asked, at_once, never = chat(0, True), chat(2, True), chat(4, True)
    asked["messages"][7]["indicators"] = ["image_request"]
    at_once["messages"][4]["indicators"] = ["image_request"]  # the first sign itself
    chats = [asked, at_once, never]
    found = Warnings(chats, np.ones(3), np.array([6, 4, 4]))
    row = lab.before(found, "image_request")
    assert row is not None and (row["n"], row["share"]) == (1, 1.0)
    late = Warnings(chats, np.ones(3), np.array([7, 4, 4]))
    row = lab.before(late, "image_request")
    assert row is not None and row["share"] == 0.0  # with the request is not before it
    assert lab.before(found, "payment_demand") is None


def test_growing_sees_the_past_alone() -> None:
    seen: list[int] = []
    systems.Growing("x", lambda messages: seen.append(len(messages)) or 0.0).scores(CHATS[:1])
    assert seen == list(range(1, 13))


def test_bootstrap_keeps_families_together() -> None:
    names = ["a", "a", "b", "c"]
    for drawn in bootstrap.families(names, samples=50):
        assert np.count_nonzero(drawn == 0) == np.count_nonzero(drawn == 1)
    assert bootstrap.interval(lambda indices: None, bootstrap.families(names, samples=5)) is None
    same = bootstrap.difference(
        lambda values, indices: float(values[indices].mean()),
        np.arange(4.0), np.arange(4.0), bootstrap.families(names, samples=20),
    )  # fmt: skip
    assert same == (0.0, 0.0)


def test_the_same_rule_for_everybody() -> None:
    """3,000 dialogues allow no alarm at 0.1% (95% bound): the threshold stands above the loudest;
    and 5% of the hard ones at most are warned."""
    real = [chat(2 * i + 1, False, 2) for i in range(3000)]
    hard = [chat(2 * i + 1, False, 2) for i in range(100)]
    system = systems.Growing("x", lambda messages: int(messages[0]["text"].split()[0]) / 6000)
    edge = systems.same_rule(system, real, hard)
    assert max(s.max() for s in system.scores(real)) < edge
    loose = systems.same_rule(system, real, hard, budget=0.5)
    assert np.mean([s.max() >= loose for s in system.scores(real)]) <= 0.5
    only_hard = systems.same_rule(system, [], hard)
    assert np.mean([s.max() >= only_hard for s in system.scores(hard)]) <= 0.05


def test_streams_use_each_chat_once_and_one_way_round() -> None:
    both = [chat(i, False, 90, id=f"{i}/{way}") for i in range(60) for way in "ab"]
    found = streams.joined(both, length=500)
    assert [len(stream["messages"]) for stream in found] == [500] * 20
    for way in (found[:10], found[10:]):
        texts = [m["text"] for stream in way for m in stream["messages"]]
        assert len(set(texts)) == len(texts)
    clock = [m["offset_s"] for m in found[0]["messages"]]
    assert clock == sorted(clock)
    assert streams.joined(both, length=500) == found


def test_interval_of_a_count_by_the_published_table() -> None:
    """Garwood 1936: 0 events 0 to 3.689, 5 events 1.623 to 11.668."""
    assert streams.garwood(0) == pytest.approx((0.0, 3.689), abs=5e-4)
    assert streams.garwood(5) == pytest.approx((1.6235, 11.6683), abs=5e-4)


@pytest.mark.parametrize(
    ("loud", "count"), [([], 0), ([0, 0], 0), ([1, 1, 0, 1], 2), ([0, 1, 1], 1)]
)
def test_episodes(loud: list[int], count: int) -> None:
    assert streams.episodes(np.array(loud)) == count


def test_never_is_never_in_time() -> None:
    found = Warnings([chat(0, True)], np.zeros(1), np.array([NEVER]))
    assert lab.helped(found)["recall"]["share"] == 0.0
