"""Always there, late, and then the camera."""

from safelight_training.data.scenario import Over, Pause, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(1),
    peer("constant_contact"),
    Talk(1),
    Pause("hours", 0.6),
    peer("risk_check", chance=0.7),
    peer("constant_contact", chance=0.5),
    Talk(0),
    peer("move_channel", chance=0.6),
    peer("image_request"),
    owner("self:unsure", chance=0.6),
    peer("pressure", chance=0.5),
    Over(),
    Talk(0, 0.3),
)
