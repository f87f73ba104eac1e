"""Soak: seeded hostile texts through the runtime, damaged exports through the importers.

Every input hangs on the seed and its number alone, so that a failure can be had again:
--start NUMBER --count 1. Prints totals, time and peak memory; 1 at the first failure, which names
the kind of input and of error, and no text.
"""

from __future__ import annotations

import argparse
import io
import math
import random
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from safelight import Guard
from safelight.importers import FORMAT_NAMES, ImportedMessage, read
from safelight.importers.records import MAX_TEXT
from safelight.importers.source import open_binary
from safelight.recontact import marks
from safelight.taxonomy import MEDIA

EXPORTS = Path(__file__).parents[1] / "tests" / "fixtures" / "exports"
#: Characters of the longest text; one text in LONG_EVERY is so long.
MOST, LONG_EVERY = 1_000_000, 5_000
#: Conversations under way at once, and texts of each.
CHATS, CHAT_LENGTH = 50, 400

# First and last code point of scripts that a phone may meet, and of what only trouble-makers send.
_SCRIPTS = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x370, 0x3FF), (0x400, 0x52F), (0x590, 0x5FF), (0x600, 0x6FF),
    (0x900, 0x97F), (0xE00, 0xE7F), (0x1100, 0x11FF), (0x3040, 0x30FF), (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3), (0x1F300, 0x1FAFF), (0x1D400, 0x1D7FF), (0x13000, 0x1342F),
)  # fmt: skip
_CONTROLS = (
    *range(0x20),
    *range(0x7F, 0xA0),
    0xFEFF,
    0xFFFE,
    0xFFFF,
    0x10FFFF,
    *range(0xFFF0, 0xFFFE),
)
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_TEASERS = (
    "http://", "a.", "@", "+1 ", "(0", "$1 ", "1,", "a-", "p i c ", "s3", "0x", "[LINK]", "<unk>",
    "ﷺ", "\u0301\u0323", "www.", "#1234", "\x00", "</s>", "{\"a\":", "\u202e", "½", "ǆ", "İ", "ß",
)  # fmt: skip


def _many(rng: random.Random, most: int) -> int:
    return int(most ** rng.random())


def _any(rng: random.Random) -> str:
    return "".join(chr(rng.randrange(0x110000)) for _ in range(_many(rng, 300)))


def _scripts(rng: random.Random) -> str:
    low, high = rng.choice(_SCRIPTS), rng.choice(_SCRIPTS)
    return "".join(chr(rng.randint(*rng.choice((low, high)))) for _ in range(_many(rng, 300)))


def _controls(rng: random.Random) -> str:
    return "".join(
        f"{chr(rng.choice(_CONTROLS))}{rng.choice('ab 1')}" for _ in range(_many(rng, 200))
    )


def _surrogates(rng: random.Random) -> str:
    return "".join(chr(rng.randint(0xD7F0, 0xE00F)) for _ in range(_many(rng, 200)))


def _bidi(rng: random.Random) -> str:
    return "".join(
        f"{chr(rng.choice(_BIDI))}{rng.choice(('pic', 'אב', ' '))}" for _ in range(_many(rng, 100))
    )


def _emoji(rng: random.Random) -> str:
    joints = ("\u200d", "\ufe0f", "\U0001f3fd", "")
    return "".join(
        chr(rng.randint(0x1F300, 0x1FAFF)) + rng.choice(joints) for _ in range(_many(rng, 400))
    )


def _towers(rng: random.Random) -> str:
    return "".join(
        rng.choice("aeou") + "".join(chr(rng.randint(0x300, 0x36F)) for _ in range(_many(rng, 200)))
        for _ in range(_many(rng, 20))
    )


def _teasers(rng: random.Random) -> str:
    return "".join(rng.choice(_TEASERS) * _many(rng, 60) for _ in range(_many(rng, 12)))


KINDS: tuple[Callable[[random.Random], str], ...] = (
    _any, _scripts, _controls, _surrogates, _bidi, _emoji, _towers, _teasers,
)  # fmt: skip


