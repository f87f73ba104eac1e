"""The training loop: seeded, checkpointed, and the same after a kill as without one."""

from __future__ import annotations

import math
import pickle
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import swa_utils
from tqdm import tqdm

from . import losses
from .batches import Batch, Encoded, batches, collate, encode_batch
from .costs import PART, Costs
from .drafts import draft_of
from .model import Shape, Student
from .refused import InputError
from .workers import Workers

Plan = Callable[[int], Sequence[Encoded]]
#: Largest norm of a gradient. Norms of 3 to 20 are usual: a limit of 1 let one loud chat push the
#: labels of its whole batch aside (docs/experiments.md, 17).
CLIP = 20.0


@dataclass(frozen=True)
class Stage:
    """One pass of training: which conversations each epoch sees, and how fast weights move."""

    name: str
    epochs: int
    plan: Plan  # epoch → conversations, the same for the same epoch
    budget: int  # padded messages a batch
    encoder_rate: float  # 0: the encoder stays as it is
    rate: float
    #: Called with the model before the stage; after a resume too, when it must do as before.
    prepare: Callable[[Student], None] | None = None
    loss: losses.Weights = losses.PLAIN
    #: Decay, a step, of the running mean of the weights that the stage ends with; 0: the last ones.
    average: float = 0.0
    #: Ends halfway between the weights before and after: what is learnt late costs less of what was
    #: known (Wortsman et al. 2022, Robust fine-tuning of zero-shot models).
    halfway: bool = False
    table_rate: float = 0.0  # of the encoder's embedding table, which is else left as it is
    skipped: float = 0.0  # share of the tokens that the encoder does not see


class CheckpointError(InputError):
    """A file that is no checkpoint of the kind asked for; the message is one line that names it."""


class Checkpoints:
    """One file, replaced atomically every `every_s` seconds."""

    def __init__(self, path: Path, every_s: float = 120.0) -> None:
        self.path, self.every_s, self.last = path, every_s, time.monotonic()

    def due(self) -> bool:
        return time.monotonic() - self.last >= self.every_s

    def save(self, content: dict[str, Any]) -> None:
        with draft_of(self.path) as draft:
            torch.save(content, draft)
        self.last = time.monotonic()

    def load(self) -> dict[str, Any] | None:
        if not self.path.exists():
            return None
        return torch.load(self.path, weights_only=True, map_location="cpu")


def train(
    model: Student, stages: Sequence[Stage], seed: int, checkpoints: Checkpoints,
    workers: Workers | None = None, costs: Costs | None = None,
) -> None:  # fmt: skip
    """Runs the stages in order; picks up where the checkpoint left off.

    `workers`: this process among those that train together; alone by default. `costs`: counts what
    each stage takes, under its name.
    """
    workers, costs = workers or Workers(), costs or Costs(None)
    model.to(workers.device)
    saved = checkpoints.load()
    if saved:
        model.load_state_dict(saved["model"])
    at = saved["stage"] if saved else 0
    for number in range(at, len(stages)):
        resume = saved if saved and saved["stage"] == number else None
        if prepare := stages[number].prepare:
            prepare(model)
        with costs.of(stages[number].name):
            _run_stage(model, stages[number], number, seed, checkpoints, resume, workers, costs)
        if workers.first:
            checkpoints.save({"model": model.state_dict(), "stage": number + 1, "epoch": 0,
                              "step": 0, "optimizer": None,
                              "shape": model.shape.as_dict()})  # fmt: skip
        workers.wait()


def _run_stage(
    model: Student, stage: Stage, number: int, seed: int, checkpoints: Checkpoints,
    resume: dict[str, Any] | None, workers: Workers, costs: Costs,
) -> None:  # fmt: skip
    model.zero_grad(set_to_none=True)  # what the stage before left would count in the clipping
    optimizer = _optimizer(model, stage)
    loss_of = workers.shared(_Loss(model, stage))
    mean = _mean_of(model, stage, resume)
    before = _before(model, stage, resume)
    if resume and resume["optimizer"]:
        optimizer.load_state_dict(resume["optimizer"])
    first_epoch, first_step = (resume["epoch"], resume["step"]) if resume else (0, 0)
    for epoch in range(first_epoch, stage.epochs):
        rng = random.Random(f"{seed}/{stage.name}/{epoch}")
        with costs.of(f"{stage.name}{PART}preparing the chats"):
            groups = list(batches(stage.plan(epoch), stage.budget, rng))
        start = first_step if epoch == first_epoch else 0
        steps = workers.steps(groups)
        bar = tqdm(range(start, steps), initial=start, total=steps, mininterval=5,
                   desc=f"{stage.name} {epoch + 1}/{stage.epochs}",
                   disable=not workers.first)  # fmt: skip
        running = None
        for step in bar:
            progress = (epoch + step / steps) / stage.epochs
            key = workers.key(f"{seed}/{stage.name}/{epoch}/{step}")
            batch = collate(workers.mine(groups, step)).to(workers.device)
            loss = _step(loss_of, optimizer, batch, progress, key)
            if mean:
                mean.update_parameters(model)
            running = loss if running is None else 0.98 * running + 0.02 * loss
            bar.set_postfix(loss=f"{running:.4f}", refresh=False)
            if workers.first and checkpoints.due():
                checkpoints.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(),
                                  "stage": number, "epoch": epoch, "step": step + 1,
                                  "mean": mean and mean.state_dict(), "before": before,
                                  "shape": model.shape.as_dict()})  # fmt: skip
                costs.keep()
    if mean:
        model.load_state_dict(mean.module.state_dict())
    if before:
        after = model.state_dict()
        model.load_state_dict({name: (before[name] + after[name]) / 2 for name in after})


