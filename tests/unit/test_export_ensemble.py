"""Several students as one step graph: in torch, as an fp32 graph, and quantised."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch

from safelight.taxonomy import CUES, INDICATORS, RISKS
from safelight_export.encoder_nodes import TABLE
from safelight_export.ensemble import together
from safelight_export.quantise import quantise
from safelight_export.step_module import Step
from safelight_export.to_onnx import INPUTS, LANGUAGES, OUTPUTS, to_onnx
from safelight_training.encoders import q4
from safelight_training.encoders.usem3 import UseM3
from safelight_training.model import LanguageTable, Shape, Student

VOCABULARY, SIZES = 50, (16, 24)
NAMES = (*OUTPUTS, LANGUAGES)


def calibration() -> dict[str, Any]:
    sizes = {"risks": len(RISKS), "indicators": len(INDICATORS), "cues": len(CUES)}
    return {kind: {"a": np.linspace(0.5, 2, n).tolist(), "b": np.linspace(-1, 1, n).tolist()}
            for kind, n in sizes.items()}  # fmt: skip


@pytest.fixture(scope="module")
def students() -> list[Student]:
    """Two of different size and weights, over one embedding table."""
    found = []
    rows = np.random.default_rng(1).normal(0, 1, (VOCABULARY, 64)).astype(np.float32)
    rows = q4.dequantise(*q4.quantise(rows))
    for seed, state in enumerate(SIZES):
        torch.manual_seed(seed)
        encoder = UseM3(VOCABULARY, dim=64, branch=16, deep=24)
        encoder.embedding.weight.data = torch.from_numpy(rows.copy())
        model = Student(Shape(VOCABULARY, state=state, projected=12, hidden=20), encoder)
        for head in (model.context_out, model.local_out, model.risk_out):
            torch.nn.init.normal_(head.weight, 0, 0.5)
            torch.nn.init.zeros_(head.bias)
        found.append(model.eval())
    return found


@pytest.fixture(scope="module")
def languages() -> LanguageTable:
    torch.manual_seed(9)
    return LanguageTable(torch.randn(VOCABULARY, 8), torch.randn(8))


@pytest.fixture(scope="module")
def graphs(students: list[Student], languages: LanguageTable) -> list[onnx.ModelProto]:
    return [to_onnx(student, calibration(), languages) for student in students]


def batch() -> dict[str, np.ndarray]:
    """Four messages of different lengths, in four chats."""
    rng = np.random.default_rng(5)
    mask = (np.arange(9) < np.array([[9], [1], [4], [7]])).astype(np.int64)
    ids = rng.integers(0, VOCABULARY, mask.shape) * mask
    state = rng.normal(0, 0.5, (4, sum(SIZES))).astype(np.float32)
    values = ids, mask, np.array([0, 1, 1, 0]), np.array([-1, 0, 3, 9e4], np.float32), state
    return dict(zip(INPUTS, values, strict=True))


def run(graph: onnx.ModelProto, feed: dict[str, np.ndarray]) -> list[np.ndarray]:
    onnx.checker.check_model(graph)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(
        graph.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    found: list[np.ndarray] = session.run(list(NAMES), feed)
    return found


def test_the_fp32_graph_is_torch(
    students: list[Student], languages: LanguageTable, graphs: list[onnx.ModelProto]
) -> None:
    module = Step(students, calibration(), languages)
    assert module.state_size == sum(SIZES)
    with torch.no_grad():
        expected = module(*map(torch.from_numpy, batch().values()))
    for name, one, other in zip(NAMES, run(together(graphs), batch()), expected, strict=True):
        np.testing.assert_allclose(one, other.numpy(), atol=1e-4, err_msg=name)


@pytest.mark.parametrize("form", [lambda graph: graph, quantise], ids=["fp32", "quantised"])
def test_the_answer_is_the_mean_of_the_log_odds(form: Any, graphs: list[onnx.ModelProto]) -> None:
    members = [form(graph) for graph in graphs]
    feed, parts = batch(), np.split(batch()["state"], [SIZES[0]], 1)
    alone = [run(m, {**feed, "state": part}) for m, part in zip(members, parts, strict=True)]
    found = dict(zip(NAMES, run(together(members), feed), strict=True))
    for i, name in enumerate(("risks", "indicators", "cues")):
        logits = [np.log(said[i]) - np.log1p(-said[i]) for said in alone]
        assert np.abs(logits[0] - logits[1]).max() > 0.1  # the mean is of two opinions
        expected = 1 / (1 + np.exp(-np.mean(logits, 0)))
        np.testing.assert_allclose(found[name], expected, atol=1e-5, err_msg=name)
    state = np.concatenate([said[3] for said in alone], 1)
    np.testing.assert_allclose(found["state_out"], state, atol=1e-6)
    np.testing.assert_allclose(found[LANGUAGES], alone[0][4], atol=1e-6)


def test_what_members_hold_alike_stands_once(graphs: list[onnx.ModelProto]) -> None:
    for members, table in ((graphs, TABLE), (list(map(quantise, graphs)), f"{TABLE}.q4")):
        graph = together(members).graph
        assert sum(t.name.endswith(table) for t in graph.initializer) == 1
        values = {(t.data_type, tuple(t.dims), t.raw_data) for t in graph.initializer}
        assert len(values) == len(graph.initializer)
        rows = [n for n in graph.node if n.op_type == "Gather" and "input_ids" in n.input]
        assert len(rows) == len({tuple(n.input) for n in rows})
        made_alike = {n.name for n in graph.node if n.name.startswith("/member.0/encoder/row")}
        again = [n.replace("/member.0", "/member.1") for n in made_alike]
        assert not set(again) & {n.name for n in graph.node}
        assert len(made_alike) > (0 if table == TABLE else 10)


def test_the_same_member_twice_says_what_it_says_alone(graphs: list[onnx.ModelProto]) -> None:
    member = quantise(graphs[0])
    feed = batch()
    state = feed["state"][:, : SIZES[0]]
    alone = run(member, {**feed, "state": state})
    found = run(together([member, member]), {**feed, "state": np.concatenate([state, state], 1)})
    for i in (0, 1, 2, 4):
        np.testing.assert_allclose(found[i], alone[i], atol=1e-6)
    np.testing.assert_array_equal(found[3], np.concatenate([alone[3]] * 2, 1))


def test_one_member_is_itself(graphs: list[onnx.ModelProto]) -> None:
    assert together(graphs[:1]) is graphs[0]


def test_names_and_sizes_are_those_of_a_step_graph(graphs: list[onnx.ModelProto]) -> None:
    graph = together(graphs).graph
    assert tuple(entry.name for entry in graph.input) == INPUTS
    assert tuple(entry.name for entry in graph.output) == NAMES
    sizes = {e.name: e.type.tensor_type.shape.dim[1].dim_value for e in graph.output}
    assert sizes["state_out"] == sum(SIZES)
    assert len({node.name for node in graph.node}) == len(graph.node)
