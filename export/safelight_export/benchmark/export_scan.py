"""A whole account read from end to end: a Telegram export, written here and scanned."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

from safelight_export.benchmark import fresh
from safelight_export.benchmark.engines import SENDERS
from safelight_export.benchmark.texts import Chat

_HEAD = '{"personal_information": {"user_id": 1, "first_name": "Robin"}, "chats": {"list": ['
_FIRST = 1_700_000_000
_PAUSE_S = 40


def write(path: Path, chats: Sequence[Chat], messages: int) -> None:
    """An account of exactly so many messages; chats come again under other numbers."""
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEAD)
        left = messages
        for number, chat in enumerate(cycle(chats)):
            rows = list(_rows(chat["messages"][:left]))
            told = {"name": "Alex", "type": "personal_chat", "id": number + 1, "messages": rows}
            file.write((",\n" if number else "\n") + json.dumps(told, ensure_ascii=False))
            left -= len(rows)
            if not left:
                break
        file.write("]}}\n")


def _rows(messages: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for number, message in enumerate(messages, start=1):
        own = message["sender"] == SENDERS[1]
        yield {
            "id": number,
            "type": "message",
            "date_unixtime": str(_FIRST + _PAUSE_S * number),
            "from": "Robin" if own else "Alex",
            "from_id": "user1" if own else "user2",
            "text": message["text"],
        }


def measure(
    bundle: str, chats: Sequence[Chat], messages: int, commands: int, folder: Path
) -> dict[str, Any]:
    """`commands` scans at once, one a core, which share the messages; until the last has ended.

    bundle: as in fresh.ours.
    """
    paths = [folder / f"result_{number}.json" for number in range(commands)]
    for path in paths:
        write(path, chats, messages // commands)
    options = ("--bundle", bundle, "--allow-unsigned") if bundle else ()
    start = time.monotonic()
    running = [fresh.start("scan", str(path), *options) for path in paths]
    found = [fresh.result(child) for child in running]
    seconds = time.monotonic() - start
    size = sum(path.stat().st_size for path in paths)
    for path in paths:
        path.unlink()
    judged = sum(int(row["messages"]) for row in found)
    if judged != messages // commands * commands:
        raise OSError(f"the scan judged {judged} messages of {messages}")
    return {
        "messages": judged,
        "bytes": size,
        "commands": commands,
        "seconds": round(seconds, 2),
        "peak_mb": max(row["peak_mb"] for row in found),
    }
