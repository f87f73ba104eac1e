"""A former partner threatens to share what was private."""

from safelight_training.data.scenario import OneOf, Over, Pause, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(2),
    peer("constant_contact"),
    owner("refusal", chance=0.5),
    peer("pressure"),
    Talk(0),
    peer("share_threat"),
    owner("distress", chance=0.5),
    OneOf(((peer("meet_request"),), (peer("image_request"),), (peer("deadline"),))),
    owner("refusal", chance=0.4),
    owner("help_seeking", chance=0.2),
    Pause("days", 0.3),
    Over(),
    Talk(0, 0.4),
)
