"""One step of the model: token ids and the state in, probabilities and the state out."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from safelight.reading import BundleError
from safelight.taxonomy import CUES, INDICATORS, RISKS
from safelight.text import TextPreparer, split_chunks
from safelight.types import Outputs

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before the import: newer ones phone home from there
import onnxruntime as ort

ort.disable_telemetry_events()  # trace events of Windows, which the variable does not reach

_INPUTS = {
    "input_ids": ("tensor(int64)", 2),
    "attention_mask": ("tensor(int64)", 2),
    "sender": ("tensor(int64)", 1),
    "gap_s": ("tensor(float)", 1),
    "state": ("tensor(float)", 2),
}
#: The new state has a name of its own: ONNX lets no output share the name of an input.
_OUTPUTS = ("risks", "indicators", "cues", "state_out")
_SELF, _PEER = np.array([0], np.int64), np.array([1], np.int64)
#: Graphs with a language head have it too.
_LANGUAGES = "languages"


class Sizes(Protocol):
    """What the graph needs of a manifest."""

    @property
    def state_size(self) -> int: ...
    @property
    def max_tokens(self) -> int: ...
    @property
    def max_chunks(self) -> int: ...
    @property
    def languages(self) -> Sequence[str]: ...


@dataclass(frozen=True, eq=False)
class Step:
    """One message of one conversation, ready for the graph.

    chunks: of Graph.encode. from_self: whether the person using the phone wrote it. gap_s:
    seconds since the previous message, -1 unknown. state: (state_size,) float32, zeros at first.
    """

    chunks: Sequence[Sequence[int]] = field(repr=False)  # token ids can be read back
    from_self: bool
    gap_s: float
    state: NDArray[np.float32]


class Graph:
    """A loaded model with its text preparation and tokenizer. Thread-safe; keeps nothing.

    Raises BundleError if a part cannot be loaded or the parts do not fit each other.
    """

    def __init__(
        self,
        model: bytes,
        tokenizer_json: bytes,
        text_table: Mapping[str, Any],
        manifest: Sizes,
        *,
        threads: int = 1,
    ) -> None:
        _warn_of_telemetry()
        self.state_size = manifest.state_size
        self._max_tokens, self._max_chunks = manifest.max_tokens, manifest.max_chunks
        self._all_read = np.ones((1, max(manifest.max_tokens, 2)), np.int64)
        self.preparer = TextPreparer(text_table)
        self._tokenizer = _tokenizer(tokenizer_json)
        self._empty = self._empty_id()
        self._session = _session(model, threads)
        self._outputs = list(_OUTPUTS)
        if any(output.name == _LANGUAGES for output in self._session.get_outputs()):
            self._outputs.append(_LANGUAGES)
        self._check_signature(len(manifest.languages) + 1)

    def encode(self, message_text: str, media: str | None = None) -> list[list[int]]:
        """Return 1 to max_chunks chunks of 1 to max_tokens token ids, in reading order."""
        prepared = self.preparer.prepare(message_text, media)
        ids = self._tokenizer.encode(prepared).ids  # framed by <s> and </s>, where it says so
        return split_chunks(ids or [self._empty], self._max_tokens, self._max_chunks)

    def step(self, batch: Sequence[Step]) -> tuple[list[Outputs], NDArray[np.float32]]:
        """Feed one message to each of many conversations.

        Returns their Outputs and their new states, (len(batch), state_size) float32, in the
        order of `batch`. Of a message of several chunks, risks, indicators and cues are the
        maximum over the chunks, so that what follows in one message hides nothing; languages are
        the mean, and the state is that after the last.
        """
        # One run a message: the int8 graph scales its activations over all that a run holds, so
        # a message would be judged differently in other company.
        found = [self.one(step) for step in batch]
        states = np.zeros((len(batch), self.state_size), np.float32)
        for row, (_, state) in enumerate(found):
            states[row] = state
        return [outputs for outputs, _ in found], states

    def one(self, step: Step) -> tuple[Outputs, NDArray[np.float32]]:
        """Feed one message to one conversation; its new state is (state_size,) float32."""
        state = np.asarray(step.state, np.float32)
        found = self._run(step.chunks[0], step.from_self, step.gap_s, state)
        risks, indicators, cues, state, *spoken = found
        for chunk in step.chunks[1:]:  # few messages have any
            louder, shown, said, state, *more = self._run(chunk, step.from_self, 0.0, state)
            risks = np.maximum(risks, louder)
            indicators, cues = np.maximum(indicators, shown), np.maximum(cues, said)
            spoken += more
        languages = None
        if spoken:
            languages = spoken[0] if len(spoken) == 1 else np.stack(spoken).mean(axis=0)
        return Outputs(risks, indicators, cues, languages), state

    def _run(
        self, chunk: Sequence[int], from_self: bool, gap_s: float, state: NDArray[np.float32]
    ) -> list[NDArray[np.float32]]:
        found: list[NDArray[np.float32]] = self._session.run(
            self._outputs,
            {
                "input_ids": np.array([chunk], np.int64),
                "attention_mask": self._all_read[:, : len(chunk)],
                "sender": _SELF if from_self else _PEER,
                "gap_s": np.array([gap_s], np.float32),
                "state": state[None, :],
            },
        )
        together = np.concatenate(found, axis=1)
        # One product shows anything that is not finite; it may also overflow, so that is asked.
        if not math.isfinite(np.vdot(together, together)) and not np.isfinite(together).all():
            raise RuntimeError("the model gave a value that is not a finite number")
        return [part[0] for part in found]

    def _empty_id(self) -> int:
        for token in self.preparer.empty:
            found = self._tokenizer.token_to_id(token)
            if found is not None:
                return int(found)
        raise BundleError("tokenizer.json: knows no token for a message without any")

    def _check_signature(self, languages: int) -> None:
        inputs = {i.name: (i.type, len(i.shape)) for i in self._session.get_inputs()}
        if inputs != _INPUTS:
            raise BundleError("model.onnx: its inputs are not those of format 1")
        shapes = {o.name: (o.type, len(o.shape)) for o in self._session.get_outputs()}
        if shapes != dict.fromkeys(self._outputs, ("tensor(float)", 2)):
            raise BundleError("model.onnx: its outputs are not those of format 1")
        sizes = [len(RISKS), len(INDICATORS), len(CUES), self.state_size, languages]
        # Ids are dense; the last one fails below if the model is too small.
        last = self._tokenizer.get_vocab_size() - 1
        try:
            state = np.zeros(self.state_size, np.float32)
            found = self._run([self._empty, last], True, -1.0, state)
        except Exception:
            raise BundleError("model.onnx: cannot run a first step") from None
        if tuple(part.shape for part in found) != tuple((size,) for size in sizes[: len(found)]):
            raise BundleError("model.onnx: its outputs do not fit the manifest")


def _tokenizer(data: bytes) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_str(data.decode("utf-8"))
    except Exception:
        raise BundleError("tokenizer.json: cannot be loaded") from None
    if tokenizer.truncation is not None or tokenizer.padding is not None:
        raise BundleError("tokenizer.json: must not truncate or pad")
    return tokenizer


def session_options(threads: int = 1) -> ort.SessionOptions:
    """How a step graph is run: on so many threads, and without a word in any log."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return options


def _session(model: bytes, threads: int) -> ort.InferenceSession:
    options = session_options(threads)
    try:
        return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception:
        raise BundleError("model.onnx: cannot be loaded") from None


@cache
def _warn_of_telemetry() -> None:
    major, minor = (int(part) for part in ort.__version__.split(".")[:2])
    if (major, minor) >= (1, 29):
        warnings.warn(
            "onnxruntime 1.29 and later collect usage data; install onnxruntime<1.29",
            RuntimeWarning,
            stacklevel=2,
        )
