"""Reads dialogues written as dialogues: a plain text format that people can edit.

    == en-v01-003
    label: grooming            # grooming | sextortion | none
    also: sextortion           # optional: a second risk
    kind: game_gift            # the situation, snake_case
    twin: hard                 # label none only: hard | plain
    ---
    > hey u still on the server
    < ya {}
    +2h
    > dont tell ur mum we talk {first, secrecy}
    @sam> (image) our dog
    > send me a pic of you {warn, image_request}

`>` is the other person, `<` the person using the phone, `@name>` another member of a
group. `+20s`, `+5m`, `+2h`, `+1d` is a pause before the next message. `(image)` and the
other kinds of media may open a message. Braces at the end hold labels and the marks
`first` (first warning sign), `warn` (last message at which a warning comes before
harm), `end` (last message of the arc; else the arc lasts to the end) and `second`
(where the risk under `also:` begins; else at `first`).
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safelight.taxonomy import CUES, INDICATORS, MEDIA, RISKS
from safelight_training.refused import InputError

#: Begins the family of every dialogue that was written whole; scenarios are put together.
AUTHORED = "authored/"
MARKS = ("first", "warn", "end", "second")
UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LINE = re.compile(r"^(?:(>|<)|@([^>\s]+)>)\s?(.*?)\s*(?:\{([^{}]*)\})?\s*$")
PAUSE = re.compile(r"^\+(\d+)([smhd])$")
MEDIUM = re.compile(rf"^\(({'|'.join(MEDIA)})\)\s*")


def is_authored(conversation: dict[str, Any]) -> bool:
    """Whether it was written whole, here or by whoever retrains."""
    return bool(conversation["family"].startswith(AUTHORED))


class AuthoredError(InputError):
    """A line of a dialogue file that does not follow the format."""


def read_dialogues(path: Path) -> list[dict[str, Any]]:
    """Conversations (`formats.md`) of one file; raises AuthoredError with file and line."""
    return parse_dialogues(path, path.read_text("utf-8").splitlines())


def parse_dialogues(path: Path, lines: list[str]) -> list[dict[str, Any]]:
    """Conversations of the lines of a file; `path` names language, voice and place of errors."""
    starts = [i for i, line in enumerate(lines) if line.startswith("== ")]
    blocks = [
        _Block(path, start, lines[start:stop])
        for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True)
    ]
    ids = [block.id for block in blocks]
    if len(set(ids)) != len(ids):
        raise AuthoredError(f"{path.name}: an id stands twice")
    return [block.conversation() for block in blocks]


@dataclass
class _Block:
    """One dialogue: `lines` from its `== id` on, the first of which is line `start` of the file."""

    path: Path
    start: int
    lines: list[str]
    marks: dict[str, int] = field(default_factory=dict)  # mark → index of its message

    @property
    def id(self) -> str:
        return self.lines[0][3:].strip()

    def fail(self, offset: int, why: str) -> AuthoredError:
        return AuthoredError(f"{self.path.name}:{self.start + offset + 1}: {why}")

    def conversation(self) -> dict[str, Any]:
        language = self.path.parent.name
        if "---" not in self.lines:
            raise self.fail(0, "no --- line after the header")
        body = self.lines.index("---")
        header = self._header(body)
        messages = self._messages(body)
        return {
            "id": self.id,
            "language": language,
            "label": header["label"],
            "kind": header["kind"],
            "twin": header.get("twin", ""),
            "family": AUTHORED + self.id,
            "voice": f"{language}-{self.path.stem}",
            **self._arc(header, messages),
            "messages": messages,
        }

    def _header(self, body: int) -> dict[str, str]:
        pairs = (line.partition(":") for line in self.lines[1:body])
        header = {key.strip(): value.split("#")[0].strip() for key, _, value in pairs}
        if header.get("label") not in (*RISKS, "none") or not header.get("kind"):
            raise self.fail(0, "label must be grooming, sextortion or none, and kind be given")
        return header

    def _messages(self, body: int) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        rng, clock, pause = random.Random(self.id), 0, None
        for offset, line in enumerate(self.lines[body + 1 :], body + 1):
            if not line.strip() or line.startswith("#"):
                continue
            if gap := PAUSE.match(line.strip()):
                pause = int(gap[1]) * UNIT_SECONDS[gap[2]]
                continue
            message = self._message(offset, line, len(messages))
            if messages:
                clock += _typing_gap(rng, message["text"]) if pause is None else pause
            pause = None
            messages.append({**message, "offset_s": clock})
        if len(messages) < 3:
            raise self.fail(0, "fewer than three messages")
        return messages

    def _message(self, offset: int, line: str, index: int) -> dict[str, Any]:
        if not (found := LINE.match(line)):
            raise self.fail(offset, "a message starts with '> ', '< ' or '@name> '")
        arrow, name, text, tags = found.groups()
        sender = {">": "peer", "<": "self", None: name}[arrow]
        labels = self._labels(offset, sender, tags or "", index)
        medium = MEDIUM.match(text)
        text = text[medium.end() :] if medium else text
        if not text and not medium:
            raise self.fail(offset, "empty message")
        message = {
            "sender": sender,
            "text": text,
            "indicators": [label for label in labels if label in INDICATORS],
            "cues": [label for label in labels if label in CUES],
        }
        return {**message, "media": medium[1]} if medium else message

    def _labels(self, offset: int, sender: str, tags: str, index: int) -> list[str]:
        labels = []
        allowed = CUES if sender == "self" else INDICATORS
        for tag in (tag.strip() for tag in tags.split(",") if tag.strip()):
            if tag in MARKS:
                if tag in self.marks:
                    raise self.fail(offset, f"mark {tag} stands twice")
                self.marks[tag] = index
            elif tag in allowed:
                labels.append(tag)
            else:
                raise self.fail(offset, f"label {tag} does not belong on a message of {sender}")
        return labels

    def _arc(self, header: dict[str, str], messages: list[dict[str, Any]]) -> dict[str, Any]:
        risks: dict[str, list[int] | None] = dict.fromkeys(RISKS)
        marks = self.marks
        if header["label"] == "none":
            if marks or header.get("twin") not in ("hard", "plain"):
                raise self.fail(0, "label none takes no marks, and 'twin: hard' or 'twin: plain'")
            return {"risks": risks}
        if "first" not in marks or "warn" not in marks or marks["first"] > marks["warn"]:
            raise self.fail(0, "a risky dialogue marks {first} and {warn}, in this order")
        if "self" in (messages[marks["first"]]["sender"], messages[marks["warn"]]["sender"]):
            raise self.fail(0, "first and warn belong on messages of the other person")
        end = marks.get("end", len(messages) - 1)
        risks[header["label"]] = [marks["first"], end]
        if also := header.get("also"):
            if also not in RISKS or also == header["label"]:
                raise self.fail(0, "also: names the other risk")
            risks[also] = [marks.get("second", marks["first"]), end]
        return {"risks": risks, "first_sign": marks["first"], "warn_by": marks["warn"]}


def _typing_gap(rng: random.Random, text: str) -> int:
    """Seconds within a sitting: an assumption (no public chat carries times)."""
    return max(1, int(rng.lognormvariate(2.6, 0.9) + len(text) / 6))
