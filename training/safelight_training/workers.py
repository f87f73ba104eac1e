"""The processes of one training: one by default, several under `torchrun` or `accelerate launch`.

Each takes every n-th batch, gradients are averaged, and the first writes the checkpoints, into a
folder that all of them see.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

Item = TypeVar("Item")


@dataclass(frozen=True)
class Workers:
    """This process (`rank` of `world`) and where it computes."""

    rank: int = 0
    world: int = 1
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))

    @property
    def first(self) -> bool:
        return self.rank == 0

    def steps(self, groups: Sequence[Item]) -> int:
        """Steps of an epoch; groups that do not fill a last step for all are left out."""
        return len(groups) // self.world

    def mine(self, groups: Sequence[Item], step: int) -> Item:
        return groups[step * self.world + self.rank]

    def key(self, key: str) -> str:
        """Of this process's random numbers; that of the first is the one of a lone process."""
        return key if self.first else f"{key}/{self.rank}"

    def shared(self, module: nn.Module) -> nn.Module:
        """The module on its device, its gradients averaged over all processes."""
        module = module.to(self.device)
        return DistributedDataParallel(module) if self.world > 1 else module

    def wait(self) -> None:
        """Until every process is here."""
        if self.world > 1:
            distributed.barrier()


def join() -> Workers:
    """This process as its launcher numbered it; on its graphics card where there is one."""
    world, rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
    device = torch.device("cpu")
    if torch.cuda.is_available():
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(device)
    if world > 1 and not distributed.is_initialized():
        distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    return Workers(rank, world, device)
