"""A friend's account, taken by somebody else."""

from safelight_training.data.scenario import Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(1),
    peer("identity_claim", chance=0.5),
    peer("image_request"),
    owner("self:ask", chance=0.4),
    Talk(0),
    peer("hacked_claim", chance=0.5),
    peer("share_threat"),
    peer("payment_demand", chance=0.6),
    owner("distress", chance=0.4),
    peer("deadline", chance=0.4),
    Over(),
    Talk(0, 0.4),
)
