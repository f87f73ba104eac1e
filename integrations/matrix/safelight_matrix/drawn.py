"""The words that a client draws of a formatted message (`formatted_body`, HTML). Pure.

By patterns in time proportional to the length, not by `html.parser`: Python 3.11's takes minutes
for one message made for it, and clients end some tags and comments earlier than it does, so that
words could stand where only they look. What is left out here holds no further "<" or ">".
"""

from __future__ import annotations

import re
from html import unescape

#: What an older client repeats of the message that is answered.
_REPLY = re.compile(r"\s*<mx-reply>.*?</mx-reply>", re.DOTALL | re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style)\b[^<>]*>[^<>]*</\1\s*>", re.IGNORECASE)
_TAG = re.compile(r"<([a-z/!?][^<>]*)>", re.IGNORECASE)
#: The words inside a tag: in place of a picture, and in front of a spoiler.
_INSIDE = re.compile(
    r"""\s(?:alt|data-mx-spoiler)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
_BLOCK = re.compile(
    r"/?(?:blockquote|br|caption|d[dlt]|details|div|h[1-6r]|li|[ou]l|p|pre|summary|table|t[dhr])"
    r"(?![a-z0-9])",
    re.IGNORECASE,
)
#: White space, and what stands for formatting in a plain body.
_APART = re.compile(r"[\s*_~`#>|\\\[\]()!+=-]+")


def words(html: str, *, reply: bool) -> str:
    """Return the words, a line for each block. reply: without the quote in front."""
    quote = _REPLY.match(html) if reply else None
    seen = _UNSEEN.sub("", html[quote.end() if quote else 0 :])
    lines = unescape(_TAG.sub(_between, seen)).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def same(one: str, other: str) -> bool:
    """True if both have the same words in the same order, whatever their formatting."""
    first, second = (list(filter(None, _APART.split(text))) for text in (one, other))
    return first == second


def _between(tag: re.Match[str]) -> str:
    """What stands between the words where the tag was."""
    if _BLOCK.match(tag[1]):
        return "\n"
    inside = ["".join(found) for found in _INSIDE.findall(tag[1])]
    return f" {' '.join(inside)} " if inside else ""
