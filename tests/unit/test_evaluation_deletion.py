"""Does a level fall without the messages it rests on: what is counted, and that a check sees a
change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safelight import Guard, Level
from safelight.guard import SHIPPED
from safelight_training.cli import main
from safelight_training.data.independent import independent
from safelight_training.evaluation import deletion


def test_each_moment_that_shows_a_level_is_asked_and_counted(tmp_path: Path) -> None:
    assert main(["deletion", str(SHIPPED), "--first", "5", "--out", str(tmp_path)]) == 0
    found = json.loads((tmp_path / deletion.JSON).read_text("utf-8"))
    guard, asked = Guard.load(), []
    for chat in independent("dev")[:5]:
        messages = deletion.messages_of(chat)
        after = [guard.why(messages[:n]) for n in range(1, len(messages) + 1)]
        levels = [why.level if why else Level.NONE for why in after]
        moments = {deletion.FIRST: levels.index(max(levels)), deletion.END: -1}
        asked += [(moment, why) for moment, at in moments.items() if (why := after[at])]
    assert {moment for moment, _ in asked} == {deletion.FIRST, deletion.END}
    for row in found["rows"]:
        mine = [why.falls for moment, why in asked
                if (moment, why.level.name.lower()) == (row["moment"], row["level"])]  # fmt: skip
        assert (row["n"], row["k"]) == (len(mine), sum(mine))
        assert 1 <= row["named"] <= row["of"]
    assert sum(row["n"] for row in found["rows"]) == len(asked)


def test_a_check_wants_all_chats_this_bundle_and_the_page_of_the_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["deletion", str(SHIPPED), "--out", str(tmp_path)]
    data, page = tmp_path / deletion.JSON, tmp_path / deletion.MARKDOWN
    assert main([*arguments, "--first", "1"]) == 0
    capsys.readouterr()
    assert main([*arguments, "--check"]) == 1
    assert "deletion.json is of some of the chats" in capsys.readouterr().err
    found = json.loads(data.read_text("utf-8")) | {"all": True}
    data.write_text(json.dumps(found), "utf-8")
    assert main([*arguments, "--check"]) == 0
    page.write_text("other", "utf-8")
    assert main([*arguments, "--check"]) == 1
    page.write_text(deletion.render(found), "utf-8")
    data.write_text(json.dumps(found | {"manifest_sha256": "0" * 64}), "utf-8")
    assert main([*arguments, "--check"]) == 1
    assert "deletion.json is of another bundle" in capsys.readouterr().err


def test_a_folder_that_is_no_bundle_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["deletion", str(tmp_path)]) == 3
    assert capsys.readouterr().err.count("\n") == 1
