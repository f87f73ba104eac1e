"""Writes conversations: JSON lines, and parquet that Hugging Face `datasets` loads."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from safelight.taxonomy import RISKS


def write(conversations: Iterable[dict[str, Any]], folder: Path) -> dict[str, int]:
    """`jsonl/<split>.jsonl` and `dataset/<split>.parquet`; returns conversations a split.

    `datasets.load_dataset("<folder>/dataset")` reads the second. Refuses real chats, which
    may not be redistributed.
    """
    made = list(conversations)
    if any(conversation.get("real") for conversation in made):
        raise ValueError("real chats do not stand beside the written ones")
    return _write_splits(made, folder)


def write_real(conversations: Iterable[dict[str, Any]], folder: Path) -> dict[str, int]:
    """Real chats, in the same form, in a folder of their own that says it must stay local."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "LOCAL_ONLY.txt").write_text(
        "Real chats under their own licences, some share-alike. For training and measurement on "
        "this machine; not to be redistributed. Sources: training/safelight_training/corpora.\n",
        encoding="utf-8",
    )
    return _write_splits(conversations, folder)


def _write_splits(conversations: Iterable[dict[str, Any]], folder: Path) -> dict[str, int]:
    by_split: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for conversation in conversations:
        by_split[conversation["split"]].append(conversation)
    for name in ("jsonl", "dataset"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for split, rows in by_split.items():
        _write_lines(rows, folder / "jsonl" / f"{split}.jsonl")
        _write_parquet(rows, folder / "dataset" / f"{split}.parquet")
    return {split: len(rows) for split, rows in by_split.items()}


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Conversations of a JSON lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _write_lines(rows: Iterable[dict[str, Any]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _write_parquet(rows: list[dict[str, Any]], path: Path) -> None:
    from datasets import Dataset  # heavy: imported where it is used

    features = _features()
    fields = list(features["messages"].feature if hasattr(features["messages"], "feature")
                  else features["messages"][0])  # fmt: skip
    full = [
        {name: row.get(name) for name in features}
        | {"messages": [{field: m.get(field) for field in fields} for m in row["messages"]]}
        for row in rows
    ]
    Dataset.from_list(full, features=features).to_parquet(path)


def _features() -> Any:
    from datasets import Features, Sequence, Value

    text, whole, names = Value("string"), Value("int64"), Sequence(Value("string"))
    message = {
        "sender": text,
        "text": text,
        "media": text,
        "offset_s": whole,
        "indicators": names,
        "cues": names,
        "unsure": names,
    }
    strings = ("id", "language", "label", "kind", "twin", "family", "voice", "split", "corpus")
    return Features(
        dict.fromkeys(strings, text)
        | {name: Value("bool") for name in ("real", "is_chat")}
        | dict.fromkeys(("first_sign", "warn_by"), whole)
        | {"risks": {risk: Sequence(whole) for risk in RISKS}, "messages": [message]}
    )
