"""Whatever words a Matrix client may show of a message, Safelight reads."""

from __future__ import annotations

import time
from typing import Any

import pytest

from safelight_matrix import drawn, to_message

SAM, ZOE = "@sam:example.com", "@zoe:example.com"
HTML = {"format": "org.matrix.custom.html"}
TEXT, SHOWN = {"msgtype": "m.text", "body": "ok"}, "see you at practice"
IMAGE = {"msgtype": "m.image", "body": "a.jpg", "filename": "a.jpg"}
ANSWERS = {"m.in_reply_to": {"event_id": "$1"}}
REPLY = {"m.relates_to": ANSWERS}
THREAD = {"rel_type": "m.thread", "event_id": "$0", **ANSWERS}
STOPGAP = {"m.relates_to": {**THREAD, "is_falling_back": True}}
EDIT = {"m.relates_to": {"rel_type": "m.replace", "event_id": "$1"}}
GONE = {"redacted_because": {"type": "m.room.redaction"}}
QUOTE = "> <@sam:example.com> keep\n> picture\n\n"
REPEATED = "<mx-reply><blockquote><a>@sam:example.com</a><br>keep</blockquote></mx-reply>"


def said(content: Any, **more: Any) -> tuple[str, str | None] | None:
    """The text and the medium that Safelight reads."""
    head = {"type": "m.room.message", "sender": ZOE, "event_id": "$2"}
    message = to_message({**head, "content": content, **more}, SAM)
    return None if message is None else (message.text, message.media)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("see <b>you</b> at <em>practice</em>", SHOWN),
        ("s<i>e</i>e you<font color='red'> at</font> practice", SHOWN),
        ("<p>see you</p><p>at practice</p>", "see you\nat practice"),
        ("see<br/>you<li>at</li>practice", "see\nyou\nat\npractice"),
        ("see &#121;ou &lt;at&gt; practice", "see you <at> practice"),
        ("5 < 6 and 7 > 2", "5 < 6 and 7 > 2"),
        ('<img src="mxc://a/b" alt=":wave:" title="no"> hi', ":wave: hi"),
        ("<span data-mx-spoiler='plan'>see you</span>", "plan see you"),
        ("<script>a()</script><style type=x>b {c}</style>see you", "see you"),
        ("<strong>see you</strong>", "see you"),
        ("<prefix>see</prefix>you", "seeyou"),
        (f"{REPEATED}see you", "see you"),
        # Clients disagree about where these end, so what may be drawn is read.
        ("<!-->see you-->", "see you-->"),
        ("<![CDATA[>see you]]>", "see you]]>"),
        ("<![foo[see you", "<![foo[see you"),
        ('<b a==">see you">', 'see you">'),
        ("<style></style x>see you<style></style>", "see you"),
        ("<script>see you", "see you"),
        ("see you <b", "see you <b"),
        ("<mx-reply>see you", "see you"),
    ],
)
def test_what_is_drawn(html: str, words: str) -> None:
    assert drawn.words(html, reply=True) == words


def test_a_quote_is_one_in_a_reply_alone_and_in_front() -> None:
    assert "keep" in drawn.words(f"{REPEATED}see you", reply=False)
    assert "keep" in drawn.words(f"see you{REPEATED}", reply=True)


@pytest.mark.parametrize(
    "part",
    ["<", "<a", "<a ", "<a b='", "<!--", "<script>", "<style ", "<mx-reply>", "<img alt", " alt =",
     "&", "*", "</", "\n", "a"],
)  # fmt: skip
def test_it_takes_no_longer_for_a_message_made_for_that(part: str) -> None:
    html = (part * 65_536)[:65_536]
    before = time.process_time()
    drawn.words(html, reply=True)
    drawn.words(f"<img {html}", reply=True)
    drawn.same(html, f"{html} ")
    assert time.process_time() - before < 2


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({**TEXT, **HTML, "formatted_body": SHOWN}, f"ok\n{SHOWN}"),
        ({**TEXT, "msgtype": "m.notice", **HTML, "formatted_body": SHOWN}, f"ok\n{SHOWN}"),
        ({**TEXT, "msgtype": "org.example.new", "formatted_body": SHOWN}, f"ok\n{SHOWN}"),
        ({"msgtype": "m.text", "formatted_body": SHOWN}, SHOWN),
        ({**TEXT, "body": "[Spoiler](mxc://a/b)", **HTML,
          "formatted_body": f"<span data-mx-spoiler>{SHOWN}</span>"},
         f"[Spoiler](mxc://a/b)\n{SHOWN}"),
        ({**TEXT, "body": "* ok", **HTML, "formatted_body": f"* {SHOWN}", **EDIT,
          "m.new_content": {**TEXT, **HTML, "formatted_body": SHOWN}}, f"ok\n{SHOWN}"),
        # The same words are read once, as they stand in the body.
        ({**TEXT, "body": "**see** you\n\n- at `practice`", **HTML,
          "formatted_body": "<strong>see</strong> you<ul><li>at <code>practice</code></li></ul>"},
         "**see** you\n\n- at `practice`"),
        ({**TEXT, "body": "hi Sam", **HTML,
          "formatted_body": 'hi <a href="https://matrix.to/#/@sam:example.com">Sam</a>'}, "hi Sam"),
        ({**TEXT, "body": ":wave:", **HTML, "formatted_body": "<img alt=':wave:'>"}, ":wave:"),
        # Letters set apart are other words.
        ({**TEXT, "body": "s e e", **HTML, "formatted_body": "see"}, "s e e\nsee"),
        ({**TEXT, **HTML, "formatted_body": ""}, "ok"),
        ({**TEXT, **HTML, "formatted_body": ["see you"]}, "ok"),
    ],
)  # fmt: skip
def test_formatted_words_are_read_where_they_differ(content: Any, text: str) -> None:
    assert said(content) == (text, None)


