"""Who may be seen in training: every rule that sends something to a split, in one place."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from safelight_training.data.near import clusters, normalise
from safelight_training.data.version import VOICES

#: Voices (writers of whole dialogues) that only the test split sees.
TEST_VOICES = ("en-v07", "fr-v03")

#: Voices whose harmless dialogues are often near twins of the risky ones, as in all that a version
#: since 0.9.0 brought, and whose phrases are look-alikes of an act as often as the act. All of them
#: are in training, so that no twin stands in another split.
TWIN_VOICES = (
    "de-v07", "de-v08", "de-v09", "de-v10", "de-v11", "de-v12", "de-v13", "en-v24", "en-v25",
    "en-v26", "en-v28", "en-v29", "en-v30", "en-v31", "en-v32", "en-v33", "es-v07", "es-v08",
    "es-v09", "es-v10", "es-v11", "fr-v10", "fr-v11", "fr-v12", "fr-v13", "fr-v14", "it-v07",
    "it-v08", "it-v09", "it-v10", "it-v11", "it-v12", "ja-v07", "ja-v08", "ja-v09", "ja-v10",
    "ja-v11", "ja-v12", "ja-v13", "ja-v14", "pt-v07", "pt-v08", "pt-v09", "pt-v10",
    *(voice for brought in VOICES.values() for voice in brought),
)  # fmt: skip

#: Scenario families (file names under scenarios/) that only one split sees.
TEST_FAMILIES = (
    "second_platform", "coach_lifts", "fabricated_picture", "ex_partner", "self_harm_push",
    "false_helper", "many_small_gifts", "polite_stranger", "list_shown", "call_recorded",
    "polite_blackmail", "entry_tests",
    "seller", "surprise", "lesson", "debt", "move_app", "travel", "cooking", "roleplay",
    "online_friend_parents", "lost_phone", "art_commission", "counsellor", "screen_time", "carpool",
    "anime", "dare_game", "homesick", "gift_card", "consent_talk", "banter_bets", "couple_apart",
)  # fmt: skip
VALIDATION_FAMILIES = (
    "image_swap", "model_offer", "hacked_account", "silent_weeks", "talent_scout", "place_to_stay",
    "second_account", "false_police", "voucher_demand",
    "trade", "doctor", "news", "film", "music", "breakup", "first_aid", "moderator", "school_play",
    "secret_santa", "penpal", "crowdfund", "streaming", "siblings", "privacy_settings",
    "night_talk", "pet_pictures", "blocked_someone", "book_club",
)  # fmt: skip

AUTHORED_SHARES = {"train": 0.76, "validation": 0.12, "test": 0.12}
PHRASE_SHARES = {"train": 0.70, "validation": 0.12, "test": 0.18}
#: Clusters of phrases that every section should have in validation and in test.
LEAST_HELD_OUT = 3
CORPUS_SHARES = {"train": 0.50, "calibration": 0.25, "selection": 0.10, "report": 0.15}


def fraction(key: str) -> float:
    """A number in 0..1 that depends on the key alone, the same on every machine."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") / 2**64


def by_share(key: str, shares: Mapping[str, float]) -> str:
    """The split of a key; shares sum to 1."""
    place = fraction(key)
    for split, share in shares.items():
        if place < share:
            return split
        place -= share
    return next(reversed(list(shares)))


def authored_split(family: str, voice: str) -> str:
    """Split of a dialogue that somebody wrote as a whole."""
    if voice in TWIN_VOICES:
        return "train"
    return "test" if voice in TEST_VOICES else by_share(family, AUTHORED_SHARES)


def first_voices(voices: Iterable[str], share: float) -> tuple[str, ...]:
    """A share (0..1, rounded up) of the voices of one language, nested: a small share's voices are
    among those of every larger one."""
    ordered = sorted(set(voices), key=lambda voice: (fraction(f"voice/{voice}"), voice))
    return tuple(sorted(ordered[: math.ceil(share * len(ordered))]))


def scenario_split(kind: str) -> str:
    """The only split that may hold a scenario family."""
    if kind in TEST_FAMILIES:
        return "test"
    return "validation" if kind in VALIDATION_FAMILIES else "train"


def corpus_split(dialogue: str) -> str:
    """Split of a real chat by the name of its source dialogue."""
    return by_share(dialogue, CORPUS_SHARES)


def phrase_splits(phrases: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Split of each text of (text, section) pairs; texts that nearly say the same stay together.

    By hash; a section that this leaves with fewer than LEAST_HELD_OUT clusters of texts in
    validation or test gets the ones of its train clusters that come first by hash, as long
    as twice as many stay in train.
    """
    pairs = sorted(set(phrases))
    unique = sorted({text for text, _ in pairs})
    root = dict(zip(unique, clusters(unique), strict=True))
    key = {r: normalise(unique[r]) for r in set(root.values())}
    split = {r: by_share(key[r], PHRASE_SHARES) for r in key}
    sections: dict[str, set[int]] = defaultdict(set)
    for text, section in pairs:
        sections[section].add(root[text])
    for section in sorted(sections):
        mine = sorted(sections[section], key=lambda r: (fraction(key[r]), r))
        for held_out in ("validation", "test"):
            have = sum(split[r] == held_out for r in mine)
            spare = [r for r in mine if split[r] == "train"]
            missing = max(0, LEAST_HELD_OUT - have)
            for r in spare[: min(missing, len(spare) // 3)]:
                split[r] = held_out
    return {text: split[root[text]] for text in unique}
