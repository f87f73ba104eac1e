"""A story that drifts."""

from safelight_training.data.scenario import Loop, Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(2),
    peer("boundary_test"),
    owner("self:unsure", chance=0.4),
    Talk(1),
    Loop(
        1,
        2,
        (
            peer("boundary_test"),
            owner("refusal", chance=0.3),
            peer("pressure", chance=0.4),
        ),
    ),
    peer("secrecy", chance=0.7),
    peer("image_request"),
    owner("self:unsure", chance=0.5),
    Over(),
    Talk(0, 0.3),
)
