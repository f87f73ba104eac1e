"""Files that are there whole or not at all, however a run ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """A draft to be written beside `path`, which takes its place at the end unless something
    failed; only one writer at a time."""
    draft = path.with_suffix(".new")
    yield draft
    os.replace(draft, path)
