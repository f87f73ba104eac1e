"""From nothing to evaluated weights: data → base → training → calibration → bundle → report.

Everything lies in one work folder; a step whose result lies there is not done again, and
training resumes from its checkpoint.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from safelight.text import TextPreparer
from safelight_export.bundle import write_bundle
from safelight_export.ensemble import together
from safelight_export.quantise import quantise
from safelight_export.text_table import build_table
from safelight_export.to_onnx import to_onnx

from . import language_head, losses, origin, own_data
from .base import Base, build_base
from .batches import Encoder
from .calibrate import calibrate, mean_logits
from .corpora import real_conversations
from .costs import FILE, Costs
from .data.generate import conversations
from .data.languages import LANGUAGES
from .data.version import DATA_VERSION, OWN
from .manifest import MAX_TOKENS, Sizes, manifest
from .mining import loudest
from .model import Student
from .operating_point import CrossFitted, choose, judging_chats
from .plans import HELD_OUT_CORPORA, Amounts, Plans
from .replayed import Replayed
from .train import Checkpoints, Stage, load_student, train

#: Padded messages a batch while the encoder learns: many small steps teach more in the same pass
#: than few large ones (docs/experiments.md, 17).
BUDGET = 64
#: One message that is loud in time is what a warning needs, and what comes after the harm teaches
#: little of that (docs/experiments.md, 10).
LOSS = losses.Weights(label=3.0, catch=0.5, after=0.3)


@dataclass(frozen=True)
class Settings:
    """`corpora`: folder of real chats, or None (then no budget can be met, and it says so).

    `voices`: share (0..1) of the voices to train on, and `epochs` of the two stages: for learning
    curves, on which every point is trained alike. `quick`: no real chat sets a threshold; such a
    bundle ranks chats and is for no phone. `data_version`: an older one, for comparisons. `own`:
    labelled JSON lines (files or folders) of whoever retrains; `more_languages`: their codes.
    `teacher`: its checkpoint, or the folder of a bundle, from whose answers the student learns too.
    `members`: how many students are trained, with seeds that follow `seed`, to answer together.
    `crossfit`: groups of corpora, each judged by a student that did not learn from it (crossfit.py)
    when thresholds are set; 0: every real chat is judged by the bundle itself.
    """

    work: Path
    corpora: Path | None = None
    seed: int = 1
    smoke: bool = False
    threads: int = 2
    voices: float = 1.0
    epochs: tuple[int, int] = (2, 2)
    quick: bool = False
    data_version: str = DATA_VERSION
    own: tuple[Path, ...] = ()
    more_languages: tuple[str, ...] = ()
    teacher: Path | None = None
    members: int = 1
    crossfit: int = 0

    @property
    def languages(self) -> tuple[str, ...]:
        """Those of this project, then those added."""
        return (*LANGUAGES, *(code for code in self.more_languages if code not in LANGUAGES))

    @property
    def data_of_manifest(self) -> str:
        """The version of the data, and whether own chats were among them."""
        return self.data_version + (OWN if self.own else "")


@dataclass(frozen=True)
class Data:
    """`written`: labelled conversations of all splits; `real`: benign chats of the corpora."""

    written: list[dict[str, Any]]
    real: list[dict[str, Any]]

    def of(self, split: str) -> list[dict[str, Any]]:
        return [c for c in self.written if c["split"] == split]

    def real_of(self, split: str) -> list[dict[str, Any]]:
        return [c for c in self.real if c["split"] == split]

    def calibration(self) -> list[dict[str, Any]]:
        """Real chats that set thresholds: their own part, and what of the corpora that training
        never sees would have been its part (docs/decisions/0009-more-calibration-chats.md)."""
        return self.real_of("calibration") + self._strange("train")

    def calibration_chats(self) -> list[dict[str, Any]]:
        """Those of them that are chats, both ways round."""
        return [c for c in self.calibration() if c["is_chat"]]

    def strange(self) -> list[dict[str, Any]]:
        """Real chats of the corpora that training never sees, but for their report part."""
        return [c for split in ("train", "calibration", "selection") for c in self._strange(split)]

    def _strange(self, split: str) -> list[dict[str, Any]]:
        return [c for c in self.real_of(split) if c["corpus"] in HELD_OUT_CORPORA]


@dataclass(frozen=True)
class Member:
    """A trained student; `origin`: how it was made, for a manifest (origin.py)."""

    student: Student
    origin: dict[str, Any]


def run(settings: Settings) -> Path:
    """The whole recipe; returns the folder of the new bundle."""
    torch.set_num_threads(settings.threads)
    settings.work.mkdir(parents=True, exist_ok=True)
    if settings.teacher:
        from . import distil  # a teacher is made of this recipe's parts

        distil.check(settings.teacher)
    of_members = [replace(settings, seed=settings.seed + i) for i in range(settings.members)]
    costs = Costs(settings.work / FILE, settings.threads)
    with costs.of("data"):
        data = load_data(settings)
        learnt = digest(settings, data)
    origins = [_origin(mine, number, learnt) for number, mine in enumerate(of_members)]
    with costs.of("base"):
        base = make_base(settings, data)
    members = [
        Member(make_student(mine, data, base, costs, number), origins[number])
        for number, mine in enumerate(of_members)
    ]
    return make_bundle(settings, data, base, members, costs)


def _origin(settings: Settings, number: int, learnt: str) -> dict[str, Any]:
    path = numbered(settings.work / "origin.json", number)
    return origin.kept(path, settings.data_of_manifest, settings.seed, learnt, settings.teacher)


def load_data(settings: Settings) -> Data:
    """What training, calibration and thresholds read.

    Raises CorpusError where cross-fitting is asked for and too few corpora have real chats.
    """
    few = {"train": 60, "validation": 30, "test": 20}
    counts = dict.fromkeys(settings.languages, few) if settings.smoke else None
    written = list(conversations(settings.seed, settings.languages, counts, share=settings.voices,
                                 version=settings.data_version))  # fmt: skip
    written += own_data.read(settings.own, settings.languages)
    real = []
    if settings.corpora:
        real = list(real_conversations(settings.corpora, settings.languages, settings.seed))
    if settings.smoke:
        rng = random.Random(settings.seed)
        written = rng.sample(written, min(360, len(written)))
        real = rng.sample(real, min(300, len(real)))
    print(f"data: {len(written)} written conversations, {len(real)} real ones")
    data = Data(written, real)
    if settings.crossfit:
        from . import crossfit  # its students are made of this recipe's parts

        crossfit.dealt(data, settings.crossfit)
    return data


def digest(settings: Settings, data: Data) -> str:
    """Of the chats, and of all else that decides what students learn and hear, but for how they
    are trained; seconds for all chats of this project."""
    found = hashlib.sha256()
    chosen = [settings.seed, settings.smoke, settings.languages]
    for part in (chosen, *data.written, *data.real):
        found.update(json.dumps(part, sort_keys=True).encode())
    return found.hexdigest()[:12]


def cross_fitted(settings: Settings, data: Data, costs: Costs) -> CrossFitted | None:
    """Real chats as students hear them that do not know their corpus, if `settings` ask for it."""
    if not settings.crossfit:
        return None
    from . import crossfit  # its students are made of this recipe's parts

    with costs.of("cross-fitting"):
        return crossfit.run(settings, data)


def make_base(settings: Settings, data: Data) -> Base:
    preparer = TextPreparer(build_table())
    texts: dict[str, list[str]] = defaultdict(list)
    for conversation in (*data.of("train"), *data.real_of("train")):
        for message in conversation["messages"]:
            texts[conversation["language"]].append(preparer.prepare(message.get("text", "")))
    return build_base(settings.work / "base", texts, languages=settings.languages)


def training_chats(data: Data) -> list[dict[str, Any]]:
    """Real chats that training may see."""
    return [c for c in data.real_of("train") if c["corpus"] not in HELD_OUT_CORPORA]


def amounts_of(settings: Settings) -> Amounts:
    if settings.smoke:
        return Amounts(1, 150, 20, 1500, 6, 120, beside=(40, 40, 400))
    return Amounts()


def plans_of(
    settings: Settings, data: Data, encoder: Encoder, amounts: Amounts | None = None
) -> Plans:
    """What training sees, in the tokens of `encoder`; `amounts`: the recipe's own if None."""
    amounts = amounts or amounts_of(settings)
    return Plans(data.of("train"), training_chats(data), encoder, amounts, settings.seed)


