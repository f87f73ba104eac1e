"""Payments never end."""

from safelight_training.data.scenario import Loop, Over, Pause, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(0, 0.4),
    peer("share_threat"),
    owner("distress", chance=0.5),
    peer("payment_demand"),
    owner("complied", chance=0.7),
    Pause("hours", 0.7),
    Talk(0, 0.3),
    Loop(
        1,
        2,
        (
            peer("payment_demand"),
            owner("distress", chance=0.5),
            peer("deadline", chance=0.6),
            Pause("hours", 0.3),
        ),
    ),
    owner("help_seeking", chance=0.3),
    Over(),
    Talk(0, 0.4),
)
