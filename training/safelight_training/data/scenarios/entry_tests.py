"""Tests to be let into a server."""

from safelight_training.data.scenario import Loop, Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(2),
    peer("special_bond", chance=0.4),
    Loop(
        1,
        3,
        (
            peer("coerced_task"),
            owner("self:unsure", chance=0.4),
            owner("refusal", chance=0.3),
        ),
    ),
    peer("share_threat", chance=0.6),
    peer("self_harm_push", chance=0.3),
    peer("deadline", chance=0.4),
    owner("help_seeking", chance=0.3),
    Over(),
    Talk(0, 0.4),
    group=True,
)
