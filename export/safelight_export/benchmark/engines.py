"""What answers: the bundle, and a peer's network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort

from safelight import Guard
from safelight.bundle_files import Bundle, read_pinned, read_unsigned
from safelight.conversation import ChatState
from safelight.graph import Graph, Step, session_options
from safelight.guard import SHIPPED
from safelight.pin import PINNED_MANIFEST_SHA256
from safelight_export.benchmark.rounds import Run

#: Senders of the messages of a chat, in turn.
SENDERS = ("peer", "self")


def is_shipped(folder: Path) -> bool:
    return folder.resolve() == SHIPPED.resolve()


def read(folder: Path) -> Bundle:
    if is_shipped(folder):
        return read_pinned(folder, PINNED_MANIFEST_SHA256)
    return read_unsigned(folder)


class Ours:
    """A bundle on one thread; whole messages go through the guard, token ids to the graph."""

    def __init__(self, bundle: Bundle) -> None:
        files, self.manifest = bundle.files, bundle.manifest
        self.guard = Guard(bundle)
        table = json.loads(files["text.json"])
        self.graph = Graph(files["model.onnx"], files["tokenizer.json"], table, self.manifest)
        self._pieces = len(json.loads(files["tokenizer.json"])["model"]["vocab"])

    def chunks(self, tokens: int) -> list[list[int]]:
        """Ids of a message of so many tokens, drawn from the whole vocabulary."""
        most = self.manifest.max_tokens
        ids = np.random.default_rng(tokens).integers(0, self._pieces, tokens).tolist()
        return [ids[at : at + most] for at in range(0, tokens, most)]

    def step(self, tokens: int) -> Run:
        """Token ids → answer, of one message of so many tokens, in chunks where it is long."""
        chunks = self.chunks(tokens)
        start = np.zeros(self.graph.state_size, np.float32)
        _, states = self.graph.step([Step(chunks, False, 5.0, start)])
        return lambda: self.graph.step([Step(chunks, False, 5.0, states[0])])

    def states(self, places: Sequence[int], texts: Sequence[str]) -> dict[int, ChatState]:
        """What is remembered before message number `place`, from 1, of a chat of these texts."""
        chat, found = self.guard.conversation("long"), {}
        for number in range(1, max(places) + 1):
            if number in places:
                found[number] = chat.state
            chat.observe(sender=SENDERS[number % 2], text=texts[number % len(texts)])
        return found

    def observing(self, state: ChatState, texts: Sequence[str]) -> Run:
        """Text → assessment, of each of these texts as the next message after `state`."""
        chat = self.guard.conversation("here")

        def run() -> None:
            for number, text in enumerate(texts):
                chat.state = state
                chat.observe(sender=SENDERS[number % 2], text=text)

        return run


class Network:
    """A peer's network. Its tokenizer is left out: what is timed is less than what it takes."""

    def __init__(self, path: Path, vocabulary: int, threads: int = 1) -> None:
        self._vocabulary = vocabulary
        self._session = session(path.read_bytes(), threads)

    def answering(self, tokens: int) -> Run:
        """Token ids → vector."""
        ids = np.random.default_rng(tokens).integers(0, self._vocabulary, (1, tokens))
        fed = {"input_ids": ids.astype(np.int64)}
        return lambda: self._session.run(None, fed)


def session(model: bytes, threads: int = 1, profile: Path | None = None) -> ort.InferenceSession:
    """As safelight.graph makes its own. profile: where to write what each node took."""
    options = session_options(threads)
    if profile is not None:
        options.enable_profiling, options.profile_file_prefix = True, str(profile)
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
