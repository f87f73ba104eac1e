"""Every fixture is recognised as what it is, and as nothing else."""

from __future__ import annotations

import json

import pytest

from exports import EXPORTS
from safelight.importers import FORMATS, found, recognise
from safelight.importers.fields import key_paths
from safelight.importers.source import open_path

#: How the name of a fixture starts -> its format.
STARTS = {
    "android_": "whatsapp",
    "ios_": "whatsapp",
    "telegram_": "telegram",
    "conversations": "jsonl",
    "signal_": "signal",
    "sms_": "sms",
    "instagram_": "meta",
    "messenger_": "meta",
    "element_": "matrix",
    "line_": "line",
    "discord_": "discord",
}
#: Formats that are asked last, for what nothing else is sure of.
LAST = ("jsonl", "whatsapp")
FIXTURES = sorted(path.name for path in EXPORTS.iterdir())


def expected(name: str) -> str:
    (format_name,) = {each for start, each in STARTS.items() if name.startswith(start)}
    return format_name


def head(name: str) -> bytes:
    opened = open_path(str(EXPORTS / name))
    opened.close()
    return opened.head


@pytest.mark.parametrize("name", FIXTURES)
def test_fixture(name: str) -> None:
    chosen = recognise(head(name))
    assert chosen is not None and expected(name) == chosen.NAME
    sure = [each.NAME for each in FORMATS if each.NAME not in LAST and each.sniff(head(name))]
    assert sure == ([] if expected(name) in LAST else [expected(name)])


@pytest.mark.parametrize("name", [name for name in FIXTURES if name.endswith(".json")])
@pytest.mark.parametrize("indent", [None, 1, 4])
def test_layout_of_json_does_not_matter(name: str, indent: int | None) -> None:
    try:
        value = json.loads(head(name))
    except ValueError:
        return  # lines, or a file cut short: those have one layout
    chosen = recognise(json.dumps(value, indent=indent, sort_keys=bool(indent)).encode())
    assert chosen is not None and expected(name) == chosen.NAME


@pytest.mark.parametrize("name", FIXTURES)
def test_what_people_write_decides_nothing(name: str) -> None:
    """A JSON lines chat whose text is another app's export stays JSON lines."""
    text = head(name).decode()
    chat = json.dumps({"id": "a", "messages": [{"sender": "peer", "text": text[:20_000]}]})
    chosen = recognise(chat.encode())
    assert chosen is not None and chosen.NAME == "jsonl"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("instagram_message.json", "Instagram or Messenger messages (participants, timestamp_ms)"),
        ("messenger_encrypted.json", "Instagram or Messenger messages (participants, threadName)"),
        ("signal_cli_receive.jsonl", "Signal messages (envelope of signal-cli)"),
        ("signal_own_export.jsonl", "Signal messages (version, backupTimeMs of"),
        ("signal_export_data.json", "Signal messages (date, sender, body, attachments of"),
        ("signal_desktop_rows.json", "Signal messages (conversationId, type, body of"),
        ("sms_backup.xml", "SMS Backup & Restore (XML of smses)"),
        ("element_chat.json", "Element chat (room_name, exported_by)"),
        ("telegram_chat.json", "Telegram Desktop export (the keys"),
        ("line_ja.txt", "LINE text export (the first line is"),
        ("line_ja_computer.txt", "LINE text export (a day with its weekday"),
        ("discord_direct.json", "Discord channel (guild, channel of"),
        ("discord_text.txt", "Discord channel (text, CSV or HTML of"),
        ("android_de.txt", "WhatsApp text export (a line starts"),
        ("conversations.jsonl", "JSON lines (the first line"),
    ],
)
def test_what_was_found_is_said_with_the_marks(name: str, words: str) -> None:
    opened = open_path(str(EXPORTS / name))
    assert (found(opened) or "").startswith(words)
    opened.close()


def test_keys_of_a_head_that_breaks_off() -> None:
    assert key_paths(b'{"a": [{"b": 1, "c": {"d": [2]}}], "e": "f') == {
        "a", "a[].b", "a[].c", "a[].c.d", "e",
    }  # fmt: skip
    for nothing in (b"", b"<a>", b'"a"', b"[" * 100_000, b'{"a" 1}'):
        assert key_paths(nothing) <= {"a"}
