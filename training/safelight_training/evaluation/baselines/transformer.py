"""A transformer fine-tuned on windows of recent messages, under two published ways to decide.

eSPD (Vogt, Leser, Akbik 2021): the last 50 messages; a warning where at least s of the last 10
windows are positive. paxmod guard: windows of 40 turns; the chat is as risky as its worst window.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from tqdm import tqdm

from safelight_training.encoders.sentence import mean_vectors
from safelight_training.evaluation.baselines.windows import ends, labels
from safelight_training.train import has_bf16, schedule

Chat = dict[str, Any]
Decide = Callable[[np.ndarray], np.ndarray]
ESPD_WINDOW, ESPD_RECENT, ESPD_S = 50, 10, 5
PAXMOD_WINDOW = 40
RATE, BATCH = 5e-5, 16


def espd(probabilities: np.ndarray) -> np.ndarray:
    """(windows,) → the highest threshold that ESPD_S of the last ESPD_RECENT windows reach."""
    found = np.zeros(len(probabilities))
    for i in range(len(probabilities)):
        recent = np.sort(probabilities[max(0, i + 1 - ESPD_RECENT) : i + 1])[::-1]
        found[i] = recent[ESPD_S - 1] if len(recent) >= ESPD_S else 0.0
    return found


def worst_window(probabilities: np.ndarray) -> np.ndarray:
    """(windows,) → the highest so far."""
    return np.maximum.accumulate(probabilities)


class Windows:
    """Probability of every `step`-th window, held until the next; then `decide` over messages.

    `tokens`: the newest ones that are read; older ones are cut. Both sides are read, each message
    behind a mark of who wrote it.
    """

    def __init__(
        self, name: str, encoder: nn.Module, tokenizer: Tokenizer, window: int, decide: Decide,
        seed: int = 1, tokens: int = 256, step: int = 1,
    ) -> None:  # fmt: skip
        self.name, self.window, self.decide = name, window, decide
        self.encoder, self.tokenizer = encoder, tokenizer
        self.seed, self.tokens, self.step = seed, tokens, step
        torch.manual_seed(seed)
        self.head = nn.Linear(encoder.config.hidden_size, 1)

    def fit(self, chats: Sequence[Chat], most: int = 4000, rate: float = RATE) -> Windows:
        """One pass over at most `most` windows, half of them risky where there are enough."""
        picked = ends(chats, 1, self.seed)
        rng = random.Random(f"{self.name}/{self.seed}")
        risky = [(n, i) for n, i in picked if labels(chats[n])[i]]
        calm = [(n, i) for n, i in picked if not labels(chats[n])[i]]
        half = [rng.sample(some, min(most // 2, len(some))) for some in (risky, calm)]
        cases = [(n, i, float(side == 0)) for side, some in enumerate(half) for n, i in some]
        rng.shuffle(cases)
        parameters = [*self.encoder.parameters(), *self.head.parameters()]
        optimizer = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.01)
        self.encoder.train()
        steps = range(0, len(cases), BATCH)
        for at in tqdm(steps, desc=f"{self.name}: training", mininterval=5):
            batch = cases[at : at + BATCH]
            for group in optimizer.param_groups:
                group["lr"] = rate * schedule(at / len(cases))
            said = self._logits([self._text(chats[n], i) for n, i, _ in batch])
            true = torch.tensor([label for *_, label in batch])
            loss = nn.functional.binary_cross_entropy_with_logits(said, true)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
        self.encoder.eval()
        return self

    def under(self, name: str, window: int, decide: Decide) -> Windows:
        """The same trained encoder over other windows and another way to decide."""
        other = copy.copy(self)
        other.name, other.window, other.decide = name, window, decide
        return other

    def scores(self, chats: Sequence[Chat]) -> list[np.ndarray]:
        places = [
            (n, i)
            for n, chat in enumerate(chats)
            for i in range(0, len(chat["messages"]), self.step)
        ]
        # Windows of like length side by side waste less on padding.
        order = sorted(range(len(places)), key=lambda k: places[k][1])
        said = np.zeros(len(places))
        with torch.inference_mode():
            bar = tqdm(range(0, len(order), 2 * BATCH), desc=self.name, mininterval=5)
            for at in bar:
                mine = order[at : at + 2 * BATCH]
                texts = [self._text(chats[places[k][0]], places[k][1]) for k in mine]
                said[mine] = torch.sigmoid(self._logits(texts)).numpy()
        return self._spread(chats, places, said)

    def _spread(
        self, chats: Sequence[Chat], places: Sequence[tuple[int, int]], said: np.ndarray
    ) -> list[np.ndarray]:
        """A window speaks from its last message until the next one; then `decide` by message."""
        found = [np.zeros(len(chat["messages"])) for chat in chats]
        for (n, i), value in zip(places, said, strict=True):
            found[n][i:] = value
        return [self.decide(values) for values in found]

    def _text(self, chat: Chat, end: int) -> str:
        recent = chat["messages"][max(0, end + 1 - self.window) : end + 1]
        lines = (f"{'>' if m['sender'] == 'self' else '<'} {m['text']}" for m in recent)
        return "\n".join(lines)

    def _logits(self, texts: Sequence[str]) -> torch.Tensor:
        encoded = [e.ids for e in self.tokenizer.encode_batch(list(texts))]
        pad = self.tokenizer.padding["pad_id"]
        rows = [[t for t in ids if t != pad] for ids in encoded]
        rows = [ids[:1] + ids[1:][-(self.tokens - 1) :] for ids in rows]
        width = max(map(len, rows))
        ids = torch.tensor([row + [pad] * (width - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
        with torch.autocast("cpu", torch.bfloat16, enabled=has_bf16()):
            mean = mean_vectors(self.encoder, ids, mask)
        return self.head(mean).squeeze(-1)
