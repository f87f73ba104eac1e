"""The teacher: a twelve-layer multilingual encoder in the student's place, on the same data.

Hours on a processor; it is no part of the recipe. One process, or several:

    python -m safelight_training teacher --corpora FOLDER
    torchrun --nproc_per_node 2 -m safelight_training teacher --corpora FOLDER
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

from safelight_export.text_table import build_table

from .batches import Encoder
from .encoders import e5
from .encoders.sentence import Sentence
from .model import Shape, Student
from .plans import Plans
from .recipe import MAX_TOKENS, Data, Settings, amounts_of, load_data, training_chats
from .train import Checkpoints, Stage, train
from .workers import Workers, join

#: Padded messages a batch, and the top rates of the encoder and of the rest.
BUDGET, ENCODER_RATE, RATE = 224, 4e-5, 5e-4


@dataclass(frozen=True)
class Teacher:
    """The model, and how it reads conversations."""

    model: Student
    encoder: Encoder


def make(settings: Settings, layers: int = 12) -> Teacher:
    """Untrained heads over the published encoder, or over its first `layers`."""
    file = e5.read(e5.weights_path())
    torch.manual_seed(settings.seed)
    bert = e5.pretrained(file, range(layers))
    tokenizer = e5.tokenizer(file)
    tokenizer.no_padding()
    model = Student(Shape(bert.config.vocab_size), Sentence(bert))
    return Teacher(model, Encoder(tokenizer, build_table(), MAX_TOKENS))


def run(settings: Settings, epochs: int, layers: int = 12) -> Path:
    """Trains, resumes, and returns the checkpoint."""
    torch.set_num_threads(settings.threads)
    workers = join()
    settings.work.mkdir(parents=True, exist_ok=True)
    data = load_data(settings)
    path = settings.work / "teacher.pt"
    teach(make(settings, layers), data, settings, epochs, path, workers)
    return path


def teach(
    teacher: Teacher, data: Data, settings: Settings, epochs: int, path: Path, workers: Workers
) -> None:
    plans = Plans(data.of("train"), training_chats(data), teacher.encoder,
                  amounts_of(settings), settings.seed)  # fmt: skip
    stage = Stage("teacher", epochs, plans.epoch, BUDGET, ENCODER_RATE, RATE)
    train(teacher.model, [stage], settings.seed, Checkpoints(path, every_s=600), workers)
