"""Makes the ONNX files of shapes with random weights, in a process of its own."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safelight_export.benchmark.fresh import environment
from safelight_export.benchmark.shapes import Shape

OPSET = 17
#: Raised when `_write` would make another file of the same shape.
RECIPE = 1


def built(shapes: Sequence[Shape], folder: Path) -> dict[str, Path]:
    """key → file in `folder`; what is missing is made. OSError if that fails."""
    paths = {shape.key: folder / f"{shape.key}-{_digest(shape)}.onnx" for shape in shapes}
    missing = [shape for shape in shapes if not paths[shape.key].exists()]
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        told = [[asdict(shape), str(paths[shape.key])] for shape in missing]
        program = [sys.executable, "-m", __name__, json.dumps(told)]
        # Torch and three copies of the weights are gone with the process.
        done = subprocess.run(
            program, env=environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise OSError(f"the peers could not be built: {done.stderr.strip()[-400:]}")
    return paths


def _digest(shape: Shape) -> str:
    """Of all that the file depends on, and so not of the words about it."""
    told = {**asdict(shape), "name": RECIPE, "used_by": "", "window": 0}
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:8]


def main(told: str) -> None:
    """told: a JSON list of pairs, the fields of a Shape and the path of its file."""
    for fields, path in json.loads(told):
        _write(Shape(**fields), Path(path))


def _write(shape: Shape, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        plain, done = Path(folder) / "fp32.onnx", Path(folder) / "int8.onnx"
        _export(shape, plain)
        if shape.int8:
            quantize_dynamic(plain, done, weight_type=QuantType.QInt8)
        (done if shape.int8 else plain).replace(target)  # never half a file


def _export(shape: Shape, path: Path) -> None:
    import torch
    from transformers import AutoModel

    made: Any = AutoModel  # untyped there

    class Vector(torch.nn.Module):
        """Token ids (1, tokens) → the mean of the last layer (1, width)."""

        def __init__(self) -> None:
            super().__init__()
            self.encoder = made.from_config(_config(shape))

        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            mask = torch.ones_like(input_ids)
            found: torch.Tensor = self.encoder(input_ids, attention_mask=mask)[0].mean(1)
            return found

    torch.manual_seed(0)
    example = (torch.ones(1, 9, dtype=torch.int64),)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the exporter announces its successor
        torch.onnx.export(Vector().eval(), example, path, input_names=["input_ids"],
                          output_names=["vector"], dynamic_axes={"input_ids": {1: "tokens"}},
                          opset_version=OPSET, dynamo=False)  # fmt: skip


def _config(shape: Shape) -> Any:
    import transformers as t

    sizes: dict[str, Any] = {
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.inner,
        "max_position_embeddings": shape.positions,
        **dict.fromkeys(("pad_token_id", "bos_token_id", "eos_token_id"), 0),
    }
    if shape.family == "modernbert":
        return t.ModernBertConfig(**sizes, cls_token_id=0, sep_token_id=0)
    kinds = {"bert": t.BertConfig, "mobilebert": t.MobileBertConfig}
    return kinds[shape.family](**sizes)


if __name__ == "__main__":
    main(sys.argv[1])
