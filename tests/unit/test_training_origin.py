"""What a work folder keeps of the run that began it, and which other runs it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

import pytest

from safelight_training import origin, recipe
from safelight_training.cli import main
from safelight_training.corpora import CorpusError
from small_chats import write_corpora


def begun(tmp_path: Path, learnt: str = "abc") -> dict[str, Any]:
    return origin.kept(tmp_path / "origin.json", "0.1.0+own", 1, learnt)


def test_the_run_that_goes_on_is_the_one_that_began(tmp_path: Path) -> None:
    found = begun(tmp_path)
    assert begun(tmp_path) == found
    assert set(found) == set(origin.KEYS)  # a manifest says nothing of somebody's own chats
    with pytest.raises(origin.OriginError, match=r"another set of chats \(abc\)"):
        begun(tmp_path, "abd")


def test_a_folder_of_older_code_goes_on_says_so_and_is_bound_from_then_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older = origin.now("0.1.0+own", 1) | {"training_commit": "older"}
    (tmp_path / "origin.json").write_text(json.dumps(older), "utf-8")
    assert begun(tmp_path) == older
    assert "begun by older code" in capsys.readouterr().out
    assert begun(tmp_path) == older
    assert capsys.readouterr().out == ""
    with pytest.raises(origin.OriginError):
        begun(tmp_path, "abd")


def own(path: Path, indicators: list[str]) -> Path:
    """So many chats that some are in any sample."""
    messages = [{"sender": "peer", "text": f"hallo {indicators}", "indicators": indicators}]
    rows = [{"id": f"{i}", "language": "en", "label": "none", "messages": messages}
            for i in range(3000)]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_a_training_that_goes_on_with_other_chats_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*_: object) -> NoReturn:
        raise CorpusError("stopped")

    monkeypatch.setattr(recipe, "make_base", stopped)
    (corpora := tmp_path / "corpora").mkdir()
    write_corpora(corpora, {"casino": 9})
    data = own(tmp_path / "own.jsonl", [])

    def said(*more: object) -> str:
        given = ["recipe", "--smoke", "--work", tmp_path / "work", "--data", data, *more]
        assert main([str(part) for part in given]) == 3
        line = capsys.readouterr().err
        assert line.count("\n") == 1
        return line

    assert "stopped" in said()
    assert "stopped" in said()  # the same chats: it goes on
    for other in (("--corpora", corpora), ("--voices", 0.5)):
        assert "begun with another set of chats" in said(*other)
    own(data, ["secrecy"])  # as many chats, corrected
    assert "begun with another set of chats" in said()
