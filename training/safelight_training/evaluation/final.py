"""`final`: a settled bundle on the half of the judging chats that nothing was tuned on.

That half is opened when the weights are settled and for this table alone; what it says may choose
nothing any more (docs/decisions/0013-test-half-settled.md).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from safelight.reading import BundleError, parse_json
from safelight.taxonomy import RISKS
from safelight_training import ablate_encoder
from safelight_training.data.independent import independent
from safelight_training.evaluation import goals, judging
from safelight_training.evaluation.independent import named, side_by_side
from safelight_training.evaluation.kept import committed, differences, verdict, write
from safelight_training.evaluation.lab import rate_of
from safelight_training.evaluation.metrics import warned
from safelight_training.evaluation.replay import Played, play, warnings_of
from safelight_training.evaluation.report import JSON as REPORT
from safelight_training.evaluation.report import PEERS
from safelight_training.evaluation.robustness import rows as robustness
from safelight_training.evaluation.robustness.rows import hard
from safelight_training.evaluation.subject import SENSITIVITY, Subject, read_subject
from safelight_training.refused import REFUSED, InputError

Row = dict[str, Any]
JSON, MARKDOWN = "final.json", "final.md"
HALF = "test"
ENCODERS = ablate_encoder.JSON
SHIPPED = "shipped"
STRENGTH = "medium"
#: Messages from which on a chat is long.
LONG = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("bundle", type=Path, help="folder of the settled bundle")
    parser.add_argument("--before", nargs="+", default=(), metavar="NAME=BUNDLE",
                        help="earlier bundles to stand beside it, oldest first")  # fmt: skip
    parser.add_argument("--out", type=Path, default=Path("docs/evaluation"),
                        help="folder of the reports, this one's and those it quotes")  # fmt: skip
    parser.add_argument("--cost", type=Path, default=Path("docs/benchmarks/bundle.json"),
                        help="benchmark that it quotes")  # fmt: skip
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--quotes", action="store_true",
                      help="measure nothing; quote the reports as they are now")  # fmt: skip
    only.add_argument("--check", action="store_true",
                      help="write nothing; does the table hold for this bundle?")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """0 = written, or the check passed; 1 = the check failed; 3 = input refused in one line."""
    try:
        if args.before and (args.quotes or args.check):
            raise InputError("--before: nothing is measured with --quotes or --check")
        subject = read_subject(args.bundle)
        if args.check:
            return _check(subject, args.out, args.cost)
        before = {name: read_subject(folder) for name, folder in map(named, args.before)}
        quoted = quotes(subject, args.out, args.cost)
        measured = _kept(subject, args.out) if args.quotes else measure(subject, before)
        write({**measured, "quoted": quoted}, args.out, (JSON, MARKDOWN), goals.render)
    except REFUSED as error:
        print(f"safelight_training: {error}", file=sys.stderr)
        return 3
    return 0


def measure(subject: Subject, before: dict[str, Subject], perturbed: bool = True) -> Row:
    """The report as data, but for what other reports say; the last of `bundles` is `subject`."""
    chats = independent(HALF)
    bundles = []
    for name, each in {**before, SHIPPED: subject}.items():
        played = play(each.replayed(), each.bundle.manifest.policies[SENSITIVITY], chats, name)
        bundles.append({**side_by_side(name, each, played), "lengths": lengths(played),
                        "calibration": _calibration(played)})  # fmt: skip
    changed = robustness.measure(subject, chats, (STRENGTH,)) if perturbed else []
    return {"format": 1, "half": HALF, "strength": STRENGTH, "long": LONG, "bundles": bundles,
            "robustness": changed}  # fmt: skip


def lengths(played: Sequence[Played]) -> list[Row]:
    """Short chats, then those of LONG messages or more: recall by harm, harmless ones warned."""
    found = []
    for long in (False, True):
        mine = warnings_of([p for p in played if (len(p.levels) >= LONG) == long])
        alarmed, told = warned(mine.first), hard(mine)
        row: Row = {"long": long}
        for name, kept, hits in (
            ("risky", mine.risky, mine.in_time()),
            ("hard", told, alarmed),
            ("plain", ~mine.risky & ~told, alarmed),
        ):
            row[name] = {"n": int(kept.sum()), "rate": rate_of(hits[kept])}
        found.append(row)
    return found


def _calibration(played: Sequence[Played]) -> Row:
    found = {risk: judging.calibration(played, risk) for risk in RISKS}
    return {risk: {k: row[k] for k in ("n", "active", "ece", "brier")}
            for risk, row in found.items()}  # fmt: skip


def quotes(subject: Subject, reports: Path, cost: Path) -> Row:
    """What the goals take from other reports of the same bundle, from the table of peers, which
    may be of an earlier one, and from that of encoders, which is of none. Raises BundleError where
    one is of another bundle."""
    report, timed, peers, encoders = (
        _read(path) for path in (reports / REPORT, cost, reports / PEERS, reports / ENCODERS)
    )  # fmt: skip
    if report["manifest_sha256"] != subject.digest or report["real"] is None:
        raise BundleError(f"{REPORT}: is not of this bundle, or lacks the real chats")
    if timed["model_sha256"] != hashlib.sha256(subject.bundle.files["model.onnx"]).hexdigest():
        raise BundleError(f"{cost.name}: is not of this bundle's model")
    everybody = {row["pool"]: row for row in report["real"]["pooled"]}
    return {
        "real": everybody["all"],
        "fairness": next(row["harmless"] for row in report["fairness"] if row["by"] == "all"),
        "bytes": sum(timed["files"].values()),
        "milliseconds": timed["tokens_ms"]["16"]["median"],
        "machine": timed["machine"]["processor"],
        "peers": {
            "data_version": peers["data_version"],
            "rows": [{k: row[k] for k in ("name", "recall", "auroc")} for row in peers["rows"]],
        },
        "students": {
            "data_version": encoders["data_version"],
            "points_behind": behind_teacher(encoders["rows"]),
        },
    }


def behind_teacher(rows: Sequence[Row]) -> dict[str, float]:
    """How far each student of the table of encoders, taught or not, is behind the teacher, by name:
    the most, over the shares of hard ones warned, of recall by harm, as a share; negative where it
    is ahead at all of them. Empty where the table has no teacher."""
    by_name = {row["name"]: row for row in rows}
    teacher, budgets = by_name.get(ablate_encoder.TEACHER.name), ablate_encoder.BUDGETS
    if teacher is None:
        return {}
    return {name: round(max(teacher[key] - row[key] for key in budgets), 4)
            for name, row in by_name.items() if name in ablate_encoder.STUDENTS}  # fmt: skip


def _kept(subject: Subject, folder: Path) -> Row:
    """What the committed table measured. Raises BundleError where it is of another bundle."""
    found = _read(folder / JSON)
    if found["bundles"][-1]["manifest_sha256"] != subject.digest:
        raise BundleError(f"{JSON}: is not of this bundle")
    return found


def _read(path: Path) -> Row:
    try:
        content = path.read_bytes()
    except OSError:
        raise BundleError(f"{path.name}: cannot be read") from None
    return dict(parse_json(content, path.name))


def _check(subject: Subject, folder: Path, cost: Path) -> int:
    """The table is of one settled bundle; where another is given, only the page is checked."""
    data, problems = committed(folder, (JSON, MARKDOWN), goals.render)
    if data is None or problems:
        return verdict("final", problems)
    kept = data["bundles"][-1]
    if kept["manifest_sha256"] != subject.digest:
        print(f"the final table is of the bundle {kept['manifest_sha256'][:12]}, not of this one")
        return 0
    again = measure(subject, {}, perturbed=False)["bundles"][-1]
    problems = list(differences(kept, again))
    if data["quoted"] != json.loads(json.dumps(quotes(subject, folder, cost))):
        problems.append(f"{JSON} quotes other reports than those that are committed")
    return verdict("final", problems)