def _before(
    model: Student, stage: Stage, resume: dict[str, Any] | None
) -> dict[str, Tensor] | None:
    """The weights at the start of a stage that ends halfway; None of others."""
    if not stage.halfway:
        return None
    saved = resume.get("before") if resume else None
    return saved or {name: value.clone() for name, value in model.state_dict().items()}


def _mean_of(
    model: Student, stage: Stage, resume: dict[str, Any] | None
) -> swa_utils.AveragedModel | None:
    """The running mean of the weights (Polyak and Juditsky 1992), where the stage asks for it."""
    if not stage.average:
        return None
    mean = swa_utils.AveragedModel(
        model, multi_avg_fn=swa_utils.get_ema_multi_avg_fn(stage.average)
    )
    if resume and resume.get("mean"):
        mean.load_state_dict(resume["mean"])
    return mean


def _optimizer(model: Student, stage: Stage) -> torch.optim.Optimizer:
    """AdamW; the recipe never trains the embedding table (it is already what the phone holds)."""
    table = model.encoder.embedding.weight.requires_grad_(stage.table_rate > 0)
    encoder = [p for p in model.encoder.parameters() if p is not table]
    for parameter in encoder:
        parameter.requires_grad_(stage.encoder_rate > 0)
    rest = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
    groups = [{"params": rest, "lr": stage.rate, "top": stage.rate}]
    if stage.encoder_rate > 0:
        groups.append({"params": encoder, "lr": stage.encoder_rate, "top": stage.encoder_rate})
    if stage.table_rate > 0:
        groups.append({"params": [table], "lr": stage.table_rate, "top": stage.table_rate})
    return torch.optim.AdamW(groups, weight_decay=0.01)


class _Loss(nn.Module):
    """The loss of a batch; one call, so that gradients can be averaged over processes."""

    def __init__(self, model: Student, stage: Stage) -> None:
        super().__init__()
        self.model, self.weights = model, stage.loss
        self.encoder_learns = stage.encoder_rate > 0
        self.skipped = stage.skipped

    def forward(self, batch: Batch) -> Tensor:
        device = batch.valid.device.type
        if self.skipped:
            batch = _with_fewer_tokens(batch, self.skipped)
        with (
            torch.set_grad_enabled(self.encoder_learns),
            torch.autocast(device, torch.bfloat16, enabled=device != "cpu" or has_bf16()),
        ):
            vectors = encode_batch(self.model, batch)
        labels, risks, _ = self.model(vectors, batch.sender, batch.gap_s)
        return losses.total(labels, risks, batch.labels, batch.label_mask, batch.risks,
                            batch.risk_weight, batch.valid, self.weights, batch.soft)  # fmt: skip


def _with_fewer_tokens(batch: Batch, share: float) -> Batch:
    """`share` of the tokens masked by chance; a message that would lose all of them keeps them."""

    def some(mask: Tensor) -> Tensor:
        kept = mask * (torch.rand(mask.shape, device=mask.device) >= share)
        return torch.where(kept.any(1, keepdim=True), kept, mask)

    return replace(batch, messages=[(ids, some(mask)) for ids, mask in batch.messages])


def _step(
    loss_of: nn.Module, optimizer: torch.optim.Optimizer, batch: Batch, progress: float, key: str
) -> float:
    torch.manual_seed(random.Random(key).getrandbits(60))  # dropout: the same after a resume
    for settings in optimizer.param_groups:
        settings["lr"] = settings["top"] * schedule(progress)
    loss_of.train()
    loss = loss_of(batch)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(loss_of.parameters(), CLIP)
    optimizer.step()
    return float(loss.detach())


def has_bf16() -> bool:
    """Whether this processor multiplies bfloat16 itself; elsewhere it would be slower, not faster.

    Only the encoder runs in it. Results repeat on one kind of processor, not across kinds.
    """
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def schedule(progress: float) -> float:
    """Warm-up over the first 5%, then a cosine to 2% of the top rate; `progress` 0..1."""
    if progress < 0.05:
        return 0.1 + 0.9 * progress / 0.05
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (progress - 0.05) / 0.95))


def read_checkpoint(path: Path) -> dict[str, Any]:
    """What a training left in a file, `model` among it; CheckpointError where there is none."""
    try:
        found: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
        found["model"].items()
    except (OSError, EOFError, AttributeError, LookupError, RuntimeError, TypeError, ValueError,
            pickle.UnpicklingError) as error:  # fmt: skip
        raise CheckpointError(f"{path}: no checkpoint that can be read") from error
    return found


def load_student(path: Path) -> Student:
    """The student of a checkpoint; CheckpointError where the file holds none."""
    saved = read_checkpoint(path)
    try:
        model = Student(Shape(**saved["shape"]))
        model.load_state_dict(saved["model"])
    except (KeyError, RuntimeError, TypeError) as error:
        raise CheckpointError(f"{path}: not a student's checkpoint") from error
    return model.eval()
