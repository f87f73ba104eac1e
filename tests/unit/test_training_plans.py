"""What an epoch holds, on a handful of conversations."""

from __future__ import annotations

from typing import Any

import pytest

from safelight_training.data.scenario import families
from safelight_training.plans import RARE, Amounts, Plans

AMOUNTS = Amounts(
    authored=1, scenarios=2, spliced=2, real_messages=20, streams=6, stream_messages=20
)


def chat(
    number: int, language: str, family: str = "authored/x", risky: bool = False
) -> dict[str, Any]:
    messages = [
        {
            "sender": "peer" if i % 2 else "self",
            "text": f"{number} {i}",
            "indicators": [],
            "cues": [],
        }
        for i in range(6)
    ]
    arc = {"risks": {"grooming": [1, 5], "sextortion": None}, "first_sign": 1, "warn_by": 3}
    return {"id": f"{language}{number}", "language": language, "family": family, "is_chat": True,
            "corpus": "", "messages": messages, "label": "grooming" if risky else "none",
            **(arc if risky else {"risks": {}})}  # fmt: skip


def keep(conversations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stands for the encoder: hands on the conversations, which then are not cut."""
    return conversations


def plans(languages: tuple[str, ...], seed: int = 1) -> Plans:
    written = [chat(n, language, risky=n % 2 == 0) for language in languages for n in range(4)]
    written += [chat(n, languages[0], "scenario/boat") for n in range(4)]
    real = [chat(100 + n, "en", "real") for n in range(4)]
    for conversation in real:
        for message in conversation["messages"]:
            del message["indicators"], message["cues"]
    return Plans(written, real, keep, AMOUNTS, seed)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(5))
def test_streams_of_a_language_without_real_chats_hold_no_arc(seed: int) -> None:
    for conversation in plans(("es",), seed).streams(0)[: AMOUNTS.streams]:
        assert conversation["language"] == "en"
        assert not any("indicators" in m for m in conversation["messages"])


def test_streams_of_a_language_with_real_chats_hold_arcs_too() -> None:
    made = [c for seed in range(5) for c in plans(("en",), seed).streams(0)[: AMOUNTS.streams]]
    spliced = [c for c in made if any("indicators" in m for m in c["messages"])]
    assert 0 < len(spliced) < len(made)


def test_the_same_epoch_is_the_same() -> None:
    assert plans(("en", "es")).streams(1) == plans(("en", "es")).streams(1)
    assert plans(("en", "es")).streams(1) != plans(("en", "es")).streams(2)


def test_the_third_stage_holds_every_chat_of_the_rare_families_and_a_share_of_all_else() -> None:
    made = plans(("en",))
    few = [chat(200 + n, "en", f"scenario/{name}") for n, name in enumerate(RARE)]
    made.scenarios += few
    found = [c["id"] for c in made.rare(0)]
    for rare in few:
        assert found.count(rare["id"]) >= AMOUNTS.rare
    assert {c["id"] for c in made.authored} <= set(found)
    assert any(name.startswith("en10") for name in found)  # real ones
    assert set(RARE) <= set(families())
