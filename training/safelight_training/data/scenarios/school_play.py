"""Rehearsals; the threats stand in the script."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("school_play", "share_threat", "deadline", "self_harm_push", "boundary_test")
