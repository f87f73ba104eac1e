"""Orders in a group, as a proof of loyalty."""

from safelight_training.data.scenario import Over, Talk, other, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(2),
    peer("coerced_task"),
    other("peer:react", chance=0.6),
    owner("self:unsure", chance=0.5),
    Talk(0),
    peer("special_bond", chance=0.3),
    peer("coerced_task"),
    owner("refusal", chance=0.5),
    peer("pressure", chance=0.5),
    peer("share_threat", chance=0.7),
    owner("distress", chance=0.5),
    peer("deadline", chance=0.5),
    owner("help_seeking", chance=0.2),
    Over(),
    Talk(0, 0.4),
    group=True,
)
