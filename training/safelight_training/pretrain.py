"""An encoder trained further on real chat, before any label: which message answers which.

A softmax over the replies of one batch, all in one language (Henderson et al. 2017, Efficient
natural language response suggestion for Smart Reply, arXiv 1705.00652). A variant of
`ablate-encoder`; no part of the recipe.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm import tqdm

from .batches import Encoded, pad_ids
from .train import has_bf16, schedule

Pair = tuple[list[int], list[int]]  # tokens of a message and of the reply to it
#: Pairs a batch, pairs in all, top rate, and what cosines are multiplied by.
AT_ONCE, MOST, RATE, SCALE = 128, 100_000, 1e-4, 20.0


def pairs_of(chat: Encoded) -> Iterator[Pair]:
    """Each message that the other side follows, and what follows."""
    for at in range(len(chat) - 1):
        said, reply = chat.ids[at], chat.ids[at + 1]
        if said and reply and chat.sender[at] != chat.sender[at + 1]:
            yield said, reply


def batches_of(
    pairs: Mapping[str, Sequence[Pair]], most: int, rng: random.Random
) -> list[list[Pair]]:
    """About `most` pairs by chance, in batches of one language and of similar length, shuffled."""
    total = sum(map(len, pairs.values()))
    groups = []
    for some in pairs.values():
        kept = rng.sample(list(some), min(len(some), round(most * len(some) / max(total, 1))))
        kept.sort(key=lambda pair: (len(pair[0]) + len(pair[1])) * rng.uniform(0.8, 1.25))
        groups += [kept[at : at + AT_ONCE] for at in range(0, len(kept), AT_ONCE)]
    groups = [group for group in groups if len(group) > 1]  # one alone has no other reply
    rng.shuffle(groups)
    return groups


def loss_of(said: Tensor, replies: Tensor) -> Tensor:
    """Mean of −log of the share that each message's own reply has among all; both (pairs, dim)."""
    return F.cross_entropy(SCALE * said @ replies.T, torch.arange(len(said)))


def adapt(
    encoder: nn.Module, chats: Mapping[str, Sequence[Encoded]], seed: int, most: int = MOST
) -> list[float]:
    """Trains `encoder`, but for its embedding table, on chats by language; the loss of each batch.

    Messages are read through a layer of their own, so that a reply need not be like what it
    answers; the layer is thrown away.
    """
    rng = random.Random(f"{seed}/pretrain")
    pairs = {name: [p for c in some for p in pairs_of(c)] for name, some in chats.items()}
    torch.manual_seed(seed)
    asks = nn.Linear(encoder.dim, encoder.dim)
    nn.init.eye_(asks.weight)
    nn.init.zeros_(asks.bias)
    table = encoder.embedding.weight
    learns = [p for p in encoder.parameters() if p is not table] + list(asks.parameters())
    optimizer = torch.optim.AdamW(learns, lr=RATE, weight_decay=0.01)
    encoder.train()
    groups, losses = batches_of(pairs, most, rng), []
    for step, group in enumerate(tqdm(groups, mininterval=5, desc="replies")):
        for settings in optimizer.param_groups:
            settings["lr"] = RATE * schedule(step / len(groups))
        with torch.autocast("cpu", torch.bfloat16, enabled=has_bf16()):
            said, replies = (encoder(*pad_ids([pair[side] for pair in group])) for side in (0, 1))
        loss = loss_of(
            F.normalize(asks(said.float()), dim=-1), F.normalize(replies.float(), dim=-1)
        )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(learns, 1.0)
        optimizer.step()
        losses.append(float(loss.detach()))
    return losses
