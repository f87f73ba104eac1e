"""Ten thousand messages and what the shipped weights say of them here, for `make parity-wasm`.

SAFELIGHT_ANSWERS=FOLDER python -m pytest tests/sdk/write_long.py
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from safelight import Guard, Message
from safelight_export.benchmark.machine import processor
from safelight_export.parity import sample

STEPS = 10_000
START = datetime(2026, 1, 31, tzinfo=timezone.utc)


def test_write() -> None:
    guard = Guard.load()
    chats = [read(guard, chat) for chat in sample(guard.manifest.languages, STEPS)]
    out = Path(os.environ["SAFELIGHT_ANSWERS"]) / "long.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    found = {"processor": processor(), "model": guard.manifest.model_version, "chats": chats}
    out.write_text(json.dumps(found))


def read(guard: Guard, given: dict[str, Any]) -> list[dict[str, Any]]:
    chat, rows = guard.conversation("c"), []
    for row in given["messages"]:
        offset = row.get("offset_s")
        sent = None if offset is None else START + timedelta(seconds=offset)
        message = Message(row["sender"], row.get("text", ""), row.get("media"), sent)
        seen = guard.step([(chat, message)])[0]
        rows.append(
            {
                "sender": message.sender,
                "text": message.text,
                "media": message.media,
                "sentAt": None if sent is None else int(sent.timestamp() * 1000),
                "level": int(seen.level),
                "risks": list(seen.risks.values()),
                "indicators": list(seen.indicators),
            }
        )
    return rows
