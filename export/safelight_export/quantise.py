"""int8 encoder, 4-bit embedding table; recurrent cell, projection and heads stay fp32."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from safelight_training.encoders import q4

EMBEDDING = "model.encoder.embedding.weight"
#: Reads the rows of the embedding table, whose few large entries leave a step of 8 bits too coarse
#: for the rest: quantised, this layer alone made every decision that changed (docs/experiments.md).
EXACT = "/encoder/project/"


def quantise(graph: onnx.ModelProto) -> onnx.ModelProto:
    """The graph a phone gets, from the fp32 step graph; the layer EXACT stays as it is.

    Weights of the encoder take 7 bits a channel (reduced range), so that processors with
    and without VNNI, and wasm, agree; activations are quantised as they come.
    """
    weights = {t.name for t in graph.graph.initializer if numpy_helper.to_array(t).ndim == 2}
    encoder = [
        node.name
        for node in graph.graph.node
        if node.op_type in ("MatMul", "Gemm")
        and node.name.startswith("/encoder/")
        and not node.name.startswith(EXACT)
        and any(name in weights for name in node.input)
    ]
    if not encoder:
        raise ValueError("the graph has no encoder weights to quantise")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "fp32.onnx", Path(folder) / "int8.onnx"
        onnx.save(graph, source)
        quantize_dynamic(source, target, nodes_to_quantize=encoder, per_channel=True,
                         reduce_range=True, weight_type=QuantType.QInt8)  # fmt: skip
        return _four_bit_embedding(onnx.load(target))


def _four_bit_embedding(graph: onnx.ModelProto) -> onnx.ModelProto:
    """Replaces the Gather on the embedding table by GatherBlockQuantized on 4-bit blocks."""
    result = onnx.ModelProto()
    result.CopyFrom(graph)
    tables = {t.name: t for t in result.graph.initializer}
    gather = next(
        node
        for node in result.graph.node
        if node.op_type == "Gather" and node.input[0] == EMBEDDING
    )
    table = numpy_helper.to_array(tables[EMBEDDING])
    nibbles, scales = q4.quantise(table)
    error = float(np.abs(q4.dequantise(nibbles, scales) - table).max())
    if error > 1e-4:
        raise ValueError(
            f"the embedding table is not on the 4-bit grid it trained on ({error:.1e})"
        )
    packed = (nibbles[:, 0::2] | (nibbles[:, 1::2] << 4)).astype(np.uint8)
    data = helper.make_tensor(
        f"{EMBEDDING}_q4", TensorProto.UINT4, nibbles.shape, packed.tobytes(), raw=True
    )
    result.graph.initializer.remove(tables[EMBEDDING])
    result.graph.initializer.extend([data, numpy_helper.from_array(scales, f"{EMBEDDING}_scale")])
    block = helper.make_node(
        "GatherBlockQuantized",
        [data.name, gather.input[1], f"{EMBEDDING}_scale", f"{EMBEDDING}_zero"],
        list(gather.output),
        name=gather.name,
        domain="com.microsoft",
        gather_axis=0,
        quantize_axis=1,
        block_size=q4.BLOCK,
    )
    zero = np.full((scales.shape[0], scales.shape[1] // 2), 0x88, np.uint8)
    result.graph.initializer.append(
        helper.make_tensor(
            block.input[3], TensorProto.UINT4, scales.shape, zero.tobytes(), raw=True
        )
    )
    position = list(result.graph.node).index(gather)
    result.graph.node.remove(gather)
    result.graph.node.insert(position, block)
    result.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    return result
