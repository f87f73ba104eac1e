"""The version of the texts: it rises when what a seed gives changes.

A version that only brought voices can be had without them, so that a bundle of the data before is
still judged on what that data held. 0.12.0 brought none: it says where an arc ends that was made of
a harmless chat, and which look-alikes nobody settled, in older versions too.
"""

from __future__ import annotations

DATA_VERSION = "0.13.0"
#: Voices of whole dialogues, and (p…) of phrasebooks, by the version that brought them, from the
#: oldest that can be had on. All of them are in training (splits.TWIN_VOICES).
VOICES: dict[str, tuple[str, ...]] = {
    "0.8.0": (),
    "0.9.0": ("de-v14", "en-v34", "es-v12", "fr-v15", "it-v13", "ja-v15", "ja-v16", "pt-v11"),
    "0.10.0": (
        "de-v15", "de-v16", "de-v17", "de-v18", "en-v35", "en-v36", "es-v13", "es-v14", "es-v15",
        "fr-v16", "fr-v17", "it-v14", "it-v15", "it-v16", "it-v17", "it-v18", "ja-v17", "ja-v18",
        "ja-v19", "ja-v20", "pt-v12", "pt-v13",
    ),
    "0.11.0": (
        "de-p01", "de-p02", "de-p03", "en-p01", "en-p02", "en-p03", "es-p01", "es-p02", "es-p03",
        "fr-p01", "fr-p02", "fr-p03", "it-p01", "it-p02", "it-p03", "ja-p01", "ja-p02", "ja-p03",
        "pt-p01", "pt-p02", "pt-p03",
    ),
    "0.12.0": (),
    "0.13.0": ("de-v19", "en-v37", "es-v16", "fr-v18", "it-v19", "ja-v21", "pt-v14"),
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
