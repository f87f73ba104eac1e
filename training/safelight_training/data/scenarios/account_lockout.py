"""An account held back."""

from safelight_training.data.scenario import Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(0, 0.5),
    peer("hacked_claim"),
    owner("self:ask", chance=0.6),
    peer("payment_demand"),
    peer("share_threat", chance=0.6),
    owner("distress", chance=0.4),
    peer("deadline", chance=0.6),
    Over(),
    Talk(0, 0.4),
)
