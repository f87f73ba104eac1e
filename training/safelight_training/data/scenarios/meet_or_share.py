"""A meeting demanded by a threat."""

from safelight_training.data.scenario import Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(2),
    peer("meet_request"),
    owner("refusal"),
    peer("pressure", chance=0.5),
    peer("share_threat"),
    peer("meet_request", chance=0.6),
    peer("deadline", chance=0.5),
    owner("help_seeking", chance=0.3),
    Over(),
    Talk(0, 0.4),
)
