"""Corpora that PyPI packages carry, written in the folder format of all others.

`chatterbot-corpus` and `chitchat-dataset` are installed by the extra `corpora`. Of the second only
the conversations listed in `chitchat_ids.txt` are read: the rest is kept for evaluation.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from safelight_training.corpora.reader import CorpusError

Row = dict[str, Any]
FOLDERS = {
    "de": "german", "en": "english", "es": "spanish", "fr": "french", "it": "italian",
    "ja": "japanese", "pt": "portuguese",
}  # fmt: skip
IDS = Path(__file__).parent / "chitchat_ids.txt"
ID_LETTERS = 8


def chatterbot(language: str) -> Iterator[Row]:
    """Question-answer pairs and short exchanges, turn about between two sides."""
    yield from exchanges(FOLDERS[language], language)


def exchanges(folder_name: str, language: str) -> Iterator[Row]:
    """The same of any folder of the package."""
    import yaml

    folder = _exchanges() / folder_name
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.suffix == ".yml":
            groups = yaml.safe_load(path.read_text("utf-8")).get("conversations", [])
            for number, lines in enumerate(groups):
                texts = [" ".join(str(line).split()) for line in lines]
                messages = [{"sender": "ab"[i % 2], "text": t} for i, t in enumerate(texts) if t]
                if messages:
                    yield _row(f"chatterbot_{language}:{path.stem}-{number}", language, messages)


def folder_names() -> list[str]:
    """Folders that `exchanges` can read, one a language."""
    return sorted(path.name for path in _exchanges().iterdir() if path.is_dir())


def _exchanges() -> Any:
    return _package("chatterbot_corpus") / "data"


def chitchat() -> Iterator[Row]:
    """Chats between students, with their times."""
    lines = IDS.read_text("utf-8").split("\n")
    wanted = {line for line in lines if line and not line.startswith("#")}
    data = json.loads((_package("chitchat_dataset") / "dataset.json").read_text("utf-8"))
    for name in sorted(data):
        if name[:ID_LETTERS] in wanted:
            said = [message for group in data[name]["messages"] for message in group]
            messages = _timed([message for message in said if message["text"].strip()])
            if messages:
                yield _row(f"chitchat_byu:{name}", "en", messages)


def _timed(said: list[Row]) -> list[Row]:
    """Sides by order of appearance; seconds since the first message, never running back."""
    sides: dict[str, str] = {}
    found: list[Row] = []
    start = datetime.fromisoformat(said[0]["timestamp"].replace("Z", "+00:00")) if said else None
    for message in said:
        side = sides.setdefault(message["sender"], "abcdefgh"[min(len(sides), 7)])
        at = datetime.fromisoformat(message["timestamp"].replace("Z", "+00:00"))
        passed = int((at - start).total_seconds()) if start else 0
        offset = max(passed, found[-1]["offset_s"] if found else 0)
        found.append({"sender": side, "text": " ".join(message["text"].split()),
                      "offset_s": offset})  # fmt: skip
    return found


def _row(name: str, language: str, messages: list[Row]) -> Row:
    return {"id": name, "language": language, "messages": messages}


def _package(name: str) -> Any:
    try:
        return files(name)
    except ModuleNotFoundError as error:
        raise CorpusError(f"{name} is not installed: make environment-dev") from error


#: Every corpus that a package carries, by the name it has in the registry.
PACKAGED: dict[str, Callable[[], Iterator[Row]]] = {
    **{f"chatterbot_{language}": lambda language=language: chatterbot(language)  # type: ignore[misc]
       for language in FOLDERS},
    "chitchat_byu": chitchat,
}  # fmt: skip


def write_packaged(folder: Path) -> dict[str, int]:
    """`<corpus>.jsonl.gz` for each; returns conversations by corpus. The same bytes every time."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for name, rows in PACKAGED.items():
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows()]
        packed = gzip.compress("".join(lines).encode(), mtime=0)
        (folder / f"{name}.jsonl.gz").write_bytes(packed)
        counts[name] = len(lines)
    return counts
