"""Signal: rows of Desktop whose files stand elsewhere, signal-export's events, calls and names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from exports import chats, messages, parse, problems
from safelight.importers import ImportedMessage, read
from safelight.importers.source import open_path

NOTHING = {"hasAttachments": 0, "hasFileAttachments": 0, "hasVisualMediaAttachments": 0,
           "isViewOnce": 0, "isErased": 0}  # fmt: skip
PNG = [{"contentType": "video/mp4"}]


def desktop(**row: Any) -> tuple[str | None, str]:
    """The medium and the text of one row of Desktop's table."""
    whole = {"conversationId": "c", "type": "incoming", "sent_at": 1, "body": None, **NOTHING}
    (message,) = messages(parse(json.dumps([{**whole, **row}])))
    return message.media, message.text


@pytest.mark.parametrize(
    ("row", "media"),
    [
        ({}, None),
        ({"hasAttachments": 1, "hasVisualMediaAttachments": 1}, "image"),
        ({"hasAttachments": True, "hasFileAttachments": True}, "file"),
        ({"hasAttachments": 1}, "file"),
        ({"hasAttachments": 1, "hasVisualMediaAttachments": 1, "attachments": PNG}, "video"),
        ({"hasVisualMediaAttachments": 1, "sticker": {"packId": "a"}}, "sticker"),
        ({"contact": [{}]}, "contact"),
        ({"isViewOnce": 1}, "image"),
        ({"isViewOnce": 1, "isErased": 1}, "image"),
        ({"isErased": 1}, "deleted"),
        ({"isErased": True, "hasVisualMediaAttachments": 1}, "deleted"),
        ({"isViewOnce": 1, "isErased": 1, "deletedForEveryone": 1}, "deleted"),
    ],
)
def test_a_row_says_that_there_are_files(row: dict[str, Any], media: str | None) -> None:
    assert desktop(**row) == (media, "")
    text = "" if media == "deleted" else "look"
    assert desktop(body="look", **row) == (media, text)


def test_the_words_of_a_poll_are_kept() -> None:
    poll = {"question": "pizza?", "options": ["yes", "no"]}
    assert desktop(json=json.dumps({"poll": poll})) == (None, "pizza?\n1. yes\n2. no")
    assert desktop(poll={"question": 1, "options": {}}) == (None, "")


# signal-export --------------------------------------------------------------------------------


def exported(**row: Any) -> list[ImportedMessage]:
    """The messages of one line of data.json."""
    whole = {"date": "2024-04-01T18:00:00", "sender": "Lena", "body": "  ", "quote": "",
             "sticker": "", "reactions": [], "attachments": []}  # fmt: skip
    return messages(parse(json.dumps({**whole, **row})))


@pytest.mark.parametrize(
    "row", [{}, {"body": ""}, {"sender": "No-Sender"}, {"sticker": None, "reactions": [["A", "x"]]}]
)
def test_an_event_is_no_message(row: dict[str, Any]) -> None:
    assert exported(**row) == []


@pytest.mark.parametrize(
    ("row", "media"),
    [
        ({"attachments": [{"name": "a.jpg"}]}, "image"),
        ({"sticker": "x"}, "sticker"),
        ({"quote": "\n\n> hello\n\n"}, None),
        ({"deleted": True}, "deleted"),
        ({"call": True}, "call"),
    ],
)
def test_a_message_without_words_stays(row: dict[str, Any], media: str | None) -> None:
    (message,) = exported(**row)
    assert (message.media, message.text) == (media, "")


@pytest.mark.parametrize(
    "body",
    [
        "Incoming call",
        "Outgoing call",
        "Missed video call",
        "Incoming voice call (accepted, 3m 2s)",
        "Incoming voice call (accepted, 9s)",
        "Outgoing group call (unanswered)",
        "Outgoing voice call (declined by recipient)",
    ],
)
def test_a_call_of_a_version_without_a_key_for_it(body: str) -> None:
    (message,) = exported(body=f"{body}  ")
    assert (message.media, message.text) == ("call", "")
    (message,) = exported(body=f"{body}  ", call=False)  # then somebody typed it
    assert (message.media, message.text) == (None, body)


@pytest.mark.parametrize(
    "body",
    ["Missed call from you, tell nobody", "Incoming call (accepted, come at five)", "a call"],
)
def test_words_about_a_call_stay_words(body: str) -> None:
    (message,) = exported(body=body)
    assert (message.media, message.text) == (None, body)


@pytest.mark.parametrize("relative", [False, True])
def test_a_chat_is_called_like_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, relative: bool
) -> None:
    folder = tmp_path / "Lena"
    folder.mkdir()
    rows = [{"date": "2024-04-01T18:00:00", "sender": "Lena", "body": body, "attachments": []}
            for body in ("hi", "", "yo")]  # fmt: skip
    (folder / "data.json").write_text("\n".join([*map(json.dumps, rows), "{"]))
    monkeypatch.chdir(folder)
    opened = open_path("data.json" if relative else str(folder / "data.json"))
    found = list(read(opened))
    opened.close()
    assert [chat.id for chat in chats(found)] == ["Lena"]
    assert [(p.file, p.line) for p in problems(found)] == [("Lena/data.json", 4)]


# Its own export -------------------------------------------------------------------------------


def test_the_rest_of_a_long_text_is_said_to_be_missing() -> None:
    said = {"text": {"body": "a long story"}, "longText": {"contentType": "text/x-signal-plain"}}
    item = {"chatId": "1", "authorId": "2", "dateSent": "1", "incoming": {}}
    rows = [{"version": "1", "backupTimeMs": "1"},
            {"chatItem": {**item, "standardMessage": said}}]  # fmt: skip
    found = parse("\n".join(map(json.dumps, rows)))
    assert [message.text for message in messages(found)] == ["a long story"]
    (problem,) = problems(found)
    assert (problem.line, problem.refused) == (2, 0) and "a message was cut" in problem.what
