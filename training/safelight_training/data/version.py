"""The version of the texts: it rises when what a seed gives changes.

A version that only brought voices can be had without them, so that a bundle of the data before is
still judged on what that data held.
"""

from __future__ import annotations

DATA_VERSION = "0.4.0"
#: Voices of whole dialogues by the version that brought them, from the oldest that can be had on.
VOICES: dict[str, tuple[str, ...]] = {
    "0.3.0": (),
    "0.4.0": (
        "de-v05", "de-v06", "de-v07", "en-v20", "en-v21", "en-v22", "en-v23", "en-v24", "en-v25",
        "es-v05", "es-v06", "es-v07", "fr-v08", "fr-v09", "fr-v10", "it-v05", "it-v06", "it-v07",
        "ja-v05", "ja-v06", "ja-v07", "pt-v05", "pt-v06", "pt-v07",
    ),
}  # fmt: skip


#: Follows the version where somebody's own chats were in training too.
OWN = "+own"


def can_be_had(version: str) -> bool:
    """Whether `version` of the data can be made by this code, own chats aside."""
    return version.removesuffix(OWN) in VOICES


def later_voices(version: str) -> frozenset[str]:
    """Voices that `version` does not hold; KeyError where it cannot be had."""
    versions, version = list(VOICES), version.removesuffix(OWN)
    if version not in VOICES:
        raise KeyError(version)
    return frozenset(v for later in versions[versions.index(version) + 1 :] for v in VOICES[later])
