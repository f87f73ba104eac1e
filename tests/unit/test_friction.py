"""Friction: what is asked and covered, by kind, level and stage."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from safelight import Arrive, Guard, Level, Send, Stage
from safelight.friction import ARRIVING, SENDING, arriving, sending
from safelight.friction_words import ARRIVE, SEND
from safelight.policy import PolicyState
from safelight.taxonomy import MEDIA

PAGE = Path(__file__).parents[2] / "docs" / "integrate" / "settings.md"

N, A, W, U = Level
TRUST, REQUEST, THREAT, AFTER, CRISIS = (stage for stage in Stage if stage != Stage.NONE)


# The table --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "stage", "asked"),
    [
        (N, Stage.NONE, set()),
        (A, TRUST, set()),
        (A, REQUEST, {"image", "video", "location"}),
        (A, THREAT, {"image", "video", "location", "payment", "file"}),
        (W, TRUST, {"image", "video", "location", "payment", "file", "contact"}),
        (W, REQUEST, {"image", "video", "location", "payment", "file", "contact", "call"}),
        (U, THREAT, {"image", "video", "location", "payment", "file", "contact", "call"}),
        (U, AFTER, {"image", "video", "location", "payment", "file", "contact", "call"}),
        (U, CRISIS, {"image", "video", "location", "payment", "file", "contact", "call"}),
    ],
)
def test_what_is_asked_before_it_is_sent(level: Level, stage: Stage, asked: set[str]) -> None:
    assert {kind for kind in SENDING if sending(kind, level, stage) is Send.ASK} == asked


@pytest.mark.parametrize(
    ("level", "stage", "blurred", "closed"),
    [
        (N, Stage.NONE, set(), set()),
        (A, TRUST, set(), set()),
        (A, REQUEST, {"image", "video"}, set()),
        (A, THREAT, {"image", "video"}, set()),
        (W, TRUST, {"image", "video"}, {"link", "file"}),
        (U, CRISIS, {"image", "video"}, {"link", "file"}),
    ],
)
def test_what_is_covered_when_it_arrives(
    level: Level, stage: Stage, blurred: set[str], closed: set[str]
) -> None:
    how = {kind: arriving(kind, level, stage) for kind in ARRIVING}
    assert {kind for kind in how if how[kind] is Arrive.BLUR} == blurred
    assert {kind for kind in how if how[kind] is Arrive.ASK} == closed


@pytest.mark.parametrize("kind", ["text", "voice", "sticker", "link"])
def test_words_are_never_held_up(kind: str) -> None:
    assert {sending(kind, level, stage) for level in Level for stage in Stage} == {Send.ALLOW}


@pytest.mark.parametrize("kind", ["call", "text", "voice"])
def test_calls_ring_and_words_can_be_read(kind: str) -> None:
    assert {arriving(kind, level, stage) for level in Level for stage in Stage} == {Arrive.SHOW}


def test_a_higher_level_never_asks_less() -> None:
    for stage in Stage:
        for kind in SENDING:
            asks = [sending(kind, level, stage) is Send.ASK for level in Level]
            covers = [arriving(kind, level, stage) is not Arrive.SHOW for level in Level]
            assert (asks, covers) == (sorted(asks), sorted(covers)), (kind, stage)


def test_every_kind_stands_in_both_tables_and_every_medium_but_a_deleted_one() -> None:
    assert list(SENDING) == list(ARRIVING)
    assert set(MEDIA) - {"deleted"} <= set(SENDING)


def test_what_may_be_asked_has_words_and_nothing_else_has() -> None:
    everywhere = [(level, stage) for level in Level for stage in Stage]
    asked = [k for k in SENDING if any(sending(k, *at) is Send.ASK for at in everywhere)]
    covered = [k for k in ARRIVING if any(arriving(k, *at) is not Arrive.SHOW for at in everywhere)]
    assert (set(asked), set(covered)) == (set(SEND), set(ARRIVE))


def page_rows() -> list[tuple[set[str], list[str]]]:
    """Rows of the two tables of the page for apps: kinds, and a level or "never" by stage."""
    page = PAGE.read_text("utf-8").partition("## Friction")[2].partition("\n## ")[0]
    rows = [row.strip("| ").split(" | ") for row in page.splitlines() if row.startswith("| ")]
    rows = [row for row in rows if row[1] in ("warning", "notice", "never")]
    return [(set(re.split(r", |: .*", kinds)) - {""}, cells) for kinds, *cells in rows]


def test_the_page_for_apps_says_what_the_tables_say() -> None:
    def said(row: tuple[Level | None, ...]) -> list[str]:
        return ["never" if level is None else level.label for level in row]

    named = page_rows()
    send = {kind: cells for kinds, cells in named[:5] for kind in kinds}
    assert send == {kind: said(row) for kind, row in SENDING.items()}
    cover = {kind: cells for kinds, cells in named[5:7] for kind in kinds}
    covered = {k: said(row) for k, (how, row) in ARRIVING.items() if how is not Arrive.SHOW}
    assert (cover, len(named)) == (covered, 8)


def test_an_unknown_kind_is_refused(guard: Guard) -> None:
    chat = guard.conversation("c")
    for ask in (chat.before_send, chat.on_arrival):
        with pytest.raises(ValueError, match="kind must be one of text, "):
            ask("hologram")


# In a chat --------------------------------------------------------------------------------------


def at(guard: Guard, level: Level, stage: Stage) -> Any:
    chat = guard.conversation("c")
    chat.state = replace(chat.state, policy=PolicyState(level, stage))
    return chat


def test_a_chat_asks_in_the_words_of_the_language(guard: Guard) -> None:
    chat = guard.conversation("c")
    before = chat.before_send("image")
    assert (before.action, before.title, before.text, before.go) == (Send.ALLOW, "", "", "")
    chat.observe(sender="peer", text="keep picture")
    ask = chat.before_send("image", "it-CH")
    assert (ask.kind, ask.action, ask.language, ask.review) == ("image", Send.ASK, "it", "none")
    assert (ask.title, ask.go, ask.stay) == ("Inviare questa foto?", "Invia", "Non ora")
    assert chat.before_send("image", "xx").language == "en"
    assert chat.before_send("text").action is Send.ALLOW
    cover = chat.on_arrival("video", "de")
    assert (cover.action, cover.title) == (Arrive.BLUR, "Dieses Video ist unscharf")
    assert chat.on_arrival("call").action is Arrive.SHOW


@pytest.mark.parametrize("choice", ["off", "mute", "friction"])
def test_nothing_is_asked_where_the_person_does_not_want_it(guard: Guard, choice: str) -> None:
    chat = at(guard, U, THREAT)
    assert chat.before_send("payment").action is Send.ASK
    if choice == "off":
        guard.off()
    elif choice == "mute":
        chat.mute()
    else:
        guard.friction = False
        assert chat.level == U  # the card is another choice
    assert {chat.before_send(kind).action for kind in SENDING} == {Send.ALLOW}
    assert {chat.on_arrival(kind).action for kind in SENDING} == {Arrive.SHOW}


def test_in_discreet_mode_the_question_stands_without_its_explanation(guard: Guard) -> None:
    chat = at(guard, U, THREAT)
    open_ask, open_cover = chat.before_send("payment"), chat.on_arrival("image")
    guard.discreet = True
    assert chat.before_send("payment") == replace(open_ask, text="") != open_ask
    assert chat.on_arrival("image") == replace(open_cover, text="") != open_cover


def test_asking_changes_nothing_in_the_chat(guard: Guard) -> None:
    chat = at(guard, W, REQUEST)
    before = chat.state
    for kind in SENDING:
        chat.before_send(kind)
        chat.on_arrival(kind)
    assert chat.state is before
