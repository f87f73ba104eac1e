"""The bundle under test."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from safelight.bundle_files import Bundle, read_pinned
from safelight.graph import Graph
from safelight.reading import BundleError, parse_json
from safelight_training.replayed import Replayed

Loaded = TypeVar("Loaded", bound=Graph)

#: The one of the three sensitivities that is measured.
SENSITIVITY = "standard"


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
        """As on a phone: for what is timed."""
        return self._loaded(Graph)

    def replayed(self) -> Replayed:
        """The same, for many chats."""
        return self._loaded(Replayed)

    def _loaded(self, kind: type[Loaded]) -> Loaded:
        files = self.bundle.files
        table = parse_json(files["text.json"], "text.json")
        return kind(files["model.onnx"], files["tokenizer.json"], table, self.bundle.manifest)


def read_subject(folder: Path) -> Subject:
    """Raises BundleError where a phone would refuse the bundle."""
    try:
        digest = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    except OSError:
        raise BundleError("manifest.json: cannot be read") from None
    return Subject(read_pinned(folder, digest), digest)
