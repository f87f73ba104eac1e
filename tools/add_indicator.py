"""Adds an indicator to a research fork: the label, what it means, and how a card names it.

    python tools/add_indicator.py gambling_invite --name "Gambling" \
        --description "Invites to bet money or items." --says "invited you to bet money" \
        --source "Title" Publisher https://example.org/page

The label list is fixed on purpose: phones refuse a bundle whose labels are not those of their
runtime, so that what is looked for cannot be widened by swapping a file. A fork that adds one has
a runtime of its own and must train a model (docs/retrain.md). English words stand in for the other
languages until somebody translates them.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

END_OF_LIST = re.compile(r"(INDICATORS: tuple\[str, \.\.\.\] = \((?:\n    \"[a-z_]+\",)+)\n\)")


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0, or 3 where the input was refused with one line; then nothing was changed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("id", help="lower case, words joined by _")
    parser.add_argument("--name", required=True, help="short, for lists")
    parser.add_argument("--description", required=True, help="one sentence: what a message does")
    parser.add_argument(
        "--says", required=True, help='for cards, after "Some things match": asked …'
    )
    parser.add_argument("--source", nargs=3, required=True, metavar=("TITLE", "PUBLISHER", "URL"))
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[1], help="the clone")
    args = parser.parse_args(arguments)
    package = args.root / "model" / "safelight"
    taxonomy = package / "taxonomy.py"
    code = taxonomy.read_text("utf-8")
    if problem := _problem(args, code):
        print(f"add_indicator: {problem}", file=sys.stderr)
        return 3
    taxonomy.write_text(END_OF_LIST.sub(rf'\1\n    "{args.id}",\n)', code), "utf-8")
    _change(package / "bundle" / "indicators.json", lambda found: _describe(found, args))
    for path in sorted((package / "bundle" / "advice").glob("*.json")):
        _change(path, lambda found: found["indicator_names"].update({args.id: args.says}))
    print(f"{args.id} added. The shipped model does not know it: label chats with it and train "
          "(docs/retrain.md).")  # fmt: skip
    return 0


def _problem(args: argparse.Namespace, code: str) -> str:
    if not re.fullmatch("[a-z]+(_[a-z]+)*", args.id):
        return "the id must be lower-case words joined by _"
    if f'"{args.id}"' in code:
        return "this label is there already"
    if not args.source[2].startswith("https://"):
        return "the source must be an https address"
    return "" if END_OF_LIST.search(code) else "taxonomy.py: the list of indicators is not found"


def _describe(found: dict[str, Any], args: argparse.Namespace) -> None:
    title, publisher, url = args.source
    found["indicators"].append({
        "id": args.id, "name": {"en": args.name}, "description": {"en": args.description},
        "sources": [{"title": title, "url": url, "publisher": publisher}],
    })  # fmt: skip


def _change(path: Path, change: Any) -> None:
    found = json.loads(path.read_text("utf-8"))
    change(found)
    path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
