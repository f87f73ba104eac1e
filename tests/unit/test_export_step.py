"""The exported step is the student: in torch, as an fp32 graph, and quantised."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from torch import Tensor

from safelight.taxonomy import CUES, INDICATORS, RISKS
from safelight_export.encoder_nodes import TABLE
from safelight_export.quantise import EXACT, quantise
from safelight_export.step_module import Calibration, Step, identity_calibration
from safelight_export.to_onnx import INPUTS, OUTPUTS, to_onnx
from safelight_training.encoders import q4
from safelight_training.encoders.usem3 import UseM3
from safelight_training.model import LanguageTable, Shape, Student

VOCABULARY, STATE, MESSAGES = 50, 16, 24
SIZES = {"risks": len(RISKS), "indicators": len(INDICATORS), "cues": len(CUES)}


def calibration() -> dict[str, Any]:
    """Another a and b for each output."""
    return {
        kind: {"a": np.linspace(0.5, 2, n).tolist(), "b": np.linspace(-1, 1, n).tolist()}
        for kind, n in SIZES.items()
    }


@pytest.fixture(scope="module")
def student() -> Student:
    torch.manual_seed(4)
    encoder = UseM3(VOCABULARY, dim=64, branch=16, deep=24)
    table = encoder.embedding.weight
    table.data = torch.from_numpy(q4.dequantise(*q4.quantise(table.detach().numpy())))
    model = Student(Shape(VOCABULARY, state=STATE, projected=12, hidden=20), encoder)
    for head in (model.context_out, model.local_out, model.risk_out):
        torch.nn.init.normal_(head.weight, 0, 0.5)
        torch.nn.init.zeros_(head.bias)
    return model.eval()


@pytest.fixture(scope="module")
def graph(student: Student) -> onnx.ModelProto:
    return to_onnx(student, calibration())


@pytest.fixture(scope="module")
def small(graph: onnx.ModelProto) -> onnx.ModelProto:
    return quantise(graph)


def session(graph: onnx.ModelProto) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(
        graph.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def chat() -> list[tuple[Tensor, float, float]]:
    """(token ids (1, tokens), sender, gap) of each message."""
    rng = np.random.default_rng(8)
    lengths = rng.integers(1, 30, MESSAGES)
    ids = [torch.from_numpy(rng.integers(0, VOCABULARY, (1, n))) for n in lengths]
    gaps = [-1.0, *rng.choice([-1.0, 0.0, 4.0, 90_000.0], MESSAGES - 1).tolist()]
    return list(zip(ids, rng.integers(0, 2, MESSAGES).tolist(), gaps, strict=True))


def stepped(module: Step) -> list[np.ndarray]:
    """Risks, indicators, cues and states after each message, one step at a time."""
    state, rows = torch.zeros(1, STATE), []
    for ids, sender, gap in chat():
        with torch.no_grad():
            found = module(
                ids, torch.ones_like(ids), torch.tensor([sender]), torch.tensor([gap]), state
            )
        state = found[-1]
        rows.append([part[0].numpy() for part in found])
    return [np.stack(column) for column in zip(*rows, strict=True)]


def run(model: ort.InferenceSession) -> list[np.ndarray]:
    state, rows = np.zeros((1, STATE), np.float32), []
    for ids, sender, gap in chat():
        values = (
            ids.numpy(), np.ones_like(ids.numpy()), np.array([sender]), np.array([gap], np.float32)
        )  # fmt: skip
        found = model.run(list(OUTPUTS), dict(zip(INPUTS, (*values, state), strict=True)))
        state = found[-1]
        rows.append([part[0] for part in found])
    return [np.stack(column) for column in zip(*rows, strict=True)]


def test_steps_are_the_student_over_the_whole_chat(student: Student) -> None:
    messages = chat()
    with torch.no_grad():
        vectors = torch.stack([student.encode(i, torch.ones_like(i))[0] for i, _, _ in messages])
        sender = torch.tensor([[float(s) for _, s, _ in messages]])
        gap = torch.tensor([[g for _, _, g in messages]])
        labels, risks, states = student(vectors[None], sender, gap)
    found = stepped(Step(student, identity_calibration()))
    n = len(INDICATORS)
    expected = (risks.sigmoid(), labels[..., :n].sigmoid(), labels[..., n:].sigmoid(), states)
    for name, one, other in zip(OUTPUTS, found, expected, strict=True):
        np.testing.assert_allclose(one, other[0].numpy(), atol=1e-5, err_msg=name)
    assert found[0].std() > 0.01  # the chat moves the risks: agreement is not about nothing


def test_calibration_is_inside_and_increasing(student: Student) -> None:
    plain = stepped(Step(student, identity_calibration()))
    inside = stepped(Step(student, calibration()))
    for i, kind in enumerate(SIZES):
        a, b = (np.array(calibration()[kind][key]) for key in ("a", "b"))
        logits = np.log(plain[i]) - np.log1p(-plain[i])
        np.testing.assert_allclose(inside[i], 1 / (1 + np.exp(-(a * logits + b))), atol=1e-5)
    np.testing.assert_array_equal(plain[3], inside[3])


@pytest.mark.parametrize("a", [0.0, -1.0])
def test_a_calibration_that_is_not_increasing_is_refused(a: float) -> None:
    with pytest.raises(ValueError, match="strictly increasing"):
        Calibration([1.0, a], [0.0, 0.0])


def test_the_fp32_graph_is_torch_message_by_message(
    student: Student, graph: onnx.ModelProto
) -> None:
    found, expected = run(session(graph)), stepped(Step(student, calibration()))
    for name, one, other in zip(OUTPUTS, found, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4, err_msg=name)


def batch() -> tuple[Tensor, ...]:
    """Five messages of different lengths, padded, in five chats."""
    rng = np.random.default_rng(9)
    mask = torch.from_numpy(
        (np.arange(17) < np.array([[17], [3], [1], [9], [12]])).astype(np.int64)
    )
    ids = torch.from_numpy(rng.integers(0, VOCABULARY, (5, 17))) * mask
    gaps = torch.tensor([-1.0, 0.0, 3.0, 80.0, 1e6])
    state = torch.from_numpy(rng.normal(0, 0.5, (5, STATE)).astype(np.float32))
    return ids, mask, torch.tensor([0, 1, 1, 0, 1]), gaps, state


def test_the_fp32_graph_is_torch_on_a_padded_batch(
    student: Student, graph: onnx.ModelProto
) -> None:
    with torch.no_grad():
        expected = Step(student, calibration())(*batch())
    feed = {name: value.numpy() for name, value in zip(INPUTS, batch(), strict=True)}
    found = session(graph).run(list(OUTPUTS), feed)
    for name, one, other in zip(OUTPUTS, found, expected, strict=True):
        np.testing.assert_allclose(one, other.numpy(), atol=1e-4, err_msg=name)


def test_padding_does_not_matter(graph: onnx.ModelProto) -> None:
    model = session(graph)
    feed = {name: value.numpy() for name, value in zip(INPUTS, batch(), strict=True)}
    together = model.run(list(OUTPUTS), feed)
    for row, length in enumerate(feed["attention_mask"].sum(1)):
        alone = {name: value[row : row + 1] for name, value in feed.items()}
        for name in ("input_ids", "attention_mask"):
            alone[name] = alone[name][:, :length]
        for one, other in zip(together, model.run(list(OUTPUTS), alone), strict=True):
            np.testing.assert_allclose(one[row], other[0], atol=1e-5)


def test_names_and_operators_of_the_graphs(graph: onnx.ModelProto, small: onnx.ModelProto) -> None:
    for model in (graph, small):
        assert tuple(i.name for i in model.graph.input) == INPUTS
        assert tuple(o.name for o in model.graph.output) == OUTPUTS
    assert {node.domain for node in graph.graph.node} == {""}
    assert {node.domain for node in small.graph.node} == {"", "com.microsoft"}
    operators = [node.op_type for node in small.graph.node]
    assert operators.count("MatMulIntegerToFloat") == 6  # the convolutions, over windows of bytes
    assert operators.count("DynamicQuantizeMatMul") == 5
    assert operators.count("DynamicQuantizeLinear") == 2  # once for all windows of one layer
    assert "LayerNormalization" not in operators  # it goes number by number


def test_the_quantised_graph_stays_close(graph: onnx.ModelProto, small: onnx.ModelProto) -> None:
    exact, found = run(session(graph)), run(session(small))
    for name, one, other in zip(OUTPUTS, found, exact, strict=True):
        assert np.abs(one - other).mean() < 0.02, name
    assert np.abs(found[0] - exact[0]).max() > 0  # it is another graph
    a, b = found[3][-1], exact[3][-1]
    assert a @ b / np.linalg.norm(a) / np.linalg.norm(b) > 0.99


def test_only_the_encoder_is_quantised(small: onnx.ModelProto) -> None:
    tables = {t.name: onnx.numpy_helper.to_array(t) for t in small.graph.initializer}
    whole = {name for name, value in tables.items() if value.dtype == np.int8}
    assert len(whole) == 11
    assert all(name.startswith("/encoder/") for name in whole)
    assert all(int(np.abs(tables[name].astype(int)).max()) == 63 for name in whole)  # 7 bits
    assert tables[f"{EXACT}.weight"].dtype == np.float32  # its inputs are too uneven for 8 bits


def test_rows_of_four_bits_are_the_rows(graph: onnx.ModelProto, small: onnx.ModelProto) -> None:
    ids = np.arange(VOCABULARY, dtype=np.int64).reshape(2, -1)
    rows = []
    for model in (graph, small):
        shown = onnx.ModelProto()
        shown.CopyFrom(model)
        shown.graph.output.add().name = "/encoder/embedding"
        feed = {name: value.numpy()[:2] for name, value in zip(INPUTS, batch(), strict=True)}
        feed |= {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        rows.append(session(shown).run(["/encoder/embedding"], feed)[0])
    np.testing.assert_allclose(rows[1], rows[0], atol=1e-6)


def test_a_table_off_the_grid_is_refused(graph: onnx.ModelProto) -> None:
    moved = onnx.ModelProto()
    moved.CopyFrom(graph)
    table = next(t for t in moved.graph.initializer if t.name == TABLE)
    weights = onnx.numpy_helper.to_array(table) + np.float32(0.05) * np.sin(
        np.arange(VOCABULARY * 64, dtype=np.float32).reshape(VOCABULARY, 64)
    )
    table.CopyFrom(onnx.numpy_helper.from_array(weights.astype(np.float32), table.name))
    with pytest.raises(ValueError, match="not on the 4-bit grid"):
        quantise(moved)


def test_languages_are_told_alike_by_torch_and_both_graphs(student: Student) -> None:
    rng = np.random.default_rng(3)
    rows, bias = rng.normal(0, 2, (VOCABULARY, 8)), rng.normal(0, 1, 8)
    head = LanguageTable(*(torch.from_numpy(part.astype(np.float32)) for part in (rows, bias)))
    with torch.no_grad():
        expected = Step(student, calibration(), head)(*batch())[-1].numpy()
    whole = to_onnx(student, calibration(), head)
    feed = {name: value.numpy() for name, value in zip(INPUTS, batch(), strict=True)}
    for graph, tolerance in ((whole, 1e-5), (quantise(whole), 0.05)):
        (found,) = session(graph).run(["languages"], feed)
        np.testing.assert_allclose(found, expected, atol=tolerance)
    assert len(set(expected.argmax(1))) > 1


def test_a_language_is_what_its_tokens_say_in_any_order() -> None:
    head = LanguageTable(torch.tensor([[0.0, 0], [2, 0], [0, 3]]), torch.tensor([0.5, 0.0]))
    ids, mask = torch.tensor([[1, 1, 2, 2], [2, 1, 1, 2]]), torch.tensor([[1, 1, 1, 0]] * 2)
    assert torch.equal(head(ids, mask), torch.tensor([[4.5, 3.0]] * 2))
