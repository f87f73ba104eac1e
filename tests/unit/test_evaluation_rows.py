"""From levels to rows: which conversations a row holds, and what it says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from safelight import Guard
from safelight.taxonomy import CUES, INDICATORS, RISKS
from safelight.types import Level
from safelight_training.data.splits import TEST_VOICES
from safelight_training.evaluation.metrics import NEVER
from safelight_training.evaluation.real import Chat, merged, real_rows, report_part
from safelight_training.evaluation.replay import Played, play
from safelight_training.evaluation.subject import read_subject
from safelight_training.evaluation.written import shortcut_rows, source_of, written_rows
from safelight_training.scoring import Trace

NEW, HELD, KNOWN = "scenario/one", "authored/en-v07-001", "authored/en-v01-001"


def chat(senders: str, **fields: Any) -> dict[str, Any]:
    """A conversation from a line of `p` (peer) and `s` (self)."""
    names = {"p": "peer", "s": "self"}
    messages = [
        {"sender": names[who], "text": "hello", "indicators": [], "cues": []} for who in senders
    ]
    common = {"id": "x", "language": "en", "label": "none", "twin": "plain", "family": NEW,
              "voice": "en-v01", "split": "test", "messages": messages}  # fmt: skip
    return {**common, **fields}


def played(levels: list[int], conversation: dict[str, Any], risk: float = 0.0) -> Played:
    n = len(levels)
    trace = Trace(np.full((n, len(RISKS)), risk), np.zeros((n, len(INDICATORS))),
                  np.zeros((n, len(CUES))))  # fmt: skip
    return Played(conversation, trace, np.array(levels))


def risky(levels: list[int], label: str, **fields: Any) -> Played:
    """First sign at message 1, last useful warning at message 2."""
    marks = {"label": label, "twin": "", "first_sign": 1, "warn_by": 2}
    return played(levels, chat("p" * len(levels), **marks, **fields), 0.9)


@pytest.mark.parametrize(
    ("levels", "first", "highest"),
    [([0, 0], NEVER, 0), ([0, 1, 1], NEVER, 1), ([0, 1, 2, 3, 1], 2, 3), ([3, 0], 0, 3)],
)
def test_first_warning_and_highest(levels: list[int], first: int, highest: int) -> None:
    found = played(levels, chat("p" * len(levels)))
    assert (found.first_warning, found.highest) == (first, highest)


def test_played_levels_are_those_a_phone_shows(tiny_bundle: Path, guard: Guard) -> None:
    """The evaluation and Guard agree message by message, group and unknown times included."""
    lines = [("peer", "hello", 0), ("self", "how are you", 4), ("peer", "keep keep", 9),
             ("peer", "picture", 700), ("sam", "the match", 701), ("peer", "everyone", 702),
             *(("self", "the match was good", 800 + i) for i in range(40))]  # fmt: skip
    timeless = [{"sender": who, "text": text} for who, text, _ in lines]
    quiet = [{"sender": "peer", "text": "hello"}]
    subject = read_subject(tiny_bundle)
    config = subject.bundle.manifest.policies["standard"]
    found = play(subject.graph(), config, [chat("") | {"messages": timeless},
                                           chat("") | {"messages": quiet}], "test")  # fmt: skip
    phone = guard.conversation("x")
    shown = [phone.observe(sender=who, text=text).level for who, text, _ in lines]
    assert found[0].levels.tolist() == [int(level) for level in shown]
    assert found[0].highest == Level.URGENT
    assert found[0].levels[-1] == Level.NONE
    assert found[1].levels.tolist() == [0]


@pytest.mark.parametrize(
    ("family", "voice", "source"),
    [
        (NEW, "en-v01", "new_families"),
        (NEW, TEST_VOICES[0], "new_families"),
        (HELD, TEST_VOICES[0], "held_out_voices"),
        (KNOWN, "en-v01", "known_voices"),
    ],
)
def test_source(family: str, voice: str, source: str) -> None:
    assert source_of(chat("p", family=family, voice=voice)) == source


def test_risky_rows(guard: Guard) -> None:
    in_time, late, early, missed = [0, 0, 2, 2], [0, 0, 1, 2], [2, 2, 2, 2], [0, 1, 1, 1]
    rows = written_rows(
        [
            risky(in_time, "grooming"),
            risky(late, "grooming"),
            risky(early, "sextortion"),
            risky(missed, "sextortion", language="fr"),
        ],
        guard.manifest.policies["standard"],
    )["risky"]
    seen = {
        (r["language"], r["label"]): (
            r["n"],
            *(r[key]["share"] for key in ("recall", "premature", "warned")),
            r["delay"],
        )
        for r in rows
    }
    one, half = {"median": 1.5, "p90": 1.9, "minutes": None}, 0.5
    assert seen == {
        ("en", "grooming"): (2, half, 0.0, 1.0, one),
        ("en", "sextortion"): (1, 0.0, 1.0, 1.0, None),
        ("en", "any"): (3, 0.3333, 0.3333, 1.0, one),
        ("fr", "sextortion"): (1, 0.0, 0.0, 0.0, None),
        ("fr", "any"): (1, 0.0, 0.0, 0.0, None),
        ("all", "grooming"): (2, half, 0.0, 1.0, one),
        ("all", "sextortion"): (2, 0.0, half, half, None),
        ("all", "any"): (4, 0.25, 0.25, 0.75, one),
    }


def test_harmless_rows_and_auroc(guard: Guard) -> None:
    found = written_rows(
        [
            played([0, 1, 0], chat("psp"), 0.5),
            played([0, 0, 0], chat("psp"), 0.1),
            played([0, 2, 3], chat("psp", twin="hard"), 0.95),
            risky([0, 2, 2], "grooming"),
        ],
        guard.manifest.policies["standard"],
    )
    shares = {
        (r["language"], r["twin"]): (
            r["n"],
            *(r[k]["share"] for k in ("notice", "warning", "urgent")),
        )
        for r in found["harmless"]
    }
    plain, hard = (2, 0.5, 0.0, 0.0), (1, 1.0, 1.0, 1.0)
    assert shares == {(name, twin): row for name in ("en", "all")
                      for twin, row in (("plain", plain), ("hard", hard))}  # fmt: skip
    assert [row["auroc"] for row in found["auroc"]] == [0.6667, 0.6667]


def test_indicators_are_judged_on_the_other_persons_messages(guard: Guard) -> None:
    secrecy = INDICATORS.index("secrecy")
    one = played([0, 0, 0, 0], chat("ppsp", twin="hard"))
    for i in (0, 1):
        one.conversation["messages"][i]["indicators"] = ["secrecy"]
    one.trace.indicators[:, secrecy] = (0.5, 0.49, 0.9, 0.9)  # hit, miss, not asked, false
    found = written_rows([one], guard.manifest.policies["standard"])["indicators"]
    assert found["each"][secrecy] == {
        "id": "secrecy", "n": 2, "precision": 0.5, "recall": 0.5, "f1": 0.5,
        "auroc": 0.0, "average_precision": 0.5833,
    }  # fmt: skip
    assert found["macro_f1"] == {"en": 0.5, "all": 0.5}


def test_a_real_chat_counts_once_and_by_its_worse_direction() -> None:
    def direction(owner: str, levels: list[int]) -> Played:
        ids = {"id": f"casino:7/{owner}", "corpus": "casino"}
        return played(levels, chat("psp", **ids))

    both = [direction("a", [0, 0, 0]), direction("b", [0, 2, 0])]
    expected = [Chat("casino", "en", 3, 2)]
    assert merged(both) == merged(reversed(both)) == expected


def test_real_rows() -> None:
    chats = [
        Chat("casino", "en", 12, 0),
        Chat("casino", "en", 4, 1),
        Chat("topical_chat", "en", 20, 3),
        Chat("asdc_ja", "ja", 9, 0),
    ]
    found = real_rows(chats, {"casino": "c0", "topical_chat": "70", "asdc_ja": "a5"})
    corpora = [(r["corpus"], r["trained"], r["sha256"], r["n"], r["messages"], r["notice"]["share"])
               for r in found["corpora"]]  # fmt: skip
    assert corpora == [
        ("asdc_ja", False, "a5", 1, 9, 0.0),
        ("casino", True, "c0", 2, 16, 0.5),
        ("topical_chat", False, "70", 1, 20, 1.0),
    ]
    pooled = {r["pool"]: (r["n"], r["notice"]["share"], r["urgent"]["share"])
              for r in found["pooled"]}  # fmt: skip
    assert pooled == {
        "all": (4, 0.5, 0.25),
        "all, of corpora never trained on": (2, 0.5, 0.5),
        "all, of corpora trained on": (2, 0.5, 0.0),
        "all, of 10 messages or more": (2, 0.5, 0.5),
        "en": (3, 0.6667, 0.3333),
        "en, of corpora never trained on": (1, 1.0, 1.0),
        "ja": (1, 0.0, 0.0),
        "ja, of corpora never trained on": (1, 0.0, 0.0),
    }


def test_only_chats_of_the_report_part_are_measured() -> None:
    offered = [
        chat("p", id=f"{split}-{is_chat}", split=split, is_chat=is_chat)
        for split in ("train", "calibration", "selection", "report")
        for is_chat in (True, False)
    ]
    assert [c["id"] for c in report_part(offered)] == ["report-True"]


def test_shortcut_baselines_find_a_shortcut_and_leave_small_sets_out() -> None:
    """Risky chats that are given away by who speaks, ones of which there are too few, and a
    language of which nothing is listed."""
    telling = [chat("pppppp", id=f"r{i}", label="grooming", first_sign=2) for i in range(60)]
    ordinary = [chat("spspsp", id=f"n{i}") for i in range(60)]
    few = [{**c, "language": "fr"} for c in (*telling[:20], *ordinary)]
    unlisted = [{**c, "language": "nl"} for c in (*telling, *ordinary)]
    for c in (*telling, *ordinary):
        for i, message in enumerate(c["messages"]):
            message["offset_s"] = 10 * i
    rows = shortcut_rows([*telling, *ordinary, *few, *unlisted])
    assert [(r["language"], r["set"], r["n"]) for r in rows] == [("en", "new_families", 120)]
    assert rows[0]["who"] == 1.0
    assert rows[0]["times"] == 0.5
