"""The server's answers as JSON, of which other people wrote a part."""

from __future__ import annotations

import json
import re
from typing import Any

from aiohttp import ClientResponse

#: The deepest nesting that is read; that of a true event is about ten. Python's own limit is a few
#: hundred, and nio would end there: with one message to this device, from anybody.
_DEEPEST = 100
#: Strings too: a bracket inside one is none.
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]')


async def read(response: ClientResponse) -> Any:
    """Return the JSON of an answer, null for what is nested too deep; {} where it is no JSON."""
    try:
        return json.loads(_shallow(await response.text(errors="replace")))
    except ValueError:
        return {}


def _shallow(text: str) -> str:
    kept, start, depth = [], 0, 0
    for found in _TOKEN.finditer(text):
        if found[0] in ("[", "{"):
            depth += 1
            if depth == _DEEPEST + 1:
                kept.append(text[start : found.start()])
        elif found[0] in ("]", "}"):
            depth -= 1
            if depth == _DEEPEST:
                kept.append("null")
                start = found.end()
    rest = text[start:] if depth <= _DEEPEST else ""  # what ends in the depth is no JSON
    return "".join((*kept, rest))
