"""The fixed label lists. Training, export and every port read them from here.

A bundle whose manifest lists other labels, or another order, is refused: what
Safelight looks for cannot be widened by swapping a file.
"""

from __future__ import annotations

#: What a message of the other person does, in the order of the model's output.
INDICATORS: tuple[str, ...] = (
    "secrecy",
    "isolation",
    "constant_contact",
    "risk_check",
    "personal_info_request",
    "special_bond",
    "incentive",
    "move_channel",
    "identity_claim",
    "boundary_test",
    "image_offer",
    "image_request",
    "pressure",
    "meet_request",
    "share_threat",
    "payment_demand",
    "deadline",
    "hacked_claim",
    "fabricated_image",
    "self_harm_push",
    "coerced_task",
)

#: What a message of the person using the phone shows.
CUES: tuple[str, ...] = (
    "minor_disclosure",
    "refusal",
    "distress",
    "complied",
    "help_seeking",
)

#: What a conversation shows so far; independent probabilities.
RISKS: tuple[str, ...] = ("grooming", "sextortion")

#: Kinds of attachment a message may carry (the content itself is never opened).
MEDIA: tuple[str, ...] = (
    "image",
    "video",
    "voice",
    "file",
    "sticker",
    "location",
    "call",
    "contact",
    "deleted",
)
