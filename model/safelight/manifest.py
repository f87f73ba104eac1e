"""manifest.json, read and checked: sizes, labels, calibration, thresholds, policy, files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from safelight import reading
from safelight.language import LanguageRule
from safelight.policy_config import SENSITIVITIES, PolicyConfig
from safelight.reading import BundleError
from safelight.taxonomy import CUES, INDICATORS, RISKS

FORMAT = 1
#: The largest file that a bundle may hold, in bytes.
MAX_FILE_BYTES = 64 * 1024 * 1024
#: The files that every bundle lists; advice and guides in other languages may follow.
REQUIRED_FILES = (
    "model.onnx",
    "text.json",
    "tokenizer.json",
    "indicators.json",
    "resources.json",
    "advice/en.json",
    "guides/en.json",
)
#: A plain name in lower case, at most one folder deep, no part of which starts with a dot.
FILE_NAME = re.compile(r"(?:[a-z0-9_-]+/)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_LABELS = {"risks": RISKS, "indicators": INDICATORS, "cues": CUES}
_WHERE = "manifest.json"
_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class FileEntry:
    """One file of the bundle: its size in bytes and its sha256 in lower-case hexadecimal."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A manifest that passed every check.

    sequence: grows with every release. state_size: floats of state per chat. max_tokens: per
    chunk; max_chunks: per message. policies: per sensitivity. language: how
    the language of a chat is told, None of a model without a language head. raw: the whole file
    as parsed.
    """

    model_version: str
    sequence: int
    data_version: str
    created: date
    state_size: int
    max_tokens: int
    max_chunks: int
    languages: tuple[str, ...]
    policies: Mapping[str, PolicyConfig]
    language: LanguageRule | None
    licence: str
    files: Mapping[str, FileEntry]
    raw: Mapping[str, Any]


def parse_manifest(data: bytes) -> Manifest:
    """Read manifest.json; one BundleError, naming the field, on the first fault."""
    raw = reading.parse_json(data, _WHERE)
    reading.check_format(raw, FORMAT, _WHERE)
    _check_labels(_get(raw, "labels"))
    _check_calibration(_get(raw, "calibration"))
    reading.mapping(_get(raw, "evidence"), f"{_WHERE}: evidence")
    reading.text(_get(raw, "training_commit"), f"{_WHERE}: training_commit")
    _integer(raw, "seed", 0, 2**63 - 1)
    return Manifest(
        model_version=reading.text(_get(raw, "model_version"), f"{_WHERE}: model_version"),
        sequence=_integer(raw, "sequence", 1, 2**53 - 1),
        data_version=reading.text(_get(raw, "data_version"), f"{_WHERE}: data_version"),
        created=reading.day(_get(raw, "created"), f"{_WHERE}: created"),
        state_size=_integer(raw, "state_size", 1, 4096),
        max_tokens=_integer(raw, "max_tokens", 1, 1024),
        max_chunks=_integer(raw, "max_chunks", 1, 64),
        languages=_languages(_get(raw, "languages")),
        policies={name: PolicyConfig.from_manifest(raw, name) for name in SENSITIVITIES},
        language=LanguageRule.from_manifest(raw),
        licence=reading.text(_get(raw, "licence"), f"{_WHERE}: licence"),
        files=_files(_get(raw, "files")),
        raw=raw,
    )


def _get(raw: Mapping[str, Any], key: str) -> Any:
    return reading.field(raw, key, _WHERE)


def _integer(raw: Mapping[str, Any], key: str, low: int, high: int) -> int:
    return reading.integer(_get(raw, key), f"{_WHERE}: {key}", low=low, high=high)


def _check_labels(value: Any) -> None:
    labels = reading.exact_keys(value, _LABELS, f"{_WHERE}: labels")
    for name, own in _LABELS.items():
        if labels[name] != list(own):
            raise BundleError(f"{_WHERE}: labels.{name} differ from the list that safelight knows")


def _check_calibration(value: Any) -> None:
    """The calibration stands in the graph; here it is a record, but a faulty one is a fault."""
    where = f"{_WHERE}: calibration"
    calibration = reading.exact_keys(value, (*_LABELS, "where"), where)
    reading.text(calibration["where"], f"{where}.where")
    for name, own in _LABELS.items():
        pair = reading.exact_keys(calibration[name], ("a", "b"), f"{where}.{name}")
        for key, low in (("a", 1e-6), ("b", -1e6)):
            place = f"{where}.{name}.{key}"
            for number in reading.sequence(pair[key], place, least=len(own), most=len(own)):
                reading.number(number, place, low=low, high=1e6)


def _languages(value: Any) -> tuple[str, ...]:
    where = f"{_WHERE}: languages"
    found = tuple(reading.language(code, where) for code in reading.sequence(value, where, least=1))
    if len(set(found)) != len(found):
        raise BundleError(f"{where}: a language is repeated")
    return found


def _files(value: Any) -> dict[str, FileEntry]:
    where = f"{_WHERE}: files"
    found = reading.mapping(value, where)
    for name in REQUIRED_FILES:
        if name not in found:
            raise BundleError(f"{where}: {name!r} is missing")
    entries = {}
    for name, value_of in found.items():
        if not FILE_NAME.fullmatch(name) or name in ("manifest.json", "manifest.sig"):
            raise BundleError(f"{where}: a name is not allowed")
        place = f"{where}: {name}"
        entry = reading.exact_keys(value_of, ("bytes", "sha256"), place)
        size = reading.integer(entry["bytes"], f"{place}: bytes", low=1, high=MAX_FILE_BYTES)
        digest = entry["sha256"]
        if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
            raise BundleError(f"{place}: sha256 must be 64 lower-case hexadecimal digits")
        entries[name] = FileEntry(size, digest)
    return entries
