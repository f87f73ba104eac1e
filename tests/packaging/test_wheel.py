"""The wheel is the runtime alone, with its weights; the runtime works without the rest."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "transformers", "datasets", "sklearn", "scipy", "onnx", "tqdm",
         "safelight_training", "safelight_export")  # fmt: skip


def test_its_top_level_is_the_runtime(wheel: zipfile.ZipFile) -> None:
    top = {name.partition("/")[0] for name in wheel.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"safelight"}


def test_it_carries_the_pinned_bundle_file_by_file(wheel: zipfile.ZipFile) -> None:
    shipped = ROOT / "model" / "safelight" / "bundle"
    for path in shipped.rglob("*"):
        if path.is_file():
            inside = wheel.read(f"safelight/bundle/{path.relative_to(shipped).as_posix()}")
            assert hashlib.sha256(inside).digest() == hashlib.sha256(path.read_bytes()).digest()


@pytest.mark.parametrize("name", ["friction", "recontact", "evidence/en"])
def test_it_carries_the_fixed_words(wheel: zipfile.ZipFile, name: str) -> None:
    assert wheel.read(f"safelight/words/{name}.json").startswith(b"{")


def test_no_training_text_reaches_a_phone(wheel: zipfile.ZipFile) -> None:
    assert not [n for n in wheel.namelist() if "phrasebook" in n or "authored" in n]


def test_the_runtime_answers_with_every_heavy_module_blocked() -> None:
    code = (
        "import sys\n"
        f"for name in {HEAVY!r}: sys.modules[name] = None\n"
        "from safelight import Guard\n"
        "seen = Guard.load().conversation('c').observe(sender='peer', text='hello')\n"
        "assert seen.level.label == 'none'\n"
        "assert not [m for m in sys.modules if m.startswith(('rich', 'huggingface_hub'))]\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True,
        env={"PYTHONPATH": str(ROOT / "model"), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
