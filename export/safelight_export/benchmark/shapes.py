"""The shapes of what others use: their sizes, and what each reads for one answer.

The time of a network depends on its shape and not on its weights, so the peers carry random ones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Shape:
    """A transformer encoder as somebody runs it.

    key: of files and rows. family: of its configuration (`build`). inner: width of the feed-forward
    layers. int8: whether its weights are quantised, in the way that is usual for ONNX Runtime.
    window: messages that it reads for one answer, 1 where it judges a message alone. positions:
    tokens that it can read at most.
    """

    key: str
    name: str
    used_by: str
    family: str
    layers: int
    hidden: int
    heads: int
    inner: int
    vocabulary: int
    int8: bool
    window: int
    positions: int

    def tokens(self, place: int, a_message: float) -> int:
        """Tokens read for the answer to message number `place` of a chat, from 1.

        a_message: tokens a message, on average.
        """
        return min(self.positions, round(a_message * min(place, self.window)))

    @property
    def number(self) -> str:
        return "int8" if self.int8 else "fp32"

    def reads(self) -> str:
        return "the message" if self.window == 1 else f"the last {self.window} messages"


SHAPES = (
    Shape("minilm", "MiniLM-L6", "the encoder of Roblox Sentinel", "bert",
          6, 384, 12, 1536, 30_522, False, 1, 512),
    Shape("bert", "BERT-base", "eSPD (Vogt et al. 2021)", "bert",
          12, 768, 12, 3072, 30_522, False, 50, 512),
    Shape("mmbert", "22-layer multilingual", "mmBERT; guards over 40 turns",
          "modernbert", 22, 768, 12, 1152, 256_000, True, 40, 8192),
    Shape("e5", "e5-small", "multilingual sentence search", "bert",
          12, 384, 12, 1536, 250_037, True, 1, 512),
    Shape("mobilebert", "MobileBERT", "eSPD for phones", "mobilebert",
          24, 512, 4, 512, 30_522, True, 50, 512),
)  # fmt: skip


def shrunk(shape: Shape) -> Shape:
    """The same with two narrow layers and few pieces, for trying the command out.

    Of `mobilebert` only the depth shrinks: its inner widths hang together.
    """
    if shape.family == "mobilebert":
        return replace(shape, layers=1, vocabulary=500)
    return replace(shape, layers=2, hidden=64, heads=4, inner=128, vocabulary=500)
