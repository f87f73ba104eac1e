"""A call, and what is claimed of it."""

from safelight_training.data.scenario import Over, Pause, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(1),
    peer("move_channel"),
    peer("image_request", chance=0.6),
    Pause("minutes", 0.6),
    peer("share_threat"),
    peer("payment_demand"),
    owner("distress", chance=0.6),
    peer("deadline", chance=0.6),
    owner("refusal", chance=0.3),
    peer("payment_demand", chance=0.4),
    Over(),
    Talk(0, 0.4),
)
