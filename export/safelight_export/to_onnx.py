"""Writes the fp32 step graph (opset 17, `ai.onnx` only) and checks it."""

from __future__ import annotations

import io
import warnings
from typing import Any, cast

import onnx
import torch
from torch import nn

from safelight_training.model import Student

from .step_module import Step

OPSET = 17
INPUTS = ("input_ids", "attention_mask", "sender", "gap_s", "state")
#: The new state has a name of its own: ONNX lets no output share the name of an input.
OUTPUTS = ("risks", "indicators", "cues", "state_out")
LANGUAGES = "languages"


def to_onnx(
    model: Student, calibration: dict[str, Any], language: nn.Linear | None = None
) -> onnx.ModelProto:
    """The fp32 graph with dynamic batch and tokens; names as in `formats.md`.

    With a `language` head (message vector → logits) it has the output `languages` too.
    """
    step = Step(model.eval(), calibration, language).eval()
    outputs = [*OUTPUTS, LANGUAGES] if language else list(OUTPUTS)
    ids = torch.ones(2, 7, dtype=torch.int64)
    example = (ids, torch.ones_like(ids), torch.tensor([0, 1]), torch.tensor([-1.0, 3.0]),
               torch.zeros(2, model.shape.state))  # fmt: skip
    axes = {name: {0: "batch"} for name in (*INPUTS, *outputs)}
    for name in ("input_ids", "attention_mask"):
        axes[name][1] = "tokens"
    buffer = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the exporter announces its successor
        torch.onnx.export(step, example, cast(str, buffer), input_names=list(INPUTS), dynamo=False,
                          output_names=outputs, dynamic_axes=axes, opset_version=OPSET,
                          do_constant_folding=True)  # fmt: skip
    graph = onnx.load_from_string(buffer.getvalue())
    onnx.checker.check_model(graph, full_check=True)
    return graph
