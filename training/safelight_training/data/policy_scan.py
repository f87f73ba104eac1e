"""Holds the content policy against every text file of the data: words, numbers, addresses.

The forbidden words stand in `banned_words.txt` as hashes only, so that the list itself
can be shown to anybody.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from safelight_training.data.near import normalise
from safelight_training.data.phrasebook import read_sections

DATA = Path(__file__).parent
SOURCES = ("phrasebooks", "authored", "languages")
NUMBER = re.compile(r"(?<![\w])\+?\(?\d[\d\s().-]{6,}\d")
ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
LINK = re.compile(r"(?:https?://|www\.)([\w-]+(?:\.[\w-]+)*)", re.IGNORECASE)
#: Numbers that belong to nobody: North American 555-01xx, Ofcom and ARCEP drama ranges, and
#: one published helpline.
RESERVED = re.compile(
    r"^(?:1?\d{3}55501\d\d|55501\d\d|(?:0|44)7700900\d{3}|(?:0|44)2079460\d{3}|(?:0|44)1632960\d{3}"
    r"|(?:0|33)(?:19900|26191|35301|46571|53649|63998)\d{4}|08001111)$"
)
DOMAINS = re.compile(r"(?:^|\.)(?:example\.(?:com|org|net)|example|test|invalid)$")


@dataclass(frozen=True)
class Finding:
    """Where a text breaks the policy and how; never the text itself."""

    file: str
    line: int
    what: str


def word_hash(word: str) -> str:
    """The form in which a forbidden word is listed."""
    return hashlib.sha256(f"safelight/{normalise(word)}".encode()).hexdigest()[:16]


@cache
def banned(language: str, path: Path = DATA / "banned_words.txt") -> frozenset[str]:
    """Hashes of the forbidden words of a language."""
    return frozenset(line for _, section, line in read_sections(path) if section == language)


def problems(text: str, language: str) -> list[str]:
    """What breaks the policy in one line of text."""
    found = []
    if any(word_hash(word) in banned(language) for word in normalise(text).split()):
        found.append("forbidden word")
    for number in NUMBER.findall(text):
        digits = re.sub(r"\D", "", number)
        if len(digits) >= 8 and not RESERVED.match(digits):
            found.append("phone number outside the reserved ranges")
    domains = ADDRESS.findall(text) + LINK.findall(text)
    if any(not DOMAINS.search(domain.lower()) for domain in domains):
        found.append("address outside the reserved domains")
    return found


def scan(folder: Path = DATA) -> Iterator[Finding]:
    """Findings in all text sources under `folder`, in order."""
    for source in SOURCES:
        for path in sorted((folder / source).rglob("*.txt")):
            language = path.stem if path.parent.name == source else path.parent.name
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                for what in problems(line, language):
                    yield Finding(str(path.relative_to(folder)), number, what)
