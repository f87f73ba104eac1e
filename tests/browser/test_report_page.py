"""The committed report in a real Chromium: accessible, readable on a phone, no request leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

REPORT = Path(__file__).parents[2] / "docs" / "evaluation" / "report.html"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(request: pytest.FixtureRequest, browser: Browser, scheme: str) -> Iterator[Page]:
    """The report, opened; a request that leaves the page or an error in it fails the test."""
    opened = browser.new_page(color_scheme=scheme, viewport=request.param)
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("request", lambda asked: wrong.append(asked.url))
    opened.goto(REPORT.as_uri())
    yield opened
    opened.close()
    assert [w for w in wrong if not w.startswith(("data:", REPORT.as_uri()))] == []


def test_axe_finds_nothing(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_every_picture_is_drawn(page: Page) -> None:
    sizes = page.evaluate(
        "Array.from(document.querySelectorAll('svg, img'), e => e.getBoundingClientRect().width)"
    )
    assert len(sizes) > 5
    assert min(sizes) > 100
