"""Lists of JSON objects, read one by one with their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from safelight.importers.by_chat import Piece
from safelight.importers.fields import Doubts
from safelight.importers.json_stream import JsonStream, JsonStreamError
from safelight.importers.records import ImportedMessage, ImportProblem, TextStream

#: An object and its line; None instead of an object says that the list begins.
Row: TypeAlias = tuple[int, dict[str, Any] | None] | ImportProblem


def chat_document(
    stream: TextStream,
    name: str,
    about: Callable[[str, JsonStream], None],
    otherwise: str = "no JSON object",
) -> Iterator[Row]:
    """The list `messages` of one JSON object. about: consumes every other member.

    otherwise: what is said of a file that holds no JSON object.
    """
    json = JsonStream(stream)
    listed = False
    try:
        if json.peek() != "{":
            yield ImportProblem(name, json.line, otherwise, refused=1)
            return
        for key in json.members():
            if key == "messages" and json.peek() == "[":
                listed = True
                yield json.line, None
                yield from _items(json, name)
            else:
                about(key, json)
        if json.peek():
            yield ImportProblem(name, json.line, "something follows the end of the export")
        elif not listed:
            what = "no list of messages in this export"
            yield ImportProblem(name, json.line, what, refused=1)
    except JsonStreamError as error:
        yield ImportProblem(name, error.line, error.what, refused=1)


def chat_pieces(
    stream: TextStream,
    name: str,
    about: Callable[[str, JsonStream], None],
    made: Callable[[dict[str, Any], Doubts], ImportedMessage | None],
    otherwise: str = "no JSON object",
) -> Iterator[Piece]:
    """The one chat of such an object. made: the message of a row; None of what is no message."""
    for found in chat_document(stream, name, about, otherwise):
        if isinstance(found, ImportProblem):
            yield found
            continue
        line, row = found
        doubts = Doubts()
        message = None if row is None else made(row, doubts)
        for what in doubts.found:
            yield ImportProblem(name, line, what)
        if row is None or message is not None:
            yield name, message


def array(stream: TextStream, name: str, before: int) -> Iterator[Row]:
    """The objects of one JSON array. before: lines that were read already."""
    json = JsonStream(stream, before)
    try:
        yield from _items(json, name)
        if json.peek():
            yield ImportProblem(name, json.line, "something follows the end of the export")
    except JsonStreamError as error:
        yield ImportProblem(name, error.line, error.what, refused=1)


def _items(json: JsonStream, name: str) -> Iterator[Row]:
    for _ in json.items():
        json.peek()
        line, row = json.line, json.value()
        if isinstance(row, dict):
            yield line, row
        else:
            yield ImportProblem(name, line, "a message is not a JSON object")
