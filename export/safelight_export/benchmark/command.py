"""`benchmark`: measures a bundle alone and beside peers; data, pages and pictures."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from safelight_export.benchmark import bundle_page, measure, peers_page, texts
from safelight_export.benchmark.engines import Ours, read
from safelight_export.benchmark.settings import FULL, QUICK
from safelight_training.evaluation import kept

BUNDLE, PEERS = ("bundle.json", "bundle.md"), ("peers.json", "peers.md")
OUT, WORK = Path("docs/benchmarks"), Path("build/benchmark")
#: Texts that are timed.
TEXTS = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the report")
    parser.add_argument("--work", type=Path, default=WORK, help="where the peers are kept (2 GB)")
    parser.add_argument("--quick", action="store_true",
                        help="shrunk shapes and few rounds: to see that it works")  # fmt: skip
    parser.add_argument("--messages", type=int, help="of the export that is scanned")
    parser.add_argument("--check", action="store_true",
                        help="are the pages of their data, and that of this model?")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Exit status 1 where a check fails."""
    bundle = read(args.bundle)
    if args.check:
        return kept.verdict("benchmark", problems(args.out, measure.model_sha256(bundle)))
    settings = QUICK if args.quick else FULL
    ours, head = Ours(bundle), measure.header(bundle, settings)
    chats = texts.chats(bundle.manifest.languages, settings.a_language)
    some = texts.texts(chats, TEXTS)
    alone = measure.alone(bundle, ours, some, settings)
    kept.write({**head, **alone}, args.out, BUNDLE, bundle_page.render)
    messages = args.messages or settings.messages
    beside = measure.beside(args.bundle, ours, chats, some, settings, messages, args.work)
    kept.write({**head, **beside}, args.out, PEERS, peers_page.render)
    draw(args.out)
    return 0


def draw(folder: Path) -> None:
    """The pictures of the data in `folder`."""
    from safelight_export.benchmark import plots

    data = (folder / PEERS[0]).read_bytes()
    found, digest = json.loads(data), hashlib.sha256(data).hexdigest()
    (folder / peers_page.LENGTH).write_text(plots.by_length(found, digest), "utf-8")
    (folder / peers_page.SIZE).write_text(plots.by_size(found, digest), "utf-8")


def problems(folder: Path, model_sha256: str) -> Iterator[str]:
    """What is wrong with the committed report of the model with this hash."""
    for names, page in ((BUNDLE, bundle_page.render), (PEERS, peers_page.render)):
        found, wrong = _committed(folder, names, page)
        yield from wrong
        if found is None:
            continue
        if found["quick"]:
            yield f"{names[0]} is of a quick run"
        if found["model_sha256"] != model_sha256:
            yield f"{names[0]} is of another model"
    yield from _stale_pictures(folder)


def _committed(
    folder: Path, names: kept.Names, page: kept.Page
) -> tuple[dict[str, Any] | None, list[str]]:
    try:
        return kept.committed(folder, names, page)
    except (KeyError, TypeError, IndexError):
        return None, [f"{names[0]} is not of this format"]


def _stale_pictures(folder: Path) -> Iterator[str]:
    """Pictures differ between versions of the plotting library, so each names its data."""
    try:
        digest = hashlib.sha256((folder / PEERS[0]).read_bytes()).hexdigest()
    except OSError:
        return  # said already
    for name in (peers_page.LENGTH, peers_page.SIZE):
        path = folder / name
        if not path.exists() or digest not in path.read_text("utf-8"):
            yield f"{name} is not of {PEERS[0]}"
