"""Several step graphs as one: each member follows the chat with a state of its own, and what is
said is the mean of their log-odds.

What members hold alike stands once: the embedding table, most of a bundle, and what is computed
of the tokens by it alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import onnx
from onnx import helper

from .nodes import Nodes, leading_to
from .to_onnx import INPUTS, LANGUAGES, OUTPUTS

#: Logits after calibration as `to_onnx` names them: of risks, and of indicators and cues.
LOGITS = ("/risk_out", "/labels.moved")
STATE, STATE_OUT = INPUTS[-1], OUTPUTS[-1]
#: Before the number of a member, in the names of what is its own.
MEMBER = "/member."


def together(members: Sequence[onnx.ModelProto]) -> onnx.ModelProto:
    """One step graph of all `members`, each of `to_onnx` or its quantised form.

    Inputs and outputs are theirs; `state` holds their states one after the other. The first tells
    the language. A single member is returned as it is.
    """
    if len(members) == 1:
        return members[0]
    first = members[0]
    joined = _Joined()
    sizes = {str(i): _width(member) for i, member in enumerate(members)}
    states = joined.out.split(f"{MEMBER}state", STATE, sizes)
    found = [
        joined.add(member.graph, f"{MEMBER}{i}", state, spoken=i == 0)
        for i, (member, state) in enumerate(zip(members, states, strict=True))
    ]
    for logits in LOGITS:
        joined.out.op("Mean", logits, *(names[logits] for names in found))
    joined.out.op("Concat", STATE_OUT, *(names[STATE_OUT] for names in found), axis=-1)
    joined.finish(first.graph)
    graph = helper.make_graph(
        joined.out.nodes, first.graph.name, first.graph.input, first.graph.output,
        list(joined.out.weights.values()),
    )  # fmt: skip
    for entry in (*graph.input, *graph.output):
        if entry.name in (STATE, STATE_OUT):
            entry.type.tensor_type.shape.dim[1].dim_value = sum(sizes.values())
    return helper.make_model(graph, opset_imports=first.opset_import, ir_version=first.ir_version)


def _width(member: onnx.ModelProto) -> int:
    """Numbers of state of a member."""
    entry = next(entry for entry in member.graph.input if entry.name == STATE)
    return int(entry.type.tensor_type.shape.dim[1].dim_value)


class _Joined:
    """The nodes and weights of all members so far; what is there already is not added again."""

    def __init__(self) -> None:
        self.out = Nodes()
        self._weights: dict[bytes, str] = {}
        self._nodes: dict[bytes, list[str]] = {}

    def add(
        self, graph: onnx.GraphProto, prefix: str, state: str, *, spoken: bool
    ) -> dict[str, str]:
        """Adds what leads to a member's logits, state and (`spoken`) languages.

        Returns the names here of the names there.
        """
        names = {entry.name: entry.name for entry in graph.input} | {STATE: state}
        if spoken:
            names[LANGUAGES] = LANGUAGES
        ends = {*LOGITS, STATE_OUT, *([LANGUAGES] if spoken else [])}
        nodes = leading_to(graph, ends)
        self._add_weights(graph, nodes, prefix, names)
        for node in nodes:
            self._add_node(node, prefix, names)
        return names

    def finish(self, graph: onnx.GraphProto) -> None:
        """Adds what the first member makes of its logits, reading the mean of all."""
        before = leading_to(graph, {*LOGITS, STATE_OUT, LANGUAGES})
        done = {node.name for node in before}
        last = [node for node in graph.node if node.name not in done]
        names = {name: name for node in last for name in (*node.input, *node.output)}
        self._add_weights(graph, last, "", names)
        for node in last:
            self._add_node(node, "", names)

    def _add_weights(
        self, graph: onnx.GraphProto, nodes: Sequence[onnx.NodeProto], prefix: str,
        names: dict[str, str],
    ) -> None:  # fmt: skip
        read = {name for node in nodes for name in node.input}
        for tensor in graph.initializer:
            if tensor.name in read:
                value = onnx.TensorProto()
                value.CopyFrom(tensor)
                value.name = ""
                key = value.SerializeToString(deterministic=True)
                if key not in self._weights:
                    value.name = f"{prefix}{tensor.name}"
                    self.out.weights[value.name] = value
                    self._weights[key] = value.name
                names[tensor.name] = self._weights[key]

    def _add_node(self, node: onnx.NodeProto, prefix: str, names: dict[str, str]) -> None:
        mine = onnx.NodeProto()
        mine.CopyFrom(node)
        mine.ClearField("name")
        mine.input[:] = [names[name] if name else "" for name in node.input]
        mine.ClearField("output")
        key = mine.SerializeToString(deterministic=True)
        if key not in self._nodes:
            outputs = [names.get(name, f"{prefix}{name}") for name in node.output]
            mine.name = outputs[0]
            mine.output[:] = outputs
            self.out.nodes.append(mine)
            self._nodes[key] = outputs
        names.update(zip(node.output, self._nodes[key], strict=True))
