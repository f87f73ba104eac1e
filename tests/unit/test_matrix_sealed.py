"""No message of anybody ends the Matrix device: what cannot be read is said, and it goes on."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nio
import pytest
import vodozemac
from nio.crypto.sessions import InboundGroupSession
from rich.console import Console

from safelight import Guard, Message
from safelight_matrix import answers
from safelight_matrix.choices import Choices
from safelight_matrix.client import Device
from safelight_matrix.events import Arrived, to_message
from safelight_matrix.session import Session
from safelight_matrix.show import Screen
from safelight_matrix.watch import Watch

SERVER, ROOM = "https://matrix.example.com", "!r:example.com"
SAM, ZOE, EVE = "@sam:example.com", "@zoe:example.com", "@eve:example.org"
TEXT = {"msgtype": "m.text", "body": "hello"}
SENDER_KEY = "K" * 43
DEEP = "[" * 20_000
#: As deep as Synapse lets through.
NESTED = "[" * 900 + "]" * 900
LATER = 1_767_225_600_000


def answer(text: str) -> Any:
    """A response of the server with this body."""

    async def read(**_: Any) -> str:
        return text

    return SimpleNamespace(text=read)


class Fed(Device):
    """A device whose server gives these answers, as text, in turn; nio takes each as it would."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Session(SERVER, SAM, "DEVICE", "syt_secret"), folder, print)
        self._known = {ROOM}
        self.keys = vodozemac.GroupSession()
        inbound = InboundGroupSession(self.keys.session_key.to_base64(), "F" * 43, SENDER_KEY, ROOM)
        self._nio.olm.inbound_group_store.add(inbound)
        self._answers: list[tuple[type[Any], str]] = []
        self._heard = 0

    async def _ask(self, call: Any, wanted: Any) -> Any:
        kind, text = self._answers.pop(0)
        body = await self._nio.parse_body(answer(text))
        extra = (ROOM,) if kind is nio.RoomMessagesResponse else ()
        made = kind.from_dict(body, *extra)
        assert isinstance(made, kind)
        await self._nio.receive_response(made)
        return made

    async def _keep_keys(self) -> None:
        """No server takes them."""

    def own_key(self) -> str:
        return str(self._nio.olm.account.identity_keys["curve25519"])

    def hears(self, *events: Any, to_device: tuple[Any, ...] = ()) -> list[Arrived]:
        """What it makes of a sync with these events, each an object or JSON text."""
        self._heard += 1
        timeline = f'{{"events": [{_texts(events)}], "limited": false, "prev_batch": "p"}}'
        state = '"state": {"events": []}, "ephemeral": {"events": []}'
        rooms = (
            f'{{"{ROOM}": {{"timeline": {timeline}, {state}, "account_data": {{"events": []}}}}}}'
        )
        self._answers.append((nio.SyncResponse, (
            f'{{"next_batch": "{self._heard}", "device_one_time_keys_count": {{}},'
            f' "device_lists": {{"changed": [], "left": []}},'
            f' "to_device": {{"events": [{_texts(to_device)}]}},'
            f' "rooms": {{"invite": {{}}, "leave": {{}}, "join": {rooms}}}}}'
        )))  # fmt: skip
        return asyncio.run(self.arrived(0))

    def remembers(self, *events: Any) -> list[Arrived]:
        """What it makes of a page of history."""
        page = f'{{"chunk": [{_texts(events)}], "start": "s"}}'
        self._answers.append((nio.RoomMessagesResponse, page))
        return asyncio.run(self.history(ROOM, len(events)))

    def sealed(self, plain: bytes, **more: Any) -> dict[str, Any]:
        """An event of the room with this plaintext, by Eve."""
        content = {"algorithm": "m.megolm.v1.aes-sha2", "sender_key": SENDER_KEY, "device_id": "D",
                   "session_id": self.keys.session_id,
                   "ciphertext": self.keys.encrypt(plain).to_base64()}  # fmt: skip
        return event(content, "m.room.encrypted", room_id=ROOM, **more)


def event(content: Any, kind: str = "m.room.message", **more: Any) -> dict[str, Any]:
    head = {"type": kind, "sender": EVE, "event_id": "$2", "origin_server_ts": LATER}
    return {**head, "content": content, **more}


def plain(content: Any = TEXT, **more: Any) -> bytes:
    whole = {"type": "m.room.message", "room_id": ROOM, "content": content, **more}
    return json.dumps(whole).encode()


def read(arrived: list[Arrived]) -> list[Message | None]:
    return [to_message(one.event, SAM) for one in arrived]


def texts(arrived: list[Arrived]) -> list[str | None]:
    return [None if one is None else one.text for one in read(arrived)]


def _texts(events: tuple[Any, ...]) -> str:
    return ",".join(one if isinstance(one, str) else json.dumps(one) for one in events)


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Fed]:
    made = Fed(tmp_path)
    yield made
    asyncio.run(made.close())


def to_us(device: Fed, ciphertext: Any) -> dict[str, Any]:
    content = {"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": SENDER_KEY,
               "ciphertext": {device.own_key(): ciphertext}}  # fmt: skip
    return {"type": "m.room.encrypted", "sender": EVE, "content": content}


