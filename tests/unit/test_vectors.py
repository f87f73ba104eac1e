"""The committed golden vectors, run through the runtime. A missing or empty file is a failure."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import load
from tokenizers import Tokenizer, models

from safelight import Guard
from safelight.friction import arriving, sending
from safelight.graph import Graph, Step
from safelight.guard import SHIPPED
from safelight.language import LanguageRule, evidence, supported
from safelight.policy import PolicyConfig, PolicyState, decide, this_was_fine
from safelight.settings import Settings, asking_level, shown
from safelight.taxonomy import CUES, INDICATORS, MEDIA
from safelight.text import TextPreparer
from safelight.types import Level, Outputs, Stage
from safelight_export.text_table import build_table

VECTORS = Path(__file__).parents[1] / "vectors"
LANGUAGES = {"en", "fr", "de", "it", "ja", "es", "pt"}


def vectors(name: str, least: int) -> dict[str, Any]:
    found = json.loads((VECTORS / name).read_text("utf-8"))
    assert len(found["cases"]) >= least
    assert found["what"]
    return found


def test_text() -> None:
    preparer = TextPreparer(build_table())
    cases = vectors("text.json", 120)["cases"]
    for case in cases:
        assert preparer.prepare(case["text"], case["media"]) == case["prepared"], case["rule"]
    assert {case["media"] for case in cases} == {None, *MEDIA}
    assert all(unicodedata.is_normalized("NFKC", case["prepared"]) for case in cases)


def test_every_rule_of_text_preparation_changes_some_text_and_keeps_some() -> None:
    by_rule: dict[str, set[bool]] = {}
    for case in vectors("text.json", 120)["cases"]:
        by_rule.setdefault(case["rule"], set()).add(case["prepared"] != case["text"])
    kept_and_changed = {"nfkc", "bidi", "confusables", "reserved", "link", "phone", "handle"}
    assert {rule for rule, seen in by_rule.items() if seen == {True, False}} >= {
        *kept_and_changed, "capitals", "disguises", "money", "languages", "cut"
    }  # fmt: skip
    always = {"zero_width", "newer_than_unicode_13", "surrogate", "medium", "together", "marks",
              "shapes"}  # fmt: skip
    assert {rule for rule in by_rule if by_rule[rule] == {True}} == always


@pytest.fixture(scope="module")
def shipped() -> Graph:
    return Guard.load()._graph


def test_tokens(shipped: Graph) -> None:
    found = vectors("tokens.json", 80)
    digest = hashlib.sha256((SHIPPED / "tokenizer.json").read_bytes()).hexdigest()
    assert digest == found["tokenizer_sha256"], "another tokenizer: run make_vectors.py"
    for case in found["cases"]:
        assert shipped.encode(case["text"], case["media"]) == case["chunks"], case["language"]


def test_tokens_cover_all_languages_and_more_than_one_chunk() -> None:
    found = vectors("tokens.json", 80)
    assert {case["language"] for case in found["cases"]} == LANGUAGES
    chunks = {len(case["chunks"]) for case in found["cases"]}
    assert {1, found["max_chunks"]} <= chunks
    assert {len(c) for x in found["cases"] for c in x["chunks"]} <= {
        *range(found["max_tokens"] + 1)
    }


@dataclass(frozen=True)
class Sizes:
    state_size: int
    max_tokens: int = 64
    max_chunks: int = 4
    languages: tuple[str, ...] = tuple(sorted(LANGUAGES))


@pytest.fixture(scope="module")
def seeded() -> Graph:
    """step.onnx in the runtime; its tokenizer is never asked."""
    found = vectors("step.json", 1)
    pieces = [("<unk>", 0.0), *((f"\u2581{i}", -2.0) for i in range(1, found["vocabulary"]))]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0)).to_str().encode()
    model = (VECTORS / "step.onnx").read_bytes()
    return Graph(model, tokenizer, build_table(), Sizes(found["state_size"]))


def test_step(seeded: Graph) -> None:
    found = vectors("step.json", 44)
    last = np.zeros((1, found["state_size"]), np.float32)
    for i, case in enumerate(found["cases"]):
        states = np.array(case["state"], np.float32) if case["state"] else last
        rows = zip(case["input_ids"], case["attention_mask"], strict=True)
        steps = [
            Step([ids[: sum(mask)]], case["sender"][row] == 0, case["gap_s"][row], states[row])
            for row, (ids, mask) in enumerate(rows)
        ]
        outputs, last = seeded.step(steps)
        answers = {
            "risks": np.stack([x.risks for x in outputs]),
            "indicators": np.stack([x.indicators for x in outputs]),
            "cues": np.stack([x.cues for x in outputs]),
            "state_out": last,
            "languages": np.stack([x.languages for x in outputs]),
        }
        for name, value in answers.items():
            np.testing.assert_allclose(
                value, case[name], rtol=0, atol=found["tolerance"], err_msg=f"run {i}: {name}"
            )


def test_messages_of_several_chunks(seeded: Graph) -> None:
    found = vectors("step.json", 44)
    state = np.zeros(found["state_size"], np.float32)
    for i, case in enumerate(found["messages"]):
        outputs, state = seeded.one(Step(case["chunks"], case["from_self"], case["gap_s"], state))
        for name in ("risks", "indicators", "cues", "languages", "state_out"):
            value = state if name == "state_out" else getattr(outputs, name)
            np.testing.assert_allclose(
                value, case[name], rtol=0, atol=found["tolerance"], err_msg=f"message {i}: {name}"
            )


def test_language() -> None:
    found = vectors("language.json", 3)
    rule = LanguageRule.from_manifest({"language": found["rule"]})
    told = set()
    for course in found["cases"]:
        value = 0.0
        for message in course:
            said = np.array([1 - message["other"], message["other"]])
            value = evidence(rule, value, message["text"], said)
            assert value == pytest.approx(message["evidence"], abs=1e-9)
            told.add(supported(rule, value))
            assert supported(rule, value) is message["supported"]
    assert told == {True, False, None}


def test_the_step_vectors_say_something() -> None:
    found = vectors("step.json", 44)["cases"]
    chat = [case for case in found if not case["state"]]
    assert len(chat) >= 40
    assert {len(case["input_ids"]) for case in found} > {1}
    assert {case["sender"][0] for case in chat} == {0, 1}
    assert min(case["gap_s"][0] for case in chat[1:]) == -1.0
    risks = np.array([case["risks"][0] for case in chat])
    assert (risks.max(0) - risks.min(0) > 0.1).all()
    assert {len(case["chunks"]) for case in vectors("step.json", 44)["messages"]} == {1, 2, 3, 4}


def test_the_seeded_graph_is_small_and_plain() -> None:
    path = VECTORS / "step.onnx"
    assert path.stat().st_size < 1_000_000
    assert {opset.domain for opset in load(path).opset_import} == {""}


def outputs_of(message: dict[str, Any]) -> Outputs:
    return Outputs(
        np.array(message["risks"], np.float32),
        np.array([message["indicators"].get(n, 0.0) for n in INDICATORS], np.float32),
        np.array([message["cues"].get(n, 0.0) for n in CUES], np.float32),
    )


def test_policy() -> None:
    found = vectors("policy.json", 40)
    for case in found["cases"]:
        config = PolicyConfig.from_manifest(found["configs"][case["config"]], case["sensitivity"])
        state = PolicyState()
        for message in case["messages"]:
            state, level, stage, reasons = decide(
                state, config, message["sender"], message["id"], outputs_of(message)
            )
            shown = [[reason.message_id, reason.indicator] for reason in reasons]
            expected = (message["level"], message["stage"], message["reasons"])
            assert (level.label, stage.value, shown) == expected, (case["why"], message["id"])


def test_policy_vectors_reach_every_level_and_stage() -> None:
    messages = [m for case in vectors("policy.json", 40)["cases"] for m in case["messages"]]
    assert {m["level"] for m in messages} == {"none", "notice", "warning", "urgent"}
    stages = {"none", "trust", "request", "threat", "after", "crisis"}
    assert {m["stage"] for m in messages} == stages
    assert max(len(m["reasons"]) for m in messages) == 6


def test_policy_numbers_are_the_same_in_single_and_double_precision() -> None:
    for case in vectors("policy.json", 40)["cases"]:
        for message in case["messages"]:
            shown = {**message["indicators"], **message["cues"]}
            numbers = [*message["risks"], *shown.values()]
            assert all(float(np.float32(p)) == p for p in numbers), case["why"]


def friction_cases(rule: str, least: int) -> list[dict[str, Any]]:
    found = [c for c in vectors("friction.json", 90)["cases"] if c["rule"] == rule]
    assert len(found) >= least
    return found


def test_shown() -> None:
    levels = {level.label: level for level in Level}
    for case in friction_cases("shown", 64):
        settings = Settings(**case["settings"])
        level, form = shown(levels[case["found"]], settings, case["muted"])
        asking = asking_level(levels[case["found"]], settings, case["muted"])
        told = (level.label, form.value, asking.label)
        assert told == (case["level"], case["form"], case["asking"]), case


def test_friction() -> None:
    levels = {level.label: level for level in Level}
    told = set()
    for case in friction_cases("friction", 16):
        at = levels[case["level"]], Stage(case["stage"])
        assert {kind: sending(kind, *at).value for kind in case["send"]} == case["send"], at
        assert {kind: arriving(kind, *at).value for kind in case["arrive"]} == case["arrive"], at
        told |= {*case["send"].values(), *case["arrive"].values()}
    assert told == {"allow", "ask", "show", "blur"}


def test_this_was_fine() -> None:
    raw = vectors("friction.json", 90)["config"]
    config, reached = PolicyConfig.from_manifest(raw), set()
    for case in friction_cases("fine", 14):
        state = PolicyState()
        for i, step in enumerate(case["steps"]):
            if step.get("fine"):
                state = this_was_fine(state)
            else:
                assert step["id"] == f"m{state.messages}", (case["why"], i)
                outputs = outputs_of(step)
                state = decide(state, config, step["sender"], step["id"], outputs)[0]
                told = [[reason.message_id, reason.indicator] for reason in state.reasons]
                assert told == step["reasons"], (case["why"], i)
            seen = (state.level.label, state.stage.value)
            assert seen == (step["level"], step["stage"]), (case["why"], i)
            reached.add(seen[0])
    assert reached == {"none", "notice", "warning", "urgent"}
