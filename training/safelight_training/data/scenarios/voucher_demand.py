"""Vouchers as a price."""

from safelight_training.data.scenario import Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(0, 0.6),
    peer("fabricated_image", chance=0.4),
    peer("share_threat"),
    owner("self:unsure", chance=0.4),
    peer("payment_demand"),
    owner("refusal", chance=0.4),
    peer("payment_demand"),
    peer("deadline", chance=0.6),
    Over(),
    Talk(0, 0.4),
)
