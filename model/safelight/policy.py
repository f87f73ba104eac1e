"""From the model's outputs to a level: one pure function, ported to TypeScript line by line.

Only a peer's message carries indicators, only the owner's carries cues. Levels rise at once and
fall one at a time, after `hold_messages` messages in a row below the leave threshold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from safelight.policy_config import DIRECT, PolicyConfig
from safelight.taxonomy import CUES, INDICATORS
from safelight.types import SELF, Level, Outputs, Reason, Stage

__all__ = ["PolicyConfig", "PolicyState", "Seen", "decide", "this_was_fine"]

MAX_REASONS = 6
_THREAT = ("share_threat", "payment_demand", "deadline", "hacked_claim", "fabricated_image")
_REQUEST = ("image_request", "image_offer", "meet_request")


@dataclass(frozen=True)
class Seen:
    """One indicator of one peer.

    tally: decayed, 0..1. strong: whether it was so at any time since it was last unseen.
    message_id: of the latest message that showed it; at: that message's place in the chat.
    """

    tally: float
    strong: bool
    message_id: str
    at: int


@dataclass(frozen=True)
class PolicyState:
    """What the policy remembers of a chat: ids and numbers.

    below: messages in a row below the leave threshold of `level`. peers: name → indicator id →
    Seen; entries whose tally fell below tally_min are gone. cues: cue id → decayed tally, 1 when
    just seen. raised_by: the peers whose indicators raised the level.
    Names and ids stay out of the repr.
    """

    level: Level = Level.NONE
    stage: Stage = Stage.NONE
    reasons: tuple[Reason, ...] = field(default=(), repr=False)
    below: int = 0
    messages: int = 0
    peers: Mapping[str, Mapping[str, Seen]] = field(default_factory=dict, repr=False)
    cues: Mapping[str, float] = field(default_factory=dict)
    raised_by: tuple[str, ...] = field(default=(), repr=False)


def decide(
    state: PolicyState, config: PolicyConfig, sender: str, message_id: str, outputs: Outputs
) -> tuple[PolicyState, Level, Stage, tuple[Reason, ...]]:
    """Return the state after one message and what it shows: level, stage, reasons.

    sender: "self" or a peer's name. outputs: of this message's step. The reasons are of the
    peers that raised the level, most recent first, at most six; critical ones are kept first.
    """
    risks: list[float] = outputs.risks.tolist()
    shown = _shown(config, sender, outputs)
    peers = _tallied_peers(state, config, sender, message_id, shown)
    cues = _tallied_cues(state, config, sender, outputs)
    candidate, raised_by = _candidate(config, risks, peers, sender, shown)
    if candidate < state.level:
        raised_by = state.raised_by
    level, below = _moved(state, config, risks, peers, candidate)
    stage, reasons = state.stage, state.reasons
    seen = [(name, entry) for peer in raised_by for name, entry in peers.get(peer, {}).items()]
    if level == Level.NONE:
        stage, reasons, raised_by = Stage.NONE, (), ()
    elif seen:  # else everything has faded: what was shown stays until the level falls
        told = [item for item in seen if not _faint(config, *item)] or seen
        stage = _stage({name for name, _ in told}, cues)
        reasons = _reasons(config, told)
    after = PolicyState(level, stage, reasons, below, state.messages + 1, peers, cues, raised_by)
    return after, level, stage, reasons


def this_was_fine(state: PolicyState) -> PolicyState:
    """Return the state after the person said that what was noticed so far was fine.

    The level falls to NONE at once, and every indicator of every peer is forgotten. From here on
    `notice` needs an indicator that is not weak in a later message, `warning` the same (a
    progression of later messages where the bundle asks for one), `urgent` a later critical
    indicator (a demand again only beside a threat that is later too) or a later direct one: a new
    threat raises at once, whatever was said before. The owner's cues stay: they raise nothing, and
    still pick the advice if something new does. The risks of the model are not touched, so that
    new signs count with all that came before.
    """
    return PolicyState(messages=state.messages, cues=state.cues)


def _shown(config: PolicyConfig, sender: str, outputs: Outputs) -> dict[str, float]:
    """Return the indicators present in this message, with their probability."""
    if sender == SELF:
        return {}
    found = zip(INDICATORS, outputs.indicators.tolist(), strict=True)
    return {name: p for name, p in found if p >= config.present[name]}


def _tallied_peers(
    state: PolicyState,
    config: PolicyConfig,
    sender: str,
    message_id: str,
    shown: Mapping[str, float],
) -> dict[str, dict[str, Seen]]:
    peers: dict[str, dict[str, Seen]] = {}
    for peer, entries in state.peers.items():
        kept = {
            name: Seen(seen.tally * config.tally_decay, seen.strong, seen.message_id, seen.at)
            for name, seen in entries.items()
            if seen.tally * config.tally_decay >= config.tally_min
        }
        if kept:
            peers[peer] = kept
    for name, p in shown.items():
        old = peers.get(sender, {}).get(name)
        tally = p if old is None else max(old.tally, p)
        strong = p >= config.strong[name] or (old is not None and old.strong)
        if tally >= config.tally_min:
            peers.setdefault(sender, {})[name] = Seen(tally, strong, message_id, state.messages)
    return peers


def _tallied_cues(
    state: PolicyState, config: PolicyConfig, sender: str, outputs: Outputs
) -> dict[str, float]:
    cues = {
        name: tally * config.tally_decay
        for name, tally in state.cues.items()
        if tally * config.tally_decay >= config.tally_min
    }
    if sender == SELF:
        for name, p in zip(CUES, outputs.cues.tolist(), strict=True):
            if p >= config.cues[name]:
                cues[name] = 1.0
    return cues


def _candidate(
    config: PolicyConfig,
    risks: list[float],
    peers: Mapping[str, Mapping[str, Seen]],
    sender: str,
    shown: Mapping[str, float],
) -> tuple[Level, tuple[str, ...]]:
    """Return the highest level that this message would raise, and the peers that pass its gate."""
    notice, warning, urgent = config.enter
    passed = tuple(peer for peer in peers if _critical(config, peers[peer]))
    direct = any(name in shown and shown[name] >= config.direct[name] for name in DIRECT)
    if not (risks[0] >= urgent[0] or risks[1] >= urgent[1]):
        passed = ()
    if direct and sender not in passed:
        passed = (*passed, sender)
    if passed:
        return Level.URGENT, passed
    hinted = tuple(peer for peer in peers if _not_weak(config, peers[peer]))
    if risks[0] >= warning[0] or risks[1] >= warning[1]:
        passed = hinted
        if config.require_progression:
            passed = tuple(peer for peer in hinted if _progression(config, peers[peer]))
        if passed:
            return Level.WARNING, passed
    if hinted and (risks[0] >= notice[0] or risks[1] >= notice[1]):
        return Level.NOTICE, hinted
    return Level.NONE, ()


def _not_weak(config: PolicyConfig, seen: Mapping[str, Seen]) -> bool:
    return any(name not in config.weak for name in seen)


def _critical(config: PolicyConfig, seen: Mapping[str, Seen]) -> list[str]:
    """Return the seen indicators that are critical here; some only beside a partner."""
    found = []
    for name in seen:
        if name in config.critical:
            partners = config.critical_with.get(name)
            if partners is None or any(partner in seen for partner in partners):
                found.append(name)
    return found


def _progression(config: PolicyConfig, seen: Mapping[str, Seen]) -> bool:
    """Whether two indicators were seen, not both weak, or one critical one that was strong."""
    if len(seen) > 1 and _not_weak(config, seen):
        return True
    return any(seen[name].strong for name in _critical(config, seen))


def _moved(
    state: PolicyState,
    config: PolicyConfig,
    risks: list[float],
    peers: Mapping[str, Mapping[str, Seen]],
    candidate: Level,
) -> tuple[Level, int]:
    """Return the level now and the count of messages in a row below its leave threshold."""
    if candidate >= state.level:  # of its own message too, whoever raised what is held
        return candidate, 0
    if _holds(state, config, risks, peers):
        return state.level, 0
    if state.below + 1 >= config.hold_messages:
        return Level(state.level - 1), 0
    return state.level, state.below + 1


def _holds(
    state: PolicyState,
    config: PolicyConfig,
    risks: list[float],
    peers: Mapping[str, Mapping[str, Seen]],
) -> bool:
    enter = config.enter[state.level - 1]
    if risks[0] >= config.leave * enter[0] or risks[1] >= config.leave * enter[1]:
        return True
    if state.level < Level.URGENT:
        return False
    # What raised urgent without any risk also holds it, by the same rule on its tally.
    for peer in state.raised_by:
        for name in DIRECT:
            seen = peers.get(peer, {}).get(name)
            if seen is not None and seen.tally >= config.leave * config.direct[name]:
                return True
    return False


def _faint(config: PolicyConfig, name: str, entry: Seen) -> bool:
    """Whether this is a task too faint to hold a level: beside clearer signs it picks no advice.

    Its advice would take the place of "do not pay". What pushes to self-harm is never too faint.
    """
    return name == "coerced_task" and entry.tally < config.leave * config.direct[name]


def _stage(seen: set[str], cues: Mapping[str, float]) -> Stage:
    threat = any(name in seen for name in _THREAT)
    if any(name in seen for name in DIRECT) or (threat and "distress" in cues):
        return Stage.CRISIS
    if "complied" in cues:
        return Stage.AFTER
    if threat:
        return Stage.THREAT
    if any(name in seen for name in _REQUEST):
        return Stage.REQUEST
    return Stage.TRUST


def _reasons(config: PolicyConfig, seen: list[tuple[str, Seen]]) -> tuple[Reason, ...]:
    def weight(item: tuple[str, Seen]) -> int:
        return 0 if item[0] in DIRECT else 1 if item[0] in config.critical else 2

    def order(item: tuple[str, Seen]) -> tuple[int, int]:
        return -item[1].at, INDICATORS.index(item[0])

    kept = sorted(seen, key=lambda item: (weight(item), *order(item)))[:MAX_REASONS]
    return tuple(Reason(entry.message_id, name) for name, entry in sorted(kept, key=order))
