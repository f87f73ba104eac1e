"""Several finished trainings as one bundle, whose answers are the mean of theirs.

They may be of different data and seeds: what they get wrong differs more than what they get right
(docs/experiments.md, 18).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from tokenizers import Tokenizer

from safelight.bundle_files import Bundle
from safelight.reading import BundleError
from safelight_export.text_table import build_table

from . import origin
from .base import Base
from .costs import FILE, Costs
from .from_bundle import read, students_of
from .model import Student
from .recipe import Member, Settings, load_data, make_bundle, numbered
from .train import Checkpoints, load_student


def run(settings: Settings, folders: Sequence[Path]) -> Path:
    """Writes `settings.work`/bundle and the members beside it; returns the folder of the bundle.

    folders: the work folders of recipes, or finished bundles. All read today's text preparation and
    the tokens of the first: the embedding table never learns, so any student reads any vocabulary.
    Languages are those of the first and of `settings`. Raises BundleError, which names the folder,
    where one cannot be read.
    """
    torch.set_num_threads(settings.threads)
    settings.work.mkdir(parents=True, exist_ok=True)
    bundles = [read(_bundle(folder)) for folder in folders]
    members = [m for pair in zip(folders, bundles, strict=True) for m in _members(*pair)]
    first = bundles[0]
    base = Base(
        Tokenizer.from_str(first.files["tokenizer.json"].decode()),
        build_table(),
        members[0].student.encoder.embedding.weight.detach().numpy(),
    )
    for number, member in enumerate(members):
        _reads(member.student, base)
        content = {"model": member.student.state_dict(), "shape": member.student.shape.as_dict()}
        Checkpoints(numbered(settings.work / "member.pt", number)).save(content)
    languages = (*first.manifest.languages, *settings.more_languages)
    settings = replace(settings, more_languages=languages)
    costs = Costs(settings.work / FILE, settings.threads)
    with costs.of("data"):
        data = load_data(settings)
    return make_bundle(settings, data, base, members, costs)


def _bundle(folder: Path) -> Path:
    return folder if (folder / "manifest.json").exists() else folder / "bundle"


def _members(folder: Path, bundle: Bundle) -> list[Member]:
    """By their checkpoints where all are there, else by what the bundle holds of them."""
    origins = origin.of_students(bundle.manifest.raw)
    paths = [numbered(folder / "student.pt", number) for number in range(len(origins))]
    try:
        kept = all(path.exists() for path in paths)
        students = [load_student(path) for path in paths] if kept else students_of(bundle)
    except BundleError as error:
        raise BundleError(f"{folder}: {error}") from error
    return [Member(*pair) for pair in zip(students, origins, strict=True)]


def _reads(student: Student, base: Base) -> None:
    """Lets a student read the vocabulary of `base`."""
    table = torch.from_numpy(base.rows)
    student.encoder.embedding = torch.nn.Embedding.from_pretrained(table)
    student.shape = replace(student.shape, vocabulary=len(table))
