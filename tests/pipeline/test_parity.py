"""The shipped graph beside its own weights in full precision: what rounding costs on a phone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from safelight.graph import Step
from safelight.guard import SHIPPED
from safelight.types import Outputs
from safelight_export import regret
from safelight_export.cli import main
from safelight_export.parity import TOLERANCE
from safelight_export.parity_page import render


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("parity")
    assert main(["parity", str(SHIPPED), "--messages", "60", "--quick", "--out", str(out)]) == 0
    return out


def test_without_checkpoints_it_reads_the_bundles_own_weights(folder: Path) -> None:
    found = json.loads((folder / "parity.json").read_text("utf-8"))
    assert found["own_weights"]
    assert max(found["fp32_and_torch"]["max_difference"].values()) <= TOLERANCE
    small = found["quantised_and_fp32"]
    assert 0 < small["max_difference"]["risks"] < 0.1
    assert [row["messages"] for row in small["drift"]] == [10, 100]
    assert min(row["cosine"] for row in small["drift"]) > 0.99
    told = small["warned"]
    assert 0 < told["risky"] < told["chats"]
    fp32, quantised = told["graphs"]["fp32"], told["graphs"]["quantised"]
    assert fp32["in_time"] == pytest.approx(quantised["in_time"], abs=1)
    assert (folder / "parity.md").read_text("utf-8") == render(found)


def test_a_check_wants_the_shipped_model_and_a_whole_run(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command, data = (
        ["parity", str(SHIPPED), "--out", str(folder), "--check"],
        folder / "parity.json",
    )
    found = json.loads(data.read_text("utf-8"))
    for change, said in (
        ({}, "parity.json is of a quick run"),
        ({"quick": False}, "parity.json is of a quick run"),  # of few messages
        ({"messages": 3000, "model_sha256": "0" * 64}, "parity.json is of another model"),
    ):
        kept = found | change
        data.write_text(json.dumps(kept), "utf-8")
        (folder / "parity.md").write_text(render(kept), "utf-8")
        assert main(command) == 1
        assert said in capsys.readouterr().err
    whole = found | {"quick": False, "messages": 3000}
    data.write_text(json.dumps(whole), "utf-8")
    (folder / "parity.md").write_text(render(whole), "utf-8")
    assert main(command) == 0
    assert main([*command, "--quick"]) == 3


def test_checkpoints_without_their_graph_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parity", str(SHIPPED), "--student", "student.pt"]) == 3
    assert capsys.readouterr().err.count("\n") == 1


def test_states_that_go_apart_are_seen() -> None:
    still = np.array([1, 0], np.float32)

    def engine(turn: float) -> regret.Engine:
        """Its state turns by so many radians a message; its risk follows the state."""
        cos, sin = np.cos(turn), np.sin(turn)
        turned = np.array([[cos, -sin], [sin, cos]], np.float32)

        def step(given: Step) -> tuple[Outputs, regret.Floats]:
            after = turned @ given.state
            return Outputs(after, after, after), after

        return step

    steps = [Step(((1,),), False, 0.0, still)] * 100
    found = regret.drift(engine(0.0), engine(0.01), steps)
    assert [row["messages"] for row in found] == [10, 100]
    assert [row["cosine"] for row in found] == pytest.approx([np.cos(0.1), np.cos(1)], abs=1e-4)
    assert found[1]["risk"] == pytest.approx(np.sin(1), abs=1e-3)
