"""No is said, the other person goes quiet, comes back and asks again."""

from safelight_training.data.scenario import Loop, Over, Pause, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(1),
    peer("special_bond", chance=0.7),
    peer("incentive", chance=0.5),
    Talk(0),
    peer("image_request"),
    owner("refusal"),
    peer("pressure", chance=0.5),
    Pause("days"),
    Talk(1),
    peer("secrecy", chance=0.5),
    peer("image_request"),
    owner("refusal", chance=0.7),
    peer("pressure", chance=0.6),
    Loop(0, 1, (Pause("hours"), Talk(1), peer("image_request"), owner("refusal", chance=0.6))),
    Over(),
    Talk(0, 0.4),
)
