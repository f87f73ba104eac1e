"""Options of `evaluate`: none does nothing without a word."""

from __future__ import annotations

import argparse

import pytest

from safelight_training.evaluation import command


def options(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(["bundle", *given])


@pytest.mark.parametrize(
    ("way", "idle"),
    [("--check", ["--brief"]), ("--compare=B", ["--corpora", "c"]), ("--compare=B", ["--out", "o"]),
     ("--data=D", ["--card", "c"]), ("--data=D", ["--brief"]), ("--pan12=P", ["--corpora", "c"]),
     ("--pan12=P", ["--split", "test"])],
)  # fmt: skip
def test_an_option_that_would_do_nothing_is_refused(
    way: str, idle: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.run(options(way, *idle)) == 3
    said = capsys.readouterr().err
    beside = way.partition("=")[0]
    assert said == f"safelight_training: {idle[0]} does nothing beside {beside}\n"


@pytest.mark.parametrize("ways", [("--check", "--data=D"), ("--data=D", "--pan12=P"),
                                  ("--compare=B", "--check")])  # fmt: skip
def test_only_one_thing_is_done_at_a_time(
    ways: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        options(*ways)
    assert "not allowed with" in capsys.readouterr().err
