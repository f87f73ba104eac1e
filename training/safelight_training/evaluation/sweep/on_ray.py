"""Cells on a Ray cluster: one of this machine's own, or one that runs already."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from safelight_training.evaluation.sweep import SweepError
from safelight_training.evaluation.sweep.local import Work

#: Times that Ray does a cell again whose worker or machine died.
RETRIES = 5
#: Set before Ray is imported. Without the second it listens on every network of this machine; it is
#: read on Linux too, whatever it is called.
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}


@contextmanager
def cluster(address: str, workers: int) -> Iterator[None]:
    """A cluster for the body: `workers` processes of this machine on its loopback address with no
    dashboard if `address` is "", else the one at `address` ("auto": as Ray's own tools find it).

    Raises SweepError where Ray is missing or cannot be reached.
    """
    if not address:
        os.environ.update(QUIET)
    try:
        import ray
    except ImportError:
        raise SweepError("Ray is not installed: make environment-dev") from None
    try:
        if address:
            ray.init(address=address, log_to_driver=False, logging_level="error")
        else:
            # Workers find modules where this process does, however it was started.
            paths = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            ray.init("local", num_cpus=workers, include_dashboard=False, log_to_driver=False,
                     logging_level="error", configure_logging=False,
                     runtime_env={"env_vars": paths})  # fmt: skip
    except (ConnectionError, ValueError) as error:
        raise SweepError(f"no Ray cluster at {address}: {str(error).splitlines()[0]}") from None
    try:
        yield
    finally:
        ray.shutdown()


def run(work: Work, shared: Any, items: Sequence[Any], workers: int) -> Iterator[tuple[int, Any]]:
    """As `local.run`, in a `cluster`; `workers` bounds how many items are out at once."""
    import ray

    task = ray.remote(max_retries=RETRIES, num_cpus=1)(_call)
    # In a list Ray hands over the reference, not the value: a process fetches that once.
    kept = [ray.put(shared)]
    waiting = list(enumerate(items))[::-1]
    out: dict[Any, int] = {}
    while waiting or out:
        while waiting and len(out) < workers:
            place, item = waiting.pop()
            out[task.remote(work, kept, item)] = place
        for done in ray.wait(list(out), num_returns=1)[0]:
            yield out.pop(done), _result(done)


def _result(done: Any) -> Any:
    import ray

    try:
        return ray.get(done)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None
    except ray.exceptions.RayError as error:
        name = type(error).__name__
        raise SweepError(f"workers die and a cell does not get done ({name})") from None


def _call(work: Work, kept: list[Any], item: Any) -> Any:
    return work(_fetched(kept[0]), item)


@lru_cache(maxsize=1)
def _fetched(reference: Any) -> Any:
    import ray

    return ray.get(reference)
