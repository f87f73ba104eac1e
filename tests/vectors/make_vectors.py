"""Writes the golden vectors that every port reads; with --check, compares instead.

    python tests/vectors/make_vectors.py [--check] [--bundle FOLDER]

step.onnx and step.json must agree to 1e-4, all others exactly; README.md says what each holds.
The tokens are those of the bundle's tokenizer, the shipped one unless another is named.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import evidence_cases
import friction_cases
import numpy as np
import policy_cases
import recontact_cases
import snapshot_cases
import step_cases
import text_cases
import token_texts
from tokenizers import Tokenizer

from safelight.guard import SHIPPED
from safelight.language import LanguageRule, evidence, supported
from safelight.policy import PolicyConfig, PolicyState, decide
from safelight.text import TextPreparer, split_chunks
from safelight_export.text_table import build_table

HERE = Path(__file__).parent
MAX_TOKENS, MAX_CHUNKS = 64, 4
Vectors = dict[str, Any]
#: Files that a module of their own builds as a whole.
BUILT = {
    "friction": friction_cases,
    "evidence": evidence_cases,
    "snapshot": snapshot_cases,
    "recontact": recontact_cases,
}


def text_vectors() -> Vectors:
    preparer = TextPreparer(build_table())
    return {
        "what": "text preparation: text and medium -> prepared, exactly",
        "cases": [
            {"rule": rule, "text": text, "media": media, "prepared": preparer.prepare(text, media)}
            for rule, text, media in text_cases.cases()
        ],
    }


def token_vectors(bundle: Path) -> Vectors:
    """`tokenizer_sha256` names the tokenizer.json that gave the ids."""
    data = (bundle / "tokenizer.json").read_bytes()
    tokenizer = Tokenizer.from_str(data.decode("utf-8"))
    preparer = TextPreparer(json.loads((bundle / "text.json").read_text("utf-8")))
    written = [(lang, text, None) for lang, texts in token_texts.TEXTS.items() for text in texts]
    written += [("en", text, None) for text in token_texts.LONG]
    written += [("en", text, media) for media, text in token_texts.WITH_MEDIA]
    cases = []
    for language, text, media in written:
        ids = tokenizer.encode(preparer.prepare(text, media)).ids
        chunks = split_chunks(ids, MAX_TOKENS, MAX_CHUNKS)
        cases.append({"language": language, "text": text, "media": media, "chunks": chunks})
    return {
        "what": "text and medium -> prepared, tokenised, cut into chunks: token ids, exactly",
        "tokenizer_sha256": hashlib.sha256(data).hexdigest(),
        "max_tokens": MAX_TOKENS,
        "max_chunks": MAX_CHUNKS,
        "cases": cases,
    }


def language_vectors() -> Vectors:
    """A chat a case: messages and the probability of other languages, 0..1."""
    rule = {"decay": 0.9, "foreign": 3.0, "known": 5.0}
    read = LanguageRule.from_manifest({"language": rule})
    chats = (
        [("hello", 0.01), ("42", 0.99), ("ok", 0.2), ("see you", 0.05), ("", 0.9)],
        [("hallo", 0.7), ("\U0001f44d", 0.5), ("tot morgen", 0.98), ("ja", 0.5), ("doei", 1.0)],
        [("ok", 0.5), ("こんにちは", 0.0), ("привет", 1.0), ("привет", 0.999999)],
    )
    cases = []
    for chat in chats:
        value, course = 0.0, []
        for text, other in chat:
            said = np.array([1 - other, other], np.float64)
            value = evidence(read, value, text, said)
            course.append({"text": text, "other": other, "evidence": round(value, 9),
                           "supported": supported(read, value)})  # fmt: skip
        cases.append(course)
    return {
        "what": "text and probability of other languages -> evidence so far, to 1e-9, and whether "
        "the language is supported",
        "rule": rule,
        "cases": cases,
    }


def policy_vectors() -> Vectors:
    return {
        "what": "outputs of each message -> level, stage and reasons [message id, indicator], "
        "exactly; indicators, cues and risks that are not named are 0",
        "configs": policy_cases.CONFIGS,
        "cases": [_policy_case(*case) for case in policy_cases.cases()],
    }


def _policy_case(
    name: str, sensitivity: str, why: str, lines: Sequence[policy_cases.Line]
) -> dict[str, Any]:
    config = PolicyConfig.from_manifest(policy_cases.CONFIGS[name], sensitivity)
    state, messages = PolicyState(), []
    for i, line in enumerate(lines):
        outputs = policy_cases.outputs(line)
        state, level, stage, reasons = decide(state, config, line[0], f"m{i}", outputs)
        messages.append(
            {
                **policy_cases.written(line, f"m{i}"),
                "level": level.label,
                "stage": stage.value,
                "reasons": [[reason.message_id, reason.indicator] for reason in reasons],
            }
        )
    return {"why": why, "config": name, "sensitivity": sensitivity, "messages": messages}


def written(vectors: Vectors) -> str:
    """JSON with one case a line; pure ASCII, since some texts cannot be written otherwise."""
    head = {key: value for key, value in vectors.items() if key != "cases"}
    parts = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    cases = ",\n  ".join(json.dumps(case) for case in vectors["cases"])
    parts.append(f'"cases": [\n  {cases}\n ]')
    return "{\n " + ",\n ".join(parts) + "\n}\n"


def differences(name: str, vectors: Vectors, folder: Path) -> str:
    """What is wrong with the committed file, in one line; empty if nothing."""
    path = folder / name
    if not path.is_file():
        return f"{name}: missing"
    found = json.loads(path.read_text("utf-8"))
    if found == json.loads(written(vectors)):
        return ""
    old, new = found.get("cases", []), vectors["cases"]
    for i, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != json.loads(json.dumps(other)):
            return f"{name}: case {i} is not what this code gives"
    return f"{name}: {len(old)} cases, this code gives {len(new)}, or the head differs"


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0; with --check 1 and one line a file that differs; 2 for a bundle unread."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare; write nothing")
    parser.add_argument("--bundle", type=Path, default=SHIPPED, help="whose tokenizer to use")
    args = parser.parse_args(arguments)
    try:
        tokens = token_vectors(args.bundle)
    except OSError as error:
        print(f"make_vectors: cannot read the bundle: {error}", file=sys.stderr)
        return 2
    exact = {
        "text.json": text_vectors(),
        "tokens.json": tokens,
        "policy.json": policy_vectors(),
        "language.json": language_vectors(),
        **{f"{name}.json": part.build() for name, part in BUILT.items()},
    }
    if args.check:
        faults = [differences(name, vectors, HERE) for name, vectors in exact.items()]
        faults = [fault for fault in (*faults, step_cases.check(HERE)) if fault]
        for fault in faults:
            print(f"make_vectors: {fault}", file=sys.stderr)
        if not faults:
            print(f"golden vectors: {', '.join([*exact, 'step.json', 'step.onnx'])} agree")
        return 1 if faults else 0
    for name, vectors in exact.items():
        (HERE / name).write_text(written(vectors), "utf-8")
        print(f"wrote {name}: {len(vectors['cases'])} cases")
    graph, vectors = step_cases.build()
    (HERE / "step.onnx").write_bytes(graph)
    (HERE / "step.json").write_text(written(vectors), "utf-8")
    print(f"wrote step.onnx: {len(graph):,} bytes; step.json: {len(vectors['cases'])} runs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
