"""Guard: a loaded bundle that watches any number of conversations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from os import PathLike
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safelight import reading, snapshot
from safelight.advice import AdviceBook
from safelight.assess import check, gap, moved, unread
from safelight.bundle_files import Bundle, read_pinned, read_signed, read_unsigned
from safelight.conversation import ChatState, Conversation
from safelight.friction_words import WHERE, AskWords, parse_ask_book
from safelight.graph import Graph, Step
from safelight.guides import Guide, GuideBook
from safelight.indicators import Indicator, parse_indicators
from safelight.manifest import Manifest
from safelight.pin import PINNED_MANIFEST_SHA256
from safelight.recontact import Recontact
from safelight.settings import Settings
from safelight.types import SELF, Assessment, Message, Outputs
from safelight.why import Why, why

#: The bundle that the package carries.
SHIPPED = Path(__file__).parent / "bundle"
_WORDS = Path(__file__).parent / WHERE
#: Messages of a chat that are read in a row where all are there: more are hardly quicker.
AT_ONCE = 32
#: Kept beside the choices of a chat that was restored without its state and not replayed yet.
_LOST = "lost"


class Guard:
    """A loaded bundle and the choices of the person using the phone.

    Threads may share it: the bundle does not change, and the choices are one frozen value that is
    swapped as a whole; each step goes by those that held when it began. A conversation is one
    caller's. No choice is written anywhere: the app keeps `settings` and sets them at the start.
    """

    def __init__(self, bundle: Bundle) -> None:
        """Build from a bundle that was read and trusted; most callers want Guard.load."""
        files = bundle.files
        self.manifest: Manifest = bundle.manifest
        self.book = AdviceBook.from_files(files)
        self._guides = GuideBook.from_files(files)
        #: id → what it means and its public sources.
        self.indicators: Mapping[str, Indicator] = parse_indicators(files["indicators.json"])
        self._model = bytes.fromhex(bundle.manifest.files["model.onnx"].sha256)
        self._asks = parse_ask_book(_WORDS.read_bytes())
        self._settings, self._changing = Settings(), Lock()
        table = reading.parse_json(files["text.json"], "text.json")
        self._graph = Graph(files["model.onnx"], files["tokenizer.json"], table, bundle.manifest)

    @classmethod
    def load(
        cls,
        path: str | PathLike[str] | None = None,
        *,
        key: bytes | None = None,
        key_id: str | None = None,
        min_sequence: int = 0,
        allow_unsigned: bool = False,
    ) -> Guard:
        """Load a bundle: the one in this package, or, with `path`, another folder.

        Another folder needs `key`, the 32 bytes of an Ed25519 public key that signed it (with
        `key_id`, under that name), or allow_unsigned=True, for research. A sequence below
        `min_sequence` is refused. Files are read once. BundleError if the bundle is refused;
        ValueError if the arguments do not go together.
        """
        if path is None:
            if key is not None or key_id is not None or min_sequence or allow_unsigned:
                raise ValueError("the bundle of this package is pinned: give a path, or no options")
            return cls(read_pinned(SHIPPED, PINNED_MANIFEST_SHA256))
        folder = Path(path)
        if key is None and key_id is not None:
            raise ValueError("key_id names the key of a signature: give key=… too")
        if key is not None:
            return cls(read_signed(folder, key, key_id=key_id, min_sequence=min_sequence))
        if not allow_unsigned:
            raise ValueError("a bundle from elsewhere needs key=… or allow_unsigned=True")
        return cls(read_unsigned(folder, min_sequence=min_sequence))

    @property
    def settings(self) -> Settings:
        """The choices that hold now, for an app to keep; set them to bring them back."""
        return self._settings

    @settings.setter
    def settings(self, chosen: Settings) -> None:
        if not isinstance(chosen, Settings):
            raise ValueError("settings must be Settings")
        with self._changing:
            self._settings = chosen

    def off(self) -> None:
        """Hide everything and read nothing, until `on`; the chats stay as they are.

        Messages may still be observed; they are skipped. Once on again, a chat goes on from what
        it knew; observed with replay=True, the messages of the time between bring it to exactly
        where it would be had the guard been on.
        """
        self._change(on=False)

    def on(self) -> None:
        """Read and show again; see `off`."""
        self._change(on=True)

    @property
    def sensitivity(self) -> str:
        """ "low", "standard" or "high": the policy by which the next message is judged."""
        return self._settings.sensitivity

    @sensitivity.setter
    def sensitivity(self, chosen: str) -> None:
        self._change(sensitivity=chosen)

    @property
    def discreet(self) -> bool:
        """Whether cards are closed to one neutral line. A lock screen shows that line only."""
        return self._settings.discreet

    @discreet.setter
    def discreet(self, chosen: bool) -> None:
        self._change(discreet=chosen)

    @property
    def friction(self) -> bool:
        """Whether to ask before sending, and to cover what arrives, where a level is shown."""
        return self._settings.friction

    @friction.setter
    def friction(self, chosen: bool) -> None:
        self._change(friction=chosen)

    def _change(self, **chosen: Any) -> None:
        with self._changing:  # two changes at once must both hold
            self._settings = replace(self._settings, **chosen)

    def line(self, language: str, *, in_chat: bool = False) -> str:
        """Return the neutral closed line, which says at every level no more than that there is one.

        in_chat: the line to which a card is closed (Form.LINE); otherwise all that a lock screen
        may show.
        """
        return self.book.words(language).ui["muted_urgent" if in_chat else "discreet"]

    def _ask_words(self, language: str) -> AskWords:
        return self._asks.words(language)

    def conversation(self, id: str) -> Conversation:
        """Start a conversation. id: the app's own, kept as it is; only snapshots use it."""
        return Conversation(self, id, self._fresh())

    def _fresh(self) -> ChatState:
        return ChatState(np.zeros(self._graph.state_size, np.float32))

    def guide(self, id: str, language: str) -> Guide:
        """Return a page of fixed text, which knows nothing of any chat.

        id: "after", for the young person, or "caregiver", for parents and carers; ValueError
        otherwise. language: as in Assessment.advice; Guide.language says which was found.
        """
        return self._guides.guide(id, language)

    def step(
        self, batch: Sequence[tuple[Conversation, Message]], *, replay: bool = False
    ) -> list[Assessment]:
        """Observe one message in each of many conversations at once, in the order of `batch`.

        The conversations must be different ones, started by this guard. See
        Conversation.observe; if anything is refused, no conversation has moved.
        """
        chats = [chat for chat, _ in batch]
        if len({id(chat) for chat in chats}) != len(chats):
            raise ValueError("a conversation stands twice in the batch")
        settings = self._settings
        for chat, message in batch:
            self._check_own(chat)
            check(message)
        if not settings.on:
            return [unread(self.book) for _ in batch]
        after = [self._read(chat, (message,), settings, replay) for chat, message in batch]
        for chat, (state, _) in zip(chats, after, strict=True):
            chat.state = state
        return [seen[0] for _, seen in after]

    def _follow(
        self, chat: Conversation, messages: Sequence[Message], *, replay: bool = False
    ) -> list[Assessment]:
        """Observe these messages of one chat: as one after the other, but quicker.

        All go by the settings of the first; if one is refused, the chat has not moved.
        """
        settings = self._settings
        self._check_own(chat)
        for message in messages:
            check(message)
        if not settings.on:
            return [unread(self.book) for _ in messages]
        chat.state, seen = self._read(chat, messages, settings, replay)
        return seen

    def _read(
        self, chat: Conversation, messages: Sequence[Message], settings: Settings, replay: bool
    ) -> tuple[ChatState, list[Assessment]]:
        """Return the state of a chat after these messages, and what each shows; moves nothing."""
        # Each stage takes all messages in a row: the model is then still in the processor's
        # caches, where the tokenizer and the policy push it out.
        chunks = [self._graph.encode(message.text, message.media) for message in messages]
        state, found = chat.state, list[tuple[Message, Outputs, NDArray[np.float32]]]()
        hidden, before = state.hidden, state.last_sent_at
        for message, ids in zip(messages, chunks, strict=True):
            step = Step(ids, message.sender == SELF, gap(before, message.sent_at), hidden)
            outputs, hidden = self._graph.one(step)
            found.append((message, outputs, hidden))
            before = message.sent_at
        seen = []
        for each in found:
            state, shown = moved(
                self.manifest, self.book, state, *each, settings, chat.muted, replay
            )
            seen.append(shown)
        return state, seen

    def replay(self, chat: Conversation, messages: Iterable[Message]) -> Assessment | None:
        """Go on with `chat` through old messages without raising old cards, see `observe`.

        messages: in order, from the app's own history; any iterable, read once, and one that is no
        sequence message by message, so that `this_was_fine` may be called between two of them. A
        restored chat needs those that came after its snapshot. Returns the assessment after the
        last, None where there was none. If one is refused (ValueError), the chat is as before.
        """
        before, seen, left = chat.state, None, iter(messages)
        at_once = AT_ONCE if isinstance(messages, Sequence) else 1
        try:
            while some := list(islice(left, at_once)):
                seen = self._follow(chat, some, replay=True)[-1]
        except BaseException:
            chat.state = before
            raise
        return seen

    def snapshot(self, chat: Conversation, key: bytes, *, counter: int = 0) -> bytes:
        """Return the snapshot of a chat; see Conversation.snapshot."""
        self._check_own(chat)
        kept = chat.choices | ({_LOST: True} if chat.needs_replay else {})
        return snapshot.seal(
            chat.state, kept, key, chat_id=chat.id, model=self._model, counter=counter
        )

    def restore(self, blob: bytes, key: bytes, chat_id: str, min_counter: int = 0) -> Conversation:
        """Return the conversation that Conversation.snapshot was called on.

        It goes on exactly as that one would have. If the snapshot was made with another model,
        only its choices are kept, and `needs_replay` of the conversation is True. SnapshotError
        where the snapshot was changed or cut, is of another chat or key, or has a counter below
        `min_counter`; ValueError if the key has not 32 bytes.
        """
        found = snapshot.unseal(
            blob,
            key,
            chat_id=chat_id,
            model=self._model,
            state_size=self._graph.state_size,
            min_counter=min_counter,
        )
        chat = self.conversation(chat_id)
        chat.state, chat.choices = found.state or chat.state, found.choices
        chat._lost = found.state is None or found.choices.get(_LOST) is True
        return chat

    def why(self, messages: Sequence[Message], fine_after: Collection[int] = ()) -> Why | None:
        """What the level after the last of `messages`, the whole chat so far, rests on.

        fine_after: places of the messages right after which `this_was_fine` was said. None where
        no level is shown. For the moment when a person asks: it reads the chat about a dozen
        times. ValueError where a message is faulty.
        """
        return why(self, messages, fine_after)

    def recontact(self, key: bytes, stored: bytes | None = None) -> Recontact:
        """The people that the user blocked, for hints about new contacts; see safelight.recontact.

        key: 32 bytes of the app's. stored: what Recontact.to_bytes gave, None to start anew.
        """
        return Recontact(self._graph.preparer, key, stored)

    def _check_own(self, chat: Conversation) -> None:
        if chat._guard is not self:
            raise ValueError("the conversation was started by another guard")