def hostile_text(seed: int, number: int) -> tuple[str, str]:
    """What kind of text it is, and the text: at most MOST characters."""
    rng = random.Random(f"text/{seed}/{number}")
    kind = KINDS[number % len(KINDS)]
    text = kind(rng)
    if number % LONG_EVERY == LONG_EVERY - 1:
        text = ((text or "a") * (MOST // max(len(text), 1)))[:MOST]
    return kind.__name__.strip("_"), text


def damaged_export(seed: int, number: int, files: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    """The name of an export, and its bytes after one to four changes."""
    rng = random.Random(f"export/{seed}/{number}")
    name, data = rng.choice(files)
    for _ in range(rng.randint(1, 4)):
        a, b = sorted(rng.randrange(len(data) + 1) for _ in range(2))
        data = rng.choice((
            data[:a] + rng.randbytes(_many(rng, 40)) + data[a:],
            data[:a] + rng.randbytes(1) + data[a + 1 :],
            data[:a] + data[b:],
            data[:b] + data[a:b] * rng.randint(1, 3) + data[b:],
            data[:a],
            data[:a] + rng.choice(files)[1][a:],
        ))  # fmt: skip
    return name, data


def soak_texts(guard: Guard, seed: int, numbers: range, *, graph: bool = True) -> str | None:
    """None, or what went wrong. graph: without it text preparation and tokenizer alone."""
    encode, preparer = guard._graph.encode, guard._graph.preparer
    manifest = guard.manifest
    chats = [guard.conversation(str(i)) for i in range(CHATS)]
    for number in numbers:
        kind, text = hostile_text(seed, number)
        medium = MEDIA[number % len(MEDIA)] if number % 7 == 0 else None
        try:
            chunks = encode(text, medium)
            sizes = [len(chunk) for chunk in chunks]
            assert 1 <= len(sizes) <= manifest.max_chunks, "steps"
            assert all(1 <= size <= manifest.max_tokens for size in sizes), "tokens"
            if number % 10 == 0:
                marks(preparer, text[:60], [text])
            if graph:
                place = number % CHATS
                if chats[place].messages >= CHAT_LENGTH:
                    chats[place] = guard.conversation(str(place))
                sender = ("peer", "self", text[:20] or "peer")[number % 3]
                seen = chats[place].observe(sender=sender, text=text, media=medium)
                assert all(0 <= risk <= 1 for risk in seen.risks.values()), "risks"
        except Exception as error:
            return _failure("text", number, kind, error)
    return None


def soak_exports(seed: int, numbers: range) -> str | None:
    """None, or what went wrong."""
    files = [(path.name, path.read_bytes()) for path in sorted(EXPORTS.iterdir())]
    for number in numbers:
        name, data = damaged_export(seed, number, files)
        chosen = ("auto", *FORMAT_NAMES)[number % (1 + len(FORMAT_NAMES))]
        try:
            for record in read(open_binary(io.BytesIO(data), name), chosen):
                if isinstance(record, ImportedMessage):
                    assert len(record.text) <= MAX_TEXT, "length"
                    assert record.offset_s is None or math.isfinite(record.offset_s), "offset"
        except Exception as error:
            return _failure("export", number, name, error)
    return None


def _failure(what: str, number: int, kind: str, error: Exception) -> str:
    """Names the assertion by its own word; of any other error, which may quote text, the type."""
    said = f" ({error})" if isinstance(error, AssertionError) else ""
    return f"{what} {number} ({kind}): {type(error).__name__}{said}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tools/soak.py", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000, help="hostile texts")
    parser.add_argument("--exports", type=int, help="damaged exports (default: a tenth of --count)")
    parser.add_argument("--start", type=int, default=0, help="number of the first input")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-graph", action="store_true", help="text preparation and tokenizer")
    args = parser.parse_args(arguments)
    exports = args.count // 10 if args.exports is None else args.exports
    guard, failure = Guard.load(), None
    parts: list[tuple[str, int, Callable[[range], str | None]]] = [
        ("texts", args.count,
         lambda numbers: soak_texts(guard, args.seed, numbers, graph=not args.no_graph)),
        ("exports", exports, lambda numbers: soak_exports(args.seed, numbers)),
    ]  # fmt: skip
    for what, count, part in parts:
        began = time.monotonic()
        failure = part(range(args.start, args.start + count))
        if failure:
            print(f"soak: failed: {failure}; seed {args.seed}", file=sys.stderr)
            return 1
        print(f"soak: {count:,} {what} in {time.monotonic() - began:.0f} s")
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    print(f"soak: passed; peak memory {peak:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
