"""The report as data: whose it is, and its sections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from safelight_training import origin
from safelight_training.data.independent import independent
from safelight_training.evaluation import fairness, judging, lab, streams
from safelight_training.evaluation.examples import examples
from safelight_training.evaluation.metrics import Rate
from safelight_training.evaluation.pairs import read_pairs
from safelight_training.evaluation.real import merged, real_rows, strange
from safelight_training.evaluation.replay import play
from safelight_training.evaluation.robustness import rows as robustness
from safelight_training.evaluation.robustness.perturb import STRENGTHS
from safelight_training.evaluation.subject import SENSITIVITY, Subject
from safelight_training.evaluation.written import shortcut_rows, written_rows

JSON, MARKDOWN, HTML = "report.json", "report.md", "report.html"
PEERS = "peers.json"
Chat = dict[str, Any]
#: The half of the judging chats that may be looked at while models change.
HALF = "dev"
#: One judging chat in so many is also measured under each perturbation.
PERTURBED = 3


def header(subject: Subject, with_real: bool) -> dict[str, Any]:
    """What the report is of, and how it is made. Holds no path."""
    manifest = subject.bundle.manifest
    corpora = " --corpora CORPORA" if with_real else ""
    return {
        "format": 1,
        "command": f"python -m safelight_training evaluate BUNDLE{corpora}",
        "manifest_sha256": subject.digest,
        "model_version": manifest.model_version,
        "training_commit": manifest.raw["training_commit"],
        "data_version": manifest.data_version,
        "languages": list(manifest.languages),
        "members": origin.data_of_members(manifest.raw),
        "seed": subject.seed,
        "sensitivity": SENSITIVITY,
    }


def measure(
    subject: Subject,
    written: Sequence[Chat],
    real: Sequence[Chat] = (),
    digests: dict[str, str] | None = None,
    strengths: Sequence[str] = tuple(STRENGTHS),
    shortcuts: bool = True,
) -> dict[str, Any]:
    """The whole report.

    written: conversations of all splits; the model is measured on the test split, the
    shortcut baselines on all. real: chats of the report part, both ways round; digests: of
    their files, by corpus. Without `digests` there are no real rows (`real` is null). strengths: of
    the perturbations; without any `robustness` is empty. shortcuts: whether to fit the baselines
    that do not read (minutes; the audit of the data checks them too).
    """
    graph, config = subject.replayed(), subject.bundle.manifest.policies[SENSITIVITY]
    test = [c for c in written if c["split"] == "test"]
    chats = independent(HALF)
    judged = judging.rows(subject, play(graph, config, chats, "judging chats"))
    ordinary = None if digests is None else _real(subject, real, digests)
    return {
        **header(subject, digests is not None),
        "bytes": {name: len(content) for name, content in sorted(subject.bundle.files.items())},
        "judging": judged,
        "written": written_rows(play(graph, config, test, "written conversations"), config),
        "shortcuts": shortcut_rows(written) if shortcuts else [],
        "real": ordinary,
        "worth": _worth(judged, ordinary),
        "fairness": fairness.measure(subject, read_pairs()),
        "robustness": robustness.measure(subject, every(chats, PERTURBED), strengths)
        if strengths
        else [],
        "examples": examples(subject, written),
    }


def _worth(judged: dict[str, Any], ordinary: dict[str, Any] | None) -> list[dict[str, Any]] | None:
    """Precision at prevalence, from recall by harm and the pool of `strange`."""
    if not (pool := strange(ordinary)):
        return None
    risky = judging.whole(judged)["any"]
    recall, false = (
        Rate(n, *(found[key] for key in ("share", "low", "high")))
        for n, found in ((risky["n"], risky["recall"]), (pool["n"], pool["warning"]))
    )
    return lab.worth(recall, false)


def _real(subject: Subject, real: Sequence[Chat], digests: dict[str, str]) -> dict[str, Any]:
    graph, config = subject.replayed(), subject.bundle.manifest.policies[SENSITIVITY]
    rows = real_rows(merged(play(graph, config, real, "real chats")), digests)
    long = play(graph, config, streams.joined(real, subject.seed), "real chats in streams")
    return {**rows, "streams": streams.rows(long, {chat["language"] for chat in real})}


def every(chats: Sequence[Chat], n: int) -> list[Chat]:
    """One chat in `n` of each language and kind."""

    def kind(chat: Chat) -> tuple[str, str, str]:
        return chat["language"], chat["label"], str(chat.get("twin"))

    ordered = sorted(chats, key=lambda chat: (kind(chat), chat["id"]))
    seen: dict[tuple[str, str, str], int] = {}
    picked = []
    for chat in ordered:
        place = seen[kind(chat)] = seen.get(kind(chat), -1) + 1
        if place % n == 0:
            picked.append(chat)
    return picked
