"""Real chats as students heard them that do not know their corpus: cross-fitting, for thresholds.

The corpora of training are dealt to groups, and a student that learnt from all but one group judges
the chats of that one. Such students are of one light pass, a quarter of an hour each on one core.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .ablate import logits_by_chat
from .ablate_encoder import BASE, Lab, Variant
from .corpora import CorpusError
from .evaluation.quick import real_by_gate
from .operating_point import ByGate, CrossFitted, Groups
from .plans import HELD_OUT_CORPORA
from .recipe import Data, Settings
from .variants import asked_once, file_of

Row = dict[str, Any]
#: Of calibration, and of the real chats that a student judges.
VALIDATION, CALIBRATION = "validation", "calibration"


def run(settings: Settings, data: Data) -> CrossFitted:
    """The real calibration chats of all corpora of training, cross-fitted in the groups that
    `settings` ask for; a student that lies in the work folder is not trained again.

    Raises CorpusError as `dealt`.
    """
    return cross_fitted(Lab(settings, data), dealt(data, settings.crossfit))


def cross_fitted(lab: Lab, groups: Groups) -> CrossFitted:
    """The same, of these groups of corpora."""
    real = real_chats(lab.data)
    scores: ByGate = {True: {}, False: {}}
    for group in groups:
        left_out = replace(BASE, name="plain, without some", without=group)
        heard = by_gate(lab, left_out, [chat for chat in real if chat["corpus"] in group])
        for asked, found in heard.items():
            scores[asked] |= found
    return CrossFitted(scores, groups)


def dealt(data: Data, groups: int) -> Groups:
    """The corpora that training learns from and whose chats set thresholds, in `groups`.

    Raises CorpusError where there are fewer of them than groups.
    """
    names = (chat["corpus"] for chat in real_chats(data))
    sizes = Counter(name for name in names if name not in HELD_OUT_CORPORA)
    if len(sizes) < groups:
        raise CorpusError(f"cross-fitting in {groups} groups asks for real chats of as many corpora"
                          f" that training learns from: there are {len(sizes)}")  # fmt: skip
    return groups_of(sizes, groups)


def real_chats(data: Data) -> list[Row]:
    """Those that set thresholds, both ways round."""
    return [chat for chat in data.calibration() if chat["is_chat"]]


def groups_of(sizes: Mapping[str, int], groups: int) -> Groups:
    """Corpora by size, in `groups` of about as many chats: the largest first, to the smallest."""
    found: list[list[str]] = [[] for _ in range(groups)]
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        min(found, key=lambda some: sum(sizes[n] for n in some)).append(name)
    return tuple(tuple(sorted(some)) for some in found)


def by_gate(lab: Lab, variant: Variant, chats: Sequence[Row]) -> ByGate:
    """What `variant`, trained here if it was not yet, makes of real chats."""

    def say() -> ByGate:
        model, encoder = lab.trained(variant)
        some = {VALIDATION: lab.chats[VALIDATION], CALIBRATION: list(chats)}
        sets = {name: encoder(each) for name, each in some.items()}
        return real_by_gate(some, sets, {k: logits_by_chat(model, s) for k, s in sets.items()})

    name = f"gated-{file_of(variant, lab.settings.data_version)}"
    return asked_once(lab.folder / name, say)
