"""One person sets tests of obedience, one after the other."""

from safelight_training.data.scenario import Loop, OneOf, Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(1),
    peer("special_bond", chance=0.5),
    peer("secrecy", chance=0.5),
    Talk(0),
    Loop(
        1,
        3,
        (
            peer("coerced_task"),
            OneOf(
                ((owner("self:ok"),), (owner("self:unsure"),), (owner("refusal"), peer("pressure")))
            ),
            Talk(0, 0.4),
        ),
    ),
    peer("share_threat", chance=0.5),
    owner("distress", chance=0.5),
    peer("self_harm_push", chance=0.2),
    owner("help_seeking", chance=0.3),
    Over(),
    Talk(0, 0.4),
)
