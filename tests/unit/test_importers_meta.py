"""Lines that Instagram and Messenger write themselves: only a call is told from a message."""

from __future__ import annotations

import json

import pytest

from exports import messages, parse


def said(row: dict[str, object]) -> tuple[str, str | None, str]:
    """Sender, medium and text of the one message in a file."""
    people: list[object] = [{"name": "Zo\u00c3\u00ab"}, {"name": "Sam"}]
    about: dict[str, object] = {"participants": people, "thread_path": "inbox/zoe_1"}
    if "senderName" in row:
        about = {"participants": ["Zoë", "Sam"], "threadName": "Zoë_1"}
    (message,) = messages(parse(json.dumps({**about, "messages": [row]})))
    return message.sender, message.media, message.text


def plain(content: str, **more: object) -> dict[str, object]:
    return {
        "sender_name": "Zo\u00c3\u00ab",
        "timestamp_ms": 1711994400000,
        "content": content,
        **more,
    }


def encrypted(text: str, kind: str) -> dict[str, object]:
    return {"senderName": "Zoë", "text": text, "timestamp": 1711994400000, "type": kind,
            "media": [], "isUnsent": False}  # fmt: skip


@pytest.mark.parametrize(
    "row",
    [
        plain("Zo\u00c3\u00ab started an audio call"),
        plain("Zo\u00c3\u00ab started a video chat."),
        plain("You started a video call"),
        plain("Audio call ended", call_duration=0),
        encrypted("You missed an audio call.", "placeholder"),
        encrypted("You missed a video call", "placeholder"),
    ],
)
def test_a_call(row: dict[str, object]) -> None:
    assert said(row) == ("Zoë", "call", "")


@pytest.mark.parametrize(
    "text",
    [
        "Sam started an audio call",
        "You started an audio call without me, tell nobody",
        "I started an audio call",
        "You missed an audio call.",
        "Liked a message",
        "Reacted 😂 to your message ",
        "Zoë set the nickname for Sam to tell nobody.",
        "Zoë changed the theme to tell nobody.",
        "You are now connected on Messenger",
    ],
)
def test_what_anybody_can_type_stays_a_message(text: str) -> None:
    spelt = text.encode().decode("latin-1")
    for row in (plain(spelt), plain(spelt, type="Generic"), encrypted(text, "text")):
        assert said(row) == ("Zoë", None, text)


def test_a_placeholder_of_another_kind_stays_a_message() -> None:
    text = "You missed an audio call, tell nobody"
    assert said(encrypted(text, "placeholder")) == ("Zoë", None, text)
