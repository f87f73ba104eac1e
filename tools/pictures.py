"""`make pictures`: what README shows, from the shipped bundle and the committed report alone.

A warning in the chat (a shipped, made-up sample, played in a real Chromium), the top of the report,
and the lines of figures between README's marks. Each picture holds the digest of what it was made
of, so that `--check` notices other weights or another report.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Browser, sync_playwright

from safelight_training.evaluation.page import model_card
from safelight_training.evaluation.page.quoted import quoted

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "docs" / "evaluation"
DATA, MANIFEST = REPORT / "report.json", ROOT / "model/safelight/bundle/manifest.json"
README = ROOT / "README.md"
FOLDER = ROOT / "docs" / "pictures"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 900, "height": 900}
#: Sharp on any screen, though README shows the pictures smaller.
SCALE = 2
#: Safelight starts in a second, unless others have the cores.
PATIENCE_MS = 180_000
#: What a picture says of itself.
KEY = "sha256 of its source"
#: README loads them on every visit; flat colours need few of 256.
MOST_BYTES, COLOURS = 120_000, 64
#: The sample's times, the same whenever the picture is made.
CLOCK = "2026-01-30T16:00:00Z"
FIGURES = re.compile(r"(<!-- figures: make pictures -->\n).*?(<!-- end -->)", re.S)
#: Plays on until a warning is there, as the button of the screen does.
PLAY = """async () => {
  const { player } = document.querySelector("chat-app").model;
  while (player.watched.conversation.level < 2) await player.step();
}"""


class Picture(NamedTuple):
    name: str
    source: Path  # the file whose digest it holds
    take: Callable[[Browser], bytes]  # → PNG


@contextmanager
def served() -> Iterator[str]:
    """The address of the built app, on this machine alone."""
    node, main = Path(sys.executable).with_name("node"), ROOT / "mobile_demo/app/server/main.ts"
    with tempfile.TemporaryDirectory() as folder:
        command = [node, main, "0", Path(folder) / "relay.log"]
        server = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        try:
            line = server.stdout.readline() if server.stdout else ""
            address = re.search(r"http://\S+", line)
            if address is None:
                raise SystemExit("pictures: the app did not start")
            yield address[0]
        finally:
            os.killpg(server.pid, signal.SIGTERM)  # the environment's `node` starts the real one
            server.wait()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The one that the tests find too; where there is none, it says what to install."""
    finder = [sys.executable, ROOT / "tools" / "chromium.py", ROOT / "build" / "browser"]
    done = subprocess.run(finder, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=done.stdout.strip(), args=["--no-sandbox", "--disable-quic"]
        )
        yield browser
        browser.close()


def warning(browser: Browser) -> bytes:
    """The sample chat at its first warning, on a phone."""
    with served() as address:
        page = browser.new_page(
            viewport=PHONE, device_scale_factor=SCALE, locale="en-GB", timezone_id="UTC",
            service_workers="block", reduced_motion="reduce",
        )  # fmt: skip
        page.set_default_timeout(PATIENCE_MS)
        page.clock.set_fixed_time(CLOCK)
        page.goto(f"{address}#/try")
        page.locator("input[name=name]").fill("Sam")
        page.locator("form button.main").click()
        page.locator("main.page > button.main").last.click()  # waits until Safelight is ready
        page.evaluate(PLAY)
        page.locator(".safelight.warning").wait_for()
        return page.screenshot(animations="disabled")


def report(browser: Browser) -> bytes:
    """The report down to its first figure."""
    page = browser.new_page(viewport=DESK, device_scale_factor=SCALE)
    page.goto((REPORT / "report.html").as_uri())
    end = page.locator("figure").first.bounding_box()
    assert end is not None
    height = end["y"] + end["height"] + 16  # a margin below, as above
    area = {"x": 0, "y": 0, "width": DESK["width"], "height": height}
    return page.screenshot(full_page=True, clip=area)


PICTURES = (
    Picture("warning.png", MANIFEST, warning),
    Picture("report.png", DATA, report),
)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def small(png: bytes, source: str) -> bytes:
    """The picture in few colours, with the digest of what it was made of."""
    about = PngInfo()
    about.add_text(KEY, source)
    few = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    file = io.BytesIO()
    few.save(file, "PNG", optimize=True, pnginfo=about)
    if file.tell() > MOST_BYTES:
        raise SystemExit(f"pictures: one has {file.tell()} bytes, more than {MOST_BYTES}")
    return file.getvalue()


def with_figures(readme: str) -> str:
    """README with the lines that the model card has too, of the report and what it quotes."""
    found, manifest = (json.loads(path.read_text("utf-8")) for path in (DATA, MANIFEST))
    beside = quoted(REPORT, found["manifest_sha256"], manifest["evidence"])
    lines = model_card.plain_words(found, beside)
    text, places = FIGURES.subn(lambda found: f"{found[1]}{lines}\n{found[2]}", readme)
    if places != 1:
        raise SystemExit(f"pictures: {README.name} has no one place for the figures")
    return text


def stale() -> Iterator[str]:
    """What is not of the shipped bundle or of the committed report."""
    for name, source, _ in PICTURES:
        path = FOLDER / name
        if not path.exists() or Image.open(path).info.get(KEY) != digest(source):
            yield f"{name} is not of {source.name}"
    if (readme := README.read_text("utf-8")) != with_figures(readme):
        yield f"the figures of {README.name} are not of report.json"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; are they of today?")
    if parser.parse_args().check:
        problems = list(stale())
        for problem in problems:
            print(f"pictures: {problem}: make pictures", file=sys.stderr)
        return 1 if problems else 0
    FOLDER.mkdir(exist_ok=True)
    with chromium() as browser:
        for name, source, take in PICTURES:
            (FOLDER / name).write_bytes(small(take(browser), digest(source)))
            print(f"wrote {name}")
    README.write_text(with_figures(README.read_text("utf-8")), "utf-8")
    print(f"wrote the figures of {README.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