def numbered(path: Path, number: int) -> Path:
    """The file of member `number` (0…): student.pt, student-2.pt, …"""
    return path.with_stem(f"{path.stem}-{number + 1}") if number else path


def make_student(
    settings: Settings, data: Data, base: Base, costs: Costs, number: int = 0
) -> Student:
    """Trains member `number` of the bundle, from the seed of `settings`."""
    encoder = Encoder(base.tokenizer, base.table, MAX_TOKENS)
    plans = plans_of(settings, data, encoder)
    whole, streams = (1, 1) if settings.smoke else settings.epochs

    def mine(model: Student) -> None:
        with costs.of("mining"):
            kept = numbered(settings.work / "loud.json", number)
            plans.loud = loudest(model, plans.chats, encoder, settings.seed, kept)

    epoch, loss = plans.epoch, LOSS
    if settings.teacher:
        from . import distil  # a teacher is made of this recipe's parts

        epoch = distil.beside(plans.epoch, settings, data, whole - 1)
        loss = replace(LOSS, soft=distil.WEIGHT)
    stages = [
        Stage("whole", whole, epoch, BUDGET, 3e-4, 1e-3, loss=loss),
        Stage("streams", streams, plans.streams, 2400, 0.0, 4e-4, mine, loss=LOSS),
        Stage("rare", 1, plans.rare, BUDGET, 1e-4, 3e-4, loss=LOSS, halfway=True),
    ]
    checkpoint = numbered(settings.work / "student.pt", number)
    model = base.student(settings.seed)
    train(model, stages, settings.seed, Checkpoints(checkpoint), costs=costs)
    return load_student(checkpoint)


