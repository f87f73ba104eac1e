"""What the person has chosen, in one small file of theirs beside the device's keys.

Not in the account: the server would see it, and whoever can write to the account could set it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safelight.settings import Settings
from safelight_matrix.session import SessionError, write_own

FILE = "choices.json"
_FORMAT = 1
_KEYS = {"format", "on", "sensitivity", "discreet", "muted", "fine"}


@dataclass(frozen=True)
class Choices:
    """settings: those for all chats. muted: ids of rooms.

    fine: room → id of the latest message when the person said that what was noticed was fine, so
    that a replay can say it again. No repr holds a room.
    """

    settings: Settings = field(default_factory=Settings)
    muted: frozenset[str] = field(default=frozenset(), repr=False)
    fine: Mapping[str, str] = field(default_factory=dict, repr=False)

    def save(self, folder: Path) -> None:
        """Write into the folder, readable for its owner alone. OSError where that fails."""
        kept = {
            "format": _FORMAT,
            "on": self.settings.on,
            "sensitivity": self.settings.sensitivity,
            "discreet": self.settings.discreet,
            "muted": sorted(self.muted),
            "fine": dict(self.fine),
        }
        write_own(folder / FILE, kept)


def load(folder: Path) -> Choices:
    """Return what was chosen, the defaults where there is no file.

    SessionError if it is damaged: to go on by the defaults would switch on what was off.
    """
    try:
        return _choices(json.loads((folder / FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Choices()
    except (OSError, ValueError):
        raise SessionError(f"{FILE} in the store is damaged: correct it or remove it") from None


def _choices(raw: Any) -> Choices:
    if not isinstance(raw, dict) or set(raw) != _KEYS or raw["format"] != _FORMAT:
        raise ValueError
    muted, fine = raw["muted"], raw["fine"]
    if not isinstance(muted, list) or not isinstance(fine, dict):
        raise ValueError
    if not all(isinstance(name, str) for name in (*muted, *fine.values())):
        raise ValueError
    settings = Settings(
        on=raw["on"], sensitivity=raw["sensitivity"], discreet=raw["discreet"]
    )  # ValueError on anything else
    return Choices(settings, frozenset(muted), fine)
