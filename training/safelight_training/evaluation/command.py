"""`evaluate`: measures a bundle and writes the report, or checks the one that is committed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from safelight.reading import BundleError
from safelight_training.corpora import CorpusError, real_conversations
from safelight_training.data.authored_format import AuthoredError
from safelight_training.data.generate import DEFAULT_COUNTS, conversations
from safelight_training.data.version import DATA_VERSION
from safelight_training.evaluation import report
from safelight_training.evaluation.kept import committed, verdict, write
from safelight_training.evaluation.markdown import render
from safelight_training.evaluation.real import file_digests, report_part
from safelight_training.evaluation.report import Subject

NAMES = (report.JSON, report.MARKDOWN)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("bundle", type=Path, help="folder of the bundle")
    parser.add_argument("--corpora", type=Path, help="folder of real benign chats")
    parser.add_argument("--out", type=Path, default=Path("docs/evaluation"),
                        help="folder of the report")  # fmt: skip
    parser.add_argument("--check", action="store_true",
                        help="write nothing; does the report hold for this bundle?")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """0 = written, or the check passed; 1 = the check failed; 3 = input refused in one line."""
    try:
        subject = report.read_subject(args.bundle)
        if args.check:
            return _check(subject, args.out, args.corpora)
        _refuse_other_data(subject)
        write(_measured(subject, args.corpora), args.out, NAMES, render)
    except (AuthoredError, BundleError, CorpusError) as error:
        print(f"safelight_training: {error}", file=sys.stderr)
        return 3
    return 0


def written_conversations(subject: Subject) -> list[dict[str, Any]]:
    """All splits, as the recipe that made the bundle wrote them."""
    return list(conversations(subject.seed, subject.languages, DEFAULT_COUNTS))


def _refuse_other_data(subject: Subject) -> None:
    """What other data held out, this bundle may have been trained on."""
    if not _same_data(subject):
        raise BundleError(f"manifest.json: data_version is not {DATA_VERSION}, that of this code")


def _same_data(subject: Subject) -> bool:
    return subject.bundle.manifest.data_version == DATA_VERSION


def _measured(subject: Subject, corpora: Path | None) -> dict[str, Any]:
    from safelight_training.data.languages import LANGUAGES

    written = written_conversations(subject)
    if corpora is None:
        return report.measure(subject, written)
    digests = file_digests(corpora, LANGUAGES)
    real = real_conversations(corpora, LANGUAGES, subject.seed, ("report",))
    return report.measure(subject, written, report_part(real), digests)


def _check(subject: Subject, folder: Path, corpora: Path | None) -> int:
    """The cheap questions first: whose report, is the page of the data, do the rows come again."""
    data, problems = committed(folder, NAMES, render)
    if data is None or problems:
        return verdict("evaluate", problems)
    # Real rows cannot be measured without the corpora: the bundle's sha256, compared here, and
    # each file's, in the rows, say what they are of.
    expected = report.header(subject, data.get("real") is not None)
    own = {key: data.get(key) for key in expected}
    if problems := list(report.differences(own, expected)):
        return verdict("evaluate", problems)
    if not _same_data(subject):
        # The bundle may have been trained on what is the test split now.
        print(f"the report is of this bundle and of data {data['data_version']}; its rows cannot "
              f"be measured again on data {DATA_VERSION}")  # fmt: skip
        return 0
    measured = _measured(subject, corpora)
    if corpora is None:
        measured |= {"real": data["real"], "command": data["command"]}
    if problems := list(report.differences(data, measured)):
        return verdict("evaluate", problems)
    print("the report holds")
    return 0
