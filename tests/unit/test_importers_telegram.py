"""Telegram Desktop: messages that are no JSON, and every place in a row where words may stand."""

from __future__ import annotations

import io
import json
import time
import tracemalloc
from typing import Any

import pytest

from exports import Endless, chats, messages, parse, problems
from safelight.importers import Record, telegram
from safelight.importers.source import HEAD_BYTES

EMOJI = '"document_id": video_files/sticker (2).webm'


def row(number: int, **more: Any) -> dict[str, Any]:
    sent = {"id": number, "type": "message", "date": "2024-01-01T10:00:00", "from": "Al",
            "from_id": "user1", "text": f"words {number}"}  # fmt: skip
    return {**sent, **more}


def account(*lists: list[dict[str, Any]]) -> str:
    """As Telegram indents it: one chat a list of rows."""
    found = [{"name": f"chat {n}", "type": "personal_chat", "id": n, "messages": rows}
             for n, rows in enumerate(lists, start=1)]  # fmt: skip
    whole = {"about": "x", "personal_information": {"user_id": 2}, "chats": {"list": found}}
    return json.dumps(whole, indent=1)


def texts(found: list[Record]) -> list[str]:
    return [message.text for message in messages(found)]


class Slow(io.StringIO):
    """Gives so many characters at a time."""

    step = 1

    def read(self, size: int | None = -1) -> str:
        return super().read(self.step)


def slowly(data: str, step: int) -> list[Record]:
    stream = Slow(data)
    stream.step = step
    return list(telegram.read(stream, "x"))


# Messages that are no JSON --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spelt", "meant"),
    [
        (r"1=412\x012=9\x1F", "1=412\x012=9\x1f"),
        (r"\x00\x0a", "\x00\n"),
        (r"\\x01", r"\x01"),  # somebody typed a backslash
        (r"\\\x01\\\\x02", "\\\x01\\\\x02"),
        (r"\"\x01\"", '"\x01"'),
    ],
)
@pytest.mark.parametrize("step", [1, 7, 10**6])
def test_a_control_character_as_telegram_spells_it(spelt: str, meant: str, step: int) -> None:
    data = account([row(1), row(2, text="HERE")], [row(3)]).replace("HERE", spelt)
    found = slowly(data, step)
    assert texts(found) == ["words 1", meant, "words 3"]
    assert problems(found) == []


@pytest.mark.parametrize("bad", [EMOJI, '"a": "\\q"', '"a": "\\x0', '"a": ', '"a" "b"', '"a": nul'])
@pytest.mark.parametrize("step", [1, 7, 50, 10**6])
def test_a_broken_message_costs_itself_alone(bad: str, step: int) -> None:
    lists = [row(1), row(2, text=[{"type": "x", "a": "HERE"}]), row(3)], [row(4)]
    data = account(*lists).replace('"a": "HERE"', bad)
    found = slowly(data, step)
    assert texts(found) == ["words 1", "words 3", "words 4"]
    assert [chat.id for chat in chats(found)] == ["1", "2"]
    (problem,) = problems(found)
    assert (problem.what, problem.refused) == ("a message is lost: not valid JSON", 0)
    line = 1 + data[: data.index(bad)].count("\n")
    assert problem.line in (line, line + 1)


def test_the_first_and_the_last_message_may_be_broken() -> None:
    bad = row(2, text="HERE")
    for rows in ([bad, row(1)], [row(1), bad], [bad]):
        found = parse(account(rows, [row(9)]).replace('"HERE"', "oh"))
        assert texts(found)[-1] == "words 9"
        assert len(texts(found)) == len(rows)
        assert [problem.refused for problem in problems(found)] == [0]


def test_a_message_that_is_too_long_costs_itself_alone() -> None:
    found = parse(account([row(1), row(2, text="x" * 9_000_000), row(3)], [row(4)]))
    assert texts(found) == ["words 1", "words 3", "words 4"]
    (problem,) = problems(found)
    assert "a message is lost: a value is longer" in problem.what and problem.refused == 0


def test_what_somebody_types_does_not_end_a_broken_message_early() -> None:
    typed = "\n     },\n     {"
    lists = [row(1, text=typed, extra="HERE", more=typed), row(2)]
    found = parse(account(lists).replace('"HERE"', "oh"))
    assert texts(found) == ["words 2"]


@pytest.mark.parametrize("indent", [None, 1])
def test_without_an_end_the_reading_ends(indent: int | None) -> None:
    """On one line, and where the file is cut short."""
    data = json.dumps(json.loads(account([row(1), row(2, text="HERE"), row(3)])), indent=indent)
    data = data.replace('"HERE"', "oh")
    found = parse(data if indent is None else data[: data.index("oh") + 5])
    assert texts(found) == ["words 1"]
    assert [problem.refused for problem in problems(found)] == [1]


