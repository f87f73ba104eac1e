"""Several finished trainings as one bundle, whose answers are the mean of theirs.

They may be of different data and seeds: what they get wrong differs more than what they get right
(docs/experiments.md, 18).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from tokenizers import Tokenizer

from safelight_export.text_table import build_table

from .base import Base
from .costs import FILE, Costs
from .from_bundle import student_of
from .model import Student
from .recipe import Member, Settings, load_data, make_bundle, numbered
from .train import Checkpoints, load_student

#: What a manifest says of the making of a member.
ORIGIN = ("data_version", "seed", "training_commit")


def run(settings: Settings, folders: Sequence[Path]) -> Path:
    """Writes `settings.work`/bundle, the students beside it; returns the folder.

    folders: the work folders of recipes, or finished bundles of one student each. All read the
    tokens of the first: the embedding table never learns, so any student reads any vocabulary.
    Raises ValueError where one cannot be read.
    """
    torch.set_num_threads(settings.threads)
    settings.work.mkdir(parents=True, exist_ok=True)
    members = [member for folder in folders for member in _members(folder)]
    base = Base(
        Tokenizer.from_file(str(_bundle(folders[0]) / "tokenizer.json")),
        build_table(),
        members[0].student.encoder.embedding.weight.detach().numpy(),
    )
    for number, member in enumerate(members):
        _reads(member.student, base)
        content = {"model": member.student.state_dict(), "shape": member.student.shape.as_dict()}
        Checkpoints(numbered(settings.work / "student.pt", number)).save(content)
    costs = Costs(settings.work / FILE, settings.threads)
    with costs.of("data"):
        data = load_data(settings)
    return make_bundle(settings, data, base, members, costs)


def _bundle(folder: Path) -> Path:
    return folder if (folder / "manifest.json").exists() else folder / "bundle"


def _members(folder: Path) -> list[Member]:
    manifest = _bundle(folder) / "manifest.json"
    if not manifest.exists():
        raise ValueError(f"{folder}: neither a bundle nor the work folder of a finished recipe")
    made = json.loads(manifest.read_bytes())
    origins = [{key: origin[key] for key in ORIGIN} for origin in made.get("members", [made])]
    checkpoint = folder / "student.pt"
    if checkpoint.exists():
        students = [load_student(numbered(checkpoint, i)) for i in range(len(origins))]
    else:
        students = [student_of(_bundle(folder))]
    return [Member(*pair) for pair in zip(students, origins, strict=True)]


def _reads(student: Student, base: Base) -> None:
    """Lets a student read the vocabulary of `base`."""
    table = torch.from_numpy(base.rows)
    student.encoder.embedding = torch.nn.Embedding.from_pretrained(table)
    student.shape = replace(student.shape, vocabulary=len(table))
