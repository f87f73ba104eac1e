"""Element's JSON: what is cut off a reply is the quote that a client wrote, nothing else."""

from __future__ import annotations

import json

import pytest

from exports import messages, parse


def texts(content: dict[str, object], kind: str = "m.room.message") -> list[str]:
    """What is read of one event."""
    event = {"type": kind, "sender": "@a:example.com", "origin_server_ts": 1, "event_id": "$2",
             "content": content}  # fmt: skip
    room = {"room_name": "r", "exported_by": "a", "messages": [event]}
    return [message.text for message in messages(parse(json.dumps(room)))]


def reply(body: str) -> str:
    """The text that is read of one reply."""
    relates = {"m.in_reply_to": {"event_id": "$1"}}
    (text,) = texts({"msgtype": "m.text", "body": body, "m.relates_to": relates})
    return text


def test_what_a_client_says_for_its_person_is_nobodys() -> None:
    assert texts({"msgtype": "m.key.verification.request", "body": "wants to verify"}) == []
    ended = {"org.matrix.msc1767.text": "The poll has ended.", "body": "The poll has ended."}
    assert texts(ended, "org.matrix.msc3381.poll.end") == []
    assert texts({"msgtype": "org.example.new", "body": "hello"}) == ["hello"]


@pytest.mark.parametrize(
    "quote", ["> <@nia:example.com> what now?", "> <@nia:example.com> one\n> two",
              "> * <@nia:example.com> waves"],
)  # fmt: skip
def test_the_quote_of_a_client_is_cut_off(quote: str) -> None:
    assert reply(f"{quote}\n\nlater") == "later"
    assert reply(f"{quote}\n\n> <@nia:example.com> typed\n\nlater").startswith("> <@nia")


@pytest.mark.parametrize("body", ["> typed by hand\n\nlater", ">:(\n\nlater", "> <nia> hi\n\nyes"])
def test_a_quote_that_a_person_typed_stays(body: str) -> None:
    assert reply(body) == body
