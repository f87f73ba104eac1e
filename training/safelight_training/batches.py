"""Conversations → padded arrays for the student."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from safelight.text import TextPreparer

from .targets import gaps, label_targets, onset_weights, risk_targets

#: Token lengths at which messages are grouped, so that short ones are not padded to the longest.
BUCKETS = (4, 8, 12, 18, 28, 40, 64)
#: Messages whose ids an encoder keeps until it begins anew, and those tokenised at once.
KNOWN, SLICE = 1_000_000, 4096

Words = tuple[str, str | None]  # text and medium of a message


@dataclass(frozen=True)
class Encoded:
    """One conversation as numbers: `ids` a list of token ids a message, the rest by message."""

    ids: list[list[int]]
    sender: np.ndarray  # (messages,) 0 self 1 peer
    gap_s: np.ndarray  # (messages,) seconds, −1 unknown
    labels: np.ndarray  # (messages, 26)
    label_mask: np.ndarray
    risks: np.ndarray  # (messages, 2)
    risk_weight: np.ndarray  # (messages, 2)
    #: What an encoder that learns no more makes of the messages, (messages, 512); else None.
    vectors: np.ndarray | None = None
    #: What a teacher says: probabilities of labels and risks, (messages, 28); else None.
    soft: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.sender)

    def window(self, start: int, stop: int) -> Encoded:
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return Encoded(**{k: v if v is None else v[start:stop] for k, v in values.items()})


@dataclass(frozen=True)
class Batch:
    messages: list[tuple[Tensor, Tensor]]  # (ids, mask) by length, in the order of `order`
    order: Tensor  # position in the concatenation of `messages` → (batch · time) slot
    sender: Tensor
    gap_s: Tensor
    labels: Tensor
    label_mask: Tensor
    risks: Tensor
    risk_weight: Tensor  # (batch, time, 2)
    valid: Tensor  # (batch, time) 1 on messages, 0 on padding
    vectors: Tensor | None = None  # (batch, time, 512) where the encoder learns no more
    soft: Tensor | None = None  # (batch, time, 28) where a teacher was asked

    def to(self, device: torch.device) -> Batch:
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        moved = {k: v.to(device) for k, v in values.items() if isinstance(v, Tensor)}
        pairs = [(ids.to(device), mask.to(device)) for ids, mask in self.messages]
        return replace(self, messages=pairs, **moved)


class Encoder:
    """Prepares and tokenises conversations exactly as the runtime does.

    Messages met before are not read again: real chats come both ways round, and a writer whom the
    noise leaves alone says the same in every epoch.
    """

    def __init__(self, tokenizer: Tokenizer, table: dict[str, Any], max_tokens: int = 64) -> None:
        self.tokenizer, self.max_tokens = tokenizer, max_tokens
        self.preparer = TextPreparer(table)
        self._known: dict[Words, list[int]] = {}

    def __call__(self, conversations: Sequence[dict[str, Any]]) -> list[Encoded]:
        self._read(dict.fromkeys(_words(m) for c in conversations for m in c["messages"]))
        result = []
        for conversation in conversations:
            messages = conversation["messages"]
            ids = [self._known[_words(m)] for m in messages]
            sender = [float(m["sender"] != "self") for m in messages]
            labels, mask = label_targets(conversation)
            who = np.array(sender, np.float32)
            risks, weights = risk_targets(conversation), onset_weights(conversation)
            result.append(Encoded(ids, who, gaps(conversation), labels, mask, risks, weights))
        return result

    def _read(self, wanted: Iterable[Words]) -> None:
        """Learns the token ids of what is not known yet."""
        if len(self._known) > KNOWN:
            self._known.clear()
        new = [words for words in wanted if words not in self._known]
        self._known.update(zip(new, self.ids(new), strict=True))

    def ids(self, messages: Sequence[Words]) -> Iterator[list[int]]:
        """Token ids of each message; none is kept."""
        # A slice at a time: what the tokenizer tells of a text takes far more room than its ids.
        for at in range(0, len(messages), SLICE):
            some = messages[at : at + SLICE]
            found = self.tokenizer.encode_batch([self.preparer.prepare(*words) for words in some])
            # The head of a long message: training sees one step a message, the runtime up to four.
            yield from (encoding.ids[: self.max_tokens] for encoding in found)


def _words(message: dict[str, Any]) -> Words:
    return message.get("text", ""), message.get("media")


def batches(encoded: Sequence[Encoded], budget: int, rng: random.Random) -> Iterator[list[Encoded]]:
    """Groups of similar length, shuffled; padded to about `budget` messages each.

    The order is loosened by 15% either way, so a group can exceed the budget by 1.15 / 0.85.
    """
    ordered = sorted(encoded, key=lambda c: (len(c) * rng.uniform(0.85, 1.15), rng.random()))
    groups: list[list[Encoded]] = []
    for conversation in ordered:
        if groups and (len(groups[-1]) + 1) * len(conversation) <= budget:
            groups[-1].append(conversation)
        else:
            groups.append([conversation])
    rng.shuffle(groups)
    yield from groups


def collate(group: Sequence[Encoded]) -> Batch:
    time = max(len(c) for c in group)

    def padded(name: str, fill: float = 0.0) -> Tensor:
        arrays = [getattr(c, name) for c in group]
        out = np.full((len(group), time, *arrays[0].shape[1:]), fill, np.float32)
        for i, array in enumerate(arrays):
            out[i, : len(array)] = array
        return torch.from_numpy(out)

    slots = [(ids, row * time + t) for row, c in enumerate(group) for t, ids in enumerate(c.ids)]
    messages, order = [], []
    for low, high in zip((0, *BUCKETS), BUCKETS, strict=False):
        mine = [(ids, slot) for ids, slot in slots if low < len(ids) <= high]
        if mine:
            messages.append(pad_ids([ids for ids, _ in mine]))
            order += [slot for _, slot in mine]
    valid = np.zeros((len(group), time), np.float32)
    for row, c in enumerate(group):
        valid[row, : len(c)] = 1
    return Batch(
        messages=messages,
        order=torch.tensor(order),
        sender=padded("sender"),
        gap_s=padded("gap_s", -1.0),
        labels=padded("labels"),
        label_mask=padded("label_mask"),
        risks=padded("risks"),
        risk_weight=padded("risk_weight", 1.0),
        valid=torch.from_numpy(valid),
        vectors=None if group[0].vectors is None else padded("vectors"),
        soft=None if group[0].soft is None else padded("soft"),
    )


def pad_ids(ids: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Token ids and mask, both (messages, tokens) int64."""
    width = max(len(row) for row in ids)
    out = np.zeros((len(ids), width), np.int64)
    mask = np.zeros_like(out)
    for i, row in enumerate(ids):
        out[i, : len(row)] = row
        mask[i, : len(row)] = 1
    return torch.from_numpy(out), torch.from_numpy(mask)


def encode_batch(model: Any, batch: Batch) -> Tensor:
    """Message vectors (batch, time, 512); zeros on padding."""
    if batch.vectors is not None:
        return batch.vectors
    vectors = torch.cat([model.encode(ids, mask).float() for ids, mask in batch.messages])
    rows, time = batch.valid.shape
    flat = vectors.new_zeros(rows * time, vectors.shape[-1]).index_copy(0, batch.order, vectors)
    return flat.view(rows, time, -1)


def answers(
    model: Any, encoded: Sequence[Encoded], budget: int = 1500
) -> Iterator[tuple[list[Encoded], Batch, Tensor, Tensor]]:
    """What a trained model says, batch by batch: its conversations, the batch, the logits of labels
    (batch, time, 26) and of risks (batch, time, 2)."""
    model.eval()
    with torch.no_grad():
        for group in batches(encoded, budget, random.Random(0)):
            batch = collate(group)
            labels, risks, _ = model(encode_batch(model, batch), batch.sender, batch.gap_s)
            yield group, batch, labels, risks
