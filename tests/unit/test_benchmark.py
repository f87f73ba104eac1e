"""The benchmark: a quick run over the shipped bundle, its pages and their check, what it counts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import onnx
import pytest

from exports import messages, parse
from safelight.guard import SHIPPED
from safelight_export.benchmark import bundle_page, command, imports, peers_page
from safelight_export.benchmark.export_scan import write
from safelight_export.benchmark.goals import GOALS, Goal
from safelight_export.benchmark.parts import STAGES, Node, by_op, feed, nodes
from safelight_export.benchmark.roofline import least_us, work
from safelight_export.benchmark.rounds import paired, ratio
from safelight_export.benchmark.settings import QUICK, TOKENS
from safelight_export.benchmark.shapes import SHAPES
from safelight_export.benchmark.words import figure
from safelight_export.cli import main
from tiny_graph import EMBEDDING, STATE

PAGES = ("bundle.md", "peers.md")


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command leaves: data, pages and pictures; the peers in `peers`."""
    folder = tmp_path_factory.mktemp("benchmark")
    told = ["benchmark", str(SHIPPED), "--quick", "--out", str(folder)]
    assert main([*told, "--work", str(folder / "peers")]) == 0
    return folder


@pytest.fixture
def committed(quick: Path, tmp_path: Path) -> Path:
    """The same as if it were of a whole run."""
    for path in quick.glob("*.*"):
        shutil.copy(path, tmp_path)
    for names, page in ((command.BUNDLE, bundle_page), (command.PEERS, peers_page)):
        found = {**json.loads((tmp_path / names[0]).read_text("utf-8")), "quick": False}
        (tmp_path / names[0]).write_text(json.dumps(found), "utf-8")
        (tmp_path / names[1]).write_text(page.render(found), "utf-8")
    command.draw(tmp_path)
    return tmp_path


def data(folder: Path, name: str = "peers.json") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / name).read_text("utf-8"))
    return found


def check(folder: Path) -> int:
    return main(["benchmark", str(SHIPPED), "--out", str(folder), "--check"])


def test_a_quick_run_has_every_peer_in_every_table(quick: Path) -> None:
    sections = (quick / "peers.md").read_text("utf-8").split("\n## ")[2:]
    assert [section.split("\n", 1)[0] for section in sections] == [
        "Who is compared", "One message", "A message of a long chat", "Memory and start",
        "A whole export",
    ]  # fmt: skip
    for section in sections:
        for shape in SHAPES:
            assert f"| {shape.name}" in section, shape.name


def test_a_quick_run_judges_every_goal(quick: Path) -> None:
    page = (quick / "peers.md").read_text("utf-8")
    for goal in GOALS:
        row = next(line for line in page.splitlines() if line.startswith(f"| {goal.what} |"))
        assert row.endswith(("| met |", "| **missed** |"))


def test_a_quick_run_looks_inside_the_bundle(quick: Path) -> None:
    found, page = data(quick, "bundle.json"), (quick / "bundle.md").read_text("utf-8")
    assert sum(found["files"].values()) == sum(
        path.stat().st_size for path in SHIPPED.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    )  # fmt: skip
    assert all(f"| {stage} |" in page for stage in STAGES)
    assert all(found["work"][str(n)]["int8_ops"] > 0 for n in TOKENS)
    assert {"safelight", "numpy", "onnxruntime", "tokenizers"} <= set(found["imports_ms"])