@pytest.mark.parametrize(
    "ciphertext",
    [
        {"type": 0, "body": "AAAA"},
        {"type": 0, "body": "%%%"},
        {"type": 0, "body": "Aw" + "A" * 300},
        {"type": 0, "body": 5},
        {"type": 1, "body": "AAAA"},
        {"type": 1, "body": "%"},
        {"type": 7, "body": "AAAA"},
        {},
        [],
        "AAAA",
        None,
    ],
)
def test_a_message_to_the_device_does_not_end_it(device: Fed, ciphertext: Any) -> None:
    found = device.hears(event(TEXT), to_device=(to_us(device, ciphertext),))
    assert texts(found) == ["hello"]


def test_what_came_with_such_a_message_is_taken(device: Fed) -> None:
    bad = to_us(device, {"type": 0, "body": "AAAA"})
    decrypt, tried = device._nio.olm.decrypt_event, []

    def noted(one: Any) -> Any:
        tried.append(one.sender)
        return decrypt(one)

    device._nio.olm.decrypt_event = noted
    device.hears(to_device=(bad, {**bad, "sender": ZOE}))
    assert tried == [EVE, ZOE]


UNREADABLE = [b"\xff\xfe{", b"[]", b"5", b"null", b'"x"', b"{", DEEP.encode(), b'{"a":' * 20_000]


@pytest.mark.parametrize("inside", UNREADABLE)
def test_an_event_that_is_none_inside_is_said_to_be_unreadable(
    device: Fed, guard: Guard, inside: bytes
) -> None:
    shown = io.StringIO()
    screen = Screen(Console(file=shown, width=200, color_system=None), guard.book, "en", "AA")
    watch = Watch(guard, SAM, screen, Choices())
    sealed = device.sealed(inside)
    found = device.hears(sealed, device.sealed(plain(), event_id="$3"))
    assert texts(found) == [None, "hello"]
    old = device.remembers(sealed)
    assert texts(old) == [None]
    for one in (*old, *found):
        watch.take(one, "Zoe")
    watch.listening()
    said = shown.getvalue()
    assert "1 older messages cannot be read" in said and "Zoe: some messages cannot be read" in said
    # It waits for no key, and trying again does no harm.
    assert device._unlocked() == []


@pytest.mark.parametrize(
    "unsigned", [{"redacted_because": {}}, {"redacted_because": 5}, None, 5, [], "redacted_because"]
)
def test_who_encrypts_cannot_say_that_it_was_deleted(device: Fed, unsigned: Any) -> None:
    sealed = device.sealed(plain(unsigned=unsigned), unsigned={"age": 7})
    (found,) = device.hears(sealed)
    assert texts([found]) == ["hello"] and found.event["unsigned"] == {"age": 7}
    assert texts(device.remembers(sealed)) == ["hello"]


def test_what_the_server_deleted_is_deleted(device: Fed) -> None:
    because = event({}, "m.room.redaction", redacts="$2")
    gone = event({}, "m.room.encrypted", unsigned={"redacted_because": because})
    (found,) = read(device.hears(gone))
    assert found is not None and found.media == "deleted"


def test_who_and_when_are_what_the_server_says(device: Fed) -> None:
    # Without content nio would take all of it from inside.
    forged = {"type": "m.call.invite", "sender": SAM, "event_id": "$9", "origin_server_ts": 1}
    for inside in (plain(**{**forged, "type": "m.room.message"}), json.dumps(forged).encode()):
        (found,) = read(device.hears(device.sealed(inside)))
        assert found is not None and found.sent_at is not None
        assert (found.sender, found.id, found.sent_at.year) == (EVE, "$2", 2026)


@pytest.mark.parametrize("nested", [NESTED, DEEP + "]" * 20_000, '{"a":' * 900 + "1" + "}" * 900])
def test_deep_nesting_does_not_end_it(device: Fed, nested: str) -> None:
    stranger = (
        f'{{"type": "m.room_key_request", "sender": "{EVE}", "content": {{"action": NESTED}}}}'
    )
    member = json.dumps(event({"algorithm": "NESTED"}, "m.room.encrypted"))
    shown = json.dumps(event({**TEXT, "more": "NESTED"}))
    found = device.hears(
        *(one.replace('"NESTED"', nested) for one in (member, shown)),
        to_device=(stranger.replace("NESTED", nested),),
    )
    assert texts(found) == [None, "hello"]
    assert texts(device.remembers(shown.replace('"NESTED"', nested))) == ["hello"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": [1, {"b": "]}{["}], "c": "\\"[\\\\"}', {"a": [1, {"b": "]}{["}], "c": '"[\\'}),
        ('["[", "[", "["]', ["[", "[", "["]),
        (DEEP, {}),
        (DEEP + "}" * 20_000, {}),
        ("]" * 200 + DEEP, {}),
        ("", {}),
        ("no", {}),
    ],
)
def test_an_answer_is_read_as_json(text: str, found: Any) -> None:
    assert asyncio.run(answers.read(answer(text))) == found


@pytest.mark.parametrize("depth", [2, 100, 101, 900, 20_000])
def test_an_answer_is_read_to_a_depth(depth: int) -> None:
    beside = asyncio.run(answers.read(answer(f"[{'[' * depth}1{']' * depth}, 2, {NESTED}, 3]")))
    assert beside[1] == 2 and beside[3] == 3
    found, seen = beside[0], 1
    while isinstance(found, list):
        found, seen = found[0], seen + 1
    assert (seen, found) == ((depth + 1, 1) if depth < 100 else (100, None))
