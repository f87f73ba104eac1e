"""Models × suites × perturbations × shards of labelled chats, on any number of processes."""


class SweepError(ValueError):
    """A sweep that cannot be done, or not be ended."""
