"""A contract that nobody signed."""

from safelight_training.data.scenario import Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(1),
    peer("incentive"),
    peer("image_request"),
    owner("complied", chance=0.5),
    Talk(0),
    peer("payment_demand", chance=0.5),
    peer("share_threat"),
    owner("distress", chance=0.5),
    peer("image_request", chance=0.6),
    peer("deadline", chance=0.4),
    Over(),
    Talk(0, 0.4),
)
