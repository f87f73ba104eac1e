"""Real chats as students heard them that do not know their corpus: cross-fitting, for thresholds.

The corpora of training are dealt to groups, and a student that learnt from all but one group judges
the chats of that one. Such students are of one light pass, a quarter of an hour each on one core;
they judge in full precision, and the first tokens of a message that is longer than a phone's step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .ablate import logits_by_chat
from .ablate_encoder import BASE, Lab, Variant
from .corpora import SOURCES, CorpusError
from .evaluation.quick import real_by_gate
from .operating_point import ByGate, CrossFitted, Groups, dialogue
from .plans import HELD_OUT_CORPORA
from .recipe import Data, Settings, digest
from .refused import InputError
from .variants import asked_once, file_of

Row = dict[str, Any]


def run(settings: Settings, data: Data) -> CrossFitted:
    """The real calibration chats of all corpora of training, cross-fitted in the groups that
    `settings` ask for; a student of these data that lies in the work folder is not trained again.

    Raises CorpusError as `dealt`.
    """
    folder = settings.work / "crossfit" / digest(settings, data)
    lab = Lab(replace(settings, work=folder), data)
    return heard_by_strangers(lab, dealt(data, settings.crossfit))


def heard_by_strangers(lab: Lab, groups: Groups) -> CrossFitted:
    """What a student that did not learn from a group makes of its real chats, for all groups."""
    real = lab.data.calibration_chats()
    scores: ByGate = {True: {}, False: {}}
    for group in groups:
        left_out = replace(knowing(lab), name="plain, without some", without=group)
        heard = by_gate(lab, left_out, [chat for chat in real if chat["corpus"] in group])
        for asked, found in heard.items():
            scores[asked] |= found
    return CrossFitted(scores, groups)


def knowing(lab: Lab) -> Variant:
    """The student that learns from all corpora of training."""
    return replace(BASE, seed=lab.settings.seed)


def dealt(data: Data, groups: int) -> Groups:
    """The corpora that training learns from and whose chats set thresholds, in `groups`; versions
    of the same dialogues go together.

    Raises CorpusError where there are fewer of them than groups.
    """
    names = (chat["corpus"] for chat in data.calibration_chats())
    sizes = Counter(name for name in names if name not in HELD_OUT_CORPORA)
    found = groups_of(sizes, groups)
    if not all(found):
        raise CorpusError(f"cross-fitting in {groups} groups asks for real chats of as many corpora"
                          " that training learns from, translations of one counting as one: there "
                          f"are {sum(map(bool, found))}")  # fmt: skip
    return found


def groups_of(sizes: Mapping[str, int], groups: int) -> Groups:
    """Corpora by size, in `groups` of about as many chats: the largest first, to the smallest."""
    related: dict[str, list[str]] = {}
    for name in sorted(sizes):
        related.setdefault(SOURCES[name].relation or name, []).append(name)

    def size(names: Sequence[str]) -> int:
        return sum(sizes[name] for name in names)

    found: list[list[str]] = [[] for _ in range(groups)]
    for names in sorted(related.values(), key=lambda names: (-size(names), names)):
        min(found, key=size).extend(names)
    return tuple(tuple(sorted(some)) for some in found)


def by_gate(lab: Lab, variant: Variant, chats: Sequence[Row]) -> ByGate:
    """What `variant`, trained here if it was not yet, makes of real chats.

    Raises InputError where the work folder keeps what it made of others.
    """

    def say() -> ByGate:
        model, encoder = lab.trained(variant)
        some = {"validation": lab.data.of("validation"), "calibration": list(chats)}
        sets = {name: encoder(each) for name, each in some.items()}
        return real_by_gate(some, sets, {k: logits_by_chat(model, s) for k, s in sets.items()})

    path = lab.folder / f"gated-{file_of(variant, lab.settings.data_version)}"
    found = asked_once(path, say)
    if found[True].keys() != {dialogue(chat) for chat in chats}:
        raise InputError(f"{path}: answers to other chats; remove the work folder to begin anew")
    return found
