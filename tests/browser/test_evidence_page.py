"""The evidence page in a real Chromium: accessible, readable on a phone, nothing runs or leaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from safelight.evidence import make, redact
from safelight.evidence_page import render
from safelight.evidence_parts import Fact, Noticed, Said
from safelight.evidence_words import words

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
HOSTILE = "<script>document.title = 'run'</script><img src=//example.com/x> \u202eabc\0"
SAID = (
    Said(1, "@kestrel_77", "hi, is this Sam?", "2026-01-30T20:58:00+01:00"),
    Said(2, "@sam_555", "yes", "2026-01-30T20:59:00"),
    Said(3, "@kestrel_77", "left out", ""),
    Said(6, "@kestrel_77", "", "", media="image", file_name="IMG-20260130-WA0001.jpg"),
    Said(7, "@kestrel_77", HOSTILE, "", noticed=Noticed("warning", ("deadline",))),
    Said(8, "@kestrel_77", "w" * 500 + "\n" + "\u200f\u05d0\u05d1\u05d2 abc"),
)
FACTS = (
    Fact("platform", "ChatApp"),
    Fact("owner", "@sam_555"),
    Fact("peer", "@kestrel_77"),
    Fact("profile", "https://example.com/" + "a" * 200),
    Fact("money_demanded", "yes"),
    Fact("contact", "555-0112"),
)


@pytest.fixture(params=["en", "fr", "ja"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    created = datetime(2026, 1, 31, 18, 2, 11, tzinfo=timezone.utc)
    made = redact(make(SAID, FACTS, created=created, source="whatsapp"), [3], ["contact"])
    path = tmp_path / "page.html"
    path.write_text(render(made, words(request.param), {"deadline": "deadline"}), "utf-8")
    return path


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(
    request: pytest.FixtureRequest, browser: Browser, scheme: str, file: Path
) -> Iterator[Page]:
    """The page, opened; a request that leaves it or an error in it fails the test."""
    opened = browser.new_page(color_scheme=scheme, viewport=request.param)
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text))
    opened.on("request", lambda asked: wrong.append(asked.url))
    opened.goto(file.as_uri())
    yield opened
    opened.close()
    assert [w for w in wrong if w != file.as_uri()] == []


def test_axe_finds_nothing(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_its_style_is_applied_and_no_script_ran(page: Page) -> None:
    assert page.evaluate("getComputedStyle(document.querySelector('table')).tableLayout") == "fixed"
    assert page.title() != "run"
    assert page.locator("img, script, a").count() == 0


def test_paper_is_black_on_white_with_the_first_sheet_alone(page: Page) -> None:
    page.emulate_media(media="print")
    colours = page.evaluate(
        "[getComputedStyle(document.body)].map(s => [s.color, s.backgroundColor])"
    )
    assert colours == [["rgb(0, 0, 0)", "rgb(255, 255, 255)"]]
    assert page.evaluate("getComputedStyle(document.querySelector('.first')).breakAfter") == "page"
