"""Gift after gift, then the bill."""

from safelight_training.data.scenario import Loop, Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(0),
    Loop(
        2,
        3,
        (
            peer("incentive"),
            owner("self:ok", chance=0.5),
            Talk(1),
        ),
    ),
    peer("secrecy", chance=0.6),
    peer("pressure", chance=0.7),
    peer("image_request"),
    owner("refusal", chance=0.5),
    peer("pressure", chance=0.6),
    Over(),
    Talk(0, 0.3),
)
