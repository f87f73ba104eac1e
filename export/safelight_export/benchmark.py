"""Size and speed of a bundle on one thread, written as JSON and Markdown.

Figures of one machine: the report names it. Ratios between rows of one run hold elsewhere.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from safelight.bundle_files import read_pinned, read_unsigned
from safelight.graph import Graph, Step
from safelight.guard import SHIPPED
from safelight.pin import PINNED_MANIFEST_SHA256

TOKENS = (16, 48, 128)
PLACES = (10, 100, 1_000, 10_000)
RUNS, WARM_UP = 400, 50
#: What int8 and bf16 arithmetic is fast with.
INSTRUCTIONS = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8")
OUT = Path("docs/benchmarks")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the report")


def run(args: argparse.Namespace) -> int:
    found = measure(args.bundle)
    args.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, indent=1) + "\n"
    (args.out / "bundle.json").write_text(text, "utf-8")
    (args.out / "bundle.md").write_text(markdown(found), "utf-8")
    print(markdown(found))
    return 0


def measure(folder: Path) -> dict[str, Any]:
    """Milliseconds a message: median and 95th percentile over 400 runs, one thread."""
    start = time.perf_counter()
    shipped = folder.resolve() == SHIPPED.resolve()
    bundle = read_pinned(folder, PINNED_MANIFEST_SHA256) if shipped else read_unsigned(folder)
    table = json.loads(bundle.files["text.json"])
    files = bundle.files
    graph = Graph(files["model.onnx"], files["tokenizer.json"], table, bundle.manifest)
    loaded = time.perf_counter() - start
    sizes = {name: entry.bytes for name, entry in bundle.manifest.files.items()}
    return {
        "machine": {
            "processor": processor(),
            "system": platform.system(),
            "python": platform.python_version(),
            "onnxruntime": onnxruntime.__version__,
            "numpy": np.__version__,
            "threads": 1,
        },
        "bundle": {
            "model_version": bundle.manifest.model_version,
            "bytes": sum(sizes.values()),
            "files": sizes,
        },
        "load_s": round(loaded, 3),
        "tokens_ms": {str(n): _timed(graph, [_ids(n, bundle.manifest.max_tokens)]) for n in TOKENS},
        "message_ms": _by_place(graph),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def _ids(tokens: int, most: int) -> list[list[int]]:
    """A message of so many tokens, in chunks of at most `most`."""
    rng = np.random.default_rng(tokens)
    ids = [1, *rng.integers(3, 20_000, tokens - 2).tolist(), 2]
    return [ids[at : at + most] for at in range(0, tokens, most)]


def _timed(graph: Graph, messages: list[list[list[int]]]) -> dict[str, float]:
    state = np.zeros(graph.state_size, np.float32)
    times = []
    for i in range(WARM_UP + RUNS):
        step = Step(messages[i % len(messages)], i % 2 == 0, 5.0, state)
        start = time.perf_counter()
        _, states = graph.step([step])
        times.append((time.perf_counter() - start) * 1e3)
        state = states[0]
    return _summary(times[WARM_UP:])


def _summary(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "median": round(statistics.median(ordered), 4),
        "p95": round(ordered[int(0.95 * len(ordered))], 4),
    }


def _by_place(graph: Graph) -> dict[str, dict[str, float]]:
    """Text to answer at message 10, 100, … of one chat: 200 messages around each place."""
    texts = ("see you at five", "did you finish the maths sheet? i am stuck on number four", "ok")
    state = np.zeros(graph.state_size, np.float32)
    times: list[float] = []
    for i in range(max(PLACES) + 200):
        start = time.perf_counter()
        chunks = graph.encode(texts[i % len(texts)])
        _, states = graph.step([Step(chunks, i % 2 == 0, 5.0, state)])
        times.append((time.perf_counter() - start) * 1e3)
        state = states[0]
    return {str(n): _summary(times[n : n + 200]) for n in PLACES}


def processor() -> str:
    """Name and vector instructions of the processor, for reports that depend on them."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    fields: dict[str, str] = {}
    for key, _, value in (line.partition(":") for line in lines):
        fields.setdefault(key.strip(), value.strip())
    named = [name for name in INSTRUCTIONS if name in fields.get("flags", "").split()]
    return fields.get("model name", "unknown") + (f" ({', '.join(named)})" if named else "")


def markdown(found: dict[str, Any]) -> str:
    """The report for people, from the JSON alone."""
    machine, bundle = found["machine"], found["bundle"]
    lines = [
        "# Size and speed of the shipped bundle",
        "",
        "Generated by `make benchmark`; do not edit. One run on one thread; another machine gives",
        "other milliseconds, the ratios between rows hold.",
        "",
        f"{machine['processor']}, {machine['system']}, Python {machine['python']}, "
        f"ONNX Runtime {machine['onnxruntime']}, numpy {machine['numpy']}",
        "",
        "| what | figure |",
        "| --- | --- |",
        f"| bundle, all files | {bundle['bytes'] / 1e6:.2f} MB |",
        *(f"| {name} | {size / 1e6:.3f} MB |" for name, size in sorted(bundle["files"].items())),
        f"| read, check and load the bundle | {found['load_s']:.2f} s |",
        f"| peak memory of this run | {found['peak_rss_mb']:.0f} MB |",
        "",
        "| graph step for a message of | median ms | 95th percentile ms |",
        "| --- | --- | --- |",
        *(
            f"| {n} tokens | {t['median']:.3f} | {t['p95']:.3f} |"
            for n, t in found["tokens_ms"].items()
        ),
        "",
        "| text to answer at message | median ms | 95th percentile ms |",
        "| --- | --- | --- |",
        *(
            f"| {int(n):,} | {t['median']:.3f} | {t['p95']:.3f} |"
            for n, t in found["message_ms"].items()
        ),
        "",
    ]
    return "\n".join(lines)
