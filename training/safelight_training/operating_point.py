"""The thresholds and gates of a new bundle, on what its graph says of chats it did not train on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from safelight.graph import Graph
from safelight.policy_config import PolicyConfig
from safelight.taxonomy import INDICATORS, RISKS

from . import thresholds
from .data.independent import independent
from .evaluation import metrics
from .plans import HELD_OUT_CORPORA
from .scoring import Trace, replay
from .targets import label_targets

Chats = Sequence[dict[str, Any]]
#: Of each real dialogue the loudest gated scores (3, 2), where a warning asks for a progression
#: (True) and where it does not.
ByGate = dict[bool, dict[str, np.ndarray]]
Groups = tuple[tuple[str, ...], ...]  # of corpora


@dataclass(frozen=True)
class CrossFitted:
    """Real dialogues as models heard them that do not know their corpus; `groups`: the corpora
    that one model each did not learn from."""

    scores: ByGate
    groups: Groups


#: Recall by harm that asking for a progression may cost (taxonomy.md).
GATE_COST = 0.01


def judging_chats() -> list[dict[str, Any]]:
    """Those by which it is decided what a warning asks for beside the risk (taxonomy.md)."""
    return independent("dev")


def choose(
    graph: Graph, validation: Chats, real: Chats, judging: Chats | None = None,
    crossfitted: CrossFitted | None = None,
) -> dict[str, Any]:  # fmt: skip
    """`thresholds`, `policy` and `evidence` of the manifest.

    `validation`: written conversations; `real`: benign ones, of which only chats count; `judging`:
    chats in voices of their own, on which the gate is judged, in place of validation;
    `crossfitted`: real dialogues as models heard them that do not know their corpus (crossfit.py),
    which count in place of what the graph says of them.
    """
    chats = [c for c in real if c["is_chat"]]
    own = (judging, replay(graph, judging, "judging chats")) if judging else None
    traces = replay(graph, validation, "validation")
    scored = replay(graph, chats, "real calibration chats")
    return choose_from(validation, traces, chats, scored, own, crossfitted)


def choose_from(
    validation: Chats, traces: Sequence[Trace], chats: Chats, scored: Sequence[Trace],
    judging: tuple[Chats, Sequence[Trace]] | None = None, crossfitted: CrossFitted | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The same, from what a model said of `validation`, of the real `chats` and of `judging`."""
    found = _label_thresholds(validation, traces)

    def fitted(asked: bool) -> tuple[dict[str, Any], dict[str, Any], float]:
        policy, config = _gate(found, asked)
        written, heard = _gated(validation, traces, config), _gated(chats, scored, config)
        real, hard = _loudest(chats, heard), _hard(validation, written)
        levels, evidence = _levels(real, hard)
        if crossfitted:
            said = _crossfit(crossfitted, levels)
            real |= crossfitted.scores[asked]
            levels, evidence = _levels(real, hard)
            evidence["crossfit"] = said
        edges = levels["standard"]["sextortion"]
        evidence["languages"] = _by_language(chats, real, edges)
        evidence["urgent_messages"] = _urgent_messages(chats, heard, edges["urgent"])
        judged = (judging[0], _gated(*judging, config)) if judging else (validation, written)
        return policy, {"levels": levels, "evidence": evidence}, _recall(*judged, levels)

    with_gate, without = fitted(True), fitted(False)
    kept = with_gate[2] >= without[2] - GATE_COST
    policy, result, _ = with_gate if kept else without
    evidence = result["evidence"]
    evidence["direct"] = _direct(chats, scored, policy["direct"])
    evidence["corpora"] = sorted({c["corpus"] for c in chats})
    evidence["held_out_corpora"] = list(HELD_OUT_CORPORA)
    evidence["progression"] = {
        "kept": kept,
        "judged_on": "dev" if judging else "validation",
        "recall_with": round(with_gate[2], 4),
        "recall_without": round(without[2], 4),
    }
    return {
        "thresholds": {**found, "levels": result["levels"]},
        "policy": policy,
        "evidence": evidence,
    }


def real_by_gate(
    validation: Chats, traces: Sequence[Trace], chats: Chats, scored: Sequence[Trace]
) -> ByGate:
    """What a model that said `scored` of the real `chats` makes of them, by the label thresholds
    that it earns on `validation`."""
    found = _label_thresholds(validation, traces)
    heard = {asked: _gated(chats, scored, _gate(found, asked)[1]) for asked in (True, False)}
    return {asked: _loudest(chats, scores) for asked, scores in heard.items()}


def _gate(found: dict[str, Any], asked: bool) -> tuple[dict[str, Any], PolicyConfig]:
    """The policy that asks for a progression before a warning, or does not, and its open gates."""
    policy = thresholds.policy_for(found["indicators"], asked)
    return policy, thresholds.open_config({"thresholds": found, "policy": policy})


def _gated(chats: Chats, said: Sequence[Trace], config: PolicyConfig) -> list[np.ndarray]:
    return [thresholds.gated_scores(c, t, config) for c, t in zip(chats, said, strict=True)]


