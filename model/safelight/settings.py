"""What the person using the phone has chosen, and what is shown because of it. Pure.

The policy says what a chat looks like; these choices say how much of that is shown. They are the
person's alone: there is no code, no owner, no deadline and no file from elsewhere that sets or
holds them. The app keeps them, and gives them back at the start.
"""

from __future__ import annotations

from dataclasses import dataclass

from safelight.policy_config import SENSITIVITIES
from safelight.types import Form, Level


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices that hold for all chats; a mute belongs to its chat.

    on: False reads nothing and shows nothing. sensitivity: "low", "standard" or "high", the three
    policies of the bundle. discreet: one neutral line in place of every card, and questions
    without their explanation. friction: whether to ask before sending and to cover what arrives.
    ValueError on anything else.
    """

    on: bool = True
    sensitivity: str = "standard"
    discreet: bool = False
    friction: bool = True

    def __post_init__(self) -> None:
        if self.sensitivity not in SENSITIVITIES:
            raise ValueError(f"sensitivity must be one of {', '.join(SENSITIVITIES)}")
        for name in ("on", "discreet", "friction"):
            if not isinstance(getattr(self, name), bool):
                raise ValueError(f"{name} must be True or False")


def shown(level: Level, settings: Settings, muted: bool) -> tuple[Level, Form]:
    """Return what a person sees of a level of the policy.

    Off hides everything. A mute hides notice and warning, and leaves one closed line of urgent:
    it is never hidden by a mute.
    """
    if not settings.on:
        return Level.NONE, Form.OFF
    if level == Level.NONE or (muted and level < Level.URGENT):
        return Level.NONE, Form.NOTHING
    return level, Form.LINE if muted or settings.discreet else Form.CARD


def asking_level(level: Level, settings: Settings, muted: bool) -> Level:
    """Return the level by which friction asks: none where off, muted or not wanted.

    A muted chat asks nothing even at urgent: the one closed line is all that a mute leaves.
    """
    return level if settings.on and settings.friction and not muted else Level.NONE
