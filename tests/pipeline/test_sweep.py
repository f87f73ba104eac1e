"""A sweep says what `evaluate` says, and the same whoever computes it and whoever dies."""

from __future__ import annotations

import gzip
import ipaddress
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import dying
from safelight_training.cli import main
from safelight_training.corpora import real_conversations
from safelight_training.data.independent import independent
from safelight_training.data.languages import LANGUAGES
from safelight_training.evaluation import fairness
from safelight_training.evaluation.pairs import read_pairs
from safelight_training.evaluation.real import file_digests, merged, real_rows
from safelight_training.evaluation.replay import play
from safelight_training.evaluation.robustness import rows as robustness
from safelight_training.evaluation.subject import read_subject
from safelight_training.evaluation.sweep import SweepError, command, local, on_ray
from safelight_training.evaluation.sweep.cells import cell, digest_of, measure
from safelight_training.evaluation.sweep.suites import NAMES, Sources, sharded, whole

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "model" / "safelight" / "bundle"
CHANGES = [command.NONE, ("typos", "medium")]
SHARDS = 3
Files = dict[str, bytes]


def in_this_process(
    work: local.Work, shared: Any, items: Sequence[Any], workers: int
) -> Iterator[tuple[int, Any]]:
    """The last first: the order of cells is nobody's promise."""
    for place in reversed(range(len(items))):
        yield place, work(shared, items[place])


