"""Books and comics."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("book_club", "boundary_test", "isolation", "share_threat", plain=True)
