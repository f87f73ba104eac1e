"""What is proved of a release, in order; the first thing that is not true ends it."""

from __future__ import annotations

import sysconfig
import tempfile
from pathlib import Path

from packaging.requirements import Requirement

from release import licences, node, packages, record, runtime_tests, sbom
from release.environments import Resolution, bare, pythons
from release.project import (
    DIST,
    NPM_FOLDERS,
    ROOT,
    ReleaseError,
    changelog_versions,
    clean,
    lowest,
    npm,
    package_json,
    pyproject,
    requirements,
    say,
    version,
)  # fmt: skip

#: Classifiers name each Python that is claimed.
PYTHON = "Programming Language :: Python :: 3."


def names() -> dict[str, Path]:
    """The three packages of this version in dist/."""
    start = f"safelight-{version()}"
    kinds = {"wheel": "-py3-none-any.whl", "sdist": ".tar.gz", "npm": ".tgz"}
    found = {kind: DIST / f"{start}{ending}" for kind, ending in kinds.items()}
    missing = [path.name for path in found.values() if not path.is_file()]
    if missing:
        raise ReleaseError(f"dist/ lacks {', '.join(missing)}: make release")
    return found


def said() -> None:
    """Raise a ReleaseError unless version, change log and ranges agree wherever they stand."""
    if package_json()["version"] != version():
        raise ReleaseError("package.json of the SDK has another version")
    if version() not in changelog_versions()[:1]:
        raise ReleaseError(f"the newest section of CHANGELOG.md is not {version()}")
    python, javascript = requirements()["onnxruntime"].specifier, node.range_of()
    if python != javascript:
        raise ReleaseError(f"onnxruntime is {python} in Python and {javascript} in JavaScript")


def build() -> None:
    """Fill dist/: packages, bills of materials, hashes. Needs the network."""
    clean()
    said()
    packages.release()
    found = names()
    say("bills of materials")
    with tempfile.TemporaryDirectory(prefix="safelight-bill-") as place:
        newest = list(pythons().values())[-1]
        installed = bare(Path(place) / "bare", newest, found["wheel"], "highest", tools=())
        listed = licences.installed("safelight", (), installed.site_packages)
    for name, bill in (("python", sbom.of_wheel(listed)), ("npm", sbom.of_npm(found["npm"]))):
        path = DIST / f"safelight-{version()}-{name}.cdx.json"
        sbom.write(bill, path)
        print(f"{path.name}: {len(bill['components'])} components")
    packages.write_sums()


def licences_of_all() -> None:
    """Raise a ReleaseError if any dependency, Python's or JavaScript's, has a licence we refuse."""
    here = Path(sysconfig.get_path("purelib"))
    runtime = licences.installed("safelight", (), here)
    tools = licences.installed("safelight", ("dev",), here)
    refused = licences.refused(runtime, licences.PERMISSIVE, licences.TAKEN)
    refused += licences.refused(tools, licences.FOR_TOOLS, licences.TAKEN_FOR_TOOLS)
    counted = len(tools)
    for folder in NPM_FOLDERS:
        rows = sbom.npm_packages(ROOT / folder)
        shipped = [package for package, development in rows if not development]
        dev = [package for package, development in rows if development]
        refused += licences.refused(shipped, licences.PERMISSIVE, {})
        refused += licences.refused(dev, licences.FOR_TOOLS, {})
        counted += len(rows)
    if refused:
        raise ReleaseError("licences that are on no list:\n" + "\n".join(sorted(set(refused))))
    print(f"licences: {counted} packages, all on the lists of tools/release/licences.py")


def bare_pythons(place: Path) -> None:
    """The runtime's tests on the oldest and the newest Python, lowest and newest dependencies."""
    found, wanted = pythons(), names()
    claimed = [c.removeprefix("Programming Language :: Python :: ")
               for c in pyproject()["project"]["classifiers"] if c.startswith(PYTHON)]  # fmt: skip
    if unproved := [each for each in claimed if each not in found]:
        raise ReleaseError(f"claimed, and not on this machine: Python {', '.join(unproved)}")
    ends = [name for name in found if name in (claimed[0], claimed[-1])]
    for series in claimed:
        resolutions: tuple[Resolution, ...] = ("lowest-direct", "highest")
        for resolution in resolutions:
            label = f"{series}-{resolution}"
            environment = bare(place / label, found[series], wanted["wheel"], resolution)
            tree = runtime_tests.unpack(wanted["sdist"], place / f"{label}-tests", environment)
            have = environment.versions(list(requirements()))
            if label == f"{claimed[0]}-lowest-direct":
                _at_their_bounds(have)
            golden = series not in ends
            passed = runtime_tests.passed(environment, tree, golden_only=golden)
            shown = ", ".join(f"{name} {number}" for name, number in have.items())
            kind = "golden tests" if golden else "tests"
            print(f"Python {series}, {shown}: {passed} {kind} passed", flush=True)


def _at_their_bounds(have: dict[str, str]) -> None:
    """On the oldest Python the lowest versions are the very bounds, or a bound names no release."""
    for name, each in requirements().items():
        if have[name] not in Requirement(f"{name}=={lowest(each.specifier)}").specifier:
            raise ReleaseError(f"the lower bound of {name} cannot be installed; {have[name]} can")


def bare_nodes(place: Path, sdk: Path) -> None:
    """The packed SDK on the ends of onnxruntime-node's range, and on the newest for the web."""
    packed = names()["npm"]
    for release in node.ends():
        runtime = f"{node.RUNTIME}@{release}"
        node.answers(node.bare(place / f"node-{release}", packed, runtime))
        node.golden(sdk, runtime)
        print(f"{runtime}: answers in a bare folder, golden vectors pass", flush=True)
    bound = package_json()["devDependencies"]["onnxruntime-web"]
    npm(["install", "--no-save", "--ignore-scripts", f"onnxruntime-web@{bound}"], sdk)
    npm(["run", "--silent", "build"], sdk)
    npm(["exec", "--", "vitest", "run", "--project", "chromium", "tests/golden"], sdk)
    print("onnxruntime-web, the newest of its range: golden vectors pass in Chromium", flush=True)


def everything() -> None:
    """All checks of what lies in dist/. Needs the network and some minutes."""
    clean()
    said()
    licences_of_all()
    with tempfile.TemporaryDirectory(prefix="safelight-check-") as folder:
        place = Path(folder)
        say("the same bytes twice")
        sdk = packages.check_same_bytes(place)
        packages.check_lowest_builder(place)
        say("the npm package in bare folders")
        bare_nodes(place, sdk)
        say("the wheel in bare environments")
        bare_pythons(place)
    print(record.HELD)
