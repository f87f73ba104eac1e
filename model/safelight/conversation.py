"""One chat: what the model and the policy remember of it, as ids and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from safelight import friction
from safelight.friction import Arrival, Friction
from safelight.friction_words import AskWords
from safelight.policy import PolicyState, this_was_fine
from safelight.settings import asking_level, shown
from safelight.taxonomy import RISKS
from safelight.types import Assessment, Form, Level, Message, Stage

if TYPE_CHECKING:
    from safelight.guard import Guard


@dataclass(frozen=True, eq=False)
class ChatState:
    """All that is kept of a chat; no text. hidden: (state_size,) float32, of the model.

    risks: in the order of taxonomy.RISKS, 0..1. last_sent_at: of the previous message, None
    when unknown. messages: how many were observed. foreign: evidence for a language that the
    model does not know (safelight.language).
    """

    hidden: NDArray[np.float32] = field(repr=False)
    policy: PolicyState = field(default_factory=PolicyState, repr=False)
    risks: tuple[float, ...] = (0.0,) * len(RISKS)
    last_sent_at: datetime | None = None
    messages: int = 0
    foreign: float = 0.0


class Conversation:
    """A chat under observation; made by Guard.conversation. Belongs to one caller at a time."""

    def __init__(self, guard: Guard, id: str, state: ChatState) -> None:
        self._guard = guard
        self.id = id
        #: Replaced as a whole after each message, by the guard.
        self.state = state
        self._muted = False
        #: Whether it was restored without what was found in it.
        self._lost = False

    def observe(
        self,
        *,
        sender: str,
        text: str = "",
        media: str | None = None,
        sent_at: datetime | None = None,
        id: str | None = None,
        replay: bool = False,
    ) -> Assessment:
        """Take the next message of the chat and say what is shown now.

        sender: "self" for the person using the phone, "peer" or, in a group, a peer's name.
        media: one of taxonomy.MEDIA; text is then its caption. sent_at: aware, or None when
        unknown; a message older than the one before counts as sent at once. id: the app's own,
        by default "m0", "m1" … by place. replay: rebuilds the state from old messages; the
        level is reported, `changed` and `raised` stay False, and the first message observed
        afterwards is compared with the level that the replay reached, so that no old card is
        raised again.

        Raises ValueError on a faulty argument (the chat is then as before); no error holds text.
        """
        message = Message(sender, text, media, sent_at, id)
        return self._guard.step([(self, message)], replay=replay)[0]

    def snapshot(self, key: bytes, *, counter: int = 0) -> bytes:
        """Return what is remembered of this chat, encrypted; Guard.restore takes it back.

        key: 32 bytes that the app keeps, the same for all chats. counter: 0 to 2**63 - 1; one that
        grows lets `restore` refuse an old snapshot (it can be read without the key). The length
        tells nothing of the chat. Of a message id or a peer's name of over 64 bytes in UTF-8 only
        a hash is kept (safelight.snapshot_payload.short). ValueError if an argument is faulty.
        """
        return self._guard.snapshot(self, key, counter=counter)

    @property
    def needs_replay(self) -> bool:
        """Whether this chat came out of a snapshot that held its choices alone.

        So it is after a new model: let Guard.replay read the app's own history. False from the
        first message on, and after `wipe`.
        """
        return self._lost and self.messages == 0

    @property
    def level(self) -> Level:
        """The level that is shown now."""
        return self._shown()[0]

    @property
    def form(self) -> Form:
        """How to show the level now."""
        return self._shown()[1]

    @property
    def stage(self) -> Stage:
        """The stage that picks the advice now."""
        return self.state.policy.stage if self.level else Stage.NONE

    @property
    def risks(self) -> dict[str, float]:
        """Risk → probability 0..1 for the chat so far; zeros before the first message."""
        return dict(zip(RISKS, self.state.risks, strict=True))

    @property
    def messages(self) -> int:
        """How many messages were observed, replayed ones included."""
        return self.state.messages

    def before_send(self, kind: str, language: str = "en") -> Friction:
        """Say whether to ask before something is sent, and in which words.

        kind: one of friction.SENDING: "text", "image", "video", "location", "payment" …
        (ValueError otherwise). The app asks on this screen and then does what the person says;
        nothing is sent, held back or marked meanwhile.
        """
        words, level, stage, discreet = self._asking(language)
        return friction.before_send(words, kind, level, stage, discreet=discreet)

    def on_arrival(self, kind: str, language: str = "en") -> Arrival:
        """Say how to show something of a peer that was fetched and acknowledged as usual.

        kind: as in before_send. The cover is on this screen alone, and one tap takes it off.
        """
        words, level, stage, discreet = self._asking(language)
        return friction.on_arrival(words, kind, level, stage, discreet=discreet)

    def _asking(self, language: str) -> tuple[AskWords, Level, Stage, bool]:
        """In which words, by which level and stage, and whether discreetly friction asks now."""
        settings, policy = self._guard.settings, self.state.policy
        level = asking_level(policy.level, settings, self._muted)
        return self._guard._ask_words(language), level, policy.stage, settings.discreet

    @property
    def muted(self) -> bool:
        """Whether this chat is muted; a snapshot keeps it, otherwise the app does."""
        return self._muted

    @property
    def choices(self) -> dict[str, Any]:
        """What the person chose for this chat, as JSON values; snapshots keep it for any model."""
        return {"muted": self._muted}

    @choices.setter
    def choices(self, kept: Mapping[str, Any]) -> None:
        self._muted = kept.get("muted") is True

    def mute(self) -> None:
        """Show no notice and no warning in this chat, ask nothing; urgent is one closed line.

        The chat is still read. A level that was hidden is shown after `unmute` without a new card.
        """
        self._muted = True

    def unmute(self) -> None:
        """Show everything in this chat again."""
        self._muted = False

    def this_was_fine(self) -> None:
        """What was noticed so far no longer counts; see policy.this_was_fine.

        Tells nobody and teaches nothing. A replay knows of it only if the app, which keeps after
        which message it was said, calls it there again.
        """
        self.state = replace(self.state, policy=this_was_fine(self.state.policy))

    def wipe(self) -> None:
        """Forget all that Safelight knows of this chat. Messages are the app's, and untouched.

        A mute stays: it is a choice, not something found. A snapshot is the app's to erase, and an
        app that replays its history keeps from which message on, so that nothing earlier returns.
        """
        self.state, self._lost = self._guard._fresh(), False

    def _shown(self) -> tuple[Level, Form]:
        return shown(self.state.policy.level, self._guard.settings, self._muted)

    def __repr__(self) -> str:
        return f"Conversation(messages={self.messages}, level={self.level.label})"
