"""One guard and the shipped weights, many threads: the answers are those of one thread."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from safelight import Assessment, Guard

CHATS, THREADS = 1000, 8
SAMPLES = Path(__file__).parents[2] / "model" / "safelight" / "samples"


def lines() -> list[tuple[str, str]]:
    """Sender and text of all messages of the samples."""
    return [
        (message["sender"], message["text"])
        for path in sorted(SAMPLES.glob("*.jsonl"))
        for chat in path.read_text(encoding="utf-8").splitlines()
        for message in json.loads(chat)["messages"]
    ]


def test_eight_threads_and_a_thousand_chats_answer_as_one_thread() -> None:
    guard, said = Guard.load(), lines()
    start = threading.Barrier(THREADS)

    def told(number: int) -> list[Assessment]:
        """A chat of three messages: no two neighbours have the same ones."""
        chat = guard.conversation(f"c{number}")
        wanted = (said[(number * 7 + step) % len(said)] for step in range(3))
        return [chat.observe(sender=sender, text=text) for sender, text in wanted]

    def work(thread: int) -> list[list[Assessment]]:
        start.wait()
        return [told(number) for number in range(thread, CHATS, THREADS)]

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(work, range(THREADS)))
    alone = [told(number) for number in range(CHATS)]
    assert [found[n % THREADS][n // THREADS] for n in range(CHATS)] == alone
    assert len({str(chat[-1].risks) for chat in alone}) > 10  # they do differ
