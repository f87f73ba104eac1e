"""Safelight for Matrix: one more device of your own, which reads here and says nothing there."""

from safelight_matrix.events import to_message

__all__ = ["to_message"]
