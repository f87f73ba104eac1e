"""What stands beside the parquet files: a card, Croissant metadata, the list of indicators."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from safelight_training.evaluation.markdown import table

NAME = "safelight-conversations"
TITLE = "Safelight conversations"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
CITATION = "The Safelight developers: Safelight conversations, version {version}, CC BY 4.0."
DESCRIPTION = (
    "Invented chats, labelled message by message, for systems that warn a young person on their "
    "own phone when a chat begins to look like grooming or sextortion. Machine-written and "
    "checked; no real person, no real chat, nothing explicit."
)
LIMITS = (
    "All texts come from the same kind of writer, so scores on voices kept apart are kinder than "
    "life. No native speaker outside the project and no practitioner has checked a language yet."
)
USES = (
    "Training and evaluating systems that warn the person who holds the phone. Not for judging "
    "people, not for scanning other people's chats."
)
INDICATORS = Path(__file__).parents[3] / "model" / "safelight" / "bundle" / "indicators.json"
#: Columns of the parquet files and what they hold.
COLUMNS = {
    "id": "name of the conversation",
    "language": "two-letter code",
    "label": "grooming, sextortion or none",
    "kind": "the situation",
    "twin": "of harmless ones: hard (made to resemble a risk) or plain",
    "family": "unit of splitting",
    "voice": "who wrote it",
    "split": "train, validation or test",
    "first_sign": "place of the first warning sign; empty in harmless ones",
    "warn_by": "place of the last message at which a warning comes before harm",
}
#: When this version of the texts was finished.
PUBLISHED = "2026-11-25"
LABELS = ("grooming", "sextortion", "none")
SIZES = {"n<1K": 1000, "1K<n<10K": 10_000, "10K<n<100K": 100_000, "100K<n<1M": 1_000_000}
CARD = Path(__file__).parent / "card.md"
WHOLE = frozenset(("first_sign", "warn_by"))


def publish(folder: Path, made: Sequence[Mapping[str, Any]], version: str, seed: int) -> None:
    """Writes README.md, indicators.json and croissant.json into the folder of parquet files."""
    (folder / "indicators.json").write_bytes(INDICATORS.read_bytes())
    (folder / "README.md").write_text(card(made, version, seed), "utf-8")
    data = croissant(folder, version, sorted({chat["language"] for chat in made}))
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    (folder / "croissant.json").write_text(text, "utf-8")


def card(made: Sequence[Mapping[str, Any]], version: str, seed: int) -> str:
    """The data set's card with the YAML header that Hugging Face reads."""
    languages = sorted({chat["language"] for chat in made})
    rows = []
    for language in languages:
        labels = Counter(chat["label"] for chat in made if chat["language"] == language)
        rows.append([language, *(labels[name] for name in LABELS)])
    columns = "\n".join(f"- `{name}`: {text}" for name, text in COLUMNS.items())
    text = CARD.read_text("utf-8").format(
        title=TITLE, version=version, seed=seed, description=DESCRIPTION, uses=USES, limits=LIMITS,
        citation=CITATION.format(version=version), columns=columns,
        counts=table(("language", *LABELS), rows),
    )  # fmt: skip
    return f"---\n{_header(made, languages)}---\n\n{text}"


def _header(made: Sequence[Mapping[str, Any]], languages: Sequence[str]) -> str:
    size = next(name for name, most in SIZES.items() if len(made) < most)
    files = "".join(
        f"  - split: {split}\n    path: {split}.parquet\n"
        for split in sorted({chat["split"] for chat in made})
    )
    return (
        f"pretty_name: {TITLE}\nlicense: cc-by-4.0\nlanguage: [{', '.join(languages)}]\n"
        "task_categories: [text-classification]\ntags: [child-safety, synthetic]\n"
        f"size_categories: [{size}]\nconfigs:\n- config_name: default\n  data_files:\n{files}"
    )


def croissant(folder: Path, version: str, languages: Sequence[str]) -> dict[str, Any]:
    """Croissant 1.0 metadata of the parquet files in `folder`; the files are named relatively."""
    import mlcroissant as mlc

    files = [
        mlc.FileObject(
            id=path.name,
            name=path.name,
            content_url=path.name,
            content_size=f"{path.stat().st_size} B",
            encoding_formats=["application/x-parquet"],
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in sorted(folder.glob("*.parquet"))
    ]
    records = [
        mlc.RecordSet(
            id=Path(file.id).stem,
            name=Path(file.id).stem,
            description=f"Conversations of the split {Path(file.id).stem}.",
            fields=[_field(mlc, file.id, column, text) for column, text in COLUMNS.items()],
        )
        for file in files
    ]
    metadata = mlc.Metadata(
        name=NAME,
        description=DESCRIPTION,
        version=version,
        license=[LICENCE_URL],
        cite_as=CITATION.format(version=version),
        date_published=datetime.fromisoformat(PUBLISHED),
        conforms_to=["http://mlcommons.org/croissant/1.0"],
        in_language=list(languages),
        data_limitations=[LIMITS],
        data_use_cases=[USES],
        distribution=files,
        record_sets=records,
    )
    return dict(metadata.to_json())


def _field(mlc: Any, file: str, column: str, text: str) -> Any:
    return mlc.Field(
        id=f"{Path(file).stem}/{column}",
        name=column,
        description=text,
        data_types=[mlc.DataType.INTEGER if column in WHOLE else mlc.DataType.TEXT],
        source=mlc.Source(file_object=file, extract=mlc.Extract(column=column)),
    )
