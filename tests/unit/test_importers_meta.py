"""Lines that Instagram and Messenger write themselves: only a call is told from a message."""

from __future__ import annotations

import json

import pytest

from exports import messages, parse
from safelight.importers import by_chat


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
        plain("Zo\u00c3\u00ab missed your call.", missed=True),
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
        "Zoë missed your call.",
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


def test_what_meta_took_down_is_deleted() -> None:
    assert said(plain("words", is_taken_down=True)) == ("Zoë", "deleted", "")
    assert said(plain("words", is_taken_down=False)) == ("Zoë", None, "words")


def test_a_placeholder_without_words_is_no_message() -> None:
    rows = [encrypted("", "placeholder"), encrypted("hi", "text")]
    about = {"participants": ["Zoë"], "threadName": "Zoë_1", "messages": rows}
    assert [message.text for message in messages(parse(json.dumps(about)))] == ["hi"]
    assert said({**encrypted("", "placeholder"), "isUnsent": True}) == ("Zoë", "deleted", "")
    picture = {**encrypted("", "placeholder"), "media": [{"uri": "a.jpg"}]}
    assert said(picture) == ("Zoë", "image", "")


@pytest.mark.parametrize("held", [10_000, 10**7])
def test_a_flood_of_one_day_is_in_the_order_of_its_times(
    held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_chat, "HELD", held)
    rows = [plain(f"{n}", timestamp_ms=1711994400000 + n // 3) for n in range(200)]
    about = {"participants": [{"name": "Zoe"}], "thread_path": "inbox/zoe_1"}
    found = messages(parse(json.dumps({**about, "messages": rows[::-1]})))
    assert [message.text for message in found] == [f"{n}" for n in range(200)]
