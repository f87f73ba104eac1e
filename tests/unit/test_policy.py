"""The policy, by tables: what each message showed, and what the chat then shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from safelight.policy import PolicyConfig, PolicyState, decide
from safelight.reading import BundleError
from safelight.taxonomy import CUES, INDICATORS
from safelight.types import Level, Outputs, Reason, Stage

# Fractions of two where a test meets a threshold exactly: float32 outputs hold them as they are.
CONFIG = PolicyConfig(
    present=dict.fromkeys(INDICATORS, 0.5),
    strong=dict.fromkeys(INDICATORS, 0.75),
    cues=dict.fromkeys(CUES, 0.5),
    enter=((0.25, 0.25), (0.5, 0.5), (float("inf"), 0.75)),
    leave=0.5,
    weak=frozenset(("personal_info_request", "special_bond", "identity_claim", "boundary_test")),
    critical=frozenset(
        (
            "share_threat",
            "fabricated_image",
            "hacked_claim",
            "payment_demand",
            "self_harm_push",
            "coerced_task",
        )
    ),
    critical_with={
        "payment_demand": frozenset(("share_threat", "fabricated_image", "hacked_claim"))
    },
    direct={"self_harm_push": 0.875, "coerced_task": 0.875},
    require_progression=True,
    tally_decay=0.98,
    tally_min=0.3,
    hold_messages=3,
)

#: sender, grooming risk, sextortion risk, what the message shows (indicators or cues)
Line = tuple[str, float, float, Mapping[str, float]]


def outputs(line: Line) -> Outputs:
    _, grooming, sextortion, shown = line
    return Outputs(
        np.array([grooming, sextortion], np.float32),
        np.array([shown.get(name, 0.0) for name in INDICATORS], np.float32),
        np.array([shown.get(name, 0.0) for name in CUES], np.float32),
    )


def run(lines: list[Line], config: PolicyConfig = CONFIG) -> PolicyState:
    state = PolicyState()
    for index, line in enumerate(lines):
        state, level, stage, reasons = decide(state, config, line[0], f"m{index}", outputs(line))
        assert (level, stage, reasons) == (state.level, state.stage, state.reasons)
    return state


def peer(grooming: float, sextortion: float, **shown: float) -> Line:
    return "peer", grooming, sextortion, shown


def self(grooming: float, sextortion: float, **shown: float) -> Line:
    return "self", grooming, sextortion, shown


N, A, W, U = Level.NONE, Level.NOTICE, Level.WARNING, Level.URGENT


@pytest.mark.parametrize(
    ("why", "lines", "level"),
    [
        ("an ordinary message", [peer(0.0, 0.0)], N),
        ("risk without any indicator", [peer(1.0, 1.0)], N),
        ("an indicator without risk", [peer(0.2, 0.2, secrecy=1.0)], N),
        ("a weak one alone", [peer(0.9, 0.0, special_bond=1.0)], N),
        ("a weak one, repeated", [peer(0.9, 0.0, special_bond=1.0)] * 9, N),
        ("two weak ones", [peer(0.9, 0.0, special_bond=1.0, identity_claim=1.0)], N),
        ("one that is not weak", [peer(0.25, 0.0, secrecy=0.5)], A),
        ("one below its threshold", [peer(0.9, 0.0, secrecy=0.49)], N),
        ("the other risk does as well", [peer(0.0, 0.25, secrecy=0.5)], A),
        ("warning needs a progression", [peer(0.9, 0.0, secrecy=1.0)], A),
        ("the same again is none", [peer(0.9, 0.0, secrecy=1.0)] * 9, A),
        ("two of one peer", [peer(0.1, 0.0, secrecy=1.0), peer(0.5, 0.0, image_request=1.0)], W),
        ("two in one message", [peer(0.5, 0.0, secrecy=1.0, isolation=1.0)], W),
        ("a weak one counts beside", [peer(0.5, 0.0, secrecy=1.0, special_bond=1.0)], W),
        ("two, but little risk", [peer(0.4, 0.0, secrecy=1.0, isolation=1.0)], A),
        ("a strong critical one alone", [peer(0.0, 0.5, share_threat=0.75)], W),
        ("one that is not strong", [peer(0.0, 0.5, share_threat=0.74)], A),
        ("a demand alone is not critical", [peer(0.0, 0.9, payment_demand=1.0)], A),
        ("urgent: threat and risk", [peer(0.0, 0.75, share_threat=0.5)], U),
        ("a demand beside a threat", [peer(0.0, 0.75, payment_demand=1.0, hacked_claim=0.5)], U),
        ("grooming alone is never urgent", [peer(1.0, 0.6, share_threat=1.0)], W),
        ("a self-harm push by itself", [peer(0.0, 0.0, self_harm_push=0.875)], U),
        ("a coerced task by itself", [peer(0.0, 0.0, coerced_task=0.875)], U),
        ("a push below its threshold", [peer(0.0, 0.0, self_harm_push=0.87)], N),
        ("the owner's words do not count", [self(0.9, 0.9, share_threat=1.0, secrecy=1.0)], N),
        ("risk may rise on the owner's turn", [peer(0.0, 0.0, secrecy=1.0), self(0.25, 0.0)], A),
    ],
)
def test_levels_rise(why: str, lines: list[Line], level: Level) -> None:
    assert run(lines).level == level, why


def test_tallies_are_kept_per_peer() -> None:
    ann: Line = ("Ann", 0.9, 0.0, {"secrecy": 1.0})
    ben: Line = ("Ben", 0.9, 0.0, {"isolation": 1.0})
    assert run([ann, ben]).level == Level.NOTICE
    assert run([ann, ben, ("Ann", 0.9, 0.0, {"isolation": 1.0})]).level == Level.WARNING


def test_what_raises_a_level_by_itself_holds_it_whoever_raised_it_before() -> None:
    ann: Line = ("Ann", 0.0, 0.0, {"self_harm_push": 1.0})
    ben: Line = ("Ben", 0.0, 0.0, {"self_harm_push": 1.0})
    calm = [self(0.0, 0.0)]
    fading = next(n for n in range(99) if run([ann, *calm * n]).below == CONFIG.hold_messages - 1)
    assert run([ann, *calm * (fading + 1)]).level == Level.WARNING
    assert run([ann, *calm * fading, ben]).level == Level.URGENT
    assert run([ann, *calm * fading, ben, *calm]).level == Level.URGENT


def test_a_tally_fades_with_the_messages_of_anyone() -> None:
    first = peer(0.0, 0.0, secrecy=1.0)
    assert run([first, *[self(0.0, 0.0)] * 58, peer(0.25, 0.0)]).level == Level.NOTICE
    assert run([first, *[self(0.0, 0.0)] * 60, peer(0.25, 0.0)]).level == Level.NONE


def test_what_faded_is_forgotten() -> None:
    state = run([peer(0.0, 0.0, share_threat=1.0), *[self(0.0, 0.0)] * 60])
    assert state.peers == {}
    later = decide(state, CONFIG, "peer", "m61", outputs(peer(0.0, 0.5, share_threat=0.6)))
    assert later[1] == Level.NOTICE  # the strong one of long ago does not count


WARNED = [peer(0.5, 0.0, secrecy=1.0, image_request=1.0)]
QUIET = self(0.1, 0.1)


@pytest.mark.parametrize(
    ("why", "after", "level"),
    [
        ("two quiet messages do not end it", [QUIET] * 2, W),
        ("three do, by one level", [QUIET] * 3, A),
        ("five do not end the next", [QUIET] * 5, A),
        ("six do", [QUIET] * 6, N),
        ("a louder one starts the count again", [QUIET, QUIET, self(0.25, 0.0), QUIET, QUIET], W),
        ("the leave threshold is half of enter", [self(0.25, 0.0)] * 50, W),
        ("just below it ends", [self(0.24, 0.0)] * 3, A),
        ("each level has its own", [self(0.24, 0.0)] * 30, A),
        ("it rises at once from where it fell", [QUIET, QUIET, QUIET, self(0.5, 0.0)], W),
    ],
)
def test_levels_fall_one_at_a_time(why: str, after: list[Line], level: Level) -> None:
    assert run([*WARNED, *after]).level == level, why


def test_a_push_without_risk_is_held_by_its_own_tally() -> None:
    push = peer(0.0, 0.0, self_harm_push=1.0)
    # 0.98 ** 40 is the last above half of 0.875; three messages later the level falls.
    assert run([push, *[QUIET] * 42]).level == Level.URGENT
    assert run([push, *[QUIET] * 43]).level == Level.WARNING


@pytest.mark.parametrize(
    ("lines", "stage"),
    [
        ([peer(0.25, 0.0, secrecy=1.0)], Stage.TRUST),
        ([peer(0.25, 0.0, image_request=1.0)], Stage.REQUEST),
        ([peer(0.25, 0.0, meet_request=1.0, secrecy=1.0)], Stage.REQUEST),
        ([peer(0.0, 0.5, image_request=1.0, deadline=1.0)], Stage.THREAT),
        ([peer(0.0, 0.9, share_threat=1.0), self(0.0, 0.9, complied=0.9)], Stage.AFTER),
        ([peer(0.25, 0.0, image_request=1.0), self(0.25, 0.0, complied=0.9)], Stage.AFTER),
        ([peer(0.0, 0.9, share_threat=1.0), self(0.0, 0.9, distress=0.9)], Stage.CRISIS),
        ([peer(0.25, 0.0, secrecy=1.0), self(0.25, 0.0, distress=0.9)], Stage.TRUST),
        ([peer(0.0, 0.0, self_harm_push=0.875)], Stage.CRISIS),
        ([peer(0.0, 0.9, share_threat=1.0), peer(0.0, 0.9, distress=1.0)], Stage.THREAT),
        ([peer(0.0, 0.0)], Stage.NONE),
        ([*WARNED, *[QUIET] * 6], Stage.NONE),
        ([*WARNED, *[self(0.5, 0.0)] * 90], Stage.REQUEST),  # faded, still shown
    ],
)
def test_stages(lines: list[Line], stage: Stage) -> None:
    assert run(lines).stage == stage


@pytest.mark.parametrize(
    ("shown", "stage", "named"),
    [
        ({"share_threat": 1.0, "coerced_task": 0.5}, Stage.THREAT, ("share_threat",)),
        ({"share_threat": 1.0, "coerced_task": 0.75}, Stage.CRISIS, None),
        ({"coerced_task": 0.5}, Stage.CRISIS, None),  # nothing else was noticed
        ({"share_threat": 1.0, "self_harm_push": 0.5}, Stage.CRISIS, None),
    ],
)
def test_a_faint_task_takes_no_advice_from_a_threat(
    shown: dict[str, float], stage: Stage, named: tuple[str, ...] | None
) -> None:
    config = replace(CONFIG, leave=0.75)  # of 0.875: a task counts from 0.65625
    after = run([peer(0.0, 0.9, **shown)], config)
    assert after.stage == stage
    assert {reason.indicator for reason in after.reasons} == set(named or shown)


def test_reasons_are_of_the_peers_that_raised_the_level_most_recent_first() -> None:
    lines: list[Line] = [
        ("Ann", 0.0, 0.0, {"secrecy": 1.0}),
        ("Ben", 0.0, 0.0, {"special_bond": 1.0}),
        ("Ann", 0.0, 0.0, {"isolation": 1.0}),
        ("Ann", 0.5, 0.0, {"secrecy": 1.0}),
    ]
    assert run(lines).reasons == (Reason("m3", "secrecy"), Reason("m2", "isolation"))


def test_of_many_reasons_the_critical_ones_are_kept() -> None:
    ordinary = ("secrecy", "isolation", "risk_check", "incentive", "pressure", "deadline")
    lines = [peer(0.0, 0.0, self_harm_push=0.875)]
    lines += [peer(0.5, 0.5, **{name: 1.0}) for name in ordinary]
    reasons = run(lines).reasons
    assert len(reasons) == 6
    assert reasons[0] == Reason("m6", "deadline")
    assert reasons[-1] == Reason("m0", "self_harm_push")


def test_a_level_that_ended_leaves_no_reasons() -> None:
    state = run([*WARNED, *[QUIET] * 6])
    assert (state.reasons, state.raised_by) == ((), ())


def test_no_name_of_a_peer_in_the_repr() -> None:
    assert "Ann" not in repr(run([("Ann", 0.9, 0.0, {"secrecy": 1.0})]))


def test_the_state_before_is_left_alone() -> None:
    before = run(WARNED)
    peers = {name: dict(entries) for name, entries in before.peers.items()}
    decide(before, CONFIG, "peer", "m1", outputs(peer(0.9, 0.9, share_threat=1.0)))
    assert before.peers == peers


def edited(manifest: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    *parents, last = path.split(".")
    place = manifest
    for key in parents:
        place = place[key]
    place[last] = value
    return manifest


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("thresholds.indicators.present", [0.5] * 20, "21 entries"),
        ("thresholds.indicators.strong", [0.4] * 21, "strong is below present"),
        ("thresholds.cues", [0.5, 0.5, 0.5, 0.5, 1.5], "between 0 and 1"),
        ("thresholds.cues", [0.5, 0.5, 0.5, 0.5, True], "must be a number"),
        ("thresholds.levels.low.leave", 0, "between 0.01 and 1"),
        ("thresholds.levels.standard.grooming.notice", 0.6, "lower threshold"),
        ("thresholds.levels.standard.sextortion.urgent", 0.4, "lower threshold"),
        ("thresholds.levels.high.grooming.urgent", 0.9, "not known"),
        ("policy.weak", ["friendliness"], "must be one of"),
        ("policy.critical_with", {"secrecy": []}, "not critical"),
        ("policy.direct", {"self_harm_push": 0.9}, "'coerced_task' is missing"),
        ("policy.direct.coerced_task", 0.2, "between 0.5 and 1"),
        ("policy.require_progression", 1, "true or false"),
        ("policy.hold_messages", 0, "between 1 and 1000"),
        ("policy.extra", 1, "not known"),
    ],
)
def test_faulty_numbers_are_refused(
    tiny_manifest: dict[str, Any], path: str, value: object, words: str
) -> None:
    with pytest.raises(BundleError, match=words):
        for sensitivity in ("low", "standard", "high"):
            PolicyConfig.from_manifest(edited(tiny_manifest, path, value), sensitivity)


def test_sensitivities_are_read_apart(tiny_manifest: dict[str, Any]) -> None:
    levels = {**tiny_manifest["thresholds"]["levels"]["high"], "leave": 0.1}
    edited(tiny_manifest, "thresholds.levels.high", levels)
    assert PolicyConfig.from_manifest(tiny_manifest, "high").leave == 0.1
    assert PolicyConfig.from_manifest(tiny_manifest).leave == 0.7
    with pytest.raises(ValueError, match="low, standard, high"):
        PolicyConfig.from_manifest(tiny_manifest, "highest")
