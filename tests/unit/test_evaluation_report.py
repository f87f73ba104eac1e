"""The report on disk: written by the command, checked by it, and refused when it does not hold."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safelight_training.crossfit_table import JSON as CROSSFIT
from safelight_training.crossfit_table import KNOWING, STRANGERS
from safelight_training.data.version import DATA_VERSION
from safelight_training.evaluation import command, report
from safelight_training.evaluation.kept import differences
from safelight_training.evaluation.page import caveats, html, language, model_card, ordinary
from safelight_training.evaluation.page.files import digest_of
from safelight_training.evaluation.page.plain import render
from safelight_training.evaluation.page.quoted import Quoted, quoted
from safelight_training.evaluation.pairs import Pair
from safelight_training.evaluation.real import STRANGE
from safelight_training.evaluation.robustness import rows
from safelight_training.evaluation.subject import read_subject

TEXTS = {"quiet": ["hello", "how are you", "the match was good"],
         "risky": ["hello", "keep keep", "picture everyone"]}  # fmt: skip
Run = Callable[..., int]
NOTHING = Quoted()


def conversation(kind: str, number: int, split: str = "test", **fields: Any) -> dict[str, Any]:
    messages = [{"sender": "peer", "text": text, "indicators": [], "cues": []}
                for text in TEXTS[kind]]  # fmt: skip
    marks: dict[str, Any] = {"label": "none", "twin": "plain"}
    if kind == "risky":
        marks = {"label": "sextortion", "twin": "", "first_sign": 1, "warn_by": 2}
    return {"id": f"{kind}{number}", "language": "en", "family": "scenario/one", "voice": "en-v01",
            "split": split, "is_chat": True, "corpus": "", "messages": messages, **marks,
            **fields}  # fmt: skip


def real_chat(number: int, kind: str, owner: str) -> dict[str, Any]:
    ids = {"id": f"casino:{number}/{owner}", "corpus": "casino", "split": "report"}
    return conversation(kind, number) | ids


@pytest.fixture
def bundle(make_bundle: Callable[..., Path]) -> Path:
    """The tiny bundle, as if made from the data of this code."""
    return make_bundle(lambda manifest: manifest.update(data_version=DATA_VERSION))


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Run:  # fmt: skip
    """The command on three written conversations and two real chats, both ways round."""
    written = [
        conversation("quiet", 1),
        conversation("risky", 1),
        conversation("risky", 2, "train"),
    ]
    real = [real_chat(1, "quiet", "a"), real_chat(1, "quiet", "b"),
            real_chat(2, "quiet", "a"), real_chat(2, "risky", "b")]  # fmt: skip
    judging = [conversation("quiet", i, twin="hard", family=f"q{i}") for i in range(4)]
    judging += [conversation("risky", i, family=f"r{i}", risks={"sextortion": [1, 2]})
                for i in range(4)]  # fmt: skip
    # Drawing takes seconds; one test asks for the pictures.
    drawn = html.render
    monkeypatch.setattr(html, "render", lambda found, quoted, digest: (
        drawn(found, quoted, digest) if request.node.get_closest_marker("draws") else
        f'<meta name="report-sha256" content="{digest}">'))  # fmt: skip
    monkeypatch.setattr(report, "independent", lambda half: judging)
    monkeypatch.setattr(rows, "NAMES", ("typos", "order"))
    monkeypatch.setattr(report, "read_pairs", lambda: [Pair("couple", judging[0], judging[1])])
    monkeypatch.setattr(command, "written_conversations", lambda subject: written)
    monkeypatch.setattr(command, "real_conversations", lambda *rest: iter(real))
    monkeypatch.setattr(command, "file_digests", lambda folder, languages: {"casino": folder.name})

    def call(bundle: Path, *options: str) -> int:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        return command.run(
            parser.parse_args(
                [
                    str(bundle),
                    "--out",
                    str(tmp_path / "out"),
                    "--card",
                    str(tmp_path / "out" / "card.md"),
                    *options,
                ]
            )
        )

    return call


def change(folder: Path, edit: Callable[[dict[str, Any]], object], *, page: bool = True) -> None:
    """Edits the committed data, and by default its page to match."""
    path = folder / report.JSON
    data = json.loads(path.read_text("utf-8"))
    edit(data)
    path.write_text(json.dumps(data), "utf-8")
    if page:
        (folder / report.MARKDOWN).write_text(render(data, NOTHING), "utf-8")
        page_of = html.render(data, NOTHING, digest_of(folder))
        (folder / report.HTML).write_text(page_of, "utf-8")
        (folder / "card.md").write_text(model_card.render(data, NOTHING), "utf-8")


def test_the_report_says_what_it_is_of(bundle: Path, run: Run, tmp_path: Path) -> None:
    assert run(bundle, "--corpora", str(tmp_path / "c1")) == 0
    data = json.loads((tmp_path / "out" / report.JSON).read_text("utf-8"))
    page = (tmp_path / "out" / report.MARKDOWN).read_text("utf-8")
    digest = read_subject(bundle).digest
    assert (data["manifest_sha256"], data["data_version"], data["seed"]) == (
        digest,
        DATA_VERSION,
        7,
    )
    assert data["command"] == "python -m safelight_training evaluate BUNDLE --corpora CORPORA"
    for part in (digest, DATA_VERSION, data["command"], "`casino`"):
        assert part in page
    assert str(tmp_path) not in page + json.dumps(data)
    assert page == render(data, NOTHING)


def test_the_rows_are_of_the_test_split_and_of_the_chats(
    bundle: Path, run: Run, tmp_path: Path
) -> None:
    run(bundle, "--corpora", str(tmp_path / "c1"))
    data = json.loads((tmp_path / "out" / report.JSON).read_text("utf-8"))
    (row,) = [r for r in data["written"]["risky"] if r["language"] == "en" and r["label"] == "any"]
    assert (row["n"], row["recall"]["share"], row["premature"]["share"]) == (1, 1.0, 0.0)
    (casino,) = data["real"]["corpora"]
    assert (casino["n"], casino["messages"], casino["warning"]["share"]) == (2, 6, 0.5)


def test_every_table_of_the_page_is_whole(bundle: Path, run: Run, tmp_path: Path) -> None:
    run(bundle, "--corpora", str(tmp_path / "c1"))
    page = (tmp_path / "out" / report.MARKDOWN).read_text("utf-8")
    tables = [block.splitlines() for block in page.split("\n\n") if block.startswith("|")]
    assert len(tables) == 17
    for table in tables:
        assert {line.count("|") for line in table} == {table[0].count("|")}
        assert re.fullmatch(r"(\| --- )+\|", table[1])


@pytest.mark.parametrize("corpora", [[], ["--corpora", "c1"]])
def test_a_fresh_report_holds(bundle: Path, run: Run, corpora: list[str]) -> None:
    assert run(bundle, "--corpora", "c1") == 0
    assert run(bundle, "--check", *corpora) == 0


def test_a_report_without_real_chats_holds_too(bundle: Path, run: Run, tmp_path: Path) -> None:
    assert run(bundle) == 0
    assert run(bundle, "--check") == 0
    assert "no corpora were given" in (tmp_path / "out" / report.MARKDOWN).read_text("utf-8")


@pytest.mark.parametrize(
    ("why", "edit", "page", "problem"),
    [
        ("another bundle", lambda d: d.update(manifest_sha256="0" * 64), True, "manifest_sha256"),
        ("another seed", lambda d: d.update(seed=8), True, "seed"),
        ("a page of its own", lambda d: d["shortcuts"].append(
            {"language": "en", "set": "authored", "n": 1, "who": 0.5, "lengths": 0.5,
             "times": 0.5, "emoji": 0.5, "punctuation": 0.5, "style": 0.5}), False, "is not of"),
        ("a better recall", lambda d: d["written"]["risky"][0]["recall"].update(low=0.99), True,
         "written.risky[0].recall.low"),
        ("a row less", lambda d: d["written"]["harmless"].pop(), True, "written.harmless"),
        ("another count", lambda d: d["written"]["risky"][0].update(n=100), True,
         "written.risky[0].n"),
    ],
)  # fmt: skip
def test_a_report_that_does_not_hold(
    bundle: Path, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    why: str, edit: Callable[[dict[str, Any]], object], page: bool, problem: str,
) -> None:  # fmt: skip
    run(bundle, "--corpora", "c1")
    change(tmp_path / "out", edit, page=page)
    assert run(bundle, "--check") == 1, why
    assert problem in capsys.readouterr().err


def test_real_rows_are_measured_again_only_with_the_corpora(
    bundle: Path, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(bundle, "--corpora", "c1")
    change(tmp_path / "out", lambda d: d["real"]["pooled"][0]["warning"].update(share=0.0))
    assert run(bundle, "--check") == 0
    assert run(bundle, "--check", "--corpora", "c1") == 1
    assert "real.pooled[0].warning.share" in capsys.readouterr().err


@pytest.mark.draws
def test_the_html_page_stands_alone(bundle: Path, run: Run, tmp_path: Path) -> None:
    """Nothing is fetched, no script runs, every picture has words, every id is one of its own."""
    run(bundle, "--corpora", "c1")
    page = (tmp_path / "out" / report.HTML).read_text("utf-8")
    links = [w for w in re.findall(r'(?:href|src)="([^"]*)"', page) if not w.startswith("#")]
    assert links == [] and "<script" not in page and "url(http" not in page
    assert str(tmp_path) not in page
    pictures = re.findall(r"<svg[^>]*>", page)
    assert len(pictures) >= 8
    assert all(re.search(r'role="img" aria-label="[^"]{10,}"', found) for found in pictures)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "#010101" not in page and "var(--ink)" in page


def test_a_page_of_other_data_is_noticed(
    bundle: Path, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(bundle)
    (tmp_path / "out" / report.HTML).write_text("<html></html>", "utf-8")
    assert run(bundle, "--check") == 1
    assert "report.html is not of report.json" in capsys.readouterr().err


def test_the_model_card_has_a_header_that_others_can_read(
    bundle: Path, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from huggingface_hub import ModelCard

    run(bundle, "--corpora", "c1")
    path = tmp_path / "out" / "card.md"
    card = ModelCard(path.read_text("utf-8"))
    found = {result.metric_name: result.metric_value for result in card.data.eval_results}
    assert card.data.license == "apache-2.0" and found["recall by harm"] == 1.0
    assert found["ordinary chats warned"] == 0.5
    assert "{" not in card.content.replace("{}", "")
    path.write_text("# Another card", "utf-8")
    assert run(bundle, "--check") == 1
    assert "card.md is not of report.json" in capsys.readouterr().err


def test_the_model_card_names_the_languages_of_the_bundle(
    make_bundle: Callable[..., Path], run: Run, tmp_path: Path
) -> None:
    more = {"data_version": DATA_VERSION, "languages": ["en", "nl"]}
    assert run(make_bundle(lambda manifest: manifest.update(more))) == 0
    card = (tmp_path / "out" / "card.md").read_text("utf-8")
    assert "language:\n- en\n- nl\n" in card and "Languages other than en, nl are not" in card


def test_corpora_that_training_saw_are_not_called_new(
    bundle: Path, run: Run, tmp_path: Path
) -> None:
    run(bundle, "--corpora", "c1")
    data = json.loads((tmp_path / "out" / report.JSON).read_text("utf-8"))

    def said() -> list[bool]:
        words = (model_card.plain_words(data, NOTHING), *(words for _, words in html.cards(data)),
                 ordinary.precision(data["worth"], data["real"]).words)  # fmt: skip
        return ["never saw" in found for found in words if "real" in found or "false" in found]

    assert said() == [False] * 3  # of casino's other chats
    assert "of collections it learned from" in model_card.plain_words(data, NOTHING)
    data["real"]["pooled"].append({**data["real"]["pooled"][0], "pool": STRANGE})
    assert said() == [True] * 3
    words = model_card.plain_words(data, NOTHING)
    assert (
        "never saw it warns in 50.00%" in words and "50.00% of 2 of collections it learned" in words
    )


def strangers(share: float) -> dict[str, Any]:
    """What the table of corpora holds, as far as other pages quote it."""
    loud, quiet = ({"share": s, "low": s and 0.01, "high": 0.2} for s in (share, 0.0))
    few = {"share": 0.5, "low": 0.005, "high": 0.9}
    return {"data_version": "0.1.0",
            "rows": [{"pool": KNOWING, "at_threshold": quiet},
                     {"pool": STRANGERS, "at_threshold": loud}],
            "corpora": [{"corpus": "casino", "strange": quiet}, {"corpus": "sgd", "strange": few},
                        {"corpus": "chitchat_byu", "strange": loud}]}  # fmt: skip


def test_what_strange_talk_does_is_quoted_and_taken_anew_without_measuring(
    bundle: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert run(bundle, "--quotes") == 3  # there is no report yet
    run(bundle, "--corpora", "c1")
    table, pages = tmp_path / "out" / CROSSFIT, (report.MARKDOWN, "card.md")
    assert run(bundle, "--check") == 0
    monkeypatch.setattr(command, "_measured", lambda *_: pytest.fail("measured"))
    before = (tmp_path / "out" / report.JSON).read_bytes()
    for share, told in ((0.0312, "warn in 3.12% (1.00 to 20.00) of its chats"),
                        (0.0567, "warn in 5.67% (1.00 to 20.00) of its chats")):  # fmt: skip
        table.write_text(json.dumps(strangers(share)), "utf-8")
        assert run(bundle, "--check") == 1
        assert "report.md is not of report.json" in capsys.readouterr().err
        assert run(bundle, "--quotes") == 0
        texts = [(tmp_path / "out" / name).read_text("utf-8") for name in pages]
        assert [told in text for text in texts] == [True, True]
        assert "strangers talk about their lives" in texts[0]
        assert f"warn in {100 * share:.1f}% of its chats" in texts[1]
    assert (tmp_path / "out" / report.JSON).read_bytes() == before


def test_a_bundle_whose_thresholds_strangers_set_quotes_no_strangers(tmp_path: Path) -> None:
    (tmp_path / CROSSFIT).write_text(json.dumps(strangers(0.03)), "utf-8")
    assert quoted(tmp_path, "ab", {}).strangers == strangers(0.03)
    assert quoted(tmp_path, "ab", {"crossfit": {"groups": []}}).strangers is None


@pytest.mark.parametrize(("share", "verdict"), [(0.0002, "is met"), (0.0004, "is missed")])
def test_what_figures_of_ordinary_chats_leave_open(share: float, verdict: str) -> None:
    rate = {"share": share, "low": 0.0, "high": 0.01}
    real = {"corpora": [{"language": "en"}],
            "pooled": [{"pool": "all", "n": 5000, "urgent": rate}]}  # fmt: skip
    told = list(caveats.of_ordinary({"real": real, "languages": ["en", "es", "pt"]}, None))
    assert f"{round(5000 * share)} are told as urgent" in told[0] and verdict in told[0]
    assert "in `es` or `pt`" in told[1] and len(told) == 2
    told = list(caveats.of_ordinary({"real": real, "languages": ["en"]}, None))
    assert len(told) == 1
    assert list(caveats.of_ordinary({"real": None, "languages": ["en"]}, None)) == []


def test_what_the_language_head_tells_is_in_the_report_and_the_card(
    make_bundle: Callable[..., Path], run: Run, tmp_path: Path
) -> None:
    head = {"known": {"n": 40, "foreign": 1, "upper_bound_95": 0.05, "told": 0.8},
            "foreign": {"n": 9, "known": 2, "told": 0.5}}  # fmt: skip
    more = {"data_version": DATA_VERSION, "evidence": {"language": head}}
    folder = make_bundle(lambda manifest: manifest.update(more))
    assert run(folder) == 0 and run(folder, "--check") == 0
    page, card = ((tmp_path / "out" / name).read_text("utf-8")
                  for name in (report.MARKDOWN, "card.md"))  # fmt: skip
    assert "| in the languages it knows | 40 | 80.0 | 1 (at most 5.00%) |" in page
    assert "| exchanges in other languages | 9 | 50.0 | 2 |" in page
    assert "of 40 chats in its own 80.0% are told as known" in card
    head["foreign"]["told"] = None  # nothing in other languages was there
    assert language.sentence(head) == "How well it says so was not measured."


def test_another_corpus_file_is_noticed(
    bundle: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    run(bundle, "--corpora", "c1")
    assert run(bundle, "--check", "--corpora", "c2") == 1
    assert "real.corpora[0].sha256" in capsys.readouterr().err


def test_a_missing_report_does_not_hold(bundle: Path, run: Run) -> None:
    assert run(bundle, "--check") == 1


def test_a_bundle_of_other_data_is_refused(
    tiny_bundle: Path, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tiny_bundle) == 3
    assert run(tmp_path / "nowhere") == 3
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["safelight_training", "safelight_training"]
    assert not (tmp_path / "out").exists()


def test_a_report_of_older_data_is_checked_for_what_can_be(
    bundle: Path, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not its rows: of a bundle's newer test split nobody knows what it was trained on."""
    assert run(bundle) == 0
    monkeypatch.setattr(command, "DATA_VERSION", "99.0.0")
    monkeypatch.setattr(command, "can_be_had", lambda version: False)
    monkeypatch.setattr(command, "_measured", lambda *_: pytest.fail("measured on other data"))
    assert run(bundle, "--check") == 0
    assert "cannot be measured again on data 99.0.0" in capsys.readouterr().out
    assert run(bundle) == 3


