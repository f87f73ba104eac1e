"""`peers`: what others do, beside a bundle: same training, same false-alarm rule, same chats."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from safelight.reading import BundleError
from safelight_training.corpora import CorpusError
from safelight_training.data.independent import independent
from safelight_training.encoders.weights import WeightsError
from safelight_training.evaluation import lab, metrics
from safelight_training.evaluation.baselines import sentences
from safelight_training.evaluation.baselines.frozen import Frozen
from safelight_training.evaluation.baselines.keywords import FILE, Keywords
from safelight_training.evaluation.baselines.sentinel import Sentinel
from safelight_training.evaluation.baselines.tfidf import Tfidf
from safelight_training.evaluation.command import PEERS
from safelight_training.evaluation.kept import write_json
from safelight_training.evaluation.report import HALF
from safelight_training.evaluation.subject import Subject, read_subject
from safelight_training.evaluation.systems import Safelight, System, same_rule
from safelight_training.plans import HELD_OUT_CORPORA

Row = dict[str, Any]
Chat = dict[str, Any]


@dataclass(frozen=True)
class Peer:
    """`make` trains it on the chats given; `size` tells its bytes once it is trained."""

    make: Callable[[Sequence[Chat]], System]
    size: Callable[[System], int]
    note: str


@dataclass(frozen=True)
class Chats:
    """Whom peers learn from and are judged on; `real_report`: both ways round."""

    train: Sequence[Chat]
    hard: Sequence[Chat]
    calibration: Sequence[Chat]
    real_report: Sequence[Chat]
    judging: Sequence[Chat]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("bundle", type=Path, help="folder of the bundle")
    parser.add_argument("--corpora", type=Path, required=True, help="folder of real benign chats")
    parser.add_argument("--light", action="store_true", help="without sentence encoders")
    parser.add_argument("--out", type=Path, default=Path("docs/evaluation"),
                        help="folder of the report")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """0 = written, 3 = input refused in one line."""
    try:
        subject = read_subject(args.bundle)
        chats = read_chats(subject, args.corpora)
        found = measure(subject, chats, peers(subject, args.light))
    except (BundleError, CorpusError, WeightsError) as error:
        print(f"safelight_training: {error}", file=sys.stderr)
        return 3
    write_json(args.out / PEERS, found)
    return 0


def read_chats(subject: Subject, corpora: Path) -> Chats:
    """The splits as the recipe of the bundle has them; training chats written and real."""
    from safelight_training.recipe import Settings, load_data

    data = load_data(Settings(Path(), corpora, subject.seed))
    real = [c for c in data.real_of("train") if c["corpus"] not in HELD_OUT_CORPORA]
    hard = [c for c in data.of("validation") if c["label"] == "none" and c.get("twin") == "hard"]
    return Chats(
        [*data.of("train"), *_chats(real)], hard, _chats(data.calibration()),
        _chats(data.real_of("report")), independent(HALF),
    )  # fmt: skip


def _chats(real: Sequence[Chat]) -> list[Chat]:
    return [c for c in real if c["is_chat"]]


def peers(subject: Subject, light: bool = False) -> Iterator[Peer]:
    """Safelight first, then every peer."""
    size = sum(len(content) for content in subject.bundle.files.values())
    yield Peer(lambda _: Safelight("Safelight", subject), lambda _: size, "the shipped policy")
    yield Peer(lambda _: Keywords(), lambda _: FILE.stat().st_size,
               "public warning signs in seven languages, last 50 messages")  # fmt: skip
    yield Peer(lambda train: Tfidf(subject.seed).fit(train), _tfidf_bytes,
               "character 2- to 4-grams of the last 20 messages, linear")  # fmt: skip
    if light:
        return
    encode = sentences.minilm()
    index = 2 * 4 * 384 * 6000
    yield Peer(lambda train: Sentinel(encode, subject.seed).fit(train),
               lambda _: sentences.minilm_bytes() + index,
               "skewness of contrastive scores, all-MiniLM-L6-v2 (English)")  # fmt: skip
    yield Peer(lambda train: Frozen("frozen MiniLM, linear", encode, subject.seed).fit(train),
               lambda _: sentences.minilm_bytes(),
               "mean vectors of the last 20 messages, all-MiniLM-L6-v2 (English)")  # fmt: skip
    multilingual = sentences.usem3()
    name = "frozen USE-m3, linear"
    yield Peer(lambda train: Frozen(name, multilingual, subject.seed).fit(train),
               lambda _: sentences.usem3_bytes(),
               "mean vectors of the last 20 messages, our encoder before training")  # fmt: skip


def _tfidf_bytes(system: System) -> int:
    assert isinstance(system, Tfidf)
    return int(4 * np.count_nonzero(system.model.coef_) + 4 * len(system.weight.idf_))


def measure(subject: Subject, chats: Chats, listed: Iterator[Peer]) -> Row:
    """One row a system, Safelight first."""
    rows, hits = [], []
    for peer in listed:
        started = time.perf_counter()
        system = peer.make(chats.train)
        trained = time.perf_counter() - started
        row, in_time = _row(system, chats)
        mine = {"name": system.name, "note": peer.note, "train_s": round(trained, 1), **row,
                "megabytes": round(peer.size(system) / 1e6, 2)}  # fmt: skip
        hits.append(in_time)
        rows.append({**mine, "against_first": lab.mcnemar(hits[0], in_time)})
    return {"format": 1, "manifest_sha256": subject.digest,
            "data_version": subject.bundle.manifest.data_version, "half": HALF,
            "calibration_chats": len(chats.calibration), "rows": rows}  # fmt: skip


def _row(system: System, chats: Chats) -> tuple[Row, np.ndarray]:
    """Figures, and for each risky judging chat whether it was warned in time."""
    threshold = same_rule(system, chats.calibration, chats.hard)
    started = time.perf_counter()
    scores = system.scores(chats.judging)
    seconds = time.perf_counter() - started
    found = lab.warnings(chats.judging, scores, threshold)
    risky = found.pick(lambda chat: chat["label"] != "none")
    in_time = metrics.in_time(risky.first, *risky.marks())
    real = lab.warnings(chats.real_report, system.scores(chats.real_report), threshold)
    messages = sum(len(chat["messages"]) for chat in chats.judging)
    row = {
        "n": len(in_time),
        "recall": lab.rounded(metrics.rate(in_time)),
        "premature": lab.rounded(metrics.rate(metrics.premature(risky.first, risky.marks()[0]))),
        **{kind: _harmless(found, kind) for kind in ("hard", "plain")},
        "real": _real(real),
        "auroc": lab.ranking(found)["auroc"],
        "early": lab.early_row(found),
        "ms": round(1000 * seconds / messages, 3),
    }
    return row, in_time


def _harmless(found: lab.Warnings, kind: str) -> Row:
    mine = found.pick(lambda chat: chat["label"] == "none" and chat["twin"] == kind)
    return {"n": len(mine.chats), **lab.rounded(metrics.rate(metrics.warned(mine.first)))}


def _real(found: lab.Warnings) -> Row:
    """A dialogue counts once: warned if it is with either side as the owner."""
    loud: dict[str, bool] = {}
    for chat, first in zip(found.chats, found.first, strict=True):
        key = f"{chat['corpus']}/{chat['id'].rpartition('/')[0]}"
        loud[key] = loud.get(key, False) or first != metrics.NEVER
    return {"n": len(loud), **lab.rounded(metrics.rate(np.array(list(loud.values()), bool)))}
