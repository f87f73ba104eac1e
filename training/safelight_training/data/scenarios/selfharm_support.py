"""A friend worries about a friend."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "selfharm_support",
    "self_harm_push",
    "secrecy",
    "isolation",
    "constant_contact",
    cues=("distress", "help_seeking"),
)
