"""DiscordChatExporter's JSON: who, what and when; its other forms are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from exports import chats, messages, parse, problems
from safelight.importers import ImportedMessage

WHEN = "2024-04-01T18:00:00+00:00"


def channel(*rows: dict[str, Any], **about: Any) -> str:
    author = {"id": "9", "name": "ann", "nickname": "Ann", "isBot": False}
    return json.dumps({
        "guild": {"id": "0"}, "channel": {"id": "1", "name": "a", **about}, "exportedAt": WHEN,
        "messages": [{"type": "Default", "timestamp": WHEN, "author": author, **row}
                     for row in rows],
    })  # fmt: skip


def one(**row: Any) -> ImportedMessage:
    found = parse(channel(row))
    assert problems(found) == []
    (message,) = messages(found)
    return message


@pytest.mark.parametrize(
    ("author", "shown", "known"),
    [
        ({"id": "9", "name": "ann", "nickname": "Ann"}, "Ann", "9"),
        ({"id": "9", "name": "ann", "nickname": None}, "ann", "9"),
        ({"id": "9", "name": ""}, "9", "9"),
        ({"id": "5", "name": "helper", "nickname": "Helper", "isBot": True}, "Helper", "5"),
    ],
)
def test_who(author: dict[str, Any], shown: str, known: str) -> None:
    message = one(author=author, content="hi")
    assert (message.sender, message.sender_id, message.mine) == (shown, known, None)


@pytest.mark.parametrize(
    ("spelt", "expected"),
    [
        ("2024-04-01T18:00:00+00:00", 0.0),
        ("2024-04-01T20:00:00+02:00", 0.0),
        ("2024-04-01T18:00:00.5+00:00", 0.5),
        ("2024-04-01T18:00:00.1234567Z", 0.123456),
    ],
)
def test_when(spelt: str, expected: float) -> None:
    sent_at = one(timestamp=spelt, content="hi").sent_at
    assert sent_at is not None and sent_at.timestamp() - 1711994400 == pytest.approx(expected)


def test_the_order_is_that_of_the_times() -> None:
    late = {"timestamp": "2024-04-01T19:00:00+00:00", "content": "late"}
    assert [m.text for m in messages(parse(channel(late, {"content": "soon"})))] == ["soon", "late"]


@pytest.mark.parametrize(
    "kind",
    ["RecipientAdd", "RecipientRemove", "ChannelIconChange", "ChannelPinnedMessage",
     "GuildMemberJoin"],
)  # fmt: skip
def test_events_of_discord_are_left_out(kind: str) -> None:
    found = parse(channel({"type": kind, "content": "x"}, {"content": "hi"}))
    assert [m.text for m in messages(found)] == ["hi"]


@pytest.mark.parametrize("kind", ["Default", "Reply", "20", "ThreadCreated", "ChannelNameChange"])
def test_what_a_person_chose_to_write_is_kept(kind: str) -> None:
    assert one(type=kind, content="Pinned a message.").text == "Pinned a message."


@pytest.mark.parametrize(
    "row",
    [{"type": "8"}, {"type": "46", "content": ""},
     {"type": "ThreadCreated", "content": "Started a thread."}],
)  # fmt: skip
def test_what_discord_alone_says_without_a_name_for_it_is_left_out(row: dict[str, Any]) -> None:
    assert [m.text for m in messages(parse(channel(row, {"content": "hi"})))] == ["hi"]


FILES = [{"fileName": "cat.png"}, {"fileName": "b.mp4"}]
CARD = {"title": "Practice", "description": "at five"}
HOLDS = [
    ({"content": "see", "attachments": FILES}, "image", "see"),
    ({"content": "", "attachments": [{"fileName": "voice-message.ogg"}]}, "voice", ""),
    ({"content": "", "attachments": [{"fileName": "image.webp"}]}, "image", ""),
    ({"content": "", "stickers": [{"name": "wave"}]}, "sticker", ""),
    ({"type": "Call", "content": "Started a call that lasted 3 minutes."}, "call", ""),
    ({"content": "", "embeds": [CARD]}, None, "Practice\nat five"),
    ({"content": "https://example.com", "embeds": [CARD]}, None, "https://example.com"),
    ({"content": "", "forwardedMessage": {"content": "old", "attachments": FILES}}, "image", "old"),
]


@pytest.mark.parametrize(("row", "media", "text"), HOLDS)
def test_what(row: dict[str, Any], media: str | None, text: str) -> None:
    message = one(**row)
    assert (message.media, message.text) == (media, text)


def test_a_channel_is_called_by_its_id() -> None:
    assert [chat.id for chat in chats(parse(channel()))] == ["1"]
    assert [chat.id for chat in chats(parse(channel(id=None)))] == ["a"]
    nothing = parse(
        '{"guild": {}, "channel": null, "exportedAt": 1, "messages": []}', name="x.json"
    )
    assert [chat.id for chat in chats(nothing)] == ["x"]


@pytest.mark.parametrize(
    "text",
    [
        "=" * 62 + "\nGuild: Direct Messages\nChannel: a\n\n[4/1/2024 6:00 PM] ann\nhi: private\n",
        "=" * 62 + "\r\nGuild: Choir\r\nChannel: a\r\n\r\n[01.04.2024 18:00] ann\r\nhi\r\n",
        'AuthorID,Author,Date,Content,Attachments,Reactions\n"9","ann","","private",""\n',
        '<!DOCTYPE html>\n<html><style>.chatlog__text {}</style><div class="chatlog">private</div>',
    ],
)
@pytest.mark.parametrize("format_name", ["auto", "discord"])
def test_other_forms_are_refused_by_one_line(text: str, format_name: str) -> None:
    found = parse(text, format_name)
    (problem,) = problems(found)
    assert (found, problem.refused, problem.line) == ([problem], 1, 1)
    assert "as JSON" in problem.what and "private" not in problem.what
