"""The teacher: a twelve-layer multilingual encoder in the student's place, on the same data.

Hours on a processor; it is no part of the recipe. One process, or several:

    python -m safelight_training teacher --corpora FOLDER
    torchrun --nproc_per_node 2 -m safelight_training teacher --corpora FOLDER
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from safelight_export.text_table import build_table

from .batches import Encoder
from .encoders import e5
from .encoders.sentence import Sentence
from .model import Shape, Student
from .plans import Amounts
from .recipe import LOSS, MAX_TOKENS, Settings, load_data, plans_of
from .train import CheckpointError, Checkpoints, Stage, read_checkpoint, train
from .workers import join

#: Padded messages a batch, and the top rates of the encoder and of the rest.
BUDGET, ENCODER_RATE, RATE = 128, 1e-4, 1e-3
#: In the names of the weights of its encoder's layers.
LAYER = ".encoder.layer."
#: A pass in which each dialogue stands once, for a processor without a graphics card.
LIGHT = Amounts(authored=1, scenarios=1500, spliced=400, real_messages=50_000)


@dataclass(frozen=True)
class Teacher:
    """The model, and how it reads conversations."""

    model: Student
    encoder: Encoder


def make(settings: Settings, layers: int = 12) -> Teacher:
    """Untrained heads over the published encoder, or over `layers` of it, evenly spread."""
    file = e5.read(e5.weights_path())
    torch.manual_seed(settings.seed)
    all_of_them = file.config["layers"]
    # Without dropout in the encoder, which costs a sixth of the time: few passes repeat nothing.
    bert = e5.pretrained(file, [i * all_of_them // layers for i in range(layers)], dropout=0.0)
    bert.set_attn_implementation("eager")  # on a processor the fused one learns a third slower
    tokenizer = e5.tokenizer(file)
    tokenizer.no_padding()
    model = Student(Shape(bert.config.vocab_size), Sentence(bert))
    return Teacher(model, Encoder(tokenizer, build_table(), MAX_TOKENS))


def weights_of(checkpoint: Path) -> dict[str, Tensor]:
    """What a teacher learnt; CheckpointError where the file is not a teacher's."""
    saved: dict[str, Tensor] = read_checkpoint(checkpoint)["model"]
    if not any(LAYER in name for name in saved):
        raise CheckpointError(f"{checkpoint}: not a teacher's checkpoint")
    return saved


def load(settings: Settings, checkpoint: Path) -> Teacher:
    """A teacher that was trained; as many layers as its checkpoint holds."""
    saved = weights_of(checkpoint)
    layers = 1 + max(int(name.split(".")[4]) for name in saved if LAYER in name)
    teacher = make(settings, layers)
    teacher.model.load_state_dict(saved)
    teacher.model.eval()
    return teacher


def run(settings: Settings, epochs: int, layers: int = 12, light: bool = False) -> Path:
    """Trains, resumes, and returns the checkpoint. `light`: passes of half the size and less."""
    torch.set_num_threads(settings.threads)
    workers = join()
    settings.work.mkdir(parents=True, exist_ok=True)
    data = load_data(settings)
    path = settings.work / "teacher.pt"
    teacher = make(settings, layers)
    plans = plans_of(settings, data, teacher.encoder, LIGHT if light else None)
    stage = Stage("teacher", epochs, plans.epoch, BUDGET, ENCODER_RATE, RATE, loss=LOSS)
    train(teacher.model, [stage], settings.seed, Checkpoints(path, every_s=600), workers)
    return path
