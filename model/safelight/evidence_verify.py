"""Whether an evidence file is as it was made: what fits, what does not, what was redacted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from safelight.evidence import (
    HASH_BYTES,
    Evidence,
    Row,
    commit_fact,
    commit_said,
    header_hash,
    link_hash,
)
from safelight.evidence_parts import Fact, Said, order_fault

#: So many digits of a noted digest are asked for at least: those of `short_digest`.
LEAST_DIGITS = 16


@dataclass(frozen=True)
class Verdict:
    """What verification found.

    faults: the places that do not fit, such as "message 5", empty if all does. Numbers and names
    of what was redacted. noted: whether a noted digest was compared; without one, verification
    shows only that the file fits together, not that it is the file that was made.
    """

    faults: tuple[str, ...]
    redacted_messages: tuple[int, ...]
    redacted_facts: tuple[str, ...]
    noted: bool

    @property
    def holds(self) -> bool:
        """True if everything fits."""
        return not self.faults


def verify(evidence: Evidence, noted: str | None = None) -> Verdict:
    """Recompute every commitment and the chain.

    noted: the digest as somebody noted it, 16 digits or more, in any grouping; ValueError if it
    is no such thing.
    """
    faults = list(dict.fromkeys(_faults(evidence)))
    if noted is not None and not evidence.digest.hex().startswith(_digits(noted)):
        faults.append("the digest that was noted")
    return Verdict(
        faults=tuple(faults),
        redacted_messages=tuple(int(r.key) for r in evidence.messages if r.content is None),
        redacted_facts=tuple(str(r.key) for r in evidence.facts if r.content is None),
        noted=noted is not None,
    )


def _faults(evidence: Evidence) -> Iterator[str]:
    """Each link is checked from the one written before it, so that a fault stays where it is."""
    header = header_hash(
        evidence.created, evidence.source, len(evidence.facts), len(evidence.messages)
    )
    if header != evidence.header:
        yield "header"
    previous = evidence.header
    for index, fact in enumerate(evidence.facts, start=1):
        if not _fits(fact, previous):
            yield f"fact {index} ({fact.key})"
        previous = fact.link
    for message in evidence.messages:
        if not _fits(message, previous):
            yield f"message {message.key}"
        previous = message.link
    if previous != evidence.digest:
        yield "digest"
    names = [str(row.key) for row in evidence.facts]
    if order_fault(names, [int(row.key) for row in evidence.messages]) is not None:
        yield "order"


def _fits(row: Row[Fact] | Row[Said], previous: bytes) -> bool:
    if row.content is not None and row.salt is not None:
        opened = (
            commit_fact(row.salt, row.content)
            if isinstance(row.content, Fact)
            else commit_said(row.salt, row.content)
        )
        if opened != row.commitment:
            return False
    return link_hash(previous, row.key, row.commitment) == row.link


def _digits(noted: str) -> str:
    digits = "".join(noted.split()).replace("-", "").lower()
    if not LEAST_DIGITS <= len(digits) <= 2 * HASH_BYTES or set(digits) - set("0123456789abcdef"):
        raise ValueError(f"a digest has {LEAST_DIGITS} to {2 * HASH_BYTES} digits from 0 to f")
    return digits
