"""peers.md: ours beside what others use, and whether the goals are met."""

from __future__ import annotations

import statistics
from typing import Any

from safelight_export.benchmark.goals import GOALS, growth, last, peak_mb, start_s
from safelight_export.benchmark.rounds import middle, ratio
from safelight_export.benchmark.words import figure, opening, ranged, table

Row = dict[str, Any]
LENGTH, SIZE = "cost_by_length.svg", "size_and_time.svg"
OURS = "**Safelight**"


def render(found: Row) -> str:
    """The page, from the data alone."""
    parts = (_goals(found), _who(found), _lengths(found), _chat(found), _fresh(found),
             _export(found))  # fmt: skip
    return opening(found, "Beside what others use") + "\n".join(parts)


def _goals(found: Row) -> str:
    rows = []
    for goal in GOALS:
        measured = goal.measured(found)
        limit = f"{'≥' if goal.at_least else '≤'} {goal.limit:,}{goal.unit}"
        verdict = "met" if goal.met(measured) else "**missed**"
        rows.append((goal.what, limit, ranged(measured, goal.unit), verdict))
    return "## Goals\n\n" + table(("what", "goal", "measured (95% interval)", ""), rows)


def _who(found: Row) -> str:
    rows = [(p["name"], p["used_by"], p["number"], p["reads"], p["positions"],
             f"{p['bytes'] / 1e6:.1f}") for p in found["peers"]]  # fmt: skip
    ours = (OURS, "this bundle, all files", "int8, 4-bit table", "the message, and a state", "any",
            f"{found['ours']['bytes'] / 1e6:.1f}")  # fmt: skip
    return (
        "## Who is compared\n\n"
        "All run in ONNX Runtime on one thread unless said. **The time of a network depends on its "
        "shape,\nnot on its weights: the peers are exported with random ones.** Their tokenizers "
        "and all that surrounds them\nare left out of their sizes and times, which favours them; "
        "how well they judge stands in the\n[evaluation](../evaluation/report.md).\n\n"
        + table(("what", "used by", "numbers", "reads", "tokens at most", "MB"), [ours, *rows])
    )


def _lengths(found: Row) -> str:
    rows = []
    for p in found["peers"]:
        for n, pairs in p["tokens_ms"].items():
            rows.append((p["name"], n, figure(middle(pairs, 0)), figure(middle(pairs, 1)),
                         ranged(ratio(pairs), "×")))  # fmt: skip
    rounds = len(next(iter(found["peers"][0]["tokens_ms"].values())))
    return (
        "## One message\n\n"
        f"Token ids to answer, {rounds} rounds, ours and the peer's in turn; the ratio is the "
        "median over the pairs.\n\n"
        + table(("beside", "tokens", "ours, ms", "peer, ms", "ratio (95% interval)"), rows)
    )


def _chat(found: Row) -> str:
    ours = {n: statistics.median(times) for n, times in found["ours"]["places_ms"].items()}
    head = ("message", *(f"{int(n):,}" for n in ours))
    rows = [(f"{OURS}, ms", *map(figure, ours.values()))]
    for p in found["peers"]:
        chat = p["chat_ms"].values()
        cells = (f"{figure(middle(c['pairs'], 1))} ({c['tokens']})" for c in chat)
        rows.append((f"{p['name']}, ms (tokens)", *cells))
        rows.append((f"{p['name']} ÷ ours", *(ranged(ratio(c["pairs"]), "×") for c in chat)))
    return (
        "## A message of a long chat\n\n"
        f"The answer to message 10, 100 and so on. A message has {found['tokens_a_message']} "
        "tokens on average, by our tokenizer.\nA model over a window reads the window again for "
        "each message, as far as its positions reach.\nOurs is the whole way, from the text of "
        "real length to the assessment; the peers' is the network alone.\nOurs far in the chat ÷ "
        f"at its start, timed in turn: {ranged(growth(found), '×')}.\n\n"
        + table(head, rows)
        + f"\n![Milliseconds a message by its place in the chat]({LENGTH})\n\n"
        f"![Megabytes against milliseconds a message, far in a chat]({SIZE})\n"
    )


def _fresh(found: Row) -> str:
    rows = []
    for name, starts in [(OURS, found["ours"]["starts"]),
                         *((p["name"], p["starts"]) for p in found["peers"])]:  # fmt: skip
        parts = (statistics.median(s[k] for s in starts)
                 for k in ("interpreter_s", "import_s", "load_s", "first_s"))  # fmt: skip
        cells = (*map(figure, parts), figure(start_s(starts)), figure(peak_mb(starts)))
        rows.append((name, *cells))
    return (
        "## Memory and start\n\n"
        f"Fresh processes, {len(found['ours']['starts'])} each; medians, and the most memory. "
        "The first answer is to a short message.\nMemory is that of Python, the runtime and "
        "the model, after messages of every length and the full window.\n\n"
        + table(("what", "interpreter, s", "import, s", "load, s", "first answer, s",
                 "import to answer, s", "memory, MB"), rows)
    )  # fmt: skip


def _export(found: Row) -> str:
    export = found["ours"]["export"]
    count, rate = export["messages"], export["messages"] / export["seconds"]
    rows = [(OURS, f"{count:,}", figure(export["seconds"]), figure(rate), _hours(count / rate))]
    for p in found["peers"]:
        share = p["share"]
        rate = share["messages"] / share["seconds"]
        rows.append((p["name"], share["messages"], figure(share["seconds"]), figure(rate),
                     f"{_hours(count / rate)}, extrapolated"))  # fmt: skip
    return (
        "## A whole export\n\n"
        f"`safelight scan --json` over a Telegram account of {count:,} messages "
        f"({export['bytes'] / 1e6:.0f} MB) in {export['commands']} files, one command\na core, "
        "from the start of the first to the end of the last; "
        f"{export['peak_mb']:.0f} MB of memory a command at most. Peers answer a few\nmessages far "
        f"in a chat on {export['commands']} threads; what they would take for all is extrapolated "
        "from those.\n\n"
        + table(("what", "messages", "seconds", "messages/s", f"for {count:,}"), rows)
    )


def _hours(seconds: float) -> str:
    if seconds < 3600:
        return f"{figure(seconds / 60)} minutes"
    return f"{figure(seconds / 3600)} hours"


def dots(found: Row) -> list[tuple[str, float, float]]:
    """Name, megabytes and milliseconds a message far in a chat; ours first."""
    ours = ("Safelight", found["ours"]["bytes"] / 1e6,
            statistics.median(last(found["ours"]["places_ms"])))  # fmt: skip
    return [ours, *((p["name"], p["bytes"] / 1e6, middle(last(p["chat_ms"])["pairs"], 1))
                    for p in found["peers"])]  # fmt: skip
