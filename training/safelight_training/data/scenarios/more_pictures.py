"""A picture is never enough."""

from safelight_training.data.scenario import Loop, Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(1),
    peer("image_request"),
    owner("complied", chance=0.6),
    Talk(0),
    peer("share_threat"),
    Loop(
        1,
        2,
        (
            peer("image_request"),
            owner("distress", chance=0.5),
            peer("deadline", chance=0.5),
        ),
    ),
    owner("help_seeking", chance=0.3),
    Over(),
    Talk(0, 0.4),
)
