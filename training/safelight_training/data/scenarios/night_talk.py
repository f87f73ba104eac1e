"""Talk late at night."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "film",
    "risk_check",
    "constant_contact",
    "isolation",
    "boundary_test",
    weak="boundary_test",
)
