"""What a release says of itself agrees wherever it stands: the cheap part of its check."""

from __future__ import annotations

import json
import re
import sysconfig
import zipfile
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import safelight
from release import check, licences, node, project, readiness, record, sbom

ROOT = Path(__file__).parents[2]
HERE = Path(sysconfig.get_path("purelib"))


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    (name,) = [each for each in wheel.namelist() if each.endswith(".dist-info/METADATA")]
    return message_from_bytes(wheel.read(name))


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    return sbom.of_wheel(licences.installed("safelight", (), HERE))


def test_version_changelog_and_ranges_agree() -> None:
    check.said()
    assert project.version() == safelight.__version__
    assert "## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_last_check_that_held_is_of_this_version_and_its_ranges() -> None:
    assert list(record.problems()) == []


def test_a_check_is_kept_only_if_it_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(record, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(record, "DIST", tmp_path)
    (tmp_path / "SHA256SUMS").write_text("0ff safelight.whl\n", "utf-8")

    def fails() -> None:
        print("the same bytes twice: safelight.whl")
        raise project.ReleaseError("licences that are on no list")

    with pytest.raises(project.ReleaseError):
        record.kept(fails)
    assert not record.PAGE.exists()
    record.kept(lambda: print("all Pythons", record.HELD, sep="\n"))
    text = record.PAGE.read_text("utf-8")
    assert "all Pythons\nthe release holds\n" in text
    assert "0ff safelight.whl" in text
    assert "all Pythons" in capsys.readouterr().out
    # It names none of the lowest versions.
    assert len(list(record.problems())) == len(project.requirements())


def test_every_document_names_the_range_of_onnx_runtime() -> None:
    """As >=a,<b in whichever form a tool wants: with blanks, in quotes, [a, b[."""
    wanted = node.range_of()
    found = 0
    for path in [*(ROOT / "docs").rglob("*.md"), ROOT / "mobile_demo/sdk/README.md"]:
        text = path.read_text("utf-8")
        pairs = re.findall(r">= ?(1\.\d+)['\",\s]+< ?(1\.\d+)", text)
        pairs += re.findall(r"\[(1\.\d+), (1\.\d+)\[", text)
        for low, high in pairs:
            assert SpecifierSet(f">={low},<{high}") == wanted, path
        found += len(pairs)
    assert found >= 6


def test_the_guide_of_react_native_pins_the_version_that_was_tried() -> None:
    facts = json.loads(readiness.PLACE.read_text("utf-8"))
    guide = (ROOT / "docs" / "integrate" / "react-native.md").read_text("utf-8")
    assert f"onnxruntime-react-native@{facts['react_native']}" in guide
    assert f"onnxruntime-android:{facts['react_native']}" in guide
    tried = {(row["runtime"], row["version"]) for row in facts["runtimes"]}
    assert ("onnxruntime", facts["react_native"]) in tried
    assert facts["react_native"] in node.range_of()


def test_the_wheel_says_what_a_reader_needs(wheel: zipfile.ZipFile, metadata: Message) -> None:
    assert metadata["Version"] == project.version()
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.10"
    assert len(metadata["Summary"]) > 50
    assert "from safelight import Guard" in str(metadata.get_payload())
    for name in metadata.get_all("License-File", []):
        assert wheel.read(f"safelight-{project.version()}.dist-info/licenses/{name}")
    assert metadata.get_all("License-File") == ["LICENSE", "NOTICE"]
    # The expression says it; PyPI refuses a classifier beside it. There is no public address yet.
    classifiers = metadata.get_all("Classifier", [])
    assert not [each for each in classifiers if each.startswith("License")]
    assert metadata.get_all("Project-URL") is None
    named = [each.rpartition(" ")[2] for each in classifiers if each.startswith(check.PYTHON)]
    assert named == sorted(named, key=lambda each: int(each.partition(".")[2]))
    assert f">={named[0]}" == metadata["Requires-Python"]


def test_the_two_packages_tell_the_same() -> None:
    ours, theirs = project.pyproject()["project"], project.package_json()
    for key in ("name", "description", "license", "keywords"):
        assert ours[key] == theirs[key], key
    assert ours["authors"] == [{"name": theirs["author"]}]
    lock = json.loads((project.SDK / "package-lock.json").read_text("utf-8"))
    assert lock["version"] == lock["packages"][""]["version"] == theirs["version"]


def test_the_bill_lists_every_runtime_dependency_and_the_weights(bill: dict[str, Any]) -> None:
    names = {each["name"] for each in bill["components"]}
    assert {canonicalize_name(each) for each in project.requirements()} <= names
    assert {"huggingface-hub", "cffi"} <= names  # what those need in turn
    assert not names & {"torch", "pytest", "safelight"}
    (weights,) = [c for c in bill["components"] if c["type"] == "machine-learning-model"]
    manifest = json.loads((project.BUNDLE / "manifest.json").read_text("utf-8"))
    assert weights["hashes"][0]["content"] == manifest["files"]["model.onnx"]["sha256"]
    for made in manifest.get("members", [manifest]):
        assert made["data_version"] in weights["description"]


def test_a_bill_is_judged_by_the_schema(bill: dict[str, Any]) -> None:
    sbom.valid(bill)
    with pytest.raises(project.ReleaseError, match="not valid"):
        sbom.valid({**bill, "components": [{"name": "without a type"}]})


def test_the_npm_bill_names_all_that_is_needed() -> None:
    needed = {each.name for each, development in sbom.npm_packages() if not development}
    assert needed == set(project.package_json()["dependencies"])


def test_every_licence_is_one_that_we_take() -> None:
    check.licences_of_all()


@pytest.mark.parametrize(
    ("expression", "taken"),
    [
        ("MIT", True),
        ("AGPL-3.0-or-later", False),
        ("AGPL-3.0-or-later OR MIT", True),
        ("MIT AND GPL-2.0-only", False),
        ("GPL-2.0-only AND MIT OR ISC", True),
        ("(GPL-2.0-only OR MIT) AND (ISC OR Zlib)", True),
        ("GPL-2.0-only AND (MIT OR ISC)", False),
        ("MIT WITH some-exception", False),
        ("", False),
    ],
)
def test_an_expression_is_met_by_our_list_alone(expression: str, taken: bool) -> None:
    assert licences.allowed(expression, licences.PERMISSIVE) is taken


def test_an_exception_holds_for_its_own_licence_only() -> None:
    packages = [
        licences.Package("tqdm", "4", "MPL-2.0 AND MIT"),
        licences.Package("certifi", "1", "GPL-3.0-only"),
        licences.Package("nameless", "2", ""),
    ]
    assert licences.refused(packages, licences.PERMISSIVE, licences.TAKEN) == [
        "certifi 1: GPL-3.0-only",
        "nameless 2: no licence named",
    ]