def test_a_page_of_a_quick_run_says_so_and_is_refused(
    quick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert all("its figures mean nothing" in (quick / page).read_text("utf-8") for page in PAGES)
    assert check(quick) == 1
    told = capsys.readouterr().err.splitlines()
    assert [line.split(": ", 1)[1] for line in told] == [
        "bundle.json is of a quick run", "peers.json is of a quick run"
    ]  # fmt: skip


def test_what_was_committed_is_of_its_data(committed: Path) -> None:
    assert check(committed) == 0


def test_figures_of_another_processor_are_of_their_data() -> None:
    """They may be of an earlier model: shapes count, and that processor is not at hand."""
    folder = Path(__file__).parents[2] / "docs" / "benchmarks_avx512"
    model = str(data(folder)["model_sha256"])
    assert data(folder, "bundle.json")["model_sha256"] == model
    assert list(command.problems(folder, model)) == []


@pytest.mark.parametrize("name", [*PAGES, peers_page.LENGTH, peers_page.SIZE])
def test_an_altered_or_missing_page_is_refused(
    committed: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = committed / name
    path.write_text(path.read_text("utf-8").replace("a", "b"), "utf-8")
    assert check(committed) == 1
    assert name in capsys.readouterr().err
    path.unlink()
    assert check(committed) == 1


def test_figures_of_another_model_are_refused(
    committed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {**data(committed), "model_sha256": "0" * 64}
    (committed / "peers.json").write_text(json.dumps(found), "utf-8")
    (committed / "peers.md").write_text(peers_page.render(found), "utf-8")
    command.draw(committed)
    assert check(committed) == 1
    assert "peers.json is of another model" in capsys.readouterr().err


def test_peers_are_networks_of_their_kind(quick: Path) -> None:
    for shape in QUICK.shapes:
        (path,) = (quick / "peers").glob(f"{shape.key}-*.onnx")
        ops = {node.op_type for node in onnx.load(path).graph.node}
        assert ("MatMulInteger" in ops) == shape.int8
        assert "Softmax" in ops  # attention is there


def test_ratios_are_of_pairs() -> None:
    # Not the ratio of the medians, which would be 30 ÷ 2.
    found = ratio([(1, 100), (2, 10), (10, 30)])
    assert found["median"] == 5
    assert 3 <= found["low"] <= 5 <= found["high"] <= 100


def test_the_two_of_a_pair_take_turns_to_be_first() -> None:
    called: list[str] = []
    pairs = paired(lambda: called.append("ours"), {"peer": lambda: called.append("peer")}, 4, 0.0)
    assert called == ["ours", "peer", "peer", "ours", "ours", "peer", "peer", "ours"]
    assert len(pairs["peer"]) == 4


def test_paired_rounds_are_kept(quick: Path) -> None:
    for row in data(quick)["peers"]:
        assert all(len(pairs) == QUICK.rounds for pairs in row["tokens_ms"].values())
        assert all(len(c["pairs"]) == QUICK.chat_rounds for c in row["chat_ms"].values())


@pytest.mark.parametrize(
    ("key", "place", "tokens"),
    [("minilm", 1000, 12), ("bert", 10, 120), ("bert", 1000, 512), ("mmbert", 10_000, 480)],
)
def test_a_window_is_paid_as_far_as_positions_reach(key: str, place: int, tokens: int) -> None:
    (shape,) = (shape for shape in SHAPES if shape.key == key)
    assert shape.tokens(place, 12.0) == tokens


@pytest.mark.parametrize(
    ("at_least", "value", "met"), [(True, 20, True), (True, 19.9, False), (False, 20.1, False)]
)
def test_a_goal_is_met_at_its_limit(at_least: bool, value: float, met: bool) -> None:
    goal = Goal("", 20, at_least, "", lambda found: found)
    assert goal.met({"median": value}) is met


def test_products_are_counted_by_their_shapes(tiny_files: dict[str, bytes]) -> None:
    found = work(nodes(tiny_files["model.onnx"], feed([1, 2, 3], STATE), 2))
    features = EMBEDDING + 3
    cell, labels, risks = 3 * STATE * (features + STATE), (features + STATE) * 26, STATE * 2
    assert found["fp32_ops"] == 2 * (cell + labels + risks)
    assert found["bytes"] == 4 * (cell + labels + risks)
    assert found["int8_ops"] == 0


def test_int8_and_tables_are_counted_apart() -> None:
    listed = [
        Node("DynamicQuantizeMatMul", ((1, 16, 256),), ((1, 16, 64),), 5.0),
        Node("GatherBlockQuantized", ((100, 512), (1, 16)), ((1, 16, 512),), 1.0),
        Node("Add", ((1, 16, 64),), ((1, 16, 64),), 2.0),
        Node("Add", ((64,),), ((64,),), 1.0),
    ]
    assert work(listed) == {
        "fp32_ops": 0, "int8_ops": 2 * 256 * 16 * 64, "other_ops": 17 * 64,
        "bytes": 256 * 64 + 16 * 512 // 2,
    }  # fmt: skip
    assert by_op(listed)[1] == {"op": "Add", "nodes": 2, "us": 3.0}


def test_the_limit_is_the_slower_of_products_and_reading() -> None:
    reached = {"fp32_gop_s": 100.0, "int8_gop_s": 400.0, "read_gb_s": 50.0, "copy_gb_s": 10.0}
    needed = {"fp32_ops": 1_000_000, "int8_ops": 4_000_000, "other_ops": 9, "bytes": 5_000_000}
    assert least_us(needed, reached) == pytest.approx(
        {"arithmetic": 20.0, "cache": 100.0, "memory": 500.0, "least": 100.0}
    )


def test_an_export_holds_exactly_the_messages_asked_for(tmp_path: Path) -> None:
    chat = {"messages": [{"sender": "peer", "text": "hello"}, {"sender": "self", "text": "hi"}]}
    write(tmp_path / "result.json", [chat], 5)
    found = messages(parse((tmp_path / "result.json").read_bytes()))
    assert [(m.text, m.mine) for m in found] == [("hello", False), ("hi", True)] * 2 + [
        ("hello", False)
    ]


def test_import_times_are_summed_by_package() -> None:
    told = "\n".join([
        "import time: self [us] | cumulative | imported package",
        "import time:       100 |        100 |   json",
        "import time:      2000 |       2100 | numpy.linalg",
        "import time:       500 |       2600 | numpy",
    ])  # fmt: skip
    assert imports.parse(told) == {"numpy": 2.5, "standard library": 0.1}


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.0, "0"), (0.0012345, "0.00123"), (1.204, "1.20"), (-0.5, "-0.500"), (20.04, "20.0"),
     (999.6, "1,000"), (1234.5, "1,234")],
)  # fmt: skip
def test_figures_keep_three_digits(value: float, told: str) -> None:
    assert figure(value) == told
