"""A threat, and an order to switch off what warns of it."""

from safelight_training.data.scenario import AnyOrder, Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(1),
    peer("secrecy:warnings", chance=0.5),
    Talk(0),
    AnyOrder((peer("share_threat"), peer("secrecy:warnings"))),
    owner("distress", chance=0.5),
    peer("payment_demand", chance=0.7),
    owner("refusal", chance=0.3),
    peer("secrecy:warnings", chance=0.5),
    peer("deadline", chance=0.5),
    Over(),
    Talk(0, 0.4),
)
