"""What depends on a message alone is computed once, and every bit is that of the whole graph."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import onnx
import pytest

from safelight.graph import Graph
from safelight.guard import SHIPPED
from safelight_training.data.independent import independent
from safelight_training.evaluation.subject import Subject, read_subject
from safelight_training.replayed import MESSAGE, split
from safelight_training.scoring import IN_A_ROW, replay


@pytest.fixture(scope="module")
def subject() -> Subject:
    return read_subject(SHIPPED)


def both_ways(chats: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each chat, then with the sides swapped, as real ones come."""
    turned = {"self": "peer"}
    swapped = [
        {**c, "messages": [{**m, "sender": turned.get(m["sender"], "self")} for m in c["messages"]]}
        for c in chats
    ]
    return [chat for pair in zip(chats, swapped, strict=True) for chat in pair]


def test_replays_are_bit_for_bit_those_of_the_whole_graph(subject: Subject) -> None:
    chats = both_ways(independent("dev")[::40])
    long = {"sender": "peer", "text": "and then we went on talking about it " * 60}  # in chunks
    chats[0] = {**chats[0], "messages": [*chats[0]["messages"], long, {**long, "text": ""}]}
    found, expected = replay(subject.replayed(), chats), replay(subject.graph(), chats)
    for one, other in zip(found, expected, strict=True):
        for name in ("risks", "indicators", "cues"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_languages_are_those_of_the_whole_graph_too(subject: Subject) -> None:
    graphs: tuple[Graph, ...] = (subject.replayed(), subject.graph(), subject.replayed())
    told = [json.dumps(_languages(graph)) for graph in graphs]
    assert told[0] == told[1] == told[2]


def _languages(graph: Graph) -> list[list[float]]:
    from safelight.graph import Step

    state, found = np.zeros(graph.state_size, np.float32), []
    for text in ("see you at five", "a demain alors", "see you at five"):
        outputs, states = graph.step([Step(graph.encode(text), False, -1.0, state)])
        state = states[0]
        found.append(np.asarray(outputs[0].languages, float).tolist())
    return found


def test_both_ways_round_are_encoded_once(subject: Subject) -> None:
    chats = both_ways(independent("dev")[::100][: IN_A_ROW // 2])
    graph = subject.replayed()
    before = graph.remembered()
    replay(graph, chats)
    after = graph.remembered()
    said = [message["text"] for chat in chats for message in chat["messages"]]
    runs, found = after.misses - before.misses, after.hits - before.hits
    assert runs <= len(set(said)) <= len(said) / 2
    assert runs + found == sum(len(graph.encode(text)) for text in said)


def test_the_halves_are_the_whole(subject: Subject) -> None:
    whole = onnx.load_from_string(subject.bundle.files["model.onnx"])
    first, second = split(whole)
    assert {entry.name for entry in first.graph.input} == set(MESSAGE)
    assert not {entry.name for entry in second.graph.input} & set(MESSAGE)
    runs = {name for half in (first, second) for node in half.graph.node for name in node.output}
    wanted = {output.name for output in whole.graph.output}
    assert wanted <= runs
    twice = {n.output[0] for n in first.graph.node} & {n.output[0] for n in second.graph.node}
    constants = {n.output[0] for n in whole.graph.node if n.op_type == "Constant"}
    assert twice <= constants  # no work is done in both
