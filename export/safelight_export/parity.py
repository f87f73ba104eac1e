"""Do the graphs agree? torch, the fp32 graph and the quantised one, chat by chat.

Each replays the same written chats one message at a time with a state of its own, as a
phone does, so that small differences add up as they would there. The fp32 graph must give
torch's numbers to 1e-4; the quantised one is judged by the decisions that change.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from safelight.bundle_files import Bundle, read_pinned, read_unsigned
from safelight.graph import Graph, Step
from safelight.guard import SHIPPED
from safelight.pin import PINNED_MANIFEST_SHA256
from safelight.policy import PolicyConfig, PolicyState, decide
from safelight.types import SELF, Outputs
from safelight_export import regret, step_module
from safelight_export.benchmark.machine import processor
from safelight_export.benchmark.measure import model_sha256
from safelight_export.ensemble import together
from safelight_export.parity_page import render
from safelight_export.regret import Engine, Floats
from safelight_export.to_onnx import to_onnx
from safelight_training import from_bundle
from safelight_training.data.generate import conversations
from safelight_training.evaluation import kept
from safelight_training.model import Student
from safelight_training.operating_point import judging_chats
from safelight_training.refused import InputError
from safelight_training.targets import gaps
from safelight_training.train import load_student

TOLERANCE = 1e-4
#: Practice chats a language and split from which the sample is drawn, beside all whole dialogues.
CHATS = 100
MESSAGES = 3_000
OUT = Path("docs/evaluation")
NAMES = ("parity.json", "parity.md")
KINDS = ("risks", "indicators", "cues")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--fp32", type=Path, help="the graph before quantisation; without it "
                        "the bundle's own weights stand for it")  # fmt: skip
    parser.add_argument("--student", type=Path, nargs="+", default=(), metavar="CHECKPOINT",
                        help="student.pt of each member, to compare with torch too")  # fmt: skip
    parser.add_argument("--messages", type=int, default=MESSAGES, help="at least so many")
    parser.add_argument("--quick", action="store_true",
                        help="less of all but --messages: to see that it works")  # fmt: skip
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the report")
    parser.add_argument("--check", action="store_true",
                        help="is the page of its data, and that of this model?")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Exit status 1 where the fp32 graph is not within the tolerance of torch, or a check fails."""
    shipped = args.bundle.resolve() == SHIPPED.resolve()
    read = (
        read_pinned(args.bundle, PINNED_MANIFEST_SHA256) if shipped else read_unsigned(args.bundle)
    )
    if args.check:
        if args.fp32 or args.student or args.quick:
            raise InputError("--check reads the committed report and takes --out alone")
        return kept.verdict("parity", _problems(args.out, read))
    if args.student and not args.fp32:
        raise InputError("--student needs --fp32, the graph of these students")
    students = [load_student(path) for path in args.student]
    fp32 = args.fp32.read_bytes() if args.fp32 else None
    found = measure(read, fp32, students, args.messages, args.quick)
    kept.write(found, args.out, NAMES, render)
    against = found["fp32_and_torch"]
    return 1 if against and max(against["max_difference"].values()) > TOLERANCE else 0


def measure(
    bundle: Bundle, fp32: bytes | None, students: Sequence[Student], messages: int, quick: bool
) -> dict[str, Any]:
    """All figures of the report; differences are of probabilities, 0..1. Where `fp32` is None the
    bundle's own weights stand for it: what rounded them is then not measured."""
    files, manifest = bundle.files, bundle.manifest
    table = json.loads(files["text.json"])

    def load(model: bytes) -> Graph:
        return Graph(model, files["tokenizer.json"], table, manifest)

    if fp32 is None:
        students = from_bundle.students_of(bundle)
    exact_model = unrounded(bundle, students) if fp32 is None else fp32
    quantised, plain = load(files["model.onnx"]), load(exact_model)
    engines = _of_graph(plain), _of_graph(quantised)
    config, long = manifest.policies["standard"], regret.MARKS[1 if quick else -1]
    drawn = list(sample(manifest.languages, max(messages, long)))
    chats = list(_up_to(drawn, messages))
    joined = [_steps(quantised, chat) for chat in drawn]
    prepared = joined[: len(chats)]
    exact, small = ([_replay(engine, steps) for steps in prepared] for engine in engines)
    against = None
    if students:
        module = step_module.Step(students, _fits(manifest.raw["calibration"])).eval()
        torch_replays = [_replay(_of_torch(module), steps) for steps in prepared]
        against = {"max_difference": _differences(torch_replays, exact, np.max, True)}
    endless = [step for steps in joined for step in steps][:long]
    graphs, judging = {"fp32": plain, "quantised": quantised}, judging_chats()
    return {
        "quick": quick,
        "model_version": manifest.model_version,
        "model_sha256": model_sha256(bundle),
        "own_weights": fp32 is None,
        "processor": processor(),
        "chats": len(chats),
        "messages": sum(len(steps) for steps in prepared),
        "fp32_and_torch": against,
        "quantised_and_fp32": {
            "mean_difference": _differences(exact, small, np.mean, False),
            "max_difference": _differences(exact, small, np.max, False),
            "decisions": _decisions(chats, exact, small, config),
            "state_cosine_at_end": _cosines(exact, small),
            "drift": regret.drift(*engines, endless),
            "warned": regret.warned(graphs, config, judging[:: 20 if quick else 1]),
        },
    }


def unrounded(bundle: Bundle, students: Sequence[Student]) -> bytes:
    """The fp32 graph of a bundle's own weights, of `students`; it tells no language."""
    calibration = _fits(bundle.manifest.raw["calibration"])
    graphs = [to_onnx(student, calibration) for student in students]
    return bytes(together(graphs).SerializeToString())


