"""SMS Backup & Restore: one person is one chat, however the number is spelt."""

from __future__ import annotations

import pytest

from exports import chats, messages, parse, problems

SPELT = ["07700900123", "+447700900123", "\u200e+447700900123", "+44 (7700) 900-123"]


def sms(address: str, kind: int, date: int = 1, name: str = "Kim") -> str:
    return f'<sms address="{address}" contact_name="{name}" type="{kind}" date="{date}" body="hi"/>'


def smses(*rows: str) -> str:
    return "<smses>" + "\n".join(rows) + "</smses>"


def test_a_number_is_one_chat_however_it_is_spelt() -> None:
    rows = [sms(each, 2 if n == 0 else 1, n, "Kim" if n else "") for n, each in enumerate(SPELT)]
    found = parse(smses(*rows))
    assert [chat.id for chat in chats(found)] == ["+447700900123"]
    assert [(m.sender, m.sender_id) for m in messages(found)] == [
        ("me", None), *[("Kim", "+447700900123")] * 3,
    ]  # fmt: skip
    assert problems(found) == []


def test_the_longest_spelling_is_shown_of_who_has_no_name() -> None:
    found = parse(smses(sms(SPELT[0], 1, 1, "null"), sms(SPELT[1], 1, 2, "null")))
    assert [m.sender for m in messages(found)] == ["+447700900123"] * 2


@pytest.mark.parametrize(
    ("one", "other"),
    [("5550199", "15550199"), ("SHOP", "shop"), ("07700900123", "07700900124"), ("60123", "0123")],
)
def test_other_addresses_stay_apart(one: str, other: str) -> None:
    found = parse(smses(sms(one, 1), sms(other, 1)))
    assert [chat.id for chat in chats(found)] == [one, other]


def mms(address: str, sender: str, subject: str = "null") -> str:
    return (
        f'<mms address="{address}" msg_box="1" date="1000000000000" sub="{subject}">'
        f'<parts><part ct="text/plain" text="hi"/></parts>'
        f'<addrs><addr address="{sender}" type="137"/></addrs></mms>'
    )


def test_a_group_is_one_chat_however_its_numbers_are_spelt() -> None:
    kim = sms(SPELT[1], 1)
    found = parse(smses(
        kim,
        mms("07700900123~07700900456", "+447700900123"),
        mms("+447700900456~+447700900123", "07700900123"),
    ))  # fmt: skip
    assert [chat.id for chat in chats(found)] == ["+447700900123", "+447700900123~+447700900456"]
    assert {m.sender for m in messages(found)} == {"Kim"}


@pytest.mark.parametrize(
    ("subject", "text"),
    [("proto:CjoKImNvbS5n", "hi"), ("proto: see you", "proto: see you\nhi"), ("NoSubject", "hi")],
)
def test_what_a_program_keeps_in_a_subject_is_no_text(subject: str, text: str) -> None:
    (message,) = messages(parse(smses(mms("07700900123", "07700900123", subject))))
    assert message.text == text
