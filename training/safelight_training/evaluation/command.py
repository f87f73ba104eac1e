"""`evaluate`: measures a bundle and writes the report, or checks the one that is committed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from safelight.reading import BundleError
from safelight_training import origin
from safelight_training.corpora import CorpusError, real_conversations
from safelight_training.data.authored_format import AuthoredError
from safelight_training.data.generate import DEFAULT_COUNTS, conversations
from safelight_training.data.version import DATA_VERSION, VOICES, can_be_had
from safelight_training.evaluation import compare, report
from safelight_training.evaluation.given import report as given
from safelight_training.evaluation.kept import differences, verdict, write, write_json
from safelight_training.evaluation.real import file_digests, report_part
from safelight_training.evaluation.robustness.perturb import STRENGTHS
from safelight_training.evaluation.subject import Subject, read_subject

FOLDER = Path("docs/evaluation")
#: Strength at which a check measures the perturbations again.
CHECKED = "medium"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("bundle", type=Path, help="folder of the bundle")
    parser.add_argument("--corpora", type=Path, help="folder of real benign chats")
    parser.add_argument("--data", type=Path, metavar="PATH",
                        help="labelled JSON lines to measure instead; printed, and with --out "
                             "written there")  # fmt: skip
    parser.add_argument("--pan12", type=Path, metavar="FOLDER",
                        help="a licensed copy of PAN12 to measure instead, likewise")  # fmt: skip
    parser.add_argument("--compare", type=Path, metavar="BUNDLE",
                        help="another bundle beside it, only printed")  # fmt: skip
    parser.add_argument("--brief", action="store_true", help="without the perturbations")
    parser.add_argument("--out", type=Path, help="folder of the report (docs/evaluation)")
    parser.add_argument("--card", type=Path, default=Path("docs/model_card.md"),
                        help="the model card made of it")  # fmt: skip
    parser.add_argument("--check", action="store_true",
                        help="write nothing; does the report hold for this bundle?")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """0 = written, or the check passed; 1 = the check failed; 3 = input refused in one line."""
    try:
        subject = read_subject(args.bundle)
        if args.compare:
            print(compare.render(compare.measure(subject, read_subject(args.compare))))
            return 0
        if args.data or args.pan12:
            return _given(subject, args.data, args.pan12, args.out)
        if args.check:
            return _check(subject, args.out or FOLDER, args.card, args.corpora)
        refuse_other_data(subject)
        _write(
            _measured(subject, args.corpora, () if args.brief else tuple(STRENGTHS)),
            args.out or FOLDER,
            args.card,
        )
    except (AuthoredError, BundleError, CorpusError) as error:
        print(f"safelight_training: {error}", file=sys.stderr)
        return 3
    return 0


def _given(subject: Subject, data: Path | None, pan: Path | None, out: Path | None) -> int:
    found = given.of_folder(subject, data) if data else given.of_pan12(subject, pan)
    print(given.render(found))
    if out:
        write(found, out, (given.JSON, given.MARKDOWN), given.render)
    return 0


def _write(found: dict[str, Any], folder: Path, card: Path) -> None:
    from safelight_training.evaluation.page.files import render_pages

    write_json(folder / report.JSON, found)
    render_pages(folder, card, found["manifest_sha256"])


def written_conversations(subject: Subject) -> list[dict[str, Any]]:
    """All splits, as the recipe that made the bundle wrote them."""
    version = subject.bundle.manifest.data_version
    return list(conversations(subject.seed, subject.languages, DEFAULT_COUNTS, version=version))


def refuse_other_data(subject: Subject) -> None:
    """What other data held out, this bundle may have been trained on."""
    if not _can_be_had(subject):
        raise BundleError(f"manifest.json: data_version is none of {', '.join(VOICES)}, which this "
                          "code can make")  # fmt: skip


def _can_be_had(subject: Subject) -> bool:
    """The data of the bundle and those of each of its students."""
    manifest = subject.bundle.manifest
    versions = (manifest.data_version, *origin.data_of_members(manifest.raw))
    return all(map(can_be_had, versions))


def _measured(
    subject: Subject, corpora: Path | None, strengths: Sequence[str], shortcuts: bool = True
) -> dict[str, Any]:  # fmt: skip
    from safelight_training.data.languages import LANGUAGES

    written = written_conversations(subject)
    if corpora is None:
        return report.measure(subject, written, strengths=strengths, shortcuts=shortcuts)
    digests = file_digests(corpora, LANGUAGES)
    real = real_conversations(corpora, LANGUAGES, subject.seed, ("report",))
    return report.measure(subject, written, report_part(real), digests, strengths, shortcuts)


def _check(subject: Subject, folder: Path, card: Path, corpora: Path | None) -> int:
    """The cheap questions first: whose report, is the page of the data, do the rows come again."""
    from safelight_training.evaluation.page.files import committed_report

    data, problems = committed_report(folder, card, subject.digest)
    if data is None or problems:
        return verdict("evaluate", problems)
    # Real rows cannot be measured without the corpora: the bundle's sha256, compared here, and
    # each file's, in the rows, say what they are of.
    expected = report.header(subject, data.get("real") is not None)
    own = {key: data.get(key) for key in expected}
    if problems := list(differences(own, expected)):
        return verdict("evaluate", problems)
    if not _can_be_had(subject):
        # The bundle may have been trained on what is the test split now.
        print(f"the report is of this bundle and of data {data['data_version']}; its rows cannot "
              f"be measured again on data {DATA_VERSION}")  # fmt: skip
        return 0
    # Light and strong perturbations are the same code at other strengths, and cost minutes.
    data["robustness"] = [r for r in data["robustness"] if r["strength"] in ("", CHECKED)]
    strengths = (CHECKED,) if data["robustness"] else ()
    measured = _measured(subject, corpora, strengths, shortcuts=False)
    # The shortcut baselines are of the data, not of the bundle: the audit fits and checks them.
    measured["shortcuts"] = data["shortcuts"]
    if corpora is None:
        measured |= {key: data[key] for key in ("real", "worth", "command")}
    if problems := list(differences(data, measured)):
        return verdict("evaluate", problems)
    print("the report holds")
    return 0
