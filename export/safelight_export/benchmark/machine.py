"""The computer that figures are of."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import numpy as np
import onnxruntime

#: What int8 and bf16 arithmetic is fast with.
INSTRUCTIONS = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8")


def machine() -> dict[str, str | int]:
    """Processor, system and versions; holds no name of the computer."""
    return {
        "processor": processor(),
        "cores": cores(),
        "system": platform.system(),
        "python": platform.python_version(),
        "onnxruntime": onnxruntime.__version__,
        "numpy": np.__version__,
    }


def named(found: dict[str, str | int]) -> str:
    """One line of a page."""
    return (
        f"{found['processor']}, {found['cores']} cores, {found['system']}, "
        f"Python {found['python']}, ONNX Runtime {found['onnxruntime']}, numpy {found['numpy']}"
    )


def cores() -> int:
    """Cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def processor() -> str:
    """Name and vector instructions of the processor, for reports that depend on them."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    fields: dict[str, str] = {}
    for key, _, value in (line.partition(":") for line in lines):
        fields.setdefault(key.strip(), value.strip())
    known = [name for name in INSTRUCTIONS if name in fields.get("flags", "").split()]
    return fields.get("model name", "unknown") + (f" ({', '.join(known)})" if known else "")
