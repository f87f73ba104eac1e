"""The report as data: who it is of, its rows, and whether two of them agree."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safelight.bundle_files import Bundle, read_pinned
from safelight.graph import Graph
from safelight.reading import BundleError, parse_json
from safelight_training.evaluation.real import merged, real_rows
from safelight_training.evaluation.replay import play
from safelight_training.evaluation.written import shortcut_rows, written_rows

SENSITIVITY = "standard"
JSON, MARKDOWN = "part1.json", "part1.md"
#: How far a figure measured again may lie off. The shortcut baselines are fitted anew each
#: time by a library that is not pinned, so they get more.
TOLERANCE, FITTED_TOLERANCE = 0.002, 0.02
SPARE, MOST_TOLERANCE = 2, 0.25  # conversations in a row, and their share of a short row at most
_CRUMB = 1e-9  # what subtracting two rounded decimals leaves


@dataclass(frozen=True)
class Subject:
    """The bundle under test. digest: sha256 of its manifest, which lists all its other files."""

    bundle: Bundle
    digest: str

    @property
    def seed(self) -> int:
        return int(self.bundle.manifest.raw["seed"])

    @property
    def languages(self) -> tuple[str, ...]:
        return self.bundle.manifest.languages

    def graph(self) -> Graph:
        files = self.bundle.files
        table = parse_json(files["text.json"], "text.json")
        return Graph(files["model.onnx"], files["tokenizer.json"], table, self.bundle.manifest)


def read_subject(folder: Path) -> Subject:
    """Raises BundleError where a phone would refuse the bundle."""
    try:
        digest = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    except OSError:
        raise BundleError("manifest.json: cannot be read") from None
    return Subject(read_pinned(folder, digest), digest)


def header(subject: Subject, with_real: bool) -> dict[str, Any]:
    """What the report is of, and how it is made. Holds no path."""
    manifest = subject.bundle.manifest
    corpora = " --corpora CORPORA" if with_real else ""
    return {
        "format": 1,
        "command": f"python -m safelight_training evaluate BUNDLE{corpora}",
        "manifest_sha256": subject.digest,
        "model_version": manifest.model_version,
        "training_commit": manifest.raw["training_commit"],
        "data_version": manifest.data_version,
        "seed": subject.seed,
        "sensitivity": SENSITIVITY,
    }


def measure(
    subject: Subject,
    written: Sequence[dict[str, Any]],
    real: Sequence[dict[str, Any]] = (),
    digests: dict[str, str] | None = None,
) -> dict[str, Any]:
    """The whole report.

    written: conversations of all splits; the model is measured on the test split, the
    shortcut baselines on all. real: chats of the report part, both ways round; digests: of
    their files, by corpus. Without `digests` there are no real rows (`real` is null).
    """
    graph, config = subject.graph(), subject.bundle.manifest.policies[SENSITIVITY]
    test = [c for c in written if c["split"] == "test"]
    found = None
    if digests is not None:
        chats = merged(play(graph, config, real, "real chats"))
        found = real_rows(chats, digests)
    return {
        **header(subject, digests is not None),
        "written": written_rows(play(graph, config, test, "written conversations"), config),
        "shortcuts": shortcut_rows(written),
        "real": found,
    }


def differences(
    committed: Any, measured: Any, where: str = "", tolerance: float = TOLERANCE
) -> Iterator[str]:
    """Each place where two reports disagree: numbers with a fraction beyond the tolerance.

    The int8 graph may differ a little between processors, so that in a row of `n` up to
    SPARE of them may fall on the other side of a threshold.
    """
    if where in ("shortcuts", "written.indicators"):
        tolerance = FITTED_TOLERANCE
    if isinstance(committed, dict) and isinstance(measured, dict):
        if isinstance(committed.get("n"), int) and committed["n"] > 0:
            tolerance = max(tolerance, min(SPARE / committed["n"], MOST_TOLERANCE))
        for key in dict.fromkeys((*committed, *measured)):
            place = f"{where}.{key}" if where else key
            if key in committed and key in measured:
                yield from differences(committed[key], measured[key], place, tolerance)
            else:
                yield f"{place}: stands in one of them only"
    elif isinstance(committed, list) and isinstance(measured, list):
        if len(committed) != len(measured):
            yield f"{where}: {len(committed)} rows, measured {len(measured)}"
            return
        for i, pair in enumerate(zip(committed, measured, strict=True)):
            yield from differences(*pair, f"{where}[{i}]", tolerance)
    elif isinstance(committed, float) and isinstance(measured, float):
        if not abs(committed - measured) <= tolerance + _CRUMB:
            yield f"{where}: {committed}, measured {measured}"
    elif committed != measured:
        yield f"{where}: {committed!r}, measured {measured!r}"
