"""Never a rude word."""

from safelight_training.data.scenario import Over, Pause, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(1),
    peer("personal_info_request", chance=0.6),
    peer("special_bond", chance=0.6),
    Talk(2),
    peer("image_request"),
    owner("self:unsure", chance=0.5),
    Pause("hours", 0.5),
    Talk(1),
    peer("secrecy", chance=0.5),
    peer("meet_request", chance=0.6),
    Over(),
    Talk(0, 0.4),
)
