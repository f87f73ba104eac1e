"""Cells on processes of this machine. A process that dies is replaced and its cell done again."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from safelight_training.evaluation.sweep import SweepError

#: work(shared, item): `shared` goes to each process once, an item with each call.
Work = Callable[[Any, Any], Any]
#: Pools in a row that may break without one more cell done.
TRIES = 3
_kept: list[Any] = []


def run(work: Work, shared: Any, items: Sequence[Any], workers: int) -> Iterator[tuple[int, Any]]:
    """(place, result) of every item once, as they are done. `work` is pure and importable.

    Raises SweepError where processes die and nothing gets on, and what `work` raises.
    """
    left = dict(enumerate(items))
    broken = 0
    while left:
        before = len(left)
        for place, result in _until_broken(work, shared, left, workers):
            del left[place]
            yield place, result
        if not left:
            return
        broken = 1 if len(left) < before else broken + 1
        if broken == TRIES:
            raise SweepError("workers die and no cell gets done; is there too little memory?")
        print("a worker died; what it had is done again", file=sys.stderr)


def _until_broken(
    work: Work, shared: Any, left: dict[int, Any], workers: int
) -> Iterator[tuple[int, Any]]:
    """Results until all are there or a process dies, which takes its whole pool with it."""
    # Spawned, not forked: a forked process has a copy of whatever locks the threads here hold.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, _keep, (shared,))
    try:
        places = {pool.submit(_call, work, item): place for place, item in left.items()}
        for done in as_completed(places):
            try:
                result = done.result()
            except BrokenProcessPool:
                continue  # others may have been done before
            yield places[done], result
    except BrokenProcessPool:
        return  # broken while items were still handed in
    finally:
        pool.shutdown(cancel_futures=True)


def _keep(shared: Any) -> None:
    _kept[:] = [shared]


def _call(work: Work, item: Any) -> Any:
    return work(_kept[0], item)
