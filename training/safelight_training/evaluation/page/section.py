"""What a page is made of: sections of words, pictures and tables, said once for every format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """`svg()` draws it, as `figure.drawing` leaves it; Markdown shows tables only."""

    svg: Callable[[], str]
    caption: str


@dataclass(frozen=True)
class Table:
    """`name` says what it holds; rows of cells in the order of `head`."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True)
class Section:
    """`notes` follow the tables, one paragraph each."""

    title: str
    words: str
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = ()
    notes: Sequence[str] = field(default=())
