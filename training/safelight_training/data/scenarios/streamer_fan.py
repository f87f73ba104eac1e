"""A generous fan of a young streamer."""

from safelight_training.data.scenario import Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(1),
    peer("special_bond"),
    peer("incentive"),
    owner("self:ok", chance=0.5),
    Talk(1),
    peer("constant_contact", chance=0.5),
    peer("move_channel"),
    Talk(0),
    peer("image_request"),
    owner("refusal", chance=0.4),
    peer("incentive", chance=0.5),
    peer("pressure", chance=0.4),
    Over(),
    Talk(0, 0.3),
)