@pytest.mark.parametrize(
    ("committed", "measured", "found"),
    [
        ({"a": 0.5}, {"a": 0.502}, []),
        ({"a": 0.5}, {"a": 0.5021}, ["a: 0.5, measured 0.5021"]),
        ({"a": 1}, {"a": 2}, ["a: 1, measured 2"]),
        ({"a": None}, {"a": 0.5}, ["a: None, measured 0.5"]),
        ({"a": float("nan")}, {"a": 0.5}, ["a: nan, measured 0.5"]),
        ({"a": [1, 2]}, {"a": [1]}, ["a: 2 rows, measured 1"]),
        ({"a": 1}, {"b": 1}, ["a: stands in one of them only", "b: stands in one of them only"]),
        ({"n": 20, "a": 0.5}, {"n": 20, "a": 0.6}, []),
        ({"n": 20, "a": 0.5}, {"n": 20, "a": 0.65}, ["a: 0.5, measured 0.65"]),
        ({"n": 20, "a": 0.5}, {"n": 21, "a": 0.5}, ["n: 20, measured 21"]),
        ({"shortcuts": [{"who": 0.5}]}, {"shortcuts": [{"who": 0.519}]}, []),
        ({"shortcuts": [{"who": 0.5}]}, {"shortcuts": [{"who": 0.521}]},
         ["shortcuts[0].who: 0.5, measured 0.521"]),
    ],
)  # fmt: skip
def test_differences(committed: Any, measured: Any, found: list[str]) -> None:
    assert list(differences(committed, measured)) == found
