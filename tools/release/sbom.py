"""The bills of materials: what is in the wheel and in the npm package, or comes with them.

CycloneDX 1.6, JSON, judged by its own schema. No time and no random number stands in them; those
of the Python side name what a fresh installation resolved to on the day of the release.
"""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from release.licences import Package
from release.project import BUNDLE, SDK, ReleaseError, version

SPEC = "1.6"
#: Between the parts of dist/THIRD_PARTY.txt; each starts with "name version, licence".
RULE = "-" * 80
FIRST_LINE = re.compile(r"(\S+) (\S+), (.+)\n")


def model() -> dict[str, Any]:
    """The weights as a component: their version, hash and licence; NOTICE says whose they are."""
    manifest = json.loads((BUNDLE / "manifest.json").read_text("utf-8"))
    versions = [made["data_version"] for made in manifest.get("members", [manifest])]
    return {
        "type": "machine-learning-model",
        "bom-ref": "safelight-bundle",
        "name": "safelight-bundle",
        "version": manifest["model_version"],
        "description": f"The weights, trained on the data of version {', '.join(versions)}. "
        "The encoder is a fine-tuned Universal Sentence Encoder, multilingual, v3.",
        "hashes": [{"alg": "SHA-256", "content": manifest["files"]["model.onnx"]["sha256"]}],
        "licenses": [{"expression": "Apache-2.0"}],
    }


def component(package: Package, kind: str, scope: str = "required") -> dict[str, Any]:
    """A package as a component. kind: of its registry, "pypi" or "npm"."""
    url = f"pkg:{kind}/{quote(package.name)}@{quote(package.version)}"
    return {
        "type": "library",
        "bom-ref": url,
        "name": package.name,
        "version": package.version,
        "scope": scope,
        "purl": url,
        "licenses": [{"expression": package.licence}],
    }


def bill(kind: str, components: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """A bill for our package in a registry of that kind, with the weights among its components."""
    listed = [model(), *components]
    own = Package("safelight", version(), "Apache-2.0")
    root = {key: value for key, value in component(own, kind).items() if key != "scope"}
    needs = sorted(each["bom-ref"] for each in listed)
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPEC}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPEC,
        "version": 1,
        "metadata": {"component": root, "supplier": {"name": "The Safelight developers"}},
        "components": sorted(listed, key=lambda each: str(each["bom-ref"])),
        # Whatever is installed counts alike, however deep it was asked for.
        "dependencies": [{"ref": root["bom-ref"], "dependsOn": needs}],
    }


def of_wheel(packages: Sequence[Package]) -> dict[str, Any]:
    """The wheel's bill. packages: those of a bare environment, with our own among them."""
    return bill("pypi", (component(each, "pypi") for each in packages if each.name != "safelight"))


def npm_packages(folder: Path = SDK) -> list[tuple[Package, bool]]:
    """Each package that a folder's lock file names, and whether only development needs it."""
    lock = json.loads((folder / "package-lock.json").read_text("utf-8"))
    return [
        (
            Package(place.rpartition("node_modules/")[2], each["version"], each.get("license", "")),
            bool(each.get("dev") or each.get("devOptional") or each.get("peer")),
        )
        for place, each in lock["packages"].items()
        if place.startswith("node_modules/") and "link" not in each
    ]


def inside(packed: Path) -> list[Package]:
    """What of others is in the code of a packed npm package, as its own list of licences says."""
    with tarfile.open(packed) as archive:
        file = archive.extractfile("package/dist/THIRD_PARTY.txt")
        if file is None:
            raise ReleaseError("the npm package holds no licences of others")
        text = file.read().decode("utf-8")
    parts = [FIRST_LINE.match(part.lstrip()) for part in text.split(f"\n{RULE}\n")]
    if None in parts:
        raise ReleaseError("a part of THIRD_PARTY.txt does not name its package first")
    return [Package(*part.groups()) for part in parts if part is not None]


def of_npm(packed: Path) -> dict[str, Any]:
    """The npm package's bill: what it installs, and what is inside its worker."""
    needed = {package for package, development in npm_packages() if not development}
    return bill("npm", (component(each, "npm") for each in sorted(needed | set(inside(packed)))))


def valid(found: dict[str, Any]) -> None:
    """Raise a ReleaseError unless the bill obeys the schema of CycloneDX, strictly."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    fault = JsonStrictValidator(SchemaVersion.from_version(SPEC)).validate_str(json.dumps(found))
    if fault is not None:
        raise ReleaseError(f"a bill of materials is not valid: {fault}")


def write(found: dict[str, Any], path: Path) -> str:
    """Write a bill that is valid; returns its SHA-256."""
    valid(found)
    data = (json.dumps(found, indent=1, sort_keys=True) + "\n").encode()
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()
