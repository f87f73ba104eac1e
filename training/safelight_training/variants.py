"""What the tables of variants share: what is kept of each variant, and which rows a page holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch

from .drafts import draft_of

Row = dict[str, Any]
T = TypeVar("T")


def file_of(variant: Any, data_version: str) -> str:
    """Name of the file of what `variant`, a dataclass, says once it is trained on that data: one
    that is changed later, or has more data, is trained again; a choice that is added later and
    that it does not take changes nothing."""
    content = json.dumps([_chosen(variant), data_version], sort_keys=True)
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    return f"{variant.name.replace(' ', '-').replace(',', '')}-{digest}.pt"


def _chosen(variant: Any) -> dict[str, Any]:
    """Fields of a dataclass that differ from their defaults, those of one inside it likewise."""
    values = {f.name: getattr(variant, f.name) for f in fields(variant)
              if getattr(variant, f.name) != f.default}  # fmt: skip
    return {k: _chosen(v) if is_dataclass(v) else v for k, v in values.items()}


def asked_once(path: Path, say: Callable[[], T]) -> T:
    """What lies under `path`, or what `say` gives, which lies there from now on."""
    if not path.exists():
        with draft_of(path) as draft:
            torch.save(say(), draft)
    found: T = torch.load(path, weights_only=False)
    return found


def beside_others(
    rows: Sequence[Row], written: Path, data_version: str, order: Sequence[str]
) -> Row:
    """The table of `rows` and of those that `written` holds under other names, in `order`.

    Rows of other data are not comparable with new ones and go.
    """
    others: list[Row] = []
    if written.exists():
        before = json.loads(written.read_text("utf-8"))
        others = before["rows"] if before["data_version"] == data_version else []
    by_name = {row["name"]: row for row in (*others, *rows)}
    kept = [by_name[name] for name in order if name in by_name]
    return {"format": 1, "data_version": data_version, "rows": kept}


def lacking(found: Row, declared: Iterable[str], before: Mapping[str, int]) -> str:
    """A paragraph on the declared variants that the table has no row of, empty where it has all;
    `before`: which of the experiments has figures on the same question, of older data."""
    there = {row["name"] for row in found["rows"]}
    names = [f"*{name}*" + (f" ({before[name]})" if name in before else "")
             for name in declared if name not in there]  # fmt: skip
    if not names:
        return ""
    return (
        f"\nDeclared and not trained on this data: {', '.join(names)}. In brackets: which of the "
        "[experiments](../experiments.md) has figures on the same question, of older data; the "
        "others have none.\n"
    )