def _loudest(chats: Chats, heard: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    """(3, 2) of each real dialogue: its loudest where a gate is open."""
    return loudest(chats, [scores.max(0) for scores in heard])


def _levels(
    real: Mapping[str, np.ndarray], hard: np.ndarray
) -> tuple[dict[str, Any], dict[str, Any]]:
    scores = np.array(list(real.values())).reshape(-1, 3, len(RISKS))
    return thresholds.level_thresholds(scores, hard)


def _crossfit(crossfitted: CrossFitted, known: dict[str, Any]) -> dict[str, Any]:
    """How many dialogues count as strangers heard them, and what a notice and a warning at standard
    sensitivity would ask for, with the same gate, if they counted as the graph hears them."""
    return {
        "groups": [list(group) for group in crossfitted.groups],
        "dialogues": len(crossfitted.scores[True]),
        "thresholds_otherwise": known["standard"]["grooming"],
    }


def _by_language(
    chats: Chats, real: Mapping[str, np.ndarray], edges: Mapping[str, float]
) -> dict[str, dict[str, Any]]:
    """How many of each language's real dialogues reach each level, at the thresholds `edges`."""
    languages = {dialogue(chat): chat["language"] for chat in chats}
    found = {}
    for language in sorted(set(languages.values())):
        scores = np.array([real[name] for name, its in languages.items() if its == language])
        found[language] = {
            level: thresholds.proof(scores[:, place].max(-1), edges[level])
            for place, level in enumerate(thresholds.BUDGETS)
        }
    return found


def _urgent_messages(chats: Chats, heard: Sequence[np.ndarray], edge: float) -> dict[str, Any]:
    """How many messages of real dialogues the bundle itself hears as urgent, each by its louder way
    round; the bound takes them for independent, which those of one dialogue are not."""
    urgent = loudest(chats, [scores[:, 2].max(-1) for scores in heard])
    return thresholds.proof(np.concatenate([np.zeros(0), *urgent.values()]), edge)


def _label_thresholds(validation: Chats, traces: Sequence[Trace]) -> dict[str, Any]:
    targets = [label_targets(c) for c in validation]
    labels, mask = (np.concatenate(parts) for parts in zip(*targets, strict=True))
    n = len(INDICATORS)
    indicators = np.concatenate([t.indicators for t in traces])
    cues = np.concatenate([t.cues for t in traces])
    return {
        "indicators": thresholds.indicator_thresholds(indicators, labels[:, :n], mask[:, :n]),
        "cues": thresholds.cue_thresholds(cues, labels[:, n:], mask[:, n:]),
        "levels": {name: _placeholder_levels() for name in thresholds.SENSITIVITY},
    }


def _placeholder_levels() -> dict[str, Any]:
    """Levels for the gate replay, which replaces their thresholds by zero."""
    return {
        "grooming": {"notice": 0.0, "warning": 0.0},
        "sextortion": {"notice": 0.0, "warning": 0.0, "urgent": 0.0},
        "leave": thresholds.LEAVE,
    }


def dialogue(chat: dict[str, Any]) -> str:
    """Which real dialogue a chat is, whichever side is its owner."""
    return f"{chat['corpus']}/{chat['family']}"


def loudest(chats: Chats, scores: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    """A real dialogue counts once, by the louder of its two ways round."""
    found: dict[str, np.ndarray] = {}
    for chat, score in zip(chats, scores, strict=True):
        key = dialogue(chat)
        found[key] = np.maximum(found.get(key, 0.0), score)
    return found


def by_dialogue(chats: Chats, scores: Sequence[np.ndarray]) -> np.ndarray:
    """(dialogues, …) of `loudest`."""
    return np.array(list(loudest(chats, scores).values()))


def _direct(
    chats: Chats, scored: Sequence[Trace], direct: Mapping[str, float]
) -> dict[str, dict[str, Any]]:
    """How many real dialogues would be urgent by each of the signs that need no risk."""
    columns = [INDICATORS.index(name) for name in direct]
    loudest = []
    for chat, trace in zip(chats, scored, strict=True):
        of_peers = [message["sender"] != "self" for message in chat["messages"]]
        loudest.append(trace.indicators[of_peers][:, columns].max(0, initial=0.0))
    dialogues = by_dialogue(chats, loudest).reshape(-1, len(columns))
    return {
        name: thresholds.proof(dialogues[:, i], p) for i, (name, p) in enumerate(direct.items())
    }


def _hard(validation: Chats, gated: Sequence[np.ndarray]) -> np.ndarray:
    hard = [
        scores.max(0)
        for c, scores in zip(validation, gated, strict=True)
        if c["label"] == "none" and c.get("twin") == "hard"
    ]
    return np.array(hard).reshape(-1, 3, len(RISKS))


def _recall(chats: Chats, gated: Sequence[np.ndarray], levels: dict[str, Any]) -> float:
    """Recall by harm at standard sensitivity; the mean over languages and risks, 0..1."""
    standard = levels["standard"]
    edge = np.array([standard[risk]["warning"] for risk in RISKS])
    groups: dict[tuple[str, str], list[bool]] = {}
    for c, scores in zip(chats, gated, strict=True):
        if c["label"] != "none":
            first = np.array([metrics.first_place((scores[:, 1] >= edge).any(-1))])
            hit = metrics.in_time(first, np.array([c["first_sign"]]), np.array([c["warn_by"]]))
            groups.setdefault((c["language"], c["label"]), []).append(bool(hit[0]))
    return float(np.mean([np.mean(hits) for hits in groups.values()])) if groups else 0.0
