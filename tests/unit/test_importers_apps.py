"""Signal, SMS, Instagram, Messenger, Element, LINE, Discord: what each fixture holds, exactly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from exports import EXPORTS, chats, messages, parse, problems, records
from safelight.importers import (
    ImportedChat,
    ImportedMessage,
    ImportProblem,
    Record,
    read,
)
from safelight.importers.meta import repaired
from safelight.importers.records import CLOCK_ZONE
from safelight.importers.source import groups, joined, open_path


def line(message: ImportedMessage) -> str:
    """One message as one line: seconds after 2024-04-01 18:00, who, [medium], text."""
    start = 1711994400
    seconds = "?" if message.sent_at is None else f"{message.sent_at.timestamp() - start:g}"
    medium = f" [{message.media}]" if message.media else ""
    who = {True: "me", False: message.sender, None: message.sender + "?"}[message.mine]
    return f"{seconds} {who}{medium}: {message.text}"


# file -> its chats and messages in the order read; a chat starts with "#"
HOLDS: dict[str, list[str]] = {
    "signal_cli_receive.jsonl": [
        "# aaaaaaaa-0000-4000-8000-000000000001",
        "5601 Nora: are you coming to practice?",
        "5661 me: yes, at five",
        "5720 Nora [image]: our new court",
        "5730 Nora: our new tennis court",
        "5740 Nora [deleted]: ",
        "5750 Nora [call]: ",
        "5800 me [sticker]: ",
        "5810 Nora [voice]: ",
        "5820 Nora: à demain, 👋",
    ],
    "signal_cli_jsonrpc_group.jsonl": [
        "# R3JvdXA=",
        "5600 Nora: who brings the ball?",
        "5605 Omar: I can",
        "5609 me: thanks Omar",
        "5611 Omar: ok",
        "# aaaaaaaa-0000-4000-8000-000000000001",
        "5609.5 Nora: just you and me: is it his birthday?",
        "5609.9 me: on Friday",
    ],
    "signal_own_export.jsonl": [
        "# Kim Lee",
        "0 Kim Lee: are you coming to practice?",
        "60 me: yes, at five",
        "120 Kim Lee [image]: our new court",
        "130 Kim Lee [voice]: ",
        "140 Kim Lee: see you at nine",
        "200 Kim Lee: see you at eight",
        "210 Kim Lee [image]: ",
        "220 Kim Lee [deleted]: ",
        "230 me [sticker]: ",
        "250 Kim Lee [call]: ",
        "# Tennis",
        "65 Omar: who brings the ball?",
        "240 me: when?\n1. five\n2. six",
        "260 me [call]: ",
        "# +447700900789",
    ],
    "signal_export_data.json": [
        "# signal_export_data",
        "0.12 Lena: kommst du morgen mit ins Kino?",
        "60 me: ja gern!",
        "120 Lena [image]: ",
        "180 Lena [sticker]: ",
        "240 me [deleted]: ",
        "300 Lena [call]: ",
    ],
    "signal_desktop_rows.json": [
        "# c-1",
        "5600 aaaaaaaa-0000-4000-8000-000000000001: ¿vienes al parque?",
        "5660 me: sí, a las seis",
        "5690 aaaaaaaa-0000-4000-8000-000000000001 [deleted]: ",
        "5695 me [call]: ",
        "# c-2",
        "5670 aaaaaaaa-0000-4000-8000-000000000002 [video]: first word",
        "5699 aaaaaaaa-0000-4000-8000-000000000002: see you at nine",
        "5730 aaaaaaaa-0000-4000-8000-000000000002: see you at eight",
        "# c-3",
    ],
    "signal_desktop_rows_bom.jsonl": [
        "# c-1",
        "5600 aaaaaaaa-0000-4000-8000-000000000001: ¿vienes al parque?",
        "5660 me: sí, a las seis",
    ],
    "sms_backup.xml": [
        "# +15555550101",
        "5600 Nora: did you see the game? 😀",
        "5660 me: yes & it was great <3\nsee you",
        '5662 Nora: look data="QUJD" 👍',
        "5664 me: ",
        "# 5550199",
        "5661 5550199: Your code is 123456",
        "# SHOP",
        "5665 SHOP: half a face: \ufffd and \ufffd",
    ],
    "sms_mms.xml": [
        "# +15555550101",
        "5700 Nora: here it comes",
        "5800 Nora [image]: our cat 🙈",
        "5900 me: lovely",
        "6000 me [video]: ",
        "6300 Nora [contact]: ",
        "6400 Nora [file]: ",
        "# +15555550101~+15555550102",
        "6100 +15555550102: hi both",
        "6200 me: hello group",
    ],
    "sms_empty.xml": [],
    "sms_utf16.xml": ["# 5550101", "5600 ゆい: 明日の試合、来る?"],
    "instagram_message.json": [
        "# zoedraws_123",
        "5600 Max Müller?: Grüße aus Köln",
        "5630 zoé_draws?: ça va ?",
        "5640 zoé_draws?: trois",
        "5640 Max Müller?: c’était génial 😀",
        "5650 zoé_draws? [image]: ",
        "5660 Max Müller? [voice]: ",
        "5670 zoé_draws?: You sent an attachment.\nhttps://example.com/reel",
        "5680 Max Müller? [deleted]: ",
        "5690 zoé_draws? [call]: ",
    ],
    "instagram_bom.json": ["# ivy_3", "5600 ivy?: hi there"],
    "instagram_empty.json": ["# nobody_1"],
    "messenger_group.json": [
        "# thechoir_9",
        "5600 Ana? [file]: Noten sind da",
        "5601 Bo?: ¡ensayo a las siete!",
        "5603 Chi? [call]: ",
        "5604 Ana? [sticker]: ",
        "5605 Bo? [image]: ",
    ],
    "messenger_not_mojibake.json": [
        "# ed_5",
        "5600 Ed?: mañana",
        "5601 Ed?: naïve Ã and 😀 together",
        "5602 Flo?: café",
    ],
    "messenger_encrypted.json": [
        "# Zoë Kern_7",
        "5600 Zoë Kern?: è già tardi?",
        "5605 Zoë Kern? [deleted]: ",
        "5609 Ana Lu? [video]: ",
    ],
    "element_chat.json": [
        "# Book club",
        "5600 Nia: what do we read next?",
        "5610 me: something short",
        "5620 Nia [image]: ",
        "5630 Nia [image]: the whole shelf",
        "5640 me [sticker]: ",
        "5645 me: waves",
        "5660 Nia [deleted]: ",
        "5670 me: at five",
        "5675 me: at six",
        "5680 Nia [call]: ",
        "5690 Nia: Which day?\n1. Mon\n2. Tue",
        "5695 me: > not a quote, my own line",
    ],
    "element_direct_ja.json": [
        "# ゆい",
        "5600 @nia:example.com: 明日ひま?",
        "5660 me: うん、どこ行く?",
    ],
    "element_owner_unknown.json": [
        "# Team",
        "5600 @nia:example.com?: hello",
        "5601 @max:example.com?: hi",
    ],
    "element_empty.json": ["# Nothing yet"],
    "line_ja.txt": [
        "# line_ja",
        "5580 ゆい?: 明日ひま？",
        '5640 健?: うん、\nどこ行く？\n\n"駅前"でいい？',
        "5700 ゆい? [sticker]: ",
        "5760 ゆい? [image]: ",
        "5820 健? [video]: ",
        "5880 ゆい? [voice]: ",
        "5940 健? [file]: 地図.pdf",
        "6000 ゆい? [location]: 東京駅 https://maps.google.com/?q=1,2",
        "6060 ゆい? [call]: ",
        "6120 健? [call]: ",
        "6180 ゆい? [deleted]: ",
        "6300 健? [contact]: ",
        "50400 ゆい?: おはよう",
    ],
    "line_ja_group_12h.txt": [
        "# line_ja_group_12h",
        "5580 ゆい?: 練習は何時から？",
        "5640 健?: 五時",
        "5700 ゆい?: ゆいがグループ名を「春の会」に変更しました。",
        "21540 健?: おやすみ",
        "21900 ゆい?: おやすみ",
    ],
    "line_ja_computer.txt": [
        "# line_ja_computer",
        "5580 田中 ゆい?: 明日ひま？",
        "5640 田中 健?: うん",
        "5700 田中 ゆい? [image]: ",
        "5760 田中 ゆい?: どこ行く？",
        "5820 田中 健?: 駅前\nでいい？",
        "5880 田中 健?: 五時に",
        "50400 田中 ゆい?: おはよう",
    ],
    "line_en_12h.txt": [
        "# line_en_12h",
        "5580 Kim?: hello",
        "5640 Sam?: two\nlines",
        "5700 Kim? [sticker]: ",
        "5760 Kim? [call]: ",
        "5820 Kim? [call]: ",
        "5880 Kim? [deleted]: ",
        '5940 Sam?: "yes", she said',
    ],
    "line_de.txt": [
        "# line_de",
        "5580 Kim?: hallo",
        "5640 Sam? [image]: ",
        "5700 Kim? [voice]: ",
        "50400 Kim? [location]: ",
    ],
    "discord_direct.json": [
        "# 501",
        "5600 Kim?: hello",
        "5660.5 Kim?: hi",
        "5720.12 Kim? [image]: our cat",
        "5780 Kim? [sticker]: ",
        "5840 Kim? [voice]: ",
        "5900 Kim? [call]: ",
        "6200 Kim?: from the club",
    ],
    "discord_server.json": [
        "# 502",
        "5660 Kim?: who brings the notes?",
        "5720 Helper?: Practice\nat five",
        "5780 Kim?: Changed the channel name: notes",
    ],
}

# file -> what could be read, then (line, words, refused) of each problem in order
DAMAGED: dict[str, tuple[list[str], list[tuple[int | None, str, int]]]] = {
    "signal_cli_damaged.jsonl": (
        ["5600 Nora: first", "? Nora: third", "5603 me: fourth"],
        [
            (2, "not valid JSON", 0),
            (3, "not a JSON object", 0),
            (5, "date of a message", 0),
            (7, "not valid JSON", 0),
            (None, "1 could not be decrypted", 0),
        ],
    ),
    "signal_desktop_truncated.json": (
        [
            "5600 aaaaaaaa-0000-4000-8000-000000000001: ¿vienes al parque?",
            "5660 me: sí, a las seis",
            "5690 aaaaaaaa-0000-4000-8000-000000000001 [deleted]: ",
            "5670 aaaaaaaa-0000-4000-8000-000000000002 [video]: first word",
        ],
        [(6, "too early", 1)],
    ),
    "sms_damaged.xml": (
        [
            "5600 Nora: first",
            "5602 Nora: after the broken ones",
            "? me: no date",
            "5604 Nora: the last one read",
        ],
        [
            (5, "not valid XML", 0),
            (6, "not valid XML", 0),
            (8, "neither sent nor received", 0),
            (9, "date of a message", 0),
            (15, "not valid XML", 0),
            (None, "too early", 1),
        ],
    ),
    "sms_doctype.xml": ([], [(2, "entities are declared", 1)]),
    "sms_external.xml": ([], [(2, "entities are declared", 1)]),
    "sms_calls.xml": ([], [(None, "2 of the call log left out", 0)]),
    "instagram_damaged.json": (
        ["5600 unknown?: one", "? Max?: two", "5603 ivy?: three"],
        [
            (17, "not a JSON object", 0),
            (18, "date of a message", 0),
            (24, "no sender", 0),
            (28, "too early", 1),
        ],
    ),
    "element_undecryptable.json": (
        ["5600 me: anyone there?", "5603 @nia:example.com [deleted]: "],
        [(None, "2 could not be decrypted", 0)],
    ),
    "element_truncated.json": (
        ["5600 me: one", "? @nia:example.com: two"],
        [(22, "date of a message", 0), (36, "too early", 1)],
    ),
    "line_damaged.txt": (
        ["? Kim?: before any day", "5580 Kim?: one", "? Sam?: two", '5700 Kim?: "three'],
        [(4, "date does not exist", 0), (7, "date does not exist", 0)],
    ),
    "discord_damaged.json": (
        ["5600 Kim?: one", "? Kim?: two", "5720 unknown?: three"],
        [
            (45, "not a JSON object", 0),
            (46, "date of a message", 0),
            (70, "no sender", 0),
            (85, "too early", 1),
        ],
    ),
    "discord_text.txt": ([], [(1, "export the chat again, as JSON", 1)]),
}

_APPS = ("signal_", "sms_", "instagram_", "messenger_", "element_", "line_", "discord_")


@pytest.mark.parametrize("name", HOLDS)
def test_fixture(name: str) -> None:
    found = records(name)
    assert problems(found) == []
    shown = [f"# {r.id}" if isinstance(r, ImportedChat) else line(r)
             for r in found if not isinstance(r, ImportProblem)]  # fmt: skip
    assert shown == HOLDS[name]


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_fixture(name: str) -> None:
    kept, wrong = DAMAGED[name]
    found = records(name)
    assert [line(message) for message in messages(found)] == kept
    told = problems(found)
    assert [(problem.line, problem.refused) for problem in told] == [
        (number, refused) for number, _, refused in wrong
    ]
    for problem, (_, words, _) in zip(told, wrong, strict=True):
        assert words in problem.what
        assert problem.file == name


def test_every_fixture_of_these_apps_has_a_row() -> None:
    names = {path.name for path in EXPORTS.iterdir() if path.name.startswith(_APPS)}
    assert {*HOLDS, *DAMAGED} == names
    assert not HOLDS.keys() & DAMAGED.keys()


@pytest.mark.parametrize("name", [*HOLDS, *DAMAGED])
def test_owner_is_known_where_the_file_says_it(name: str) -> None:
    found = records(name)
    asked = ("instagram", "messenger", "element_owner", "element_empty", "line", "discord")
    known = not name.startswith(asked)
    assert {chat.owner_known for chat in chats(found)} <= {known}
    assert {message.mine is not None for message in messages(found)} <= {known}


def test_people_who_have_not_written_can_be_chosen_as_the_owner() -> None:
    (chat,) = chats(records("instagram_message.json"))
    assert chat.people == ("zoé_draws", "Max Müller")
    (empty,) = chats(records("instagram_empty.json"))
    assert empty.people == ("nobody_here", "Max")


def test_ids_of_people_and_messages() -> None:
    first = messages(records("signal_cli_receive.jsonl"))[0]
    assert (first.id, first.sender_id) == ("1712000001000", "aaaaaaaa-0000-4000-8000-000000000001")
    assert messages(records("element_chat.json"))[0].id == "$e2"
    assert messages(records("sms_backup.xml"))[0].sender_id == "+15555550101"
    # Two people of one name are told apart.
    assert {m.sender_id for m in messages(records("discord_direct.json"))} == {"90", "91"}


@pytest.mark.parametrize(
    ("name", "media", "file_name"),
    [
        ("line_ja.txt", "file", "地図.pdf"),
        ("discord_direct.json", "image", "cat.png"),
        ("signal_own_export.jsonl", "image", "court.jpg"),
    ],
)
def test_the_name_of_a_file_is_kept(name: str, media: str, file_name: str) -> None:
    found = next(m for m in messages(records(name)) if m.media == media)
    assert found.file_name == file_name


def test_two_chats_of_signal_with_people_of_one_name_have_two_names() -> None:
    rows = ['{"version":"1","backupTimeMs":"1"}']
    for n in ("2", "3"):
        rows += [
            f'{{"recipient":{{"id":"{n}","contact":{{"profileGivenName":"Kim"}}}}}}',
            f'{{"chat":{{"id":"1{n}","recipientId":"{n}"}}}}',
            f'{{"chatItem":{{"chatId":"1{n}","authorId":"{n}","dateSent":"1","incoming":{{}},'
            '"standardMessage":{"text":{"body":"hi"}}}}',
        ]
    for text in ("\n".join(rows), f"[{','.join(rows)}]"):
        found = parse(text)
        assert [chat.id for chat in chats(found)] == ["Kim", "Kim (13)"]
        assert [m.sender_id for m in messages(found)] == ["2", "3"]
        assert problems(found) == []


def test_a_clock_without_a_zone_is_told_from_utc() -> None:
    assert {m.sent_at.tzinfo for m in messages(records("line_ja.txt")) if m.sent_at} == {CLOCK_ZONE}
    zones = {m.sent_at.tzinfo for m in messages(records("discord_direct.json")) if m.sent_at}
    assert not any(zone is CLOCK_ZONE for zone in zones)


@pytest.mark.parametrize(
    ("spelt", "meant"),
    [
        ("Ã©tÃ©", "été"),
        ("ð\x9f\x98\x80", "😀"),
        ("plain", "plain"),
        ("été", "été"),  # not UTF-8 as bytes
        ("Ã© 😀", "Ã© 😀"),  # not bytes at all: left whole
        ("Ã© Ã", "Ã© Ã"),  # only half of it would decode
        ("", ""),
    ],
)
def test_mojibake_is_repaired_only_as_a_whole(spelt: str, meant: str) -> None:
    assert repaired(spelt) == meant


def part(*times: int, **about: object) -> str:
    rows = [{"sender_name": "ivy", "timestamp_ms": t * 1000, "content": f"m{t}"} for t in times]
    return json.dumps({"participants": [{"name": "ivy"}], "messages": rows,
                       "thread_path": "inbox/ivy_1", **about})  # fmt: skip


def read_parts(folder: Path, texts: list[str]) -> list[Record]:
    paths = [folder / f"message_{number}.json" for number in range(1, len(texts) + 1)]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    (group,) = groups([str(path) for path in paths])
    opened = joined([open_path(path) for path in group])
    assert opened.size == sum(len(text) for text in texts)
    found = list(read(opened))
    opened.rewind()
    assert list(read(opened)) == found
    opened.close()
    return found


def test_files_of_one_chat_are_one_chat_in_time_order(tmp_path: Path) -> None:
    found = read_parts(tmp_path, [part(9, 8), part(3, 2, 1), part(7, 5)])
    assert len(chats(found)) == 1
    assert [m.text for m in messages(found)] == ["m1", "m2", "m3", "m5", "m7", "m8", "m9"]


def test_a_broken_part_costs_itself_alone(tmp_path: Path) -> None:
    found = read_parts(tmp_path, [part(9, 8)[:-20], "", part(2, 1)])
    assert [m.text for m in messages(found)][:2] == ["m1", "m2"]
    assert [(p.file, p.refused) for p in problems(found)] == [
        ("message_1.json", 1),
        ("message_2.json", 1),
    ]


def test_parts_of_another_chat_keep_their_own_start(tmp_path: Path) -> None:
    found = read_parts(tmp_path, [part(9), part(2, thread_path="inbox/bo_2")])
    assert [chat.id for chat in chats(found)] == ["bo_2", "ivy_1"]


def test_which_files_belong_together() -> None:
    paths = ["a/message_1.json", "b/message_1.json", "chat.txt", "a/message_2.json", "-"]
    assert groups(paths) == [["a/message_1.json", "a/message_2.json"], ["b/message_1.json"],
                             ["chat.txt"], ["-"]]  # fmt: skip
    twice = ["message_1.json", "message_1.json"]
    assert groups(twice) == [["message_1.json"], ["message_1.json"]]


def test_no_representation_shows_text_or_names() -> None:
    shown = "".join(repr(records(name)) for name in (*HOLDS, *DAMAGED))
    for word in ("Nora", "practice", "555555", "Zoë", "été", "Book", "Lena", "nia:", "ゆい"):
        assert word not in shown
