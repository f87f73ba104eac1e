"""The hint that a new contact looks like a blocked one: what is alike, what not, what is kept."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight import Guard, Hint, Recontact, RecontactError
from safelight.recontact import MAX_HASHES, MAX_PEOPLE
from safelight.recontact_forms import (
    contact_forms,
    handle_forms,
    link_forms,
    payment_forms,
)
from safelight.text import TextPreparer
from safelight_export.text_table import build_table

PREPARER = TextPreparer(build_table())
KEY = bytes(range(32))
IBAN = "GB82 WEST 1234 5698 7654 32"  # the example of the public registry
COIN = "1111111111111111111114oLvT2"  # twenty zero bytes: nobody has the key


def blocked(*people: tuple[str, list[str]]) -> Recontact:
    memory = Recontact(PREPARER, KEY)
    for number, (handle, texts) in enumerate(people):
        memory.add(f"chat-{number}", handle=handle, texts=texts)
    return memory


ALIKE = [
    ("river.fox88", "river.fox88"),
    ("river.fox88", "RIVER.FOX88"),
    ("river.fox88", "@river.fox88"),
    ("river.fox88", "river_fox88"),
    ("river.fox88", "riverfox-88"),
    ("river.fox88", "ríver.fox88"),
    ("river.fox88", "ｒｉｖｅｒ.fox88"),
    ("river.fox88", "ri\u200bver.fox88"),
    ("river.fox88", "r1v3r.f0x88"),
    ("hello.fox88", "he110.fox88"),
    ("river.fox88", "rivеr.fоx88"),  # Cyrillic
    ("river.fox88", "rivεr.fοx88"),  # Greek
    ("осень.лист", "OCeнь.лист"),  # Latin within Cyrillic
    ("the.quiet.river.fox88", "the_quiet_river_fox2"),
    ("the.quiet.river.fox88", "the-quiet-river-fox"),
    ("emma", "Emma"),
]


@pytest.mark.parametrize(("old", "new"), ALIKE)
def test_handles_that_look_alike(old: str, new: str) -> None:
    assert blocked((old, [])).hints(handle=new) == (Hint.NAME,)
    assert blocked((new, [])).hints(handle=old) == (Hint.NAME,)


DIFFERENT = [
    ("emma", "emma_"),
    ("emma", "emmy"),
    ("sam", "sam"),  # too short
    ("sam1", "s4m1"),
    ("mia2009", "mia2010"),
    ("mia", "mia2009"),
    ("jonathan.example12", "jonathan.example88"),
    ("maximilianexample12", "maximilianexample88"),
    ("river.fox88", "river.fox89"),
    ("river.fox88", "fox.river88"),
    ("the.quiet.river.fox88", "the.quiet.river.wolf88"),
    ("...", "___"),
    ("", ""),
    ("🦊🦊🦊🦊", "🦊🦊🦊🦊"),
]


@pytest.mark.parametrize(("old", "new"), DIFFERENT)
def test_handles_that_differ_or_that_many_people_share(old: str, new: str) -> None:
    assert blocked((old, [])).hints(handle=new) == ()


SAME = [
    (Hint.PAYMENT, f"send it to {IBAN} today", "IBAN: gb82west12345698765432."),
    (Hint.PAYMENT, f"btc {COIN}", f"my wallet={COIN}!"),
    (Hint.PAYMENT, f"0x{'aB' * 20}", f"eth 0x{'Ab' * 20}."),
    (Hint.PAYMENT, "https://paypal.me/Example.Name/20", "PayPal.Me/example.name"),
    (Hint.PAYMENT, "www.paypal.com/paypalme/examplename", "paypal.com/paypalme/ExampleName?x=1"),
    (Hint.PAYMENT, "cash app me: $ExampleTag", "https://cash.app/$exampletag"),
    (Hint.PAYMENT, "pаypal.me/examplename", "paypal.me/examplename"),  # Cyrillic
    (Hint.CONTACT, "Some.One+chat@example.com", "write to some.one@EXAMPLE.com"),
    (Hint.CONTACT, "someone@googlemail.com", "some.one+x@gmail.com"),
    (Hint.CONTACT, "+44 7700 900123", "call 07700 900 123"),
    (Hint.CONTACT, "(212) 555-0123", "+1 212 555 0123"),
    (Hint.LINK, "https://www.example.com/Page/", "example.com/page?utm_source=a&fbclid=b"),
    (Hint.LINK, "https://example.com/p?b=2&a=1#top", "http://example.com/p?a=1&utm_id=7&b=2"),
    (Hint.LINK, "join t.me/example_room now", "https://t.me/example_room"),
    (Hint.LINK, "t.me/help.example", "https://t.me/help.example"),
    (Hint.LINK, "helper.example.com/page", "https://helper.example.com/page"),
    (Hint.CONTACT, "07700 900 900", "call 07700900900"),
]


@pytest.mark.parametrize(("hint", "old", "new"), SAME)
def test_the_same_account_address_or_link(hint: Hint, old: str, new: str) -> None:
    assert blocked(("", ["hello", old])).hints(texts=["hi", new]) == (hint,)
    assert blocked(("", ["hello", new])).hints(texts=["hi", old]) == (hint,)


NOT_THE_SAME = [
    "hello, how was school",
    "code ABCD-1234-EFGH-5678",  # a gift card
    "DE12 ABCD EFGH JKLM NPQR ST",  # the check digits do not fit
    "XX82 WEST 1234 5698 7654 32",  # no such country
    COIN.replace("2", "3"),
    "$HOME and $PATH, $AAPL",  # no word of the service
    "https://example.com",
    "https://www.youtube.com/watch?v=example",
    "https://en.wikipedia.org/wiki/Fox",
    "https://help.example.com/community/page",
    "https://docs.example.com/a?b=c",
    "example.com/wiki/Page",
    "05555 555 555",
    "0551 234567",
    "555-0123",
    "0800 1111",
    "0800 555 0123",
    "(800) 555-0123",
    "at 10:30 on 2026-01-01",
    "http://[oh",
]


@pytest.mark.parametrize("text", NOT_THE_SAME)
def test_what_many_people_send_is_no_sign(text: str) -> None:
    assert blocked(("", [text])).hints(texts=[text]) == ()


def test_a_number_shown_for_a_name_is_compared_with_numbers() -> None:
    memory = blocked(("+44 7700 900123", []))
    assert memory.hints(texts=["text me: 07700 900123"]) == (Hint.CONTACT,)


def test_another_path_query_or_account_is_another_link() -> None:
    memory = blocked(("", ["example.com/p?a=1", "paypal.me/example"]))
    for text in (
        "example.com/p?a=2",
        "example.com/q?a=1",
        "example.org/p?a=1",
        "paypal.me/examples",
    ):
        assert memory.hints(texts=[text]) == ()


def test_hints_come_once_and_in_order() -> None:
    texts = ["t.me/example_room", IBAN, "someone@example.com"]
    memory = blocked(("river.fox88", texts), ("river.fox88", texts))
    assert memory.hints(handle="river_fox88", texts=texts * 2) == tuple(Hint)


def test_one_or_all_can_be_erased() -> None:
    memory = blocked(("river.fox88", []), ("quiet.owl7", [IBAN]))
    assert (memory.forget("chat-0"), memory.forget("chat-0"), memory.forget("nobody")) == (
        True, False, False,
    )  # fmt: skip
    assert memory.hints(handle="river.fox88") == ()
    assert memory.hints(handle="quiet.owl7") == (Hint.NAME,)
    empty = Recontact(PREPARER, KEY).to_bytes()
    memory.clear()
    assert (len(memory), memory.hints(texts=[IBAN]), memory.to_bytes()) == (0, (), empty)


def test_adding_again_replaces() -> None:
    memory = blocked(("river.fox88", [IBAN]))
    memory.add("chat-0", handle="quiet.owl7")
    assert len(memory) == 1
    assert memory.hints(handle="river.fox88", texts=[IBAN]) == ()


def test_what_is_stored_reads_back_and_holds_no_word() -> None:
    texts = [IBAN, "someone@example.com", "t.me/example_room"]
    memory = blocked(("river.fox88", texts), ("quiet.owl7", []))
    stored = memory.to_bytes()
    again = Recontact(PREPARER, KEY, stored)
    assert again.to_bytes() == stored
    assert again.hints(handle="quiet_owl7") == (Hint.NAME,)
    assert again.hints(texts=texts) == (Hint.PAYMENT, Hint.CONTACT, Hint.LINK)
    plain = {"chat-0", "river", "fox88", "owl", "example", "GB82", "someone"}
    assert not [word for word in plain if word.encode().lower() in stored.lower()]
    # The forms hashed without the key, or under the app's key itself, are nowhere in it either.
    for form in (*handle_forms(PREPARER, "river.fox88"), *payment_forms(PREPARER, IBAN)):
        assert hashlib.sha256(form.encode()).digest()[:16] not in stored
    assert repr(memory) == "Recontact(people=2)"


def test_two_keys_have_nothing_in_common() -> None:
    one, other = (Recontact(PREPARER, key) for key in (KEY, bytes(32)))
    for memory in (one, other):
        memory.add("chat-0", handle="river.fox88")
    pieces = [{data[i : i + 8] for i in range(7, len(data) - 8)}
              for data in (one.to_bytes(), other.to_bytes())]  # fmt: skip
    assert not pieces[0] & pieces[1]


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33)])
def test_a_key_of_the_wrong_length(key: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Recontact(PREPARER, key)


def test_any_change_of_what_is_stored_is_refused() -> None:
    stored = blocked(("river.fox88", [])).to_bytes()
    for place in range(len(stored)):
        changed = bytearray(stored)
        changed[place] ^= 1
        with pytest.raises(RecontactError):
            Recontact(PREPARER, KEY, bytes(changed))
        with pytest.raises(RecontactError):
            Recontact(PREPARER, KEY, stored[:place])
    with pytest.raises(RecontactError, match="another key"):
        Recontact(PREPARER, bytes(32), stored)


def test_it_stays_small_and_the_earliest_give_way() -> None:
    memory = Recontact(PREPARER, KEY)
    for number in range(MAX_PEOPLE + 1):
        memory.add(f"chat-{number}", handle=f"the.river.fox{number:04}")
    assert len(memory) == MAX_PEOPLE
    assert memory.hints(handle="the_river_fox0001") == (Hint.NAME,)
    assert not memory.forget("chat-0")


def test_many_links_do_not_push_out_an_account() -> None:
    links = [f"example.com/page{number}" for number in range(50 * MAX_HASHES)]
    memory = blocked(("river.fox88", [*links, IBAN, *links]))
    assert memory.hints(handle="river_fox88", texts=[IBAN])[:2] == (Hint.NAME, Hint.PAYMENT)
    assert len(memory.to_bytes()) < 16 * (2 * MAX_HASHES + 10)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=120), st.text(st.characters(), max_size=120))
def test_any_name_and_text_is_taken_and_comes_back(handle: str, text: str) -> None:
    memory = blocked((handle, [text]))
    again = Recontact(PREPARER, KEY, memory.to_bytes())
    found = {
        Hint.NAME: handle_forms(PREPARER, handle),
        Hint.PAYMENT: payment_forms(PREPARER, text) | payment_forms(PREPARER, handle),
        Hint.CONTACT: contact_forms(PREPARER, text) | contact_forms(PREPARER, handle),
        Hint.LINK: link_forms(PREPARER, text) | link_forms(PREPARER, handle),
    }
    expected = tuple(hint for hint in Hint if found[hint])
    assert again.hints(handle=handle, texts=[text]) == expected


@settings(max_examples=200, deadline=None)
@given(
    st.text("abcdefghijkmnopqrtuvwz", min_size=6, max_size=20),
    st.text("0123456789", max_size=4),
    st.lists(st.sampled_from(["_", ".", "-", " "]), min_size=1, max_size=3),
    st.randoms(use_true_random=False),
)
def test_separators_and_look_alikes_never_hide_a_name(
    name: str, digits: str, separators: list[str], rng: object
) -> None:
    handle = list((name + digits).translate(str.maketrans("aeopcy", "аеорсу")))
    for separator in separators:
        handle.insert(rng.randrange(len(handle) + 1), separator)  # type: ignore[attr-defined]
    assert blocked((name + digits, [])).hints(handle="".join(handle)) == (Hint.NAME,)


@settings(max_examples=300, deadline=None)
@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=30), st.data())
def test_a_plain_name_with_other_digits_is_another_person(name: str, data: st.DataObject) -> None:
    one, other = (data.draw(st.integers(0, 9999)) for _ in range(2))
    hinted = blocked((f"{name}{one}", [])).hints(handle=f"{name}{other}")
    assert bool(hinted) == (one == other and len(f"{name}{one}") >= 4)


LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "pt")


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_accuse_nobody_and_name_nobody(language: str) -> None:
    words = [hint.words(language) for hint in Hint]
    assert len(set(words)) == len(Hint)
    assert language == "en" or not set(words) & {hint.words("en") for hint in Hint}
    banned = "danger|gefahr|gefähr|peligro|pericol|perigo|危|person|persona|pessoa|この人|[{!！]"
    assert not [text for text in words if re.search(banned, text.casefold())]
    assert all(len(re.split(r"[.。] ?", text)) == 2 for text in words)  # one sentence


def test_words_of_another_language_are_english() -> None:
    assert Hint.LINK.words("FR-ca") == Hint.LINK.words("fr")
    assert (
        Hint.LINK.words("xx")
        == Hint.LINK.words("en")
        == ("The same link came up in a chat you blocked.")
    )


def test_a_guard_gives_it_with_its_own_table(guard: Guard) -> None:
    memory = guard.recontact(KEY)
    memory.add("chat-0", handle="river.fox88")
    assert guard.recontact(KEY, memory.to_bytes()).hints(handle="rivеr_fox88") == (Hint.NAME,)


@pytest.mark.parametrize("piece", ["a", "1", "a.", "@", "1 ", "GB82", "0x", "$a ", "http://", "a@"])
def test_hostile_texts_take_no_time_out_of_proportion(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert blocked((text, [text])).hints(handle=text, texts=[text]) is not None
