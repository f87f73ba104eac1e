"""The edge to the Matrix server: a device that signs in, keeps its keys and reads.

It makes five requests and no other: sign in, ask who it is (with a given token), upload its
keys, sync, read a room's history. None carries a word, and which comes next depends on what the
server sent, never on what Safelight saw in it.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import nio
from nio.exceptions import EncryptionError

from safelight_matrix import answers, sealed
from safelight_matrix.events import Arrived
from safelight_matrix.session import Session

#: nio's own log quotes events that fail its checks; nothing of a chat may reach a log.
logging.getLogger("nio").setLevel(logging.CRITICAL + 1)

_NOTHING: dict[str, Any] = {"types": []}
_HISTORY_PAGE = 100
#: How long the server may hold a sync open, in ms; and how long any request may take, in s.
_HOLD_MS, _PATIENCE_S = 30_000, 300.0
_LONGEST_PAUSE_S = 60.0
#: So many messages wait for their key, and so many of what came at once in a room are fetched.
_LOCKED, _GAP = 1_000, 5_000
_LEFT_OUT = "More came at once than is read: the oldest messages of it were left out."
_GONE = ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED")
_TROUBLE = (aiohttp.ClientError, asyncio.TimeoutError, TimeoutError)


class SignInError(Exception):
    """The server does not let this device in; one line, no password."""


async def sign_in(homeserver: str, user: str, password: str, folder: Path) -> Session:
    """Make a new device for the user. Raises SignInError.

    It gets no name: people in a room can see the names of each other's devices.
    """
    client = _client(homeserver, user, folder)
    try:
        answer = await client.login(password, device_name=None)
    except _TROUBLE:
        raise SignInError("the server does not answer") from None
    finally:
        await client.close()
    if not isinstance(answer, nio.LoginResponse):
        raise SignInError("the server refused the user or the password")
    if answer.user_id != user:
        raise SignInError("the server knows this user by another id: give that one")
    return Session(homeserver, user, answer.device_id, answer.access_token)


async def adopt(homeserver: str, user: str, token: str, folder: Path) -> Session:
    """Take over a device that was signed in for this program alone. Raises SignInError."""
    client = _client(homeserver, user, folder)
    client.access_token = token
    try:
        answer = await client.whoami()
    except _TROUBLE:
        raise SignInError("the server does not answer") from None
    finally:
        await client.close()
    if not isinstance(answer, nio.WhoamiResponse) or not answer.device_id:
        raise SignInError("the server refused the token, or it belongs to no device")
    if answer.user_id != user:
        raise SignInError("the token belongs to another user")
    return Session(homeserver, user, answer.device_id, token)


class Device:
    """The signed-in device. Use: catch_up, then history of each room, then arrived for ever."""

    def __init__(self, session: Session, folder: Path, tell: Callable[[str], None]) -> None:
        """Load the keys in the folder. tell: is given a line when the connection goes or comes."""
        self._nio = _client(session.homeserver, session.user, folder)
        self._nio.restore_login(session.user, session.device, session.token)
        sealed.bear(self._nio.olm)
        self._tell = tell
        self._known: set[str] = set()
        self._locked: OrderedDict[str, Any] = OrderedDict()

    async def close(self) -> None:
        """Let go of the connection; the keys are in the folder already."""
        await self._nio.close()

    def name(self, room: str) -> str:
        """What the person calls a room: its name, or who is in it."""
        known = self._nio.rooms.get(room)
        return str(known.display_name) if known is not None else room

    async def catch_up(self) -> list[str]:
        """Fetch all keys that wait at the server; return the rooms the person is in."""
        # Servers keep the answer to a first sync for minutes, and would give a device that starts
        # again a stale one; Synapse tells them apart by how long it was allowed to take.
        response = await self._sync(1, 1 + secrets.randbelow(_HOLD_MS))
        await self._keep_keys()
        while response.to_device_events:
            response = await self._sync(1, 0)
        self._known = set(self._nio.rooms)
        return sorted(self._known)

    async def history(self, room: str, limit: int) -> list[Arrived]:
        """Return up to `limit` latest events of a room, oldest first, after catch_up."""
        events, _ = await self._before(room, self._nio.next_batch, None, limit)
        return [Arrived(room, event.source, True) for event in events]

    async def arrived(self, limit: int) -> list[Arrived]:
        """Wait for what comes next, up to half a minute; messages whose key came late first.

        limit: of the history of a room that the person joined meanwhile.
        """
        since = self._nio.next_batch
        response = await self._sync(50, _HOLD_MS)
        found = self._unlocked() if response.to_device_events else []
        for room, info in response.rooms.join.items():
            new, start = room not in self._known, info.timeline.prev_batch
            self._known.add(room)
            missed: list[Any] = []
            if start and new:
                events, _ = await self._before(room, start, None, limit)
                found += [Arrived(room, event.source, True) for event in events]
            elif start and info.timeline.limited:
                missed, whole = await self._before(room, start, since, _GAP)
                if not whole:
                    self._tell(_LEFT_OUT)
            for event in (*missed, *info.timeline.events):
                found.append(Arrived(room, event.source, False))
                self._lock(event)
        await self._keep_keys()
        return found

    async def _before(
        self, room: str, start: str, end: str | None, limit: int
    ) -> tuple[list[Any], bool]:
        """Events of a room before the token `start`, back to `end`, oldest first; all of them?"""
        events: list[Any] = []
        token: str | None = start
        while token is not None and len(events) < limit:
            page = min(_HISTORY_PAGE, limit - len(events))
            answer = await self._ask(
                lambda token=token, page=page: self._nio.room_messages(  # type: ignore[misc]
                    room, token, end, nio.MessageDirection.back, page
                ),
                (nio.RoomMessagesResponse, nio.RoomMessagesError),
            )
            if isinstance(answer, nio.RoomMessagesError):
                break
            events += answer.chunk
            token = answer.end if answer.chunk else None
        return events[::-1], token is None

    def _lock(self, event: Any) -> None:
        """Keep the ciphertext of a message whose key is not here yet."""
        if isinstance(event, nio.MegolmEvent):
            self._locked[event.event_id] = event
            if len(self._locked) > _LOCKED:
                self._locked.popitem(last=False)

    def _unlocked(self) -> list[Arrived]:
        found = []
        for event_id, event in list(self._locked.items()):
            try:
                opened = self._nio.decrypt_event(event)
            except EncryptionError:
                continue
            del self._locked[event_id]
            found.append(Arrived(event.room_id, opened.source, False))
        return found

    async def _sync(self, timeline: int, hold_ms: int) -> Any:
        only = {
            "presence": _NOTHING,
            "account_data": _NOTHING,
            "room": {
                "timeline": {"limit": timeline},
                "ephemeral": _NOTHING,
                "account_data": _NOTHING,
            },
        }
        # Offline: that this device listens must not show the person as being there.
        return await self._ask(
            lambda: self._nio.sync(hold_ms, only, set_presence="offline"), (nio.SyncResponse,)
        )

    async def _keep_keys(self) -> None:
        """Leave one-time keys for others to reach this device; the next sync tries again."""
        if self._nio.should_upload_keys:
            try:
                await self._nio.keys_upload()
            except _TROUBLE:
                return

    async def _ask(self, call: Callable[[], Awaitable[Any]], wanted: tuple[type[Any], ...]) -> Any:
        """Ask until the server answers as it should. SignInError once the device is signed out."""
        pause, lost = 1.0, False
        while True:
            try:
                answer = await asyncio.wait_for(call(), _PATIENCE_S)
            except _TROUBLE:
                answer = None
            if isinstance(answer, wanted):
                if lost:
                    self._tell("The server answers again.")
                return answer
            if getattr(answer, "status_code", None) in _GONE:
                raise SignInError("this device was signed out: remove its store and start anew")
            if not lost:
                self._tell("The server does not answer: nothing is read until it does.")
            lost = True
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)


def _client(homeserver: str, user: str, folder: Path) -> Any:
    # max_timeouts=0: nio would repeat a failed request for ever without a word.
    config = nio.AsyncClientConfig(max_timeouts=0)
    client = nio.AsyncClient(homeserver, user, store_path=str(folder), config=config)
    client.parse_body = answers.read
    return client
