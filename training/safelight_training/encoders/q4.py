"""4-bit blocks for the embedding table, as ONNX Runtime's GatherBlockQuantized reads them.

A block is 32 numbers of a row with one float32 scale; weight = scale · (nibble − 8). The
table is quantised BEFORE fine-tuning, so the encoder learns with what the phone holds.
"""

from __future__ import annotations

import numpy as np

BLOCK = 32


def quantise(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n, d) float32 → nibbles (n, d) uint8 0..15 and scales (n, d / 32) float32.

    Of several candidate scales a block takes the one with the least squared error.
    """
    n, d = rows.shape
    blocks = rows.reshape(n, d // BLOCK, BLOCK).astype(np.float32)
    index = np.abs(blocks).argmax(-1, keepdims=True)
    peak = np.take_along_axis(blocks, index, -1)  # signed
    best_error = np.full((*blocks.shape[:2], 1), np.inf, np.float32)
    nibbles = np.zeros(blocks.shape, np.uint8)
    scales = np.ones((*blocks.shape[:2], 1), np.float32)
    for divisor in (-8.0, -7.5, -7.0, 7.0, 7.5, -9.0):
        scale = peak / divisor
        scale = np.where(scale == 0, 1.0, scale).astype(np.float32)
        q = np.clip(np.rint(blocks / scale) + 8, 0, 15)
        error = np.square((q - 8) * scale - blocks).sum(-1, keepdims=True)
        better = error < best_error
        nibbles = np.where(better, q.astype(np.uint8), nibbles)
        scales = np.where(better, scale, scales)
        best_error = np.where(better, error, best_error)
    return nibbles.reshape(n, d), scales[..., 0]


def dequantise(nibbles: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """The inverse: (n, d) float32."""
    n, d = nibbles.shape
    values = (nibbles.reshape(n, d // BLOCK, BLOCK).astype(np.float32) - 8) * scales[..., None]
    return values.reshape(n, d)
