"""Golden vectors of the list of blocked people: forms, keyed hashes, hints, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from safelight import Recontact, RecontactError
from safelight.recontact_forms import contact_forms, handle_forms, link_forms, payment_forms
from safelight.text import TextPreparer
from safelight_export.text_table import build_table

RECONTACT = json.loads((Path(__file__).parents[1] / "vectors" / "recontact.json").read_text())
PREPARER = TextPreparer(build_table())
KEY = bytes.fromhex(RECONTACT["key"])


def of_rule(rule: str, least: int) -> list[dict[str, Any]]:
    cases = [case for case in RECONTACT["cases"] if case["rule"] == rule]
    assert len(cases) >= least
    return cases


def test_forms() -> None:
    for case in of_rule("handle", 26):
        assert sorted(handle_forms(PREPARER, case["handle"])) == case["forms"], case["handle"]
    shown = set()
    for case in of_rule("text", 33):
        finders = {"payment": payment_forms, "contact": contact_forms, "link": link_forms}
        for kind, finder in finders.items():
            assert sorted(finder(PREPARER, case["text"])) == case[kind], case["text"]
            shown |= {kind} if case[kind] else set()
    assert shown == {"payment", "contact", "link"}


def test_list_and_hints() -> None:
    memory, told = Recontact(PREPARER, KEY), set()
    full = Recontact(PREPARER, KEY)
    for case in of_rule("list", 6):
        if "add" in case:
            memory.add(case["add"], handle=case["handle"], texts=case["texts"])
        else:
            assert memory.forget(case["forget"]) is case["known"]
        assert memory.to_bytes().hex() == case["stored"]
        if len(memory) == 3:
            full = Recontact(PREPARER, KEY, memory.to_bytes())
    for case in of_rule("hints", 10):
        hints = [hint.value for hint in full.hints(handle=case["handle"], texts=case["texts"])]
        assert hints == case["hints"], case["why"]
        told |= {*hints, len(hints)}
    assert told == {"name", "payment", "contact", "link", 0, 1, 2, 4}


def test_refused() -> None:
    for case in of_rule("refused", 6):
        with pytest.raises(RecontactError) as caught:
            Recontact(PREPARER, bytes.fromhex(case["key"]), bytes.fromhex(case["stored"]))
        assert str(caught.value) == case["error"], case["why"]
