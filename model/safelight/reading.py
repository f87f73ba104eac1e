"""Checked reading of a bundle's JSON: every fault is one BundleError that names the place.

`where` is always the file and the field, such as ``manifest.json: thresholds.cues``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NoReturn, TypeVar

Entry = TypeVar("Entry")


class BundleError(Exception):
    """A bundle was refused; the message is one line that says what is wrong and where."""


def parse_json(data: bytes, where: str) -> dict[str, Any]:
    """Parse UTF-8 JSON whose top is an object. Repeated keys, NaN and infinities are refused."""
    try:
        value = json.loads(
            data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant
        )
    except (ValueError, RecursionError):
        raise BundleError(f"{where}: not valid JSON") from None
    return mapping(value, where)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is repeated")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def mapping(value: Any, where: str) -> dict[str, Any]:
    """Return `value` if it is a JSON object."""
    if not isinstance(value, dict):
        raise BundleError(f"{where}: must be an object")
    return value


def sequence(value: Any, where: str, *, least: int = 0, most: int = 10_000) -> list[Any]:
    """Return `value` if it is a JSON array of `least` to `most` entries."""
    if not isinstance(value, list):
        raise BundleError(f"{where}: must be a list")
    if not least <= len(value) <= most:
        expected = str(least) if least == most else f"{least} to {most}"
        raise BundleError(f"{where}: must have {expected} entries, has {len(value)}")
    return value


def exact_keys(value: Any, keys: Iterable[str], where: str) -> dict[str, Any]:
    """Return `value` if it is an object with exactly these keys."""
    found = mapping(value, where)
    missing, extra = sorted(set(keys) - set(found)), sorted(set(found) - set(keys))
    if missing:
        raise BundleError(f"{where}: {missing[0]!r} is missing")
    if extra:
        raise BundleError(f"{where}: {extra[0]!r} is not known")
    return found


def field(value: Mapping[str, Any], key: str, where: str) -> Any:
    """Return one field that must be there."""
    if key not in value:
        raise BundleError(f"{where}: {key!r} is missing")
    return value[key]


def number(value: Any, where: str, *, low: float, high: float) -> float:
    """Return a finite number in [low, high] as a float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BundleError(f"{where}: must be a number")
    if not low <= value <= high:  # false for NaN; no conversion, which a huge integer would break
        raise BundleError(f"{where}: must lie between {low:g} and {high:g}")
    return float(value)


def integer(value: Any, where: str, *, low: int, high: int) -> int:
    """Return a whole number in [low, high]."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise BundleError(f"{where}: must be a whole number")
    if not low <= value <= high:
        raise BundleError(f"{where}: must lie between {low} and {high}")
    return value


def text(value: Any, where: str, *, most: int = 400) -> str:
    """Return a non-empty string of at most `most` characters without blanks at its ends."""
    if not isinstance(value, str) or not value or value != value.strip():
        raise BundleError(f"{where}: must be a text without blanks at its ends")
    if len(value) > most:
        raise BundleError(f"{where}: must have at most {most} characters")
    return value


def texts(value: Any, keys: Iterable[str], where: str) -> dict[str, str]:
    """Return an object of texts with exactly these keys."""
    found = exact_keys(value, keys, where)
    return {key: text(entry, f"{where}.{key}") for key, entry in found.items()}


def one_of(value: Any, allowed: Iterable[str], where: str) -> str:
    """Return a string that is one of `allowed`."""
    names = tuple(allowed)
    if not isinstance(value, str) or value not in names:
        raise BundleError(f"{where}: must be one of {', '.join(names)}")
    return value


def check_format(value: Mapping[str, Any], newest: int, where: str, *, oldest: int = 1) -> None:
    """Refuse a file of a format that this version does not read."""
    found = integer(field(value, "format", where), f"{where}: format", low=1, high=1_000_000)
    if found > newest:
        raise BundleError(f"{where}: format {found} is newer than this version of safelight reads")
    if found < oldest:
        raise BundleError(f"{where}: format {found} is older than this version of safelight reads")


def translations(value: Any, where: str, *, may_be_empty: bool = False) -> dict[str, str]:
    """Return a map from language code to text that holds English, or, if allowed, nothing."""
    found = mapping(value, where)
    if "en" not in found and (found or not may_be_empty):
        raise BundleError(f"{where}: 'en' is missing")
    for code, entry in found.items():
        language(code, where)
        text(entry, f"{where}.{code}")
    return found


def by_language(
    data: bytes, newest: int, where: str, parse: Callable[[Any, str, str], Entry]
) -> dict[str, Entry]:
    """Return language → what `parse` gives for its entry, place and code, of a file that holds
    every language, English among them."""
    raw = exact_keys(parse_json(data, where), ("format", "languages"), where)
    check_format(raw, newest, where)
    languages = mapping(raw["languages"], f"{where}: languages")
    field(languages, "en", f"{where}: languages")
    found = {code: parse(entry, f"{where}: {code}", code) for code, entry in languages.items()}
    return {language(code, f"{where}: {code}"): entry for code, entry in found.items()}


def language(value: Any, where: str) -> str:
    """Return a code of two lower-case letters."""
    if not isinstance(value, str) or not re.fullmatch("[a-z]{2}", value):
        raise BundleError(f"{where}: a language must be two lower-case letters")
    return value


def https(value: Any, where: str) -> str:
    """Return an address that starts with https:// and holds no blank."""
    if not isinstance(value, str) or not re.fullmatch(r"https://[^\s]{1,2000}", value):
        raise BundleError(f"{where}: must be an https address")
    return value


def day(value: Any, where: str) -> date:
    """Return a date written as 2026-01-31."""
    if not isinstance(value, str) or not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise BundleError(f"{where}: must be a date such as 2026-01-31")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BundleError(f"{where}: must be a date such as 2026-01-31") from None
