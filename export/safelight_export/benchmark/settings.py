"""How much is measured: the whole run, and a quick one that only shows that it works."""

from __future__ import annotations

from dataclasses import dataclass

from safelight_export.benchmark.shapes import SHAPES, Shape, shrunk

TOKENS = (16, 48, 128)
PLACES = (10, 100, 1_000, 10_000)


@dataclass(frozen=True)
class Settings:
    """rounds: pairs a row; chat_rounds: of those over whole windows. starts: of fresh processes.
    peaks: of the core. least_s: seconds that a timing of a short call lasts
    at least. messages: of the scanned export. share: of them that each peer reads. read: texts of
    one round in a chat. a_language: chats from which texts come. copied: bytes of the large copy.
    """

    quick: bool
    shapes: tuple[Shape, ...]
    places: tuple[int, ...]
    rounds: int
    chat_rounds: int
    starts: int
    peaks: int
    least_s: float
    messages: int
    share: int
    read: int
    a_language: int
    copied: int


FULL = Settings(False, SHAPES, PLACES, rounds=25, chat_rounds=12, starts=5, peaks=10,
                least_s=0.02, messages=1_000_000, share=12, read=40, a_language=100,
                copied=1 << 27)  # fmt: skip
QUICK = Settings(True, tuple(map(shrunk, SHAPES)), (10, 100), rounds=3, chat_rounds=3, starts=1,
                 peaks=2, least_s=0.0, messages=200, share=2, read=4, a_language=3,
                 copied=1 << 20)  # fmt: skip
