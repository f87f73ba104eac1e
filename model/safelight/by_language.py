"""Texts by language: which of them a tag picks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

#: The language that every text is in.
FALLBACK = "en"
_SUBTAG = re.compile("[-_]")

Text = TypeVar("Text")


def primary(tag: str) -> str:
    """The language of a tag: "fr" of "fr", "FR", "fr-CA" and "fr_CA"."""
    return _SUBTAG.split(tag, 1)[0].lower()


def pick(texts: Mapping[str, Text], tag: str) -> Text:
    """The text in the language of a tag, or in English where there is none."""
    return texts.get(primary(tag), texts[FALLBACK])
