"""From a game to voice chat to a picture."""

from safelight_training.data.scenario import Over, Pause, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(2),
    peer("special_bond", chance=0.5),
    peer("move_channel"),
    owner("self:ok", chance=0.6),
    Pause("hours", 0.5),
    Talk(1),
    peer("personal_info_request", chance=0.6),
    owner("minor_disclosure", chance=0.5),
    peer("boundary_test"),
    owner("self:unsure", chance=0.4),
    Talk(0),
    peer("image_request"),
    owner("refusal", chance=0.4),
    peer("pressure", chance=0.5),
    Over(),
    Talk(0, 0.3),
)
