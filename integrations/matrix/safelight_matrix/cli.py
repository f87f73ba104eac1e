"""`safelight-matrix`: sign in once, then listen until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from safelight import Guard
from safelight.cli.options import INTERRUPTED, USAGE, add_language_options
from safelight.cli.terminal import output
from safelight_matrix import choices, typed
from safelight_matrix.client import Device, SignInError, adopt, sign_in
from safelight_matrix.commands import HELP, Commands
from safelight_matrix.events import Arrived
from safelight_matrix.session import Session, SessionError, load, open_folder
from safelight_matrix.show import Screen
from safelight_matrix.watch import Watch

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
#: What arrived, with the name of its room; or a line that the person typed.
_Queue: TypeAlias = "asyncio.Queue[tuple[Arrived, str] | str | None]"


def main(argv: Sequence[str] | None = None) -> int:
    """Run until interrupted; return the exit status, 2 where it cannot start or go on."""
    args = _parser().parse_args(argv)
    # Keys, token and nio's database are for the eyes of their owner alone.
    os.umask(0o077)
    try:
        asyncio.run(_run(args))
    except (SessionError, SignInError) as error:
        print(f"safelight-matrix: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


async def _run(args: argparse.Namespace) -> None:
    guard = Guard.load()
    session = await _session(args)
    chosen = choices.load(args.store)
    guard.settings = chosen.settings
    screen = Screen(output(), guard.book, args.language, args.country)
    watch = Watch(guard, session.user, screen, chosen)
    commands = Commands(guard, watch, screen, args.store)
    device = Device(session, args.store, screen.say)
    queue: _Queue = asyncio.Queue()
    if 0 not in (args.password_fd, args.token_fd):  # it was closed behind the secret
        typed.listen(queue.put_nowait)
    try:
        await asyncio.gather(_read(device, queue, args.history), _show(queue, watch, commands))
    finally:
        await device.close()


async def _read(device: Device, queue: _Queue, history: int) -> None:
    """Ask the server on and on; never wait for what Safelight makes of the answers.

    So not even the time between two requests tells whether something was shown.
    """
    for room in await device.catch_up():
        for old in await device.history(room, history):
            queue.put_nowait((old, device.name(room)))
    queue.put_nowait(None)
    while True:
        for new in await device.arrived(history):
            queue.put_nowait((new, device.name(new.room)))


async def _show(queue: _Queue, watch: Watch, commands: Commands) -> None:
    """Take what was read or typed, in order; None stands where the history ends."""
    while True:
        item = await queue.get()
        if item is None:
            watch.listening()
        elif isinstance(item, str):
            commands.obey(item)
        else:
            await asyncio.to_thread(watch.take, *item)


async def _session(args: argparse.Namespace) -> Session:
    """The device in the store, or a new one by token or password."""
    open_folder(args.store)
    session = load(args.store, args.homeserver, args.user)
    if session is not None:
        return session
    if args.token_fd is not None:
        token = _secret(args.token_fd)
        session = await adopt(args.homeserver, args.user, token, args.store)
    else:
        password = _prompt(args.user) if args.password_fd is None else _secret(args.password_fd)
        session = await sign_in(args.homeserver, args.user, password, args.store)
    session.save(args.store)
    return session


def _prompt(user: str) -> str:
    if not sys.stdin.isatty():
        raise SessionError("no terminal to ask for the password on: give --password-fd")
    return getpass.getpass(f"Password of {user}: ")


def _secret(fd: int) -> str:
    """The first line of an open file: a secret that no list of processes shows."""
    try:
        with os.fdopen(fd, encoding="utf-8") as file:
            secret = file.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        secret = ""
    if not secret:
        raise SessionError(f"nothing can be read from file descriptor {fd}")
    return secret


def _homeserver(value: str) -> str:
    parts = urlsplit(value)
    if parts.hostname is None or parts.scheme not in ("https", "http"):
        raise argparse.ArgumentTypeError("a server is given as https://matrix.example.com")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise argparse.ArgumentTypeError("http would send the password in the open: use https")
    return value.rstrip("/")


def _user(value: str) -> str:
    name, _, server = value.partition(":")
    if len(name) < 2 or name[0] != "@" or not server:
        raise argparse.ArgumentTypeError("a user is given in full: @sam:example.com")
    return value


def _count(value: str) -> int:
    if not value.isascii() or not value.isdecimal():
        raise argparse.ArgumentTypeError("a whole number, 0 or more")
    return int(value)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="safelight-matrix",
        description="Read your own Matrix chats on this machine and show you warning signs.",
        epilog=f"It only listens: no receipt, no typing, no message.\n\ntype meanwhile:\n{HELP}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--homeserver", type=_homeserver, required=True, metavar="URL")
    parser.add_argument("--user", type=_user, required=True, metavar="@NAME:SERVER")
    parser.add_argument(
        "--store", type=Path, required=True, metavar="DIR", help="folder for this device's keys"
    )
    parser.add_argument(
        "--history", type=_count, default=300, metavar="N",
        help="how many events of each room are read at the start (default: 300)",
    )  # fmt: skip
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument(
        "--password-fd", type=int, metavar="FD", help="read the password there (default: ask)"
    )
    secret.add_argument(
        "--token-fd", type=int, metavar="FD", help="read an access token made for this program"
    )
    add_language_options(parser)
    return parser
