"""From an event for many to a meeting for two."""

from safelight_training.data.scenario import Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(3),
    peer("special_bond", chance=0.6),
    peer("move_channel", chance=0.6),
    Talk(1),
    peer("risk_check", chance=0.5),
    peer("meet_request"),
    owner("self:ask", chance=0.5),
    peer("secrecy"),
    Over(),
    Talk(0, 0.4),
    group=True,
)