def _problems(folder: Path, bundle: Bundle) -> Iterator[str]:
    """What is wrong with the committed report of this bundle."""
    found, wrong = kept.committed(folder, NAMES, render)
    yield from wrong
    if found is None:
        return
    if found["model_sha256"] != model_sha256(bundle):
        yield f"{NAMES[0]} is of another model"
    if found["quick"] or found["messages"] < MESSAGES:
        yield f"{NAMES[0]} is of a quick run"


def sample(languages: Sequence[str], messages: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Written chats of validation and test, shuffled, until there are `messages` messages."""
    counts = {language: {"validation": CHATS, "test": CHATS} for language in languages}
    chats = [c for c in conversations(seed, languages, counts) if c["split"] != "train"]
    random.Random(seed).shuffle(chats)
    return _up_to(chats, messages)


def _up_to(chats: Sequence[dict[str, Any]], messages: int) -> Iterator[dict[str, Any]]:
    """The first of `chats` that together have so many messages."""
    total = 0
    for chat in chats:
        if total >= messages:
            return
        total += len(chat["messages"])
        yield chat


@dataclass(frozen=True)
class Replay:
    """What one engine said after each message of a chat, and its state at the end."""

    outputs: list[Outputs]
    state: Floats


def _steps(graph: Graph, chat: dict[str, Any]) -> list[Step]:
    """The messages, ready for any engine; the state is each engine's own."""
    nothing = np.zeros(graph.state_size, np.float32)
    return [
        Step(
            graph.encode(m.get("text", ""), m.get("media")),
            m["sender"] == SELF,
            float(gap),
            nothing,
        )
        for m, gap in zip(chat["messages"], gaps(chat), strict=True)
    ]


def _replay(engine: Engine, steps: Sequence[Step]) -> Replay:
    state, outputs = steps[0].state, []
    for step in steps:
        found, state = engine(Step(step.chunks, step.from_self, step.gap_s, state))
        outputs.append(found)
    return Replay(outputs, state)


def _of_graph(graph: Graph) -> Engine:
    def engine(step: Step) -> tuple[Outputs, Floats]:
        outputs, states = graph.step([step])
        return outputs[0], states[0]

    return engine


def _of_torch(module: step_module.Step) -> Engine:
    def engine(step: Step) -> tuple[Outputs, Floats]:
        state = torch.from_numpy(step.state)[None]
        sender = torch.tensor([0 if step.from_self else 1])
        parts = []
        for turn, chunk in enumerate(step.chunks):
            ids = torch.tensor([list(chunk)])
            gap = torch.tensor([step.gap_s if turn == 0 else 0.0])
            with torch.no_grad():
                *found, state = module(ids, torch.ones_like(ids), sender, gap, state)
            parts.append([part[0].numpy() for part in found])
        highest = [np.maximum.reduce(of_kind) for of_kind in zip(*parts, strict=True)]
        return Outputs(*highest), state[0].numpy()

    return engine


def _fits(calibration: dict[str, Any]) -> dict[str, Any]:
    return {kind: calibration[kind] for kind in KINDS}


def _flat(replays: Sequence[Replay], kind: str) -> Floats:
    """(messages, outputs of this kind); the states at the end for "state"."""
    if kind == "state":
        return np.stack([replay.state for replay in replays])
    return np.stack([getattr(found, kind) for replay in replays for found in replay.outputs])


def _differences(
    one: Sequence[Replay], other: Sequence[Replay], of: Callable[[Floats], Any], state: bool
) -> dict[str, float]:
    kinds = (*KINDS, "state") if state else KINDS
    return {k: round(float(of(np.abs(_flat(one, k) - _flat(other, k)))), 7) for k in kinds}


def _decisions(
    chats: Sequence[dict[str, Any]],
    one: Sequence[Replay],
    other: Sequence[Replay],
    config: PolicyConfig,
) -> dict[str, dict[str, float]]:
    """How many levels and indicators differ, of how many."""
    levels, peaks, present = [], [], []
    for chat, first, second in zip(chats, one, other, strict=True):
        here = [_levels(chat, replay, config) for replay in (first, second)]
        levels += [a != b for a, b in zip(*here, strict=True)]
        peaks.append(max(here[0]) != max(here[1]))
    least = np.array(list(config.present.values()), np.float32)
    peers = [m["sender"] != SELF for chat in chats for m in chat["messages"]]
    shown = [_flat(replays, "indicators")[peers] >= least for replays in (one, other)]
    present = (shown[0] != shown[1]).ravel().tolist()
    return {
        "level_after_a_message": _share(levels),
        "highest_level_of_a_chat": _share(peaks),
        "indicator_of_a_message": _share(present),
    }


def _levels(chat: dict[str, Any], replay: Replay, config: PolicyConfig) -> list[int]:
    state, levels = PolicyState(), []
    for i, (message, outputs) in enumerate(zip(chat["messages"], replay.outputs, strict=True)):
        state, level, _, _ = decide(state, config, message["sender"], str(i), outputs)
        levels.append(int(level))
    return levels


def _share(differ: Sequence[bool]) -> dict[str, float]:
    k, n = sum(differ), len(differ)
    return {"differ": k, "of": n, "share": round(k / n, 6)}


def _cosines(one: Sequence[Replay], other: Sequence[Replay]) -> dict[str, float]:
    found = regret.cosines(_flat(one, "state"), _flat(other, "state"))
    return {"median": round(float(np.median(found)), 5), "least": round(min(found), 5)}
