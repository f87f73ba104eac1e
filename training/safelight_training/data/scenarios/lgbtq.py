"""LGBTQ+ friends support each other."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "lgbtq",
    "secrecy",
    "isolation",
    "special_bond",
    "identity_claim",
    weak="special_bond",
    cues=("minor_disclosure",),
)
