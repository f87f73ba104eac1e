"""Threat and demand from a stranger in the first messages."""

from safelight_training.data.scenario import Loop, OneOf, Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    OneOf(
        (
            (peer("share_threat", "payment_demand"),),
            (peer("share_threat"), peer("payment_demand")),
            (peer("peer:hello"), peer("share_threat")),
        )
    ),
    owner("distress", chance=0.5),
    owner("self:ask", chance=0.3),
    Loop(0, 2, (peer("deadline"), owner("distress", chance=0.5))),
    peer("payment_demand", chance=0.5),
    owner("refusal", chance=0.4),
    owner("help_seeking", chance=0.3),
    Over(),
    Talk(0, 0.5),
)
