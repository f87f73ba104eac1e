"""Models × suites × perturbations × shards of labelled chats, on any number of processes."""

from safelight_training.refused import InputError


class SweepError(InputError):
    """A sweep that cannot be done, or not be ended."""
