"""`evaluate`: measures a bundle and writes the report, or checks the one that is committed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from safelight.reading import BundleError
from safelight_training import origin
from safelight_training.corpora import real_conversations
from safelight_training.data.generate import SPLITS, conversations
from safelight_training.data.version import DATA_VERSION, VOICES, can_be_had
from safelight_training.evaluation import compare, report
from safelight_training.evaluation.given import report as given
from safelight_training.evaluation.kept import differences, verdict, write, write_json
from safelight_training.evaluation.real import file_digests, report_part
from safelight_training.evaluation.robustness.perturb import STRENGTHS
from safelight_training.evaluation.subject import Subject, read_subject
from safelight_training.refused import REFUSED

FOLDER, CARD = Path("docs/evaluation"), Path("docs/model_card.md")
#: What the command does in place of writing the report → which of `OPTIONS` take part in that.
WAYS = {"compare": (), "data": ("split", "out"), "pan12": ("out",),
        "quotes": ("out", "card"), "check": ("corpora", "out", "card")}  # fmt: skip
OPTIONS = ("corpora", "split", "brief", "out", "card")
#: Strength at which a check measures the perturbations again.
CHECKED = "medium"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("bundle", type=Path, help="folder of the bundle")
    parser.add_argument("--corpora", type=Path, help="folder of real benign chats")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--data", type=Path, metavar="PATH",
                     help="labelled JSON lines to measure instead; printed, and with --out "
                          "written there")  # fmt: skip
    way.add_argument("--pan12", type=Path, metavar="FOLDER",
                     help="a licensed copy of PAN12 to measure instead, likewise")  # fmt: skip
    way.add_argument("--compare", type=Path, metavar="BUNDLE",
                     help="another bundle beside it, only printed")  # fmt: skip
    way.add_argument("--quotes", action="store_true",
                     help="measure nothing; the pages anew, with what they quote of other reports "
                          "as it is now")  # fmt: skip
    way.add_argument("--check", action="store_true",
                     help="write nothing; does the report hold for this bundle?")  # fmt: skip
    parser.add_argument("--split", choices=SPLITS,
                        help="of --data, only what training gives to this split")  # fmt: skip
    parser.add_argument("--brief", action="store_true", help="without the perturbations")
    parser.add_argument("--out", type=Path, help="folder of the report (docs/evaluation)")
    parser.add_argument("--card", type=Path, help=f"the model card made of it ({CARD})")


def run(args: argparse.Namespace) -> int:
    """0 = written, or the check passed; 1 = the check failed; 3 = input refused in one line."""
    if unused := _unused(args):
        print(f"safelight_training: {unused}", file=sys.stderr)
        return 3
    try:
        subject = read_subject(args.bundle)
        if args.compare:
            print(compare.render(compare.measure(subject, read_subject(args.compare))))
            return 0
        if args.data or args.pan12:
            return _given(subject, args)
        if args.check:
            return _check(subject, args.out or FOLDER, args.card or CARD, args.corpora)
        folder, card = args.out or FOLDER, args.card or CARD
        if not args.quotes:
            refuse_other_data(subject)
            strengths = () if args.brief else tuple(STRENGTHS)
            write_json(folder / report.JSON, _measured(subject, args.corpora, strengths))
        _render(folder, card, subject)
    except REFUSED as error:
        print(f"safelight_training: {error}", file=sys.stderr)
        return 3
    return 0


def _unused(args: argparse.Namespace) -> str:
    """Which option that was given would do nothing, if one was."""
    way = next((way for way in WAYS if getattr(args, way)), None)
    if way is None:
        return "--split needs --data" if args.split else ""
    idle = [name for name in OPTIONS if getattr(args, name) and name not in WAYS[way]]
    return f"--{idle[0]} does nothing beside --{way}" if idle else ""


def _given(subject: Subject, args: argparse.Namespace) -> int:
    if args.data:
        found = given.of_folder(subject, args.data, args.split)
    else:
        found = given.of_pan12(subject, args.pan12)
    print(given.render(found))
    if args.out:
        write(found, args.out, (given.JSON, given.MARKDOWN), given.render)
    return 0


def _render(folder: Path, card: Path, subject: Subject) -> None:
    from safelight_training.evaluation.page.files import render_pages

    if not render_pages(folder, card, subject):
        raise BundleError(f"{report.JSON}: is not there, or not of this bundle")


def written_conversations(subject: Subject) -> list[dict[str, Any]]:
    """All splits, as the recipe that made the bundle wrote them."""
    version = subject.bundle.manifest.data_version
    return list(conversations(subject.seed, subject.languages, version=version))


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

    data, problems = committed_report(folder, card, subject)
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
