"""An offer of a casting that nobody can check."""

from safelight_training.data.scenario import Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(0),
    peer("identity_claim"),
    peer("incentive"),
    owner("self:ask", chance=0.6),
    peer("personal_info_request", chance=0.7),
    owner("minor_disclosure", chance=0.6),
    Talk(0),
    peer("image_request"),
    owner("self:unsure", chance=0.5),
    peer("pressure", chance=0.5),
    peer("secrecy", chance=0.6),
    Over(),
    Talk(0, 0.3),
)
