"""Copies what the Python runtime owns to where the TypeScript package needs it.

    python mobile_demo/sdk/scripts/copy_words.py

Label lists, the pin, the version and all fixed words go to `src/generated/`, the bundle to
`bundle/`. Both are ignored by git: what is never retyped cannot differ.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

SDK = Path(__file__).parents[1]
ROOT = SDK.parents[1]
sys.path.insert(0, str(ROOT / "model"))

from safelight import __version__, taxonomy  # noqa: E402
from safelight.evidence_words import FOLDER  # noqa: E402
from safelight.guard import SHIPPED  # noqa: E402
from safelight.pin import PINNED_MANIFEST_SHA256  # noqa: E402

RUNTIME = Path(taxonomy.__file__).parent
GENERATED = SDK / "src" / "generated"
HEAD = "// Written by scripts/copy_words.py from model/safelight; edit that.\n"


def constant(name: str, value: Any, kind: str = "as const") -> str:
    return f"export const {name} = {json.dumps(value, ensure_ascii=False)} {kind};\n"


def labels() -> str:
    lists = {name: getattr(taxonomy, name) for name in ("INDICATORS", "CUES", "RISKS", "MEDIA")}
    return HEAD + "".join(constant(name, value) for name, value in lists.items())


def package() -> str:
    return (
        HEAD
        + constant("VERSION", __version__)
        + constant("PINNED_MANIFEST_SHA256", PINNED_MANIFEST_SHA256)
    )


def words(name: str, of: str) -> str:
    return HEAD + constant(name, read(RUNTIME / "words" / of), "as unknown")


def evidence_words() -> str:
    pages = {path.stem: read(path) for path in sorted(FOLDER.glob("*.json"))}
    style = (FOLDER / "page.css").read_text("utf-8")
    return HEAD + constant("PAGES", pages, "as Record<string, unknown>") + constant("STYLE", style)


def bundle_urls(names: list[str]) -> str:
    """Written out one by one: bundlers follow only addresses that stand in the code."""
    rows = "".join(
        f"  [{json.dumps(name)}, new URL({json.dumps(f'../../bundle/{name}')}, import.meta.url)],\n"
        for name in names
    )
    return f"{HEAD}export const BUNDLE_URLS: ReadonlyMap<string, URL> = new Map([\n{rows}]);\n"


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def main() -> int:
    GENERATED.mkdir(parents=True, exist_ok=True)
    bundle = SDK / "bundle"
    shutil.rmtree(bundle, ignore_errors=True)
    shutil.copytree(SHIPPED, bundle)
    names = sorted(path.relative_to(bundle).as_posix() for path in bundle.rglob("*.*"))
    written = {
        "labels.ts": labels(),
        "package.ts": package(),
        "frictionWords.ts": words("FRICTION", "friction.json"),
        "hintWords.ts": words("HINTS", "recontact.json"),
        "evidenceWords.ts": evidence_words(),
        "bundleUrls.ts": bundle_urls(names),
    }
    for name, text in written.items():
        (GENERATED / name).write_text(text, "utf-8")
    for name in ("LICENSE", "NOTICE"):
        shutil.copyfile(ROOT / name, SDK / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
