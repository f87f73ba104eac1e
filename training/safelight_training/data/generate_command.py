"""`generate`: scans the text sources, writes the data set, prints the audit."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from safelight_training.corpora import real_conversations
from safelight_training.data.audit import audit, lines
from safelight_training.data.generate import conversations, default_counts, has_texts
from safelight_training.data.languages import LANGUAGES
from safelight_training.data.phrasebook import PhrasebookError
from safelight_training.data.policy_scan import scan
from safelight_training.data.publish import publish
from safelight_training.data.version import DATA_VERSION
from safelight_training.data.write import write, write_real
from safelight_training.refused import REFUSED


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--languages", default=",".join(LANGUAGES), help="two-letter codes, by commas"
    )
    parser.add_argument("--scale", type=float, default=1.0,
                        help="scenario chats as a share of the default size")  # fmt: skip
    parser.add_argument("--corpora", type=Path,
                        help="folder of real benign chats, added under OUT/real")  # fmt: skip
    parser.add_argument("--no-audit", action="store_true", help="do not look for shortcuts")


def run(args: argparse.Namespace) -> int:
    """0 = written; 2 = a text breaks the content policy; 3 = a language has no texts, or they or
    the corpora cannot be used."""
    try:
        return _run(args)
    except REFUSED as error:
        print(f"safelight_training: {error}", file=sys.stderr)
        return 3


def _run(args: argparse.Namespace) -> int:
    languages = args.languages.split(",")
    if unknown := [language for language in languages if not has_texts(language)]:
        raise PhrasebookError(f"{unknown[0]}: has neither a phrasebook nor dialogues")
    findings = list(scan())
    for finding in findings:
        print(f"{finding.file}:{finding.line}: {finding.what}", file=sys.stderr)
    if findings:
        return 2
    counts = {
        language: {split: round(n * args.scale) for split, n in each.items()}
        for language, each in default_counts(languages).items()
    }
    made = list(conversations(args.seed, languages, counts))
    written = write(made, args.out)
    publish(args.out / "dataset", made, DATA_VERSION, args.seed)
    print(*(f"{split}: {n} conversations" for split, n in written.items()), sep="\n")
    if args.corpora:
        real = write_real(real_conversations(args.corpora, languages, args.seed), args.out / "real")
        print(*(f"real, {split}: {n} conversations" for split, n in real.items()), sep="\n")
    if not args.no_audit:
        report = audit(made)
        text = json.dumps(report, indent=1) + "\n"
        (args.out / "audit.json").write_text(text, encoding="utf-8")
        print(*lines(report), sep="\n")
    return 0