@pytest.mark.parametrize(
    ("content", "text", "media"),
    [
        ({**IMAGE, **HTML, "formatted_body": SHOWN}, SHOWN, "image"),
        ({**IMAGE, "body": "ok", **HTML, "formatted_body": SHOWN}, f"ok\n{SHOWN}", "image"),
        ({**IMAGE, **HTML, "formatted_body": "a.jpg"}, "", "image"),
        ({**IMAGE, "body": "* a.jpg", **EDIT, "m.new_content": IMAGE}, "", "image"),
        ({"msgtype": "m.location", "body": SHOWN, "geo_uri": "geo:1,2"}, SHOWN, "location"),
        ({"msgtype": "m.location", "geo_uri": "geo:1,2"}, "", "location"),
        ({"msgtype": "m.file", "body": SHOWN, "url": "mxc://a/b"}, SHOWN, "file"),
        ({"msgtype": "m.file", "body": SHOWN, "filename": SHOWN}, SHOWN, "file"),
        ({"msgtype": "m.file", "body": "ok", "filename": SHOWN}, f"{SHOWN}\nok", "file"),
        ({"msgtype": "m.file", "body": "homework_3.tar.gz"}, "", "file"),
        ({"msgtype": "m.file", "body": "ok", "filename": "a.pdf"}, "ok", "file"),
    ],
)
def test_words_beside_media_are_read(content: Any, text: str, media: str) -> None:
    assert said(content) == (text, media)


@pytest.mark.parametrize(
    ("body", "relation", "text"),
    [
        (f"{QUOTE}yes", REPLY, "yes"),
        ("> * <@sam:example.com> waves\n\nyes", REPLY, "yes"),
        (f"{QUOTE}yes", {"m.relates_to": THREAD}, "yes"),
        # A line that somebody typed is no quote, whatever stands in front.
        (f"> {SHOWN}", REPLY, f"> {SHOWN}"),
        (f"> {SHOWN}", STOPGAP, f"> {SHOWN}"),
        (f"> <b> {SHOWN}", REPLY, f"> <b> {SHOWN}"),
        (f"> {SHOWN}\n{QUOTE}yes", REPLY, f"> {SHOWN}\n{QUOTE}yes"),
        # Nor is there one in a thread whose message only looks like a reply.
        (f"{QUOTE}yes", STOPGAP, f"{QUOTE}yes"),
        (f"{QUOTE}yes", {"m.relates_to": {"is_falling_back": True, **ANSWERS}}, "yes"),
        (f"{QUOTE}yes", {}, f"{QUOTE}yes"),
    ],
)
def test_only_what_a_reply_repeats_is_left_out(
    body: str, relation: dict[str, Any], text: str
) -> None:
    assert said({**TEXT, "body": body, **relation}) == (text, None)


def test_a_formatted_reply_is_read_once() -> None:
    content = {**TEXT, "body": f"{QUOTE}yes", **HTML, "formatted_body": f"{REPEATED}yes", **REPLY}
    assert said(content) == ("yes", None)
    assert said({**content, "formatted_body": f"{REPEATED}no"}) == ("yes\nno", None)


@pytest.mark.parametrize(
    ("body", "new", "text"),
    [
        (f"* {SHOWN}", {**TEXT, "body": SHOWN}, SHOWN),
        (f"{QUOTE}* {SHOWN}", {**TEXT, "body": SHOWN}, SHOWN),
        # Where a client takes it for no edit, or knows none, the words around are shown.
        (SHOWN, TEXT, f"ok\n{SHOWN}"),
        (SHOWN, {}, SHOWN),
        (SHOWN, {"msgtype": 5, "body": "ok"}, SHOWN),
        (SHOWN, "ok", SHOWN),
    ],
)
def test_the_words_around_an_edit_are_read_where_they_differ(
    body: str, new: Any, text: str
) -> None:
    assert said({**TEXT, "body": body, **EDIT, "m.new_content": new}) == (text, None)


def test_words_that_are_there_are_not_deleted() -> None:
    assert said(TEXT, unsigned=GONE) == ("ok", None)
    assert said({**IMAGE, **HTML, "formatted_body": SHOWN}, unsigned=GONE) == (SHOWN, "image")
    assert said({}, unsigned=GONE) == ("", "deleted")
    assert said({"body": "wave"}, type="m.sticker", unsigned=GONE) == ("", "deleted")


def test_padding_puts_no_words_out_of_sight() -> None:
    found = said({"msgtype": "m.text", "body": "\u200b" * 70_000 + SHOWN})
    assert found is not None and found[0].endswith(SHOWN)
