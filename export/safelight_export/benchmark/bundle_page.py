"""bundle.md: how large and fast the bundle is, where its time goes, how far that is from the
limit."""

from __future__ import annotations

import statistics
from typing import Any

from safelight_export.benchmark.roofline import least_us
from safelight_export.benchmark.words import figure, opening, table

Row = dict[str, Any]
#: Kinds of nodes and packages that are listed by name.
LISTED = 8


def render(found: Row) -> str:
    """The page, from the data alone."""
    parts = (_size(found), _speed(found), _stages(found), _nodes(found), _limit(found),
             _imports(found))  # fmt: skip
    return opening(found, "Size and speed of the shipped bundle") + "\n".join(parts)


def _size(found: Row) -> str:
    files = found["files"]
    rows = [(name, f"{size / 1e6:.3f}") for name, size in sorted(files.items())]
    return "## Size\n\n" + table(
        ("file", "MB"), [("**all files**", f"**{sum(files.values()) / 1e6:.2f}**"), *rows]
    )


def _speed(found: Row) -> str:
    rows = [(n, figure(t["median"]), figure(t["p95"])) for n, t in found["tokens_ms"].items()]
    return (
        "## Speed\n\nToken ids to answer on one thread. Beside others, over a long chat, a whole "
        "export, memory and\nstart: [peers](peers.md).\n\n"
        + table(("tokens of a message", "median ms", "95th percentile ms"), rows)
    )


def _stages(found: Row) -> str:
    middles = {name: statistics.median(times) for name, times in found["stages_ms"].items()}
    whole = sum(middles.values())
    rows = [(name, figure(ms), f"{ms / whole:.0%}") for name, ms in middles.items()]
    return (
        "## Where the time of a message goes\n\n"
        f"Text to assessment, mean of {found['texts']} written messages of "
        f"{found['text_tokens']:.1f} tokens on average, in all languages;\n"
        f"median of {len(next(iter(found['stages_ms'].values())))} rounds.\n\n"
        + table(("stage", "ms", "share"), [*rows, ("**together**", f"**{figure(whole)}**", "")])
    )


def _nodes(found: Row) -> str:
    (tokens, rows), *_ = found["nodes"].items()
    spent, count = sum(row["us"] for row in rows), sum(row["nodes"] for row in rows)
    listed = [(r["op"], r["nodes"], figure(r["us"])) for r in rows[:LISTED]]
    rest = rows[LISTED:]
    if rest:
        nodes, us = sum(r["nodes"] for r in rest), sum(r["us"] for r in rest)
        listed.append((f"{len(rest)} other kinds", nodes, figure(us)))
    run = 1e3 * found["graph_ms"][tokens]
    return (
        f"## Nodes of the graph, a message of {tokens} tokens\n\n"
        f"As ONNX Runtime's profiler counts whole microseconds: {count} nodes take "
        f"{figure(spent)} µs;\na run that nobody profiles takes {figure(run)} µs.\n\n"
        + table(("kind", "nodes", "µs"), listed)
    )


def _limit(found: Row) -> str:
    peaks, rows = found["peaks"], []
    for n, needed in found["work"].items():
        least, run = least_us(needed, peaks), 1e3 * found["graph_ms"][n]
        amounts = [f"{needed[k] / 1e6:.2f}" for k in ("int8_ops", "fp32_ops", "other_ops", "bytes")]
        times = [figure(least[k]) for k in ("arithmetic", "cache", "memory")]
        rows.append((found["chunk_tokens"][n], *amounts, *times, figure(run),
                     f"{run / least['least']:.1f}×"))  # fmt: skip
    return (
        "## Distance from the limit\n\n"
        "A run of the graph must do the operations of its products and read their weights once. "
        "The larger of the\nproducts' time and that of reading from the cache is the least that it "
        "can take; where other apps have\nemptied the cache, the weights come from memory. "
        "This core, measured in the same run:\n"
        f"{figure(peaks['int8_gop_s'])} and {figure(peaks['fp32_gop_s'])} thousand million "
        "operations a second in a large product of int8 and of fp32;\n"
        f"{figure(peaks['read_gb_s'])} GB/s reading as many bytes again and again; "
        f"{figure(peaks['copy_gb_s'])} GB/s copying far more, read and written.\n\n"
        + table(
            ("tokens", "10⁶ int8", "10⁶ fp32", "10⁶ other", "MB of weights", "products, µs",
             "cache, µs", "memory, µs", "graph, µs", "÷ the least"),
            rows,
        )
    )  # fmt: skip


def _imports(found: Row) -> str:
    rows = list(found["imports_ms"].items())
    listed = [(name, figure(ms)) for name, ms in rows[:LISTED]]
    if rows[LISTED:]:
        listed.append((f"{len(rows) - LISTED} others", figure(sum(ms for _, ms in rows[LISTED:]))))
    return (
        "## Import of the runtime\n\nEach package's own modules, as `python -X importtime` says, "
        "which slows what it watches.\n\n" + table(("package", "ms"), listed)
    )