def test_many_broken_messages_take_no_longer_than_as_many_sound_ones() -> None:
    data = account([row(n, text="HERE") for n in range(4_000)]).replace('"HERE"', "oh")
    start = time.process_time()
    found = parse(data)
    assert len(problems(found)) == 4_000
    assert time.process_time() - start < 5
    escapes = account([row(1, text="HERE" * 20_000)]).replace("HERE", r"\x01")
    assert [len(text) for text in texts(parse(escapes))] == [20_000]
    assert time.process_time() - start < 6


@pytest.mark.parametrize("junk", [b"x", b"\n", b"\n ", b"\n  {", b"\\x01", b"          "])
def test_what_is_passed_over_is_not_held(junk: bytes) -> None:
    head = b'{"type": "personal_chat", "id": 1, "messages": [\n  {\n   "id": oh'
    source = Endless(head, junk * 100, b"", 12 * 1024 * 1024)
    stream = io.TextIOWrapper(io.BufferedReader(source, HEAD_BYTES), "utf-8", newline="\n")
    tracemalloc.start()
    try:
        found = list(telegram.read(stream, "x"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [problem.refused for problem in problems(found)] == [1]
    assert peak < 3 * 1024 * 1024


# Words ----------------------------------------------------------------------------------------


def service(action: str, **more: Any) -> dict[str, Any]:
    return {"id": 1, "type": "service", "date": "2024-01-01T10:00:00", "actor": "Al",
            "actor_id": "user1", "action": action, "text": "", **more}  # fmt: skip


def one(sent: dict[str, Any]) -> tuple[str | None, str]:
    """The medium and the text of the only message."""
    (message,) = messages(parse(account([sent])))
    assert (message.sender, message.sender_id, message.mine) == ("Al", "user1", False)
    return message.media, message.text


BILL = {"title": "Coins", "description": "fifty of them", "amount": 1}
SAID: list[tuple[dict[str, Any], str | None, str]] = [
    (service("send_star_gift", gift_text="for you"), None, "for you"),
    (service("send_star_gift", gift_text=["for ", {"type": "bold", "text": "you"}]), None,
     "for you"),
    (service("todo_append_tasks", items=[{"text": "run"}, {"text": ["swim"]}]), None, "run\nswim"),
    (service("phone_call"), "call", ""),
    (row(1, text="", todo_list={"title": "Plan", "answers": [{"text": "run"}, {"text": "swim"}]}),
     None, "Plan\n1. run\n2. swim"),
    (row(1, text="", place_name="Café", address="Main St 1"), "location", "Café\nMain St 1"),
    (row(1, text="", place_name="Café", location_information={}), "location", "Café"),
    (row(1, text="", game_title="Chess", game_description="of two"), None, "Chess\nof two"),
    (row(1, text="", invoice_information=json.dumps(BILL)), None, "Coins\nfifty of them"),
    (row(1, text="", invoice_information=BILL), None, "Coins\nfifty of them"),
    (row(1, text="", invoice_information="{..."), None, ""),
    (row(1, text="", paid_stars_amount=5), "image", ""),
    (row(1, text="two", paid_stars_amount=5), "image", "two"),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "media", "text"), SAID)
def test_words_that_somebody_typed_are_kept(
    sent: dict[str, Any], media: str | None, text: str
) -> None:
    assert one(sent) == (media, text)


@pytest.mark.parametrize(
    "event",
    [
        service("pin_message"),
        service("send_star_gift", gift_text=""),
        service("todo_append_tasks", items=[]),
        service("todo_append_tasks", items="none"),
        service("todo_completions", items=[{"text": "run"}]),
    ],
)
def test_an_event_without_words_is_no_message(event: dict[str, Any]) -> None:
    assert messages(parse(account([event]))) == []


def link(text: str, href: object) -> dict[str, object]:
    return {"type": "text_link", "text": text, "href": href}


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["see ", link("my page", "https://a.example/x"), ""], "see my page https://a.example/x"),
        ([link("here", "https://a.example"), " now"], "here https://a.example now"),
        ([link("here", "https://a.example"), "now"], "here https://a.example now"),
        ([link("https://a.example", "https://a.example"), "!"], "https://a.example!"),
        ([link("here", None), "!"], "here!"),
        ([link("here", 7), {"type": "bold", "text": 7}], "here"),
    ],
)
def test_the_address_behind_a_word_is_read(parts: list[Any], text: str) -> None:
    assert one(row(1, text=parts)) == (None, text)


def test_the_chat_with_oneself_has_a_title() -> None:
    saved = {"type": "saved_messages", "id": 2, "messages": [row(1)]}
    (chat,) = chats(parse(json.dumps({"personal_information": {"user_id": 2},
                                      "chats": {"list": [saved]}})))  # fmt: skip
    assert (chat.id, chat.title) == ("2", "Saved messages")
