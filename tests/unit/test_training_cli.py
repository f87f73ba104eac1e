"""What the commands refuse before any work: one line, exit status 3, and no data is loaded."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from safelight_training import ablate, cli, recipe


@pytest.fixture(autouse=True)
def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (ablate, recipe):
        monkeypatch.setattr(module, "load_data", lambda *_: pytest.fail("data were loaded"))


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The line that says why."""
    assert cli.main([str(argument) for argument in arguments]) == 3
    said = capsys.readouterr().err
    assert said.startswith("safelight_training: ")
    assert said.count("\n") == 1
    return said


@pytest.mark.parametrize("lies_there", ["nothing", "no bundle", "no checkpoint"])
def test_a_teacher_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lies_there: str
) -> None:
    path = tmp_path / "teacher"
    if lies_there == "no bundle":
        path.mkdir()
    elif lies_there == "no checkpoint":
        path.write_text("plain text")
    work = tmp_path / "work"
    assert str(path) in refused(capsys, "recipe", "--work", work, "--teacher", path)
    assert not list(work.glob("*"))


@pytest.mark.parametrize("more", [(), ("--teacher", "teacher.pt")])
def test_a_checkpoint_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    given = ("--work", tmp_path, "--student", "student.pt", *more)
    assert given[-1] in refused(capsys, "ablate", *given)


@pytest.mark.parametrize("content", [None, b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_key_that_cannot_sign(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    """A file of another kind; and none, in a folder that is not there."""
    key = tmp_path / "keys" / "my.key"
    if content:
        key.parent.mkdir()
        key.write_bytes(content)
    work = tmp_path / "work"
    assert str(key) in refused(capsys, "recipe", "--work", work, "--sign", key)


@pytest.mark.parametrize("options", [("--key-id", "mine"), ("--smoke", "--epochs", "1", "0")])
def test_an_option_that_would_do_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    assert options[0] in refused(capsys, "recipe", "--work", tmp_path, *options)


@pytest.mark.parametrize(
    ("target", "lacks", "given"),
    [("retrain", "DATA", []), ("retrain", "KEY", ["DATA=a"]), ("peers", "CORPORA", [])],
)
def test_make_names_what_it_was_not_given(target: str, lacks: str, given: list[str]) -> None:
    """Before it makes an environment."""
    done = subprocess.run(
        ["make", "--no-print-directory", target, f"{lacks}=", *given],
        cwd=Path(__file__).parents[2], env={**os.environ, "MAKEFLAGS": ""},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode != 0
    said, of_make = done.stderr.splitlines()
    assert f"make {target} needs {lacks}=" in said and f"given-{lacks}" in of_make
    assert done.stdout == ""