def make_bundle(
    settings: Settings, data: Data, base: Base, members: Sequence[Member], costs: Costs
) -> Path:
    """Calibrates, exports, finds the thresholds on what phones will compute, writes the bundle."""
    encoder = Encoder(base.tokenizer, base.table, MAX_TOKENS)
    students = [member.student for member in members]
    validation = data.of("validation")
    with costs.of("calibration"):
        calibration = calibrate(mean_logits(students, encoder(validation)))
    benign = [] if settings.quick else data.calibration()
    train = [*data.of("train"), *training_chats(data)]
    with costs.of("language head"):
        head = language_head.fit(encoder, train, [*validation, *benign], settings.seed,
                                 20 if settings.smoke else 1, settings.languages)  # fmt: skip
    with costs.of("export"):
        graphs = [to_onnx(student, calibration, head.table) for student in students]
        (settings.work / "fp32.onnx").write_bytes(together(graphs).SerializeToString())
        model_bytes = together([quantise(graph) for graph in graphs]).SerializeToString()
    tokenizer = base.tokenizer.to_str(pretty=False).encode()
    sizes = Sizes(sum(student.shape.state for student in students), settings.languages)
    crossfitted = cross_fitted(settings, data, costs)
    with costs.of("thresholds"):
        graph = Replayed(model_bytes, tokenizer, base.table, sizes)
        judging = None if settings.smoke or settings.quick else judging_chats()
        chosen = choose(graph, validation, benign, judging, crossfitted)
    chosen["evidence"]["language"] = head.evidence
    chosen |= {"language": asdict(head.rule), "calibration": calibration}
    made = members[0].origin
    if len(members) > 1:
        made = origin.now(settings.data_of_manifest, settings.seed, settings.teacher)
        chosen["members"] = [member.origin for member in members]
    folder = settings.work / "bundle"
    with costs.of("bundle"):
        write_bundle(folder, model_bytes, tokenizer, base.table, manifest(sizes, made, chosen))
    return folder
