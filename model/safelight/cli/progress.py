"""A progress bar for long files, only where somebody looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from safelight.cli.terminal import safe
from safelight.importers.source import Opened

#: Shorter files are done before a bar would be read, in bytes.
LONG_BYTES = 256 * 1024
_EVERY = 64  # messages between two looks at the position


class Tick(Protocol):
    """Called once a message."""

    def __call__(self) -> None: ...


@contextmanager
def progress_bar(opened: Opened, console: Console) -> Iterator[Tick]:
    """Show how far a source is read, on `console` if it is a terminal. Yields what to call."""
    if not console.is_terminal or (opened.size is not None and opened.size < LONG_BYTES):
        yield lambda: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(safe(opened.name), total=opened.size)
        count = 0

        def tick() -> None:
            nonlocal count
            count += 1
            if count % _EVERY == 0:
                bar.update(task, completed=opened.position())

        yield tick
