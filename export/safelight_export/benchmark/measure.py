"""Runs every measurement of a bundle: what the bundle is alone, and what it is beside peers."""

from __future__ import annotations

import hashlib
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from safelight.bundle_files import Bundle
from safelight_export.benchmark import export_scan, fresh, imports, parts, roofline
from safelight_export.benchmark.build import built
from safelight_export.benchmark.engines import Network, Ours, is_shipped, session
from safelight_export.benchmark.machine import cores, machine
from safelight_export.benchmark.rounds import DIGITS, paired, sample
from safelight_export.benchmark.settings import TOKENS, Settings
from safelight_export.benchmark.shapes import Shape
from safelight_export.benchmark.texts import Chat

Row = dict[str, Any]
#: Scans at once, as the goal of a scan has them.
COMMANDS = 2
PROFILED = 40
TIMED, WARM_UP = 400, 50


def header(bundle: Bundle, settings: Settings) -> Row:
    """What the figures are of. Holds no path."""
    return {
        "format": 1,
        "quick": settings.quick,
        "machine": machine(),
        "model_version": bundle.manifest.model_version,
        "model_sha256": model_sha256(bundle),
    }


def model_sha256(bundle: Bundle) -> str:
    return hashlib.sha256(bundle.files["model.onnx"]).hexdigest()


def alone(bundle: Bundle, ours: Ours, texts: Sequence[str], settings: Settings) -> Row:
    """Sizes, times on one thread, where they go, and how far they are from the limit."""
    model, size = bundle.files["model.onnx"], ours.graph.state_size
    fed = {n: parts.feed(ours.chunks(n)[0], size) for n in TOKENS}
    bare = session(model)
    profiled = {n: parts.nodes(model, inputs, PROFILED) for n, inputs in fed.items()}
    needed = {str(n): roofline.work(found) for n, found in profiled.items()}
    weights = needed[str(TOKENS[0])]["bytes"]
    return {
        "files": {name: entry.bytes for name, entry in bundle.manifest.files.items()},
        "tokens_ms": {str(n): _spread(ours.step(n)) for n in TOKENS},
        "texts": len(texts),
        "text_tokens": round(mean_tokens(ours, texts), 2),
        "stages_ms": parts.stages(ours, bundle, texts, settings.rounds),
        "chunk_tokens": {str(n): inputs["input_ids"].shape[1] for n, inputs in fed.items()},
        "graph_ms": {
            str(n): sample(partial(bare.run, None, inputs), 10 * settings.least_s)
            for n, inputs in fed.items()
        },
        "nodes": {str(n): parts.by_op(found) for n, found in profiled.items()},
        "work": needed,
        "peaks": roofline.peaks(settings.peaks, settings.least_s, settings.copied, weights),
        "imports_ms": imports.packages(settings.starts),
    }


def mean_tokens(ours: Ours, texts: Sequence[str]) -> float:
    """Tokens a message, as the bundle's tokenizer counts them."""
    return statistics.fmean(sum(map(len, ours.graph.encode(text))) for text in texts)


def _spread(run: Any) -> dict[str, float]:
    """Median and 95th percentile of 400 runs, ms."""
    times = sorted([sample(run, 0.0) for _ in range(WARM_UP + TIMED)][WARM_UP:])
    return {
        "median": round(statistics.median(times), DIGITS),
        "p95": round(times[int(0.95 * len(times))], DIGITS),
    }


def beside(
    folder: Path, ours: Ours, chats: Sequence[Chat], texts: Sequence[str], settings: Settings,
    messages: int, work: Path,
) -> Row:  # fmt: skip
    """Ours and every peer, in turn. folder: of the bundle; messages: of the scanned export;
    work: where peers are kept."""
    paths = built(settings.shapes, work)
    bundle = "" if is_shipped(folder) else str(folder)
    few, tokens = texts[: settings.read], mean_tokens(ours, texts[: settings.read])
    states = ours.states(settings.places, texts)
    running = {place: ours.observing(state, few) for place, state in states.items()}
    places: dict[str, list[float]] = {str(place): [] for place in settings.places}
    for _ in range(settings.rounds):
        for place, run in running.items():
            places[str(place)].append(round(sample(run, 0.0) / len(few), DIGITS))
    starts = _starts(bundle, few, paths, tokens, settings)
    rows = []
    for shape in settings.shapes:
        found = _peer(shape, paths[shape.key], ours, running, len(few), tokens, settings)
        rows.append({**found, "starts": starts[shape.key]})
    commands = min(COMMANDS, cores())
    with tempfile.TemporaryDirectory() as exports:
        whole = export_scan.measure(bundle, chats, messages, commands, Path(exports))
    return {
        "tokens_a_message": round(tokens, 2),
        "ours": {
            "bytes": sum(entry.bytes for entry in ours.manifest.files.values()),
            "places_ms": places,
            "starts": starts["ours"],
            "export": whole,
        },
        "peers": rows,
    }


def _peer(
    shape: Shape, path: Path, ours: Ours, running: dict[int, Any], texts: int, a_message: float,
    settings: Settings,
) -> Row:  # fmt: skip
    """One peer, each timing beside one of ours."""
    network = Network(path, shape.vocabulary)
    tokens: dict[str, Any] = {}
    for n in TOKENS:
        run = network.answering(n)
        tokens[str(n)] = paired(ours.step(n), {"": run}, settings.rounds, settings.least_s)[""]
    chat: dict[str, Any] = {}
    for place, mine in running.items():
        read = shape.tokens(place, a_message)
        theirs = {"": network.answering(read)}
        pairs = paired(mine, theirs, settings.chat_rounds, settings.least_s)[""]
        mean = [(round(a / texts, DIGITS), b) for a, b in pairs]
        chat[str(place)] = {"tokens": read, "pairs": mean}
    return {
        "key": shape.key,
        "name": shape.name,
        "used_by": shape.used_by,
        "number": shape.number,
        "reads": shape.reads(),
        "window": shape.window,
        "positions": shape.positions,
        "bytes": path.stat().st_size,
        "tokens_ms": tokens,
        "chat_ms": chat,
        "share": _share(shape, path, a_message, settings),
    }


def _share(shape: Shape, path: Path, a_message: float, settings: Settings) -> Row:
    """A few messages deep in a chat, on as many threads as a scan has commands."""
    network = Network(path, shape.vocabulary, threads=min(COMMANDS, cores()))
    run = network.answering(shape.tokens(max(settings.places), a_message))
    run()
    start = time.perf_counter()
    for _ in range(settings.share):
        run()
    seconds = time.perf_counter() - start
    return {"messages": settings.share, "seconds": round(seconds, DIGITS)}


def _starts(
    bundle: str, texts: Sequence[str], paths: dict[str, Path], a_message: float, settings: Settings
) -> dict[str, list[fresh.Found]]:
    """Fresh processes in turn; the first round, which fills the disk's cache, does not count."""
    asked = {"ours": ("ours", bundle, json.dumps([*texts, " ".join(texts)]))}
    for shape in settings.shapes:
        lengths = [*TOKENS, shape.tokens(max(settings.places), a_message)]
        asked[shape.key] = ("peer", str(paths[shape.key]), json.dumps(lengths))
    found: dict[str, list[fresh.Found]] = {name: [] for name in asked}
    for turn in range(settings.starts + 1):
        for name, arguments in asked.items():
            told = fresh.result(fresh.start(*arguments))
            if turn:
                found[name].append(told)
    return found
