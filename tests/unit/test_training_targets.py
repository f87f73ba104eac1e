"""Targets, by hand-made tables: what the model is asked to say after each message."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from safelight.taxonomy import CUES, INDICATORS, RISKS
from safelight_training.targets import (
    FADE,
    NEVER_ORDINARY,
    ONSET,
    ORDINARY_WEIGHT,
    START,
    gaps,
    label_targets,
    onset_weights,
    risk_targets,
)

N = len(INDICATORS)
NEVER = sorted(INDICATORS.index(name) for name in NEVER_ORDINARY)


def chat(senders: str, span: list[int] | None, warn_by: int = 0, risk: str = "grooming") -> Any:
    """senders: one letter a message, p(eer), s(elf) or another name; P is a peer with a sign."""
    names = {"p": "peer", "s": "self", "P": "peer"}
    messages: list[dict[str, Any]]
    messages = [{"sender": names.get(letter, letter), "text": "hi"} for letter in senders]
    for letter, message in zip(senders, messages, strict=True):
        message["indicators"] = ["secrecy"] if letter == "P" else []
    risks = dict.fromkeys(RISKS) | {risk: span}
    return {"messages": messages, "risks": risks, "warn_by": warn_by}


HALF = START + (1 - START) / 2


@pytest.mark.parametrize(
    ("why", "conversation", "expected"),
    [
        ("nothing in it", chat("psp", None), [0, 0, 0]),
        ("zero before the first sign", chat("pspsp", [2, 4], 2), [0, 0, 1, 1, 1]),
        ("a threat in the first message", chat("ps", [0, 1], 0), [1, 1]),
        ("full one peer message before", chat("PspP", [0, 3], 3), [START, HALF, 1, 1]),
        ("the owner's turn is not that message", chat("PspsP", [0, 4], 4), [START, HALF, 1, 1, 1]),
        ("a group member's is", chat("PsAsP", [0, 4], 4), [START, HALF, 1, 1, 1]),
        ("no peer message between", chat("PssP", [0, 3], 3), [1, 1, 1, 1]),
        ("warn_by before the first sign", chat("ppp", [1, 2], 0), [0, 1, 1]),
        ("it fades after the end", chat("Ppsps", [0, 1], 1), [1, 1, FADE, FADE**2, FADE**3]),
        ("an arc over before warn_by", chat("Pppp", [0, 0], 3), [START, HALF, FADE**2, FADE**3]),
        ("no more than the start before a sign", chat("pspP", [0, 3], 3), [START] * 3 + [1]),
        ("the ramp from the sign on", chat("pPpP", [0, 3], 3), [START, HALF, 1, 1]),
        ("no sign at all", chat("ppp", [0, 2], 2), [START, START, 1]),
    ],
)
def test_risk_ramps(why: str, conversation: Any, expected: list[float]) -> None:
    found = risk_targets(conversation)
    assert found.shape == (len(expected), 2)
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-6, err_msg=why)
    assert not found[:, 1].any()


def test_each_risk_has_its_own_column() -> None:
    found = risk_targets(chat("pp", [1, 1], 1, risk="sextortion"))
    np.testing.assert_array_equal(found, [[0, 0], [0, 1]])


def test_a_conversation_without_risks_is_silent() -> None:
    assert not risk_targets({"messages": [{"sender": "peer"}] * 3}).any()


@pytest.mark.parametrize(
    ("why", "conversation", "expected"),
    [
        ("nothing in it", chat("psp", None), [1, 1, 1]),
        ("a threat at once", chat("pps", [0, 2], 0), [ONSET, 1, 1]),
        ("first sign to warn_by", chat("pPspp", [1, 4], 3), [1, ONSET, ONSET, ONSET, 1]),
        ("from the message that shows it", chat("pppPp", [1, 4], 4), [1, 1, 1, ONSET, ONSET]),
        ("warn_by before the first sign", chat("ppp", [1, 2], 0), [1, ONSET, 1]),
    ],
)
def test_messages_where_a_warning_is_in_time_weigh_more(
    why: str, conversation: Any, expected: list[float]
) -> None:
    found = onset_weights(conversation)
    np.testing.assert_array_equal(found[:, 0], expected, err_msg=why)
    assert (found[:, 1] == 1).all()


def test_a_threat_after_the_harm_is_in_time_for_itself_alone() -> None:
    conversation = chat("PPpP", [0, 3], 1)
    conversation["risks"]["sextortion"] = [3, 3]
    expected = [[ONSET, 1], [ONSET, 1], [1, 1], [1, ONSET]]
    np.testing.assert_array_equal(onset_weights(conversation), expected)


def labelled(sender: str, *labels: str) -> dict[str, Any]:
    indicators = [label for label in labels if label in INDICATORS]
    return {"sender": sender, "indicators": indicators, "cues": [x for x in labels if x in CUES]}


@pytest.mark.parametrize(
    ("why", "message", "asked", "shown"),
    [
        ("a peer's indicators", labelled("peer", "secrecy"), range(N), ["secrecy"]),
        ("a peer without any", labelled("Ann"), range(N), []),
        ("the owner's cues", labelled("self", "refusal"), range(N, N + 5), ["refusal"]),
        ("nobody labelled it", {"sender": "peer", "text": "hi"}, NEVER, []),
        ("nobody labelled the owner's", {"sender": "self", "text": "hi"}, [], []),
        (
            "what half a message may show",
            labelled("peer") | {"unsure": ["secrecy"]},
            sorted({*range(N)} - {INDICATORS.index("secrecy")}),
            [],
        ),
        (
            "two at once",
            labelled("peer", "isolation", "secrecy"),
            range(N),
            ["secrecy", "isolation"],
        ),
    ],
)
def test_labels_are_asked_where_they_sit(
    why: str, message: Any, asked: Any, shown: list[str]
) -> None:
    labels, mask = label_targets({"messages": [message]})
    assert np.flatnonzero(mask[0]).tolist() == list(asked), why
    names = [(*INDICATORS, *CUES)[i] for i in np.flatnonzero(labels[0])]
    assert names == shown, why


def test_unlabelled_messages_count_little() -> None:
    _, asked = label_targets({"messages": [{"sender": "peer"}, labelled("peer")]})
    assert set(asked[0].tolist()) == {0.0, np.float32(ORDINARY_WEIGHT)}
    assert set(asked[1].tolist()) == {0.0, 1.0}
    common = {"personal_info_request", "special_bond", "identity_claim", "meet_request"}
    assert not common & set(NEVER_ORDINARY)  # what ordinary chats hold is not held against them


@pytest.mark.parametrize(
    ("offsets", "expected"),
    [
        ([0, 8, 8, 100], [-1, 8, 0, 92]),
        ([None, None, None], [-1, -1, -1]),
        ([0, None, 9], [-1, -1, -1]),
        ([0, 9, 5], [-1, 9, 0]),
        ([7], [-1]),
    ],
)
def test_gaps(offsets: list[int | None], expected: list[float]) -> None:
    messages = [{} if offset is None else {"offset_s": offset} for offset in offsets]
    found = gaps({"messages": messages})
    assert found.dtype == np.float32
    assert found.tolist() == expected
