"""A real Chromium for pages. Where none can be had the tests fail and say what to install."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed after each file: while it is open its event loop runs in this thread, and tests of
    other files that start one of their own would fail after it."""
    finder = [sys.executable, ROOT / "tools" / "chromium.py", ROOT / "build" / "browser"]
    done = subprocess.run(finder, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(done.stderr.strip())
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=done.stdout.strip(), args=["--no-sandbox", "--disable-quic"]
        )
        yield found
        found.close()
