"""Golden vectors of what a person keeps: evidence files and snapshots."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from safelight.conversation import ChatState
from safelight.evidence import Evidence, make, redact, short_digest
from safelight.evidence_file import EvidenceError, parse, to_bytes
from safelight.evidence_lock import lock, unlock
from safelight.evidence_parts import Fact, Noticed, Said
from safelight.evidence_verify import verify
from safelight.policy import PolicyState, Seen
from safelight.snapshot import SnapshotError, seal, unseal
from safelight.snapshot_payload import decode, decode_choices, encode, size
from safelight.types import Level, Reason, Stage

VECTORS = Path(__file__).parents[1] / "vectors"
Case = dict[str, Any]


def read(name: str) -> Case:
    found: Case = json.loads((VECTORS / name).read_text("utf-8"))
    assert found["what"]
    return found


def of_rule(found: Case, rule: str, least: int) -> list[Case]:
    cases = [case for case in found["cases"] if case["rule"] == rule]
    assert len(cases) >= least
    return cases


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# Evidence -------------------------------------------------------------------------------------


EVIDENCE = read("evidence.json")


def counted() -> Callable[[int], bytes]:
    numbers = iter(range(256))
    return lambda size: bytes([next(numbers)]) * size


def made(case: Case, created: str, source: str) -> Evidence:
    said = []
    for fields in case["messages"]:
        noticed = fields["noticed"]
        kept = noticed and Noticed(noticed["level"], tuple(noticed["indicators"]))
        said.append(Said(**{**fields, "noticed": kept}))
    facts = [Fact(**fields) for fields in case["facts"]]
    at = datetime.fromisoformat(created)
    return make(said, facts, created=at, source=source, new_salt=counted())


def file_of(place: int) -> Case:
    found: Case = of_rule(EVIDENCE, "make", place + 1)[place]["file"]
    return found


def changed(changes: list[Any]) -> bytes:
    value = copy.deepcopy(file_of(0))
    for path, new in changes:
        inner: Any = reduce(lambda part, key: part[key], path[:-1], value)
        if new == "(drop)":
            del inner[path[-1]]
        else:
            inner[path[-1]] = new
    return json.dumps(value).encode()


def verdict(evidence: Evidence, noted: str | None = None) -> Case:
    found = verify(evidence, noted)
    return {
        "faults": list(found.faults),
        "redacted_messages": list(found.redacted_messages),
        "redacted_facts": list(found.redacted_facts),
        "noted": found.noted,
    }


def test_evidence_made() -> None:
    for case in of_rule(EVIDENCE, "make", 4):
        evidence = made(case, EVIDENCE["created"], case["source"])
        data = to_bytes(evidence)
        assert json.loads(data) == case["file"], case["why"]
        assert (sha256(data), short_digest(evidence.digest)) == (case["sha256"], case["code"])
        assert verify(parse(data)).holds


def test_evidence_redacted() -> None:
    refused = 0
    for case in of_rule(EVIDENCE, "redact", 7):
        evidence = parse(changed([]))
        if "error" in case:
            refused += 1
            with pytest.raises(ValueError) as caught:
                redact(evidence, case["numbers"], case["names"])
            assert str(caught.value) == case["error"]
            continue
        left = redact(evidence, case["numbers"], case["names"])
        assert (sha256(to_bytes(left)), verdict(left)) == (case["sha256"], case["verdict"])
        assert verify(left).holds and left.digest == evidence.digest
    assert refused == 3


def test_evidence_verified() -> None:
    for case in of_rule(EVIDENCE, "verify", 18):
        assert verdict(parse(changed(case["changes"]))) == case["verdict"], case["why"]
        assert bool(case["changes"]) == bool(case["verdict"]["faults"])


def test_evidence_noted() -> None:
    told = []
    for case in of_rule(EVIDENCE, "noted", 7):
        if "error" in case:
            with pytest.raises(ValueError) as caught:
                verify(parse(changed([])), case["noted"])
            assert str(caught.value) == case["error"]
        else:
            assert verdict(parse(changed([])), case["noted"]) == case["verdict"]
            told.append(not case["verdict"]["faults"])
    assert told == [True, True, True, False, False]


def test_evidence_that_is_none() -> None:
    for case in of_rule(EVIDENCE, "parse", 18):
        with pytest.raises(EvidenceError) as caught:
            parse(changed(case["changes"]))
        assert str(caught.value) == case["error"], case["why"]
    for case in of_rule(EVIDENCE, "refused", 9):
        with pytest.raises(ValueError) as caught_too:
            made(case, case["created"], "")
        assert str(caught_too.value) == case["error"], case["why"]


def test_evidence_locked() -> None:
    plain = to_bytes(parse(json.dumps(file_of(1)).encode()))
    opened = []
    for case in of_rule(EVIDENCE, "locked", 3):
        data = json.dumps(case["file"]).encode()
        opened.append("opens" in case)
        if "opens" in case:
            assert unlock(data, case["passphrase"]) == plain
            assert sha256(plain) == case["opens"]
            again = lock(plain, case["passphrase"], log_n=EVIDENCE["log_n"], new_bytes=counted())
            assert json.loads(again) == case["file"]
        else:
            with pytest.raises(EvidenceError) as caught:
                unlock(data, case["passphrase"])
            assert str(caught.value) == case["error"]
    assert opened == [True, True, False]


# Snapshots ------------------------------------------------------------------------------------


SNAPSHOT = read("snapshot.json")
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def state_of(raw: Case) -> ChatState:
    policy, sent = raw["policy"], raw["sent_us"]
    peers = {
        peer: {name: Seen(tally, strong, id, at) for name, tally, strong, id, at in seen}
        for peer, seen in policy["peers"]
    }
    return ChatState(
        hidden=np.array(raw["hidden"], np.float32),
        policy=PolicyState(
            level=Level[policy["level"].upper()],
            stage=Stage(policy["stage"]),
            reasons=tuple(Reason(id, name) for id, name in policy["reasons"]),
            below=policy["below"],
            messages=policy["messages"],
            peers=peers,
            cues=dict(policy["cues"]),
            raised_by=tuple(policy["raised_by"]),
        ),
        risks=tuple(raw["risks"]),
        last_sent_at=None if sent is None else EPOCH + timedelta(microseconds=sent),
        messages=raw["messages"],
        foreign=raw["foreign"],
    )


def blob_of(case: Case) -> bytes:
    nonce = bytes.fromhex(SNAPSHOT["nonce"])
    return seal(
        state_of(case["state"]),
        case["choices"],
        bytes.fromhex(SNAPSHOT["key"]),
        chat_id=SNAPSHOT["chat_id"],
        model=bytes.fromhex(SNAPSHOT["model"]),
        counter=SNAPSHOT["counter"],
        new_nonce=lambda size: nonce if size == len(nonce) else b"",
    )


def opened(blob: bytes, **other: Any) -> Case:
    given = {name: SNAPSHOT[name] for name in ("key", "chat_id", "model", "state_size")} | other
    key, model = bytes.fromhex(given.pop("key")), bytes.fromhex(given.pop("model"))
    try:
        found = unseal(blob, key, model=model, **given)
    except SnapshotError as error:
        return {"error": str(error)}
    return {"choices": dict(found.choices), "state": found.state is not None}


def said(case: Case) -> Case:
    return {name: case[name] for name in ("choices", "state", "error") if name in case}


def test_snapshots_sealed_and_restored() -> None:
    cases = of_rule(SNAPSHOT, "seal", 7)
    for case in cases:
        payload = encode(state_of(case["state"]), case["choices"])
        assert payload.rstrip(b"\0").hex() == case["payload"], case["why"]
        assert sha256(blob_of(case)) == case["sha256"], case["why"]
        assert decode_choices(payload) == case["choices"]
        back, kept = decode(payload, SNAPSHOT["state_size"]), case.get("restored", case["state"])
        # Through `encode`, which is exact: arrays compare by element.
        assert encode(back, case["choices"]) == encode(state_of(kept), case["choices"])
        assert list(back.policy.peers) == [peer for peer, _ in kept["policy"]["peers"]]
    assert {case["state"]["policy"]["level"] for case in cases} == {"none", "notice", "warning"}
    assert [case["why"] for case in cases if "restored" in case] == [
        "long ids and names", "more peers and signs than fit"
    ]  # fmt: skip


def test_snapshots_damaged() -> None:
    first = base64.b64decode(SNAPSHOT["blob"])
    assert first == blob_of(of_rule(SNAPSHOT, "seal", 7)[0])
    for case in of_rule(SNAPSHOT, "damaged", 10):
        blob = bytearray(first)
        for at, value in case["set"]:
            blob[at] = value
        cut = bytes(blob[: case["length"]])
        assert cut != first
        assert opened(cut) == said(case), case["why"]
        assert "error" in case


def test_snapshots_opened() -> None:
    blob = base64.b64decode(SNAPSHOT["blob"])
    cases = of_rule(SNAPSHOT, "opened", 7)
    for case in cases:
        assert opened(blob, **case["with"]) == said(case), case["why"]
    assert [case.get("state") for case in cases].count(None) == 4
    assert [case.get("state") for case in cases].count(False) == 1


def test_payloads_that_cannot_be_read() -> None:
    second = of_rule(SNAPSHOT, "seal", 7)[1]
    whole = bytes.fromhex(second["payload"]).ljust(size(SNAPSHOT["state_size"]), b"\0")
    decode(whole, SNAPSHOT["state_size"])
    for case in of_rule(SNAPSHOT, "unreadable", 5):
        payload = bytearray(whole)
        for at, value in case["set"]:
            payload[at] = value
        assert decode_choices(bytes(payload)) == second["choices"]
        with pytest.raises((ValueError, IndexError)):
            decode(bytes(payload), SNAPSHOT["state_size"])
