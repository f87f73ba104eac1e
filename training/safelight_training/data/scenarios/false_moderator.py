"""A moderator who is none asks for proof."""

from safelight_training.data.scenario import Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(0),
    peer("identity_claim"),
    peer("personal_info_request", chance=0.6),
    owner("self:unsure", chance=0.6),
    peer("deadline", chance=0.5),
    peer("image_request"),
    owner("refusal", chance=0.5),
    peer("pressure", chance=0.5),
    peer("image_request", chance=0.5),
    Over(),
    Talk(0, 0.3),
)
