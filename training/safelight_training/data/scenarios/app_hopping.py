"""From app to app."""

from safelight_training.data.scenario import Over, Pause, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(1),
    peer("move_channel"),
    owner("self:ok", chance=0.5),
    Talk(1),
    Pause("hours", 0.5),
    peer("move_channel"),
    peer("secrecy", chance=0.7),
    Talk(0),
    peer("move_channel", chance=0.5),
    peer("image_request"),
    owner("self:unsure", chance=0.5),
    Over(),
    Talk(0, 0.3),
)
