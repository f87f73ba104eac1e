"""All labelled conversations of the project: practice chats and dialogues written whole.

Deterministic: the same seed, languages and text files give the same conversations.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from safelight.taxonomy import CUES, INDICATORS, RISKS
from safelight_training.data import phrasebook
from safelight_training.data.authored_format import read_dialogues
from safelight_training.data.languages import LANGUAGES, language_lists
from safelight_training.data.marks import first_sign, spans, warn_by
from safelight_training.data.phrasebook import Pools
from safelight_training.data.render import Renderer
from safelight_training.data.scenario import Scenario, Slot, families, plan, shown
from safelight_training.data.splits import authored_split, first_voices, fraction, scenario_split
from safelight_training.data.version import DATA_VERSION, later_voices

AUTHORED = Path(__file__).parent / "authored"
SPLITS = ("train", "validation", "test")
#: Practice chats of a language; of an added one too, if it has a phrasebook (docs/retrain.md).
COUNTS = {"train": 1500, "validation": 200, "test": 200}
DEFAULT_COUNTS = {
    **dict.fromkeys(LANGUAGES, COUNTS),
    "en": {"train": 5000, "validation": 500, "test": 500},
    "fr": {"train": 2500, "validation": 400, "test": 400},
}
WEAK = ("personal_info_request", "special_bond", "identity_claim", "boundary_test")
#: What one more message makes an arc of, where there was only a weak sign.
ARC = ("secrecy", "isolation", "risk_check", "image_request", "meet_request")
#: Share of risky chats that get the same chat with one weak sign only, and that chat again with
#: the one sign that makes it an arc; of second harmless chats a plan; of chats of a family with a
#: weak sign that show it; of signs replaced by a look-alike.
PARTNERS, SECOND, WEAK_ALONE, LOOK_ALIKE = 0.2, 0.4, 0.4, 0.6
#: Fewest messages of a chat.
LEAST = 3
#: Most signs of the one weak kind in a harmless chat; a friend does not claim seven ages.
MOST_WEAK = 3
Acts = tuple[str, ...]
Counts = Mapping[str, Mapping[str, int]]


def conversations(
    seed: int = 1,
    languages: Sequence[str] = LANGUAGES,
    counts: Counts | None = None,
    phrasebooks: Path = phrasebook.FOLDER,
    authored: Path = AUTHORED,
    share: float = 1.0,
    version: str = DATA_VERSION,
) -> Iterator[dict[str, Any]]:
    """Labelled conversations (formats.md) with `split`: scenarios first, then authored.

    `counts`: scenario conversations by language and split, the default ones if None. A language
    without phrases gives its authored dialogues only. `share` (0..1): of the voices in train, for
    learning curves. `version`: of the data (version.py).
    """
    counts = default_counts(languages) if counts is None else counts
    for language in languages:
        mine = counts.get(language, {})
        yield from scenario_conversations(seed, language, mine, phrasebooks, share, version)
    for language in languages:
        yield from authored_conversations(language, authored, share, version)


def default_counts(languages: Iterable[str]) -> Counts:
    """As `counts` of conversations."""
    return {language: DEFAULT_COUNTS.get(language, COUNTS) for language in languages}


def has_texts(
    language: str, phrasebooks: Path = phrasebook.FOLDER, authored: Path = AUTHORED
) -> bool:
    """Whether it has a phrasebook or dialogues."""
    return any(any((folder / language).glob("*.txt")) for folder in (phrasebooks, authored))


def authored_conversations(
    language: str, folder: Path = AUTHORED, share: float = 1.0, version: str = DATA_VERSION
) -> Iterator[dict[str, Any]]:
    """Dialogues that somebody wrote as a whole; half of them without times."""
    later = later_voices(version)
    paths = sorted((folder / language).glob("v*.txt"))
    paths = [path for path in paths if f"{language}-{path.stem}" not in later]
    kept = first_voices((f"{language}-{path.stem}" for path in paths), share)
    for path in paths:
        for dialogue in read_dialogues(path):
            split = authored_split(dialogue["family"], dialogue["voice"])
            if split != "train" or dialogue["voice"] in kept:
                yield _finished({**dialogue, "split": split})


def scenario_conversations(
    seed: int,
    language: str,
    counts: Mapping[str, int],
    phrasebooks: Path = phrasebook.FOLDER,
    share: float = 1.0,
    version: str = DATA_VERSION,
) -> Iterator[dict[str, Any]]:
    """Practice chats of one language: `counts[split]` of each split, risky ones under half."""
    later = later_voices(version)
    phrases = [p for p in phrasebook.read_language(phrasebooks / language) if p.voice not in later]
    if not phrases:
        return
    for split, pools in phrasebook.pools(phrases, share).items():
        wanted, number = counts.get(split, 0), 0
        # The limit ends the loop where a language lacks the phrases for almost every plan.
        while wanted > 0 and number < 10 * counts[split]:
            for conversation in _bundle(f"{seed}/{language}/{split}", number, pools, language):
                if wanted > 0:
                    yield _finished({**conversation, "split": split})
                wanted -= 1
            number += 1


def _bundle(key: str, number: int, pools: Pools, language: str) -> Iterator[dict[str, Any]]:
    """A risky chat and the harmless chats of the same shape: who writes, when, how much."""
    split = key.rpartition("/")[2]
    rng = random.Random(f"{key}/{number}")
    mine = {name: s for name, s in families().items() if scenario_split(name) == split}
    risky = [name for name, s in mine.items() if s.label != "none"]
    harmless = [name for name, s in mine.items() if s.label == "none"]
    name, voice = risky[number % len(risky)], rng.choice(pools.voices)
    topic = mine[rng.choice(harmless)].topic
    slots = plan(mine[name], _length(rng), rng)
    common = {"language": language, "voice": voice}
    lists = language_lists(language)
    base = f"{language}-{split}-{number:05d}"

    def written(slots: Sequence[Slot], topic: str, suffix: str, lengths: Sequence[int] = ()):
        writer = Renderer(pools, lists, voice, topic, f"{key}/{number}/{suffix}")
        return writer.messages(slots, lengths)

    messages, kept = written(slots, topic, "a")
    if len(messages) < LEAST or not any(message["indicators"] for message in messages):
        return
    shape = [slots[i] for i in kept]
    # Only what was said for the arc has a length to match: ordinary talk is alike anyway.
    lengths = [len(m["text"]) if s.acts else 0 for m, s in zip(messages, shape, strict=True)]
    yield _risky(mine[name].label, messages, shape) | common | _names(f"{base}-a", name)
    if rng.random() < PARTNERS:
        weak = rng.choice(WEAK)
        one_sign = _replaced(shape, lambda: (weak,) if rng.random() < LOOK_ALIKE else ())
        partner, _ = written(one_sign, topic, "a", lengths)
        if len(partner) >= LEAST:
            yield _harmless(partner, "hard") | common | _names(f"{base}-b", name, "one_sign")
        arc = _with_arc_sign(one_sign, rng.choice(ARC))
        partner, kept = written(arc, topic, "a", lengths)
        signs = {sign for message in partner for sign in message["indicators"]}
        if len(partner) >= LEAST and signs & set(ARC) and signs & set(WEAK):
            marked = _risky("grooming", partner, [arc[i] for i in kept])
            yield marked | common | _names(f"{base}-e", name, "arc_sign")
    for i, suffix in enumerate(("c", "d")[: 1 + (rng.random() < SECOND)]):
        # In turn, so that all are seen alike.
        other = harmless[(number + i * (len(harmless) // 2)) % len(harmless)]
        scenario = mine[other]
        messages, _ = written(_harmless_plan(shape, scenario, rng), scenario.topic, suffix, lengths)
        twin = "plain" if scenario.plain and not scenario.weak else "hard"
        if len(messages) >= LEAST:
            yield _harmless(messages, twin) | common | _names(f"{base}-{suffix}", other)


def _length(rng: random.Random) -> int:
    """Messages a chat should have: median 17, most between 8 and 40."""
    return max(5, round(rng.lognormvariate(2.85, 0.6)))


def _replaced(
    slots: Sequence[Slot], sign: Callable[[], Acts], cue: Callable[[], Acts] = tuple
) -> list[Slot]:
    """The plan with `sign()` in place of each indicator, `cue()` in place of each cue."""
    result = []
    for slot in slots:
        acts = slot.acts
        labels = set(shown(acts))
        if labels & set(INDICATORS):
            acts = sign()
        elif labels & set(CUES):
            acts = cue()
        result.append(replace(slot, acts=acts))
    return result


def _with_arc_sign(slots: Sequence[Slot], sign: str) -> list[Slot]:
    """The plan with `sign` in place of its last weak one."""
    last = max(
        (i for i, slot in enumerate(slots) if slot.acts and slot.acts[0] in WEAK), default=-1
    )
    return [replace(slot, acts=(sign,)) if i == last else slot for i, slot in enumerate(slots)]


def _harmless_plan(slots: Sequence[Slot], scenario: Scenario, rng: random.Random) -> list[Slot]:
    alone = scenario.weak if rng.random() < WEAK_ALONE else None

    shown = 0

    def sign() -> Acts:
        nonlocal shown
        if rng.random() > LOOK_ALIKE:
            return ()
        if alone and shown < MOST_WEAK:
            shown += 1
            return (alone,)
        return (f"twin:{rng.choice(scenario.twins)}",)

    def cue() -> Acts:
        draw = rng.random()
        if scenario.cues and draw < 0.4:
            return (rng.choice(scenario.cues),)
        return (rng.choice(("self:ok", "self:unsure")),) if draw < 0.6 else ()

    return _replaced(slots, sign, cue)


def _risky(label: str, messages: list[dict[str, Any]], shape: Sequence[Slot]) -> dict[str, Any]:
    after = [i for i, slot in enumerate(shape) if slot.over]
    end = after[0] - 1 if after else None
    return {
        "label": label,
        "twin": "",
        "risks": spans(messages, label, end),
        "first_sign": first_sign(messages),
        "warn_by": warn_by(messages),
        "messages": messages,
    }


def _harmless(messages: list[dict[str, Any]], twin: str) -> dict[str, Any]:
    risks = dict.fromkeys(RISKS)
    return {"label": "none", "twin": twin, "risks": risks, "messages": messages}


def _names(conversation_id: str, family: str, variant: str = "") -> dict[str, Any]:
    kind = f"{family}_{variant}" if variant else family
    return {"id": conversation_id, "kind": kind, "family": f"scenario/{family}"}


def _finished(conversation: dict[str, Any]) -> dict[str, Any]:
    """With the fields that real chats carry too; half of the chats lose their times."""
    if fraction(f"times/{conversation['id']}") < 0.5:
        for message in conversation["messages"]:
            message.pop("offset_s", None)
    return {**conversation, "real": False, "corpus": "", "is_chat": True}
