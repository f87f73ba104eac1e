"""Every fixture export is recognised and read: how many messages, whose, and what media."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timezone

import pytest

from exports import EXPORTS, chats, messages, parse, problems, records
from safelight.importers import (
    ImportedChat,
    recognise,
)
from safelight.importers.records import CLOCK_ZONE, MAX_TEXT
from safelight.importers.source import HEAD_BYTES, open_path

# file, format, chats, messages, media, first and last time (UTC as written)
TABLE = [
    ("android_en_us_12h.txt", "whatsapp", 1, 8, "file deleted image location call",
     "2021-12-30 21:05:00", "2022-01-01 00:11:00"),
    ("android_en_gb_24h_group.txt", "whatsapp", 1, 6, "",
     "2021-12-25 23:59:00", "2021-12-26 00:04:00"),
    ("android_order_by_time.txt", "whatsapp", 1, 5, "",
     "2022-04-03 10:00:00", "2022-05-02 10:00:00"),
    ("android_fr.txt", "whatsapp", 1, 3, "file file", "2022-03-05 18:06:00", "2022-03-05 18:08:00"),
    ("android_de.txt", "whatsapp", 1, 4, "file deleted voice",
     "2021-12-31 23:59:00", "2022-01-01 00:01:00"),
    ("android_it.txt", "whatsapp", 1, 4, "file deleted contact",
     "2023-03-12 09:16:00", "2023-03-13 18:07:00"),
    ("android_ja_24h.txt", "whatsapp", 1, 4, "file deleted",
     "2021-12-31 23:58:00", "2022-01-01 00:00:00"),
    ("android_es_12h.txt", "whatsapp", 1, 5, "file deleted location sticker",
     "2021-12-31 23:58:00", "2022-01-01 00:03:00"),
    ("android_pt.txt", "whatsapp", 1, 4, "file image deleted",
     "2025-03-25 14:31:00", "2025-03-25 14:34:00"),
    ("ios_en_us_12h.txt", "whatsapp", 1, 8, "image video sticker image call contact",
     "2024-02-01 19:15:40", "2024-02-14 08:02:00"),
    ("ios_fr_24h.txt", "whatsapp", 1, 6, "image voice deleted call",
     "2021-12-31 23:58:10", "2022-01-01 00:00:01"),
    ("ios_de.txt", "whatsapp", 1, 3, "image call", "2023-02-01 08:00:30", "2023-02-01 08:02:00"),
    ("ios_it.txt", "whatsapp", 1, 3, "image video", "2024-02-01 21:05:09", "2024-02-14 21:07:10"),
    ("ios_ja_12h.txt", "whatsapp", 1, 3, "image", "2022-01-05 11:59:10", "2022-01-05 13:15:00"),
    ("ios_es.txt", "whatsapp", 1, 3, "image call", "2024-02-28 20:00:00", "2024-02-28 20:02:00"),
    ("ios_pt.txt", "whatsapp", 1, 4, "voice image sticker",
     "2023-03-12 09:15:30", "2023-03-25 18:30:00"),
    ("ios_utf16.txt", "whatsapp", 1, 2, "", "2021-12-31 23:59:59", "2022-01-01 00:00:10"),
    ("telegram_chat.json", "telegram", 1, 9, "call image voice sticker contact location file",
     "2024-10-09 19:30:00", "2024-10-09 19:40:00"),
    ("telegram_account.json", "telegram", 3, 10, "call image voice sticker contact location file",
     "2024-10-09 19:30:00", "2024-11-01 08:00:00"),
    ("conversations.jsonl", "jsonl", 2, 5, "image", "1970-01-01 00:00:00", None),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_fixture(row: tuple[str, str, int, int, str, str, str | None]) -> None:
    name, format_name, chat_count, count, media, first, last = row
    chosen = recognise(open_path(str(EXPORTS / name)).head)
    assert chosen is not None and format_name == chosen.NAME
    found = records(name)
    assert problems(found) == []
    assert len(chats(found)) == chat_count
    read_messages = messages(found)
    assert len(read_messages) == count
    assert [m.media for m in read_messages if m.media] == media.split()
    times = [None if m.sent_at is None else f"{m.sent_at:%Y-%m-%d %H:%M:%S}" for m in read_messages]
    assert (times[0], times[-1]) == (first, last)
    assert {m.sent_at.tzinfo for m in read_messages if m.sent_at} <= {timezone.utc}


@pytest.mark.parametrize(
    ("name", "media", "file_name"),
    [
        ("android_en_us_12h.txt", "image", "IMG-20211231-WA0000.jpg"),
        ("android_fr.txt", "file", "document.pdf"),
        ("ios_en_us_12h.txt", "image", "00000012-PHOTO-2024-02-01-19-18-00.jpg"),
        ("ios_fr_24h.txt", "voice", "00000003-AUDIO-2021-12-31-23-59-10.opus"),
        ("telegram_chat.json", "image", None),
    ],
)
def test_the_name_of_a_file_is_kept_where_the_export_has_it(
    name: str, media: str, file_name: str | None
) -> None:
    found = messages(records(name))
    assert file_name in [message.file_name for message in found if message.media == media]
    assert not [message for message in found if message.file_name and not message.media]


def test_telegram_names_a_file_without_its_folder() -> None:
    row = '{"type": "message", "from": "Al", "from_id": "user1", "photo": "photos/p_1.jpg"}'
    found = messages(parse(f'{{"type": "personal_chat", "id": 1, "messages": [{row}]}}'))
    assert [(message.media, message.file_name) for message in found] == [("image", "p_1.jpg")]


@pytest.mark.parametrize(
    ("name", "known"), [("android_fr.txt", {False}), ("telegram_chat.json", {True, False})]
)
def test_a_clock_without_a_zone_is_told_from_utc(name: str, known: set[bool]) -> None:
    assert {
        m.sent_at.tzinfo is not CLOCK_ZONE for m in messages(records(name)) if m.sent_at
    } == known


def test_a_fixture_without_a_row_is_a_mistake() -> None:
    starts = ("android_", "ios_", "telegram_", "conversations")
    names = {path.name for path in EXPORTS.iterdir() if path.name.startswith(starts)}
    assert {row[0] for row in TABLE} == names


def test_multi_line_messages_keep_their_blank_lines() -> None:
    second = messages(records("android_en_us_12h.txt"))[1]
    assert second.text == "almost\nonly the title is missing\n\nand the date"


@pytest.mark.parametrize(
    ("name", "index", "caption"),
    [
        ("android_en_us_12h.txt", 4, "the hall before the party"),
        ("android_pt.txt", 2, "a quadra nova"),
        ("ios_en_us_12h.txt", 2, "look at this"),
        ("telegram_chat.json", 3, "the pitch"),
    ],
)
def test_captions_are_the_text_of_a_medium(name: str, index: int, caption: str) -> None:
    message = messages(records(name))[index]
    assert (message.text, message.media is not None) == (caption, True)


def test_marks_and_edit_notes_do_not_reach_the_text() -> None:
    texts = " ".join(m.text + m.sender for m in messages(records("android_en_us_12h.txt")))
    assert "edited" not in texts
    for name in ("ios_en_us_12h.txt", "ios_fr_24h.txt"):
        for message in messages(records(name)):
            assert not {"\u200e", "\u202f"} & set(message.text + message.sender)


def test_names_with_colons() -> None:
    senders = Counter(m.sender for m in messages(records("android_en_gb_24h_group.txt")))
    assert senders == {"Ravi": 1, "Team: Ann": 2, "Team: Bob": 2, "+44 1632 960001": 1}


def test_a_colon_in_what_somebody_writes_is_not_a_name() -> None:
    lines = [f"31/12/2021, 10:0{i} - Mia: {w}: yes" for i, w in enumerate(("a", "b", "c", "d"))]
    found = messages(parse("\n".join(lines)))
    assert [(m.sender, m.text) for m in found][:2] == [("Mia", "a: yes"), ("Mia", "b: yes")]


def test_somebody_who_writes_like_a_system_line_is_not_lost() -> None:
    lines = [
        "31/12/2021, 10:00 - Mia: Jonas left",
        "31/12/2021, 10:01 - Kim added: hello",
        "31/12/2021, 10:02 - Kim added: hello again",
        "31/12/2021, 10:03 - Jonas: video call tonight?",
    ]
    found = messages(parse("\n".join(lines)))
    assert [m.sender for m in found] == ["Mia", "Kim added", "Kim added", "Jonas"]
    assert [m.media for m in found] == [None] * 4


def test_telegram_owner_and_text_entities() -> None:
    found = records("telegram_account.json")
    assert all(chat.owner_known for chat in found if isinstance(chat, ImportedChat))
    written = messages(found)
    assert [m.mine for m in written] == [m.sender_id == "user222" for m in written]
    assert written[2].text == "see https://example.com later"
    assert written[1].sent_at == datetime(2024, 10, 9, 19, 32, 23, tzinfo=timezone.utc)
    alone = records("telegram_chat.json")
    assert {m.mine for m in messages(alone)} == {None}
    assert messages(alone)[4].sender == "user333"  # a deleted account has no name


def test_what_telegram_could_not_export_is_nobodys() -> None:
    document = json.loads(telegram(text="hi"))
    document["messages"].append({"id": 2, "type": "unsupported"})
    assert [m.text for m in messages(parse(json.dumps(document)))] == ["hi"]


def telegram(**row: object) -> str:
    sent = {"type": "message", "from": "Al", "from_id": "user1", "text": "", **row}
    return json.dumps({"type": "personal_chat", "id": 1, "messages": [sent]})


@pytest.mark.parametrize(
    ("poll", "text"),
    [
        ({"question": "Pizza?", "answers": [{"text": "yes"}, {"text": "no"}]},
         "Pizza?\n1. yes\n2. no"),
        ({"question": ["Pi", {"type": "bold", "text": "zza?"}], "answers": [{"text": ["yes"]}]},
         "Pizza?\n1. yes"),
        ({"question": "Pizza?", "answers": "none"}, "Pizza?"),
        (["no poll"], ""),
    ],
)  # fmt: skip
def test_the_words_of_a_telegram_poll_are_kept(poll: object, text: str) -> None:
    (message,) = messages(parse(telegram(poll=poll)))
    assert (message.text, message.media) == (text, None)
    (message,) = messages(parse(telegram(text="vote!", poll=poll)))
    assert message.text == f"vote!\n{text}".strip()


@pytest.mark.parametrize("kind", ["contacts", "frequent_contacts"])
@pytest.mark.parametrize("indent", [None, 1])
def test_a_telegram_account_may_begin_with_many_contacts(kind: str, indent: int | None) -> None:
    contact = {"user_id": 1, "first_name": "Kim", "phone_number": "+15555550101"}
    people = {"about": "people you know", "list": [contact] * 2_000}
    chat = json.loads(telegram(text="hi"))
    account = {"about": "your data", "profile_pictures": [], kind: people,
               "chats": {"about": "chats", "list": [chat]}}  # fmt: skip
    data = json.dumps(account, indent=indent)
    assert data.index("chats") > HEAD_BYTES
    assert [message.text for message in messages(parse(data))] == ["hi"]


def test_json_lines_keep_unknown_gaps_unknown() -> None:
    found = messages(records("conversations.jsonl"))
    assert [m.offset_s for m in found] == [0.0, 8.0, 20.5, None, None]
    assert [m.sent_at is None for m in found] == [False, False, False, True, True]
    assert [m.mine for m in found] == [None, True, None, None, True]
    assert found[2].id == "m3"


def test_of_a_very_long_message_the_middle_is_cut() -> None:
    row = {"id": "a", "messages": [{"sender": "peer", "text": "start" + "x" * 70_000 + "end"}]}
    found = parse(json.dumps(row))
    text = messages(found)[0].text
    assert (len(text), text[:6], text[-4:]) == (65_536, "startx", "xend")
    assert [p.what for p in problems(found)] == ["a message was cut at 65,536 characters"]


def test_very_long_messages_are_cut_and_said_so() -> None:
    line = "31/12/2021, 10:00 - Mia: " + "a" * 2_000_000
    found = parse(f"{line}\n31/12/2021, 10:01 - Jonas: ok\n")
    first, second = messages(found)
    assert (len(first.text), second.text) == (MAX_TEXT, "ok")
    problem = problems(found)[0]
    assert (problem.line, "cut" in problem.what) == (1, True)


def test_no_representation_shows_text_or_names() -> None:
    shown = repr(records("android_en_us_12h.txt")) + repr(records("telegram_account.json"))
    for word in ("Mia", "poster", "Robin", "later", "555"):
        assert word not in shown
