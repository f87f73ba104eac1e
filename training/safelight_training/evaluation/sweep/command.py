"""`sweep`: models × suites × perturbations × shards, on local processes or on Ray."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from safelight_export.benchmark.machine import cores
from safelight_training.data.generate import SPLITS
from safelight_training.data.languages import LANGUAGES
from safelight_training.drafts import draft_of
from safelight_training.evaluation.independent import named
from safelight_training.evaluation.kept import write
from safelight_training.evaluation.real import file_digests
from safelight_training.evaluation.robustness.perturb import NAMES, STRENGTHS
from safelight_training.evaluation.subject import SENSITIVITY, Subject, read_subject
from safelight_training.evaluation.sweep import SweepError, local, on_ray, page, suites, table
from safelight_training.evaluation.sweep.cells import Cell, cell, digest_of, measure
from safelight_training.evaluation.sweep.suites import Sources, sharded, whole
from safelight_training.refused import REFUSED

Row = dict[str, Any]
Change = tuple[str, str]
Runner = Callable[[local.Work, Any, Sequence[Any], int], Iterator[tuple[int, Any]]]
JSON, MARKDOWN = "sweep.json", "sweep.md"
CELLS = "cells"
#: Measured always: what a perturbation costs is against it.
NONE = ("", "")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("bundles", nargs="+", metavar="NAME=BUNDLE", help="the models")
    parser.add_argument("--suite", action="append", choices=suites.NAMES, metavar="SUITE",
                        help=f"one of {', '.join(suites.NAMES)}; repeatable "
                             f"({suites.JUDGING} if neither this nor --data)")  # fmt: skip
    parser.add_argument("--corpora", type=Path, help="folder of real benign chats, for real-…")
    parser.add_argument("--data", type=Path, metavar="PATH",
                        help="labelled JSON lines of your own as one more suite")  # fmt: skip
    parser.add_argument("--split", choices=SPLITS,
                        help="of --data, only what training gives to this split")  # fmt: skip
    parser.add_argument("--perturb", action="append", default=[], metavar="NAME[:STRENGTH]",
                        help=f"'all', or one of {', '.join(NAMES)}; {', '.join(STRENGTHS)} "
                             "(all three if none is said); repeatable")  # fmt: skip
    parser.add_argument("--shards", type=int, default=8, help="parts of each suite")
    parser.add_argument("--workers", type=int, default=cores(), help="processes at once")
    parser.add_argument("--ray", nargs="?", const="", metavar="ADDRESS",
                        help="on Ray: on this machine alone, or the cluster at ADDRESS "
                             "('auto', host:port)")  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, help="folder of the table and cells")


def run(args: argparse.Namespace) -> int:
    """0 = written; 3 = refused in one line."""
    try:
        if min(args.shards, args.workers) < 1:
            raise SweepError("--shards and --workers are 1 or more")
        if args.split and not args.data:
            raise SweepError("--split needs --data")
        subjects = dict(map(_subject, args.bundles))
        chosen = [*dict.fromkeys(args.suite or ()), *([suites.GIVEN] if args.data else ())]
        planned = list(plan(subjects, chosen or [suites.JUDGING], changes(args.perturb),
                            Sources(args.corpora, args.data, args.split), args.shards))  # fmt: skip
        where: AbstractContextManager[None] = nullcontext()
        runner: Runner = local.run
        if args.ray is not None:
            where, runner = on_ray.cluster(args.ray, args.workers), on_ray.run
        with where:
            fill(planned, subjects, args.out, args.workers, runner)
        digests = file_digests(args.corpora, LANGUAGES) if args.corpora else {}
        write(merge(planned, subjects, args.out, digests), args.out, (JSON, MARKDOWN), page.render)
    except REFUSED as error:
        print(f"safelight_training: {error}", file=sys.stderr)
        return 3
    return 0


def _subject(text: str) -> tuple[str, Subject]:
    try:
        name, folder = named(text)
    except ValueError as error:
        raise SweepError(str(error)) from None
    return name, read_subject(folder)


def changes(asked: Sequence[str]) -> list[Change]:
    """(name, strength) of each perturbation asked for, none of them first."""
    found = [NONE]
    for text in asked:
        name, _, strength = text.partition(":")
        names = NAMES if name == "all" else (name,)
        strengths = (strength,) if strength else tuple(STRENGTHS)
        if not set(names) <= set(NAMES) or not set(strengths) <= set(STRENGTHS):
            raise SweepError(f"{text}: no such perturbation (--help lists them)")
        found += [(name, strength) for name in names for strength in strengths]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Group:
    """The cells, shard after shard, of one model, suite and perturbation."""

    model: str
    suite: str
    change: Change
    chats: str  # sha256 of all of them
    cells: tuple[Cell, ...]


def plan(
    subjects: dict[str, Subject], chosen: Sequence[str], wanted: Sequence[Change],
    sources: Sources, shards: int,
) -> Iterator[Group]:  # fmt: skip
    """Every group, in the order of the table."""
    for model, subject in subjects.items():
        for suite in chosen:
            chats = suites.load(suite, subject, sources)
            parts = [(part, digest_of(part)) for part in sharded(chats, shards)]
            for change in wanted:
                cells = (cell(subject.digest, *part, *change) for part in parts)
                yield Group(model, suite, change, digest_of(chats), tuple(cells))


def fill(
    planned: Sequence[Group], subjects: dict[str, Subject], folder: Path, workers: int,
    runner: Runner, work: local.Work = measure,
) -> None:  # fmt: skip
    """Every cell that has no file yet is measured once and its file written whole or not at all."""
    (folder / CELLS).mkdir(parents=True, exist_ok=True)
    cells = {one.digest: one for group in planned for one in group.cells}
    left = [one for one in cells.values() if not _file(folder, one).exists()]
    print(f"{len(cells)} cells, {len(cells) - len(left)} of them done before", file=sys.stderr)
    if not left:
        return
    shared = {subject.digest: subject for subject in subjects.values()}
    for place, rows in tqdm(runner(work, shared, left, workers), "cells", len(left), mininterval=5):
        with draft_of(_file(folder, left[place])) as draft:
            draft.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")


def _file(folder: Path, one: Cell) -> Path:
    return folder / CELLS / f"{one.digest}.json"


def merge(
    planned: Sequence[Group], subjects: dict[str, Subject], folder: Path, digests: dict[str, str]
) -> Row:  # fmt: skip
    """The table as data, of the cells' files, in the order of the plan."""
    rows, plain = [], {}
    for group in planned:
        parts = [json.loads(_file(folder, one).read_text("utf-8")) for one in group.cells]
        everybody = table.said(whole(parts))
        if group.change == NONE:
            plain[group.model, group.suite] = everybody
        before = plain[group.model, group.suite]
        row = {"model": group.model, "suite": group.suite, "perturbation": group.change[0],
               "strength": group.change[1], "chats_sha256": group.chats,
               "languages": table.by_language(everybody, before)}  # fmt: skip
        if group.suite == suites.FAIRNESS:
            row["groups"] = table.of_groups(everybody)
        if group.suite in suites.REAL:
            row["corpora"] = table.of_corpora(everybody, digests)
        rows.append(row)
    models = [
        {"name": name, "manifest_sha256": subject.digest,
         "data_version": subject.bundle.manifest.data_version}
        for name, subject in subjects.items()
    ]  # fmt: skip
    return {"format": 1, "sensitivity": SENSITIVITY, "models": models, "rows": rows}
