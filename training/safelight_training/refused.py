"""What a command refuses in one line, with exit status 3."""

from __future__ import annotations

from safelight.reading import BundleError


class InputError(ValueError):
    """Something given cannot be used; the text says what, in one line, and holds no message."""


#: All that a command tells in one line: a new kind of refusal is a subclass of `InputError`.
REFUSED = (BundleError, InputError)