def labelled(n: int) -> list[dict[str, Any]]:
    """Short chats to judge by, risky and harmless ones in turn."""
    short = sorted(independent("dev"), key=lambda chat: len(chat["messages"]))
    return [c for risky in (True, False)
            for c in [c for c in short if (c["label"] != "none") == risky][: n // 2]]  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "chats.jsonl"
    path.write_text("".join(json.dumps(chat) + "\n" for chat in labelled(8)), "utf-8")
    return path


def arguments(data: Path, out: Path, *more: str) -> list[str]:
    return ["sweep", f"shipped={SHIPPED}", "--data", str(data), "--perturb", "typos:medium",
            "--shards", str(SHARDS), "--out", str(out), *more]  # fmt: skip


def files(folder: Path) -> Files:
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}  # fmt: skip


@pytest.fixture(scope="module")
def expected(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Of the command with one local process."""
    out = tmp_path_factory.mktemp("one")
    assert main(arguments(data, out, "--workers", "1")) == 0
    found = files(out)
    assert len(found) == SHARDS * len(CHANGES) + 2
    return found


def filled(data: Path, out: Path, workers: int, runner: Any, work: Any = measure) -> Files:
    """The command's files, by a runner of one's choice."""
    subjects = {"shipped": read_subject(SHIPPED)}
    planned = list(command.plan(subjects, ["given"], CHANGES, Sources(data=data), SHARDS))
    command.fill(planned, subjects, out, workers, runner, work)
    found = command.merge(planned, subjects, out, {})
    command.write(found, out, (command.JSON, command.MARKDOWN), command.page.render)
    return files(out)


def test_two_local_processes_give_the_same_files(
    data: Path, tmp_path: Path, expected: Files
) -> None:
    """In a process of its own, which must never have met Ray."""
    script = ("import sys; from safelight_training.cli import main; status = main(sys.argv[1:]); "
              "sys.exit('ray' in sys.modules or status)")  # fmt: skip
    paths = [str(ROOT / part) for part in ("model", "training", "export")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    launch = [sys.executable, "-c", script, *arguments(data, tmp_path, "--workers", "2")]
    done = subprocess.run(launch, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    assert files(tmp_path) == expected


def test_a_killed_local_worker_costs_nothing(
    data: Path, tmp_path: Path, expected: Files, capfd: pytest.CaptureFixture[str]
) -> None:
    marker = tmp_path / "died"
    found = filled(data, tmp_path / "out", 2, local.run, partial(dying.once, marker))
    assert marker.exists() and "a worker died" in capfd.readouterr().err
    assert found == expected


def test_a_cell_that_kills_every_process_ends_the_sweep_and_the_others_are_done() -> None:
    done = []
    with pytest.raises(SweepError, match="no cell gets done"):
        for place, result in local.run(partial(dying.at, 2), 10, [0, 1, 2, 3], 1):
            done.append((place, result))
    assert sorted(done) == [(0, 10), (1, 11)]


def test_a_second_run_measures_what_is_missing_and_nothing_else(
    data: Path, tmp_path: Path, expected: Files
) -> None:
    for name, content in expected.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    cells = sorted((tmp_path / command.CELLS).iterdir())
    lost, kept = cells[:2], {path: path.stat().st_mtime_ns for path in cells[2:]}
    for path in lost:
        path.unlink()
    # What a killed writer leaves beside them is not taken for a cell.
    lost[0].with_suffix(".new").write_bytes(b'[{"chat"')
    assert filled(data, tmp_path, 1, in_this_process) == expected
    assert kept == {path: path.stat().st_mtime_ns for path in kept}


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """Ray on this machine, two workers."""
    with on_ray.cluster("", 2):
        yield


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("workers", [1, 2])
def test_ray_gives_the_same_files(
    workers: int, data: Path, tmp_path: Path, expected: Files
) -> None:
    assert filled(data, tmp_path, workers, on_ray.run) == expected


@pytest.mark.usefixtures("cluster")
def test_a_killed_worker_of_ray_costs_nothing(data: Path, tmp_path: Path, expected: Files) -> None:
    marker = tmp_path / "died"
    found = filled(data, tmp_path / "out", 2, on_ray.run, partial(dying.once, marker))
    assert marker.exists()
    assert found == expected


@pytest.mark.usefixtures("cluster")
def test_what_a_cell_refuses_on_ray_is_said_as_it_is() -> None:
    asked = replace(cell("m", (), "", *command.NONE), code="another")
    with pytest.raises(SweepError, match="a worker has other code"):
        list(on_ray.run(measure, {}, [asked], 1))


@pytest.mark.usefixtures("cluster")
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_ray_listens_on_this_machine_alone() -> None:
    """Every listening socket of the processes that this one started, and of itself."""
    addresses = [address for pid in family(os.getpid()) for address in listening(pid)]
    assert len(addresses) > 2
    assert [a for a in addresses if not a.is_loopback] == []


def family(root: int) -> set[int]:
    """A process and all its descendants."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(") ")[2].split()[1])
        except OSError:
            continue  # gone meanwhile
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def listening(pid: int) -> Iterator[Any]:
    """Addresses at which a process accepts connections over TCP."""
    try:
        links = [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()]
    except OSError:
        return
    inodes = {link[8:-1] for link in links if link.startswith("socket:[")}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local_address, _, state, *rest = line.split()
            if state == "0A" and rest[5] in inodes:
                words = bytes.fromhex(local_address.partition(":")[0])
                packed = b"".join(words[i : i + 4][::-1] for i in range(0, len(words), 4))
                address = ipaddress.ip_address(packed)
                yield getattr(address, "ipv4_mapped", None) or address


SECRET = "the bus comes at nine"
LINES = [{"sender": "peer", "text": SECRET}, {"sender": "self", "text": "fine"}]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("chats.jsonl", json.dumps({"id": "a", "messages": LINES}), "chats.jsonl:1: label is none"),
        ("chats.jsonl", json.dumps({"label": "none", "messages": LINES}) + "\n"
         + json.dumps({"messages": LINES}), "chats.jsonl:2: label is none"),
        ("chat.txt", f"[31/01/2026, 18:02:11] Sam: {SECRET}", "chat.txt:1: not JSON"),
        ("result.json", json.dumps({"name": "Sam", "type": "personal_chat", "id": 1, "messages": [
            {"id": 1, "type": "message", "from": "Sam", "text": SECRET}]}),
         "result.json:1: label is none"),
        ("sms.xml", f'<smses count="1"><sms body="{SECRET}"/></smses>', "sms.xml:1: not JSON"),
    ],
)  # fmt: skip
def test_chats_without_labels_are_refused_in_one_line(
    name: str, content: str, why: str, tmp_path: Path, tiny_bundle: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    path, out = tmp_path / name, tmp_path / "out"
    path.write_text(content, "utf-8")
    assert main(["sweep", f"m={tiny_bundle}", "--data", str(path), "--out", str(out)]) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and why in said and "a sweep takes labelled chats alone" in said
    assert SECRET not in said and not out.exists()


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--perturb", "shouting"], "shouting: no such perturbation"),
        (["--perturb", "typos:wild"], "typos:wild: no such perturbation"),
        (["--suite", "real-report"], "real-report: needs --corpora"),
        (["--shards", "0"], "1 or more"),
        (["=folder"], "write NAME=BUNDLE"),
    ],
)
def test_other_input_is_refused_in_one_line(
    more: list[str], why: str, tmp_path: Path, tiny_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", "--out", str(tmp_path / "out"), f"m={tiny_bundle}", *more]) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and why in said


def test_the_test_half_of_the_judging_chats_is_not_offered(tmp_path: Path) -> None:
    assert [name for name in NAMES if name.startswith("judging")] == ["judging-dev"]
    with pytest.raises(SystemExit):
        main(["sweep", "m=x", "--suite", "judging-test", "--out", str(tmp_path)])


@pytest.mark.parametrize(("n", "shards"), [(1, 3), (7, 3), (6, 3), (5, 1)])
def test_shards_hold_every_chat_once_and_give_back_their_order(n: int, shards: int) -> None:
    chats = [{"id": str(i)} for i in range(n)]
    parts = sharded(chats, shards)
    assert all(parts) and len(parts) == min(n, shards)
    assert whole(parts) == chats


def test_the_digest_knows_every_input() -> None:
    chats = tuple(labelled(2))
    inputs = [("m", chats, digest_of(chats), *CHANGES[1]), ("o", chats, digest_of(chats), "", ""),
              ("m", chats, digest_of(chats), *CHANGES[0]),
              ("m", chats, digest_of(chats), "typos", "light"),
              ("m", chats[:1], digest_of(chats[:1]), "", "")]  # fmt: skip
    assert len({cell(*given).digest for given in inputs}) == len(inputs)


def swept(bundle: Path, suite: str, changes: Any, sources: Sources, out: Path) -> list[Any]:
    """Rows of a sweep in this process."""
    subjects = {"m": read_subject(bundle)}
    planned = list(command.plan(subjects, [suite], changes, sources, SHARDS))
    command.fill(planned, subjects, out, 1, in_this_process)
    digests = file_digests(sources.corpora, LANGUAGES) if sources.corpora else {}
    return list(command.merge(planned, subjects, out, digests)["rows"])


def test_groups_are_measured_as_the_report_does(tiny_bundle: Path, tmp_path: Path) -> None:
    (row,) = swept(tiny_bundle, "fairness", [command.NONE], Sources(), tmp_path)
    assert row["groups"] == fairness.measure(read_subject(tiny_bundle), read_pairs())


def test_perturbations_cost_what_the_report_says(
    data: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    changes = [command.NONE, ("split", "strong"), ("typos", "strong")]
    rows = swept(tiny_bundle, "given", changes, Sources(data=data), tmp_path)
    told = {row["name"]: row for row in
            robustness.measure(read_subject(tiny_bundle), labelled(8), ("strong",))}  # fmt: skip
    for row in rows[1:]:
        found, other = row["languages"][-1], told[row["perturbation"]]
        assert found["changed"] == 8
        assert {key: found[key] for key in ("drop", "rise", "auroc")} == {
            key: other[key] for key in ("drop", "rise", "auroc")}  # fmt: skip
        assert found["risky"]["recall"] == other["recall"]


def test_real_chats_are_counted_as_the_report_does(tiny_bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "corpora"
    folder.mkdir()
    lines = [json.dumps({"id": f"casino:{i}", "messages": [
        {"sender": "a", "text": "keep keep"}, {"sender": "b", "text": "picture everyone"}]})
        for i in range(40)]  # fmt: skip
    (folder / "casino.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    sources = Sources(corpora=folder)
    (row,) = swept(tiny_bundle, "real-report", [command.NONE], sources, tmp_path)
    subject = read_subject(tiny_bundle)
    chats = list(real_conversations(folder, LANGUAGES, subject.seed, ("report",)))
    played = play(subject.graph(), subject.bundle.manifest.policies["standard"], chats, "")
    assert row["corpora"] == real_rows(merged(played), file_digests(folder, LANGUAGES))
    assert row["corpora"]["pooled"][0]["n"] == len(chats) // 2 > 0


def test_no_text_is_kept(data: Path, expected: Files) -> None:
    texts = [m["text"] for chat in labelled(8) for m in chat["messages"] if len(m["text"]) > 12]
    written = "".join(content.decode() for content in expected.values())
    assert texts and not [text for text in texts if text in written]
