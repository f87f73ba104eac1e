"""What an ONNX file may not hold, wherever in it that stands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import AttributeProto, ModelProto, TensorProto, helper, numpy_helper

from safelight import onnx_scan
from safelight.reading import BundleError


def tensor(external: bool = False) -> TensorProto:
    made = numpy_helper.from_array(np.zeros(3, np.float32), "t")
    if external:
        made.data_location = TensorProto.EXTERNAL
        made.external_data.add(key="location", value="../secret")
    return made


def graph(*nodes: object, tensors: tuple[TensorProto, ...] = ()) -> object:
    return helper.make_graph(list(nodes), "g", [], [], list(tensors))


def model(*nodes: object, tensors: tuple[TensorProto, ...] = ()) -> ModelProto:
    return helper.make_model(graph(*nodes, tensors=tensors))


def node(domain: str = "", **attributes: object) -> object:
    return helper.make_node("Op", ["x"], ["y"], domain=domain, **attributes)


def within_function(inner: object) -> ModelProto:
    made = model(node())
    made.functions.append(helper.make_function("", "F", ["x"], ["y"], [inner], []))
    return made


def sparse() -> ModelProto:
    made = model(node())
    made.graph.sparse_initializer.add().values.CopyFrom(tensor(external=True))
    return made


def training(inner: object) -> ModelProto:
    made = model(node())
    made.training_info.add().algorithm.CopyFrom(graph(inner))
    return made


def default_of_function() -> ModelProto:
    made = within_function(node())
    value = AttributeProto(name="v", type=AttributeProto.TENSOR, t=tensor(external=True))
    made.functions[0].attribute_proto.append(value)
    return made


OPERATOR, ELSEWHERE = "an operator outside", "kept in another file"


@pytest.mark.parametrize(
    ("why", "made", "words"),
    [
        ("an operator", model(node("evil")), OPERATOR),
        ("classic machine learning", model(node("ai.onnx.ml")), OPERATOR),
        ("in a branch", model(node(then_branch=graph(node("evil")))), OPERATOR),
        ("in a list of graphs", model(node(bodies=[graph(node("evil"))])), OPERATOR),
        ("two graphs down", model(node(a=graph(node(b=graph(node("evil")))))), OPERATOR),
        ("in a function", within_function(node("evil")), OPERATOR),
        ("in training", training(node("evil")), OPERATOR),
        ("a weight", model(node(), tensors=(tensor(external=True),)), ELSEWHERE),
        ("an attribute", model(node(value=tensor(external=True))), ELSEWHERE),
        ("a list of tensors", model(node(values=[tensor(), tensor(external=True)])), ELSEWHERE),
        ("a sparse weight", sparse(), ELSEWHERE),
        ("in a branch", model(node(b=graph(tensors=(tensor(external=True),)))), ELSEWHERE),
        ("a default of a function", default_of_function(), ELSEWHERE),
    ],
)
def test_refused(why: str, made: ModelProto, words: str) -> None:
    with pytest.raises(BundleError, match=words):
        onnx_scan.scan(made.SerializeToString())


@pytest.mark.parametrize("domain", ["", "ai.onnx", "com.microsoft"])
def test_allowed(domain: str) -> None:
    onnx_scan.scan(model(node(domain, value=tensor()), tensors=(tensor(),)).SerializeToString())


def test_the_location_alone_is_enough() -> None:
    made = tensor()
    made.data_location = TensorProto.EXTERNAL
    with pytest.raises(BundleError, match=ELSEWHERE):
        onnx_scan.scan(model(node(), tensors=(made,)).SerializeToString())


def test_too_deep() -> None:
    inner = node()
    for _ in range(20):
        inner = node(body=graph(inner))
    with pytest.raises(BundleError, match="nested too deeply"):
        onnx_scan.scan(model(inner).SerializeToString())


@pytest.mark.parametrize("data", [b"\x3a\x05a", b"\x3a", b"\xff" * 20, b"\x3b\x3c", b"\x39\x00"])
def test_not_a_protobuf(data: bytes) -> None:
    with pytest.raises(BundleError, match="not an ONNX file"):
        onnx_scan.scan(data)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_damage_is_refused_or_harmless_but_never_a_crash(at: int, junk: bytes) -> None:
    data = model(node(value=tensor()), tensors=(tensor(),)).SerializeToString()
    at %= len(data)
    try:
        onnx_scan.scan(data[:at] + junk + data[at + len(junk) :])
    except BundleError as error:
        assert str(error).startswith("model.onnx: ")
