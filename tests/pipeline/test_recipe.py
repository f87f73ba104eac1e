"""The whole recipe in small, as a user starts it: from written chats to a bundle that answers.

One run without real chats is made for all tests; a second, over a tiny folder of corpora in
the real format, starts from the vocabulary of the first, as a second run of a user would.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import onnx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from safelight import BundleError, Guard
from safelight.bundle_files import read_unsigned
from safelight.taxonomy import CUES, INDICATORS
from safelight_export.bundle import seal
from safelight_export.cli import main as export
from safelight_export.ensemble import MEMBER, together
from safelight_export.parity import TOLERANCE
from safelight_export.parity_page import render
from safelight_export.quantise import quantise
from safelight_export.to_onnx import to_onnx
from safelight_training import recipe, train
from safelight_training.cli import main
from safelight_training.corpora import SOURCES
from safelight_training.data.generate import conversations
from safelight_training.data.languages import LANGUAGES
from safelight_training.data.splits import corpus_split
from safelight_training.data.version import DATA_VERSION
from safelight_training.evaluation import command, report
from safelight_training.from_bundle import students_of
from safelight_training.plans import HELD_OUT_CORPORA
from small_chats import CORPORA, FEW, own_chats, write_corpora

CHAT = (
    ("peer", "hey, are you coming to training tonight?"),
    ("self", "yes, see you at six"),
    ("peer", "bring the ball please"),
)
#: Practice chats of the report that the recipe writes at its end.
COUNTS = {language: dict.fromkeys(("train", "validation", "test"), 30) for language in ("en", "fr")}


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The work folder of a finished recipe without real chats, run as the command."""
    folder = tmp_path_factory.mktemp("recipe")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "conversations", partial(conversations, counts=COUNTS))
        assert main(["recipe", "--smoke", "--threads", "1", "--work", str(folder),
                     "--sign", str(folder / "my.key"), "--key-id", "mine"]) == 0  # fmt: skip
    return folder


def smoke(folder: Path, corpora: Path | None = None, **more: object) -> Path:
    """The recipe without its report; returns the folder of the bundle."""
    return recipe.run(recipe.Settings(folder, corpora, smoke=True, threads=1, **more))


def learnt(folder: Path, work: Path, corpora: Path, members: int) -> Path:
    """The same over few real chats and somebody's own, which are Dutch; students of this vocabulary
    listen to the bundle in `work`."""
    shutil.copytree(work / "base", folder / "base")
    own = own_chats(folder / "own.jsonl")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipe, "Amounts", lambda *_, **__: FEW)
        return smoke(folder, corpora, own=(own,), more_languages=("nl",), members=members,
                     teacher=work / "bundle")  # fmt: skip


@pytest.fixture(scope="session")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of real chats."""
    return write_corpora(tmp_path_factory.mktemp("corpora"))


@pytest.fixture(scope="session")
def with_corpora(tmp_path_factory: pytest.TempPathFactory, work: Path, corpora: Path) -> Path:
    """The bundle of a recipe over real chats."""
    folder = tmp_path_factory.mktemp("with_corpora")
    return learnt(folder, work, corpora, members=2)


def answers(bundle: Path) -> list[dict[str, float]]:
    chat = Guard.load(bundle, allow_unsigned=True).conversation("c")
    return [chat.observe(sender=sender, text=text).risks for sender, text in CHAT]


def test_the_bundle_loads_and_answers(work: Path) -> None:
    for risks in answers(work / "bundle"):
        assert set(risks) == {"grooming", "sextortion"}
        assert all(0.0 < p < 1.0 for p in risks.values())


def test_the_recipe_ends_with_a_report(work: Path) -> None:
    found = json.loads((work / "report" / report.JSON).read_text("utf-8"))
    assert found["real"] is None
    assert (work / "report" / report.MARKDOWN).read_text("utf-8").startswith("#")


def test_the_recipe_signs_with_a_key_of_its_own(work: Path) -> None:
    private = Ed25519PrivateKey.from_private_bytes((work / "my.key").read_bytes())
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    assert Guard.load(work / "bundle", key=public, key_id="mine").conversation("c").messages == 0
    with pytest.raises(BundleError):
        Guard.load(work / "bundle", key=public, key_id="yours")


def test_own_chats_bring_a_language(with_corpora: Path) -> None:
    manifest = json.loads((with_corpora / "manifest.json").read_text("utf-8"))
    assert manifest["languages"] == [*LANGUAGES, "nl"]
    assert manifest["data_version"] == f"{DATA_VERSION}+own"
    graph = onnx.load(with_corpora / "model.onnx")
    told = next(output for output in graph.graph.output if output.name == "languages")
    assert told.type.tensor_type.shape.dim[1].dim_value == len(LANGUAGES) + 2  # nl and others


def test_an_unsigned_bundle_asks_for_consent(work: Path) -> None:
    with pytest.raises(ValueError, match="allow_unsigned"):
        Guard.load(work / "bundle")


def test_the_bundle_holds_what_formats_say(work: Path) -> None:
    found = {p.relative_to(work / "bundle").as_posix() for p in (work / "bundle").rglob("*.*")}
    assert {"model.onnx", "text.json", "tokenizer.json", "manifest.json"} <= found
    assert {"indicators.json", "resources.json", "advice/en.json", "guides/en.json"} <= found
    assert sum(p.stat().st_size for p in (work / "bundle").rglob("*.*")) < 25_000_000


def test_the_manifest_says_where_it_comes_from(work: Path) -> None:
    manifest = json.loads((work / "bundle" / "manifest.json").read_text("utf-8"))
    assert manifest["seed"] == 1
    assert manifest["labels"]["indicators"] == list(INDICATORS)
    assert min(manifest["calibration"]["risks"]["a"]) > 0
    assert manifest["evidence"]["standard"]["notice"]["n"] == 0  # no real chats: nothing shown
    assert manifest["evidence"]["standard"]["notice"]["upper_bound_95"] == 1.0


def test_the_model_is_small_and_plain(work: Path) -> None:
    model = onnx.load(work / "bundle" / "model.onnx")
    assert {node.domain for node in model.graph.node} == {"", "com.microsoft"}
    assert (work / "bundle" / "model.onnx").stat().st_size < 18_000_000


def test_every_part_of_the_encoder_was_trained_but_the_table(work: Path) -> None:
    base = recipe.build_base(work / "base", {})  # reads what lies there
    fresh = base.student(1).state_dict()
    trained = recipe.load_student(work / "student.pt").state_dict()
    same = {name for name, weight in fresh.items() if bool((weight == trained[name]).all())}
    assert same == {"encoder.embedding.weight"}


def test_a_second_run_trains_nothing_anew(
    work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "_run_stage", lambda *_: pytest.fail("a stage was trained"))
    again = tmp_path / "again"
    shutil.copytree(work, again)
    shutil.rmtree(again / "bundle")
    model = (work / "bundle" / "model.onnx").read_bytes()
    bundle = smoke(again)
    assert (bundle / "model.onnx").read_bytes() == model


def test_parity_of_torch_fp32_and_the_bundle(work: Path, tmp_path: Path) -> None:
    paths = [str(work / name) for name in ("bundle", "fp32.onnx", "student.pt")]
    status = export(["parity", paths[0], "--fp32", paths[1], "--student", paths[2],
                     "--messages", "150", "--quick", "--out", str(tmp_path)])  # fmt: skip
    found = json.loads((tmp_path / "parity.json").read_text("utf-8"))
    assert status == 0
    assert found["messages"] >= 150
    assert max(found["fp32_and_torch"]["max_difference"].values()) <= TOLERANCE
    small = found["quantised_and_fp32"]
    assert 0 < small["mean_difference"]["risks"] < 0.05
    assert small["state_cosine_at_end"]["least"] > 0.98
    assert small["decisions"]["indicator_of_a_message"]["share"] < 0.01
    assert [row["messages"] for row in small["drift"]] == [10, 100]
    assert min(row["cosine"] for row in small["drift"]) > 0.98
    assert small["warned"]["graphs"].keys() == {"fp32", "quantised"}
    assert (tmp_path / "parity.md").read_text("utf-8") == render(found)


def test_real_chats_set_the_thresholds(with_corpora: Path) -> None:
    assert answers(with_corpora)
    manifest = json.loads((with_corpora / "manifest.json").read_text("utf-8"))
    splits = {
        name: [corpus_split(f"{name}:{i}") for i in range(count)]
        for name, count in CORPORA.items()
        if SOURCES[name].is_chat
    }
    spare = sum(splits[name].count("train") for name in splits if name in HELD_OUT_CORPORA)
    expected = sum(found.count("calibration") for found in splits.values()) + spare
    assert spare > 0
    proof = manifest["evidence"]["standard"]["notice"]
    assert proof["n"] == expected > 10  # each dialogue once, both ways round together
    assert manifest["evidence"]["held_out_corpora"] == list(HELD_OUT_CORPORA)


def test_thresholds_are_chosen_anew_over_the_same_model(
    work: Path, corpora: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle, folder = tmp_path / "older", tmp_path / "bundle"
    shutil.copytree(work / "bundle", bundle)
    (bundle / "manifest.sig").unlink()
    table = json.loads((bundle / "text.json").read_text("utf-8"))
    older = {**table, "version": 1}
    for key in ("disguises", "blanks", "marks"):
        del older[key]
    (bundle / "text.json").write_text(json.dumps(older), "utf-8")
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    manifest.pop("files")
    seal(bundle, manifest)
    given = ["recalibrate", str(bundle), "--smoke", "--work", str(tmp_path)]
    assert main([*given, "--corpora", str(corpora)]) == 0
    said = capsys.readouterr().out
    assert said.endswith(f"bundle: {folder}\n")
    assert "real chats do not prove these budgets" in said
    assert (folder / "model.onnx").read_bytes() == (bundle / "model.onnx").read_bytes()
    assert json.loads((folder / "text.json").read_text("utf-8")) == table
    found = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert found["sequence"] == manifest["sequence"] + 1
    assert found["evidence"]["standard"]["notice"]["n"] > 10
    assert found["evidence"]["language"] == manifest["evidence"]["language"]
    assert found["calibration"] == manifest["calibration"]
    assert main([*given, "--strange", "--corpora", str(corpora)]) == 0
    strange = json.loads((folder / "manifest.json").read_text("utf-8"))["evidence"]
    assert 0 < strange["standard"]["notice"]["n"] < found["evidence"]["standard"]["notice"]["n"]
    assert set(strange["corpora"]) <= set(HELD_OUT_CORPORA)
    assert set(strange["corpora"]) < set(found["evidence"]["corpora"])
    assert answers(folder)


def test_no_real_chat_need_be_judged_by_who_knows_its_corpus(work: Path, tmp_path: Path) -> None:
    (folder := tmp_path / "corpora").mkdir()
    write_corpora(folder, {**CORPORA, "sgd": 9})
    given = ["recalibrate", str(work / "bundle"), "--smoke", "--work", str(tmp_path)]
    given += ["--crossfit", "2", "--threads", "1", "--corpora", str(folder)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipe, "Amounts", lambda *_, **__: FEW)
        assert main(given) == 0
        patch.setattr(train, "_run_stage", lambda *_: pytest.fail("a student was trained anew"))
        assert main(given) == 0
    evidence = json.loads((tmp_path / "bundle/manifest.json").read_text("utf-8"))["evidence"]
    found = evidence["crossfit"]
    left_out = [name for group in found["groups"] for name in group]
    assert sorted(found["groups"]) == [["casino"], ["sgd"]]
    assert sorted(left_out) == sorted(set(evidence["corpora"]) - set(HELD_OUT_CORPORA))
    assert 0 < found["dialogues"] < evidence["standard"]["notice"]["n"]
    assert answers(tmp_path / "bundle")


@pytest.mark.parametrize("command", [["recipe"], ["recalibrate", "none"], ["combine", "none"]])
def test_cross_fitting_without_real_chats_is_refused_before_any_training(
    command: list[str], work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [str(work / "bundle") if part == "none" else part for part in command]
    given = [*command, "--smoke", "--crossfit", "2", "--work", str(tmp_path)]
    assert main(given) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "cross-fitting in 2 groups" in said
    assert not (tmp_path / "base").exists()
    assert not (tmp_path / "crossfit").exists()


@pytest.mark.parametrize("more", [[], ["--strange"]])
def test_thresholds_are_not_chosen_anew_without_real_chats(
    work: Path, tmp_path: Path, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["recalibrate", str(work / "bundle"), "--smoke", "--work", str(tmp_path)]
    assert main([*given, *more]) == 3
    assert "no real chats to choose thresholds by" in capsys.readouterr().err
    assert not (tmp_path / "bundle").exists()


def test_a_folder_begun_with_another_seed_is_refused_in_one_line(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(work / "origin.json", tmp_path / "origin.json")
    assert main(["recipe", "--smoke", "--work", str(tmp_path), "--seed", "2"]) == 3
    assert "begun with another seed (1)" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["recalibrate", "combine"])
def test_a_bundle_that_cannot_be_read_is_refused_in_one_line(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(tmp_path / "none"), "--work", str(tmp_path)]) == 3
    assert capsys.readouterr().err.count("\n") == 1


def test_a_recipe_of_two_members_trains_each_by_a_seed_of_its_own(with_corpora: Path) -> None:
    manifest = json.loads((with_corpora / "manifest.json").read_text("utf-8"))
    assert [member["seed"] for member in manifest["members"]] == [1, 2]
    assert manifest["seed"] == 1
    assert manifest["state_size"] == 2 * 128
    name = "risk_out.weight"
    paths = [with_corpora.parent / file for file in ("student.pt", "student-2.pt")]
    one, other = (recipe.load_student(path).state_dict()[name].numpy() for path in paths)
    assert np.abs(one - other).max() > 0


def test_the_same_seed_trains_the_same_student(
    work: Path, corpora: Path, with_corpora: Path, tmp_path: Path
) -> None:
    learnt(tmp_path, work, corpora, members=1)
    paths = [folder / "student.pt" for folder in (tmp_path, with_corpora.parent)]
    one, other = (recipe.load_student(path).state_dict() for path in paths)
    for name, weight in one.items():
        assert bool((weight == other[name]).all()), name


def test_each_member_hears_the_teacher_on_chats_of_its_own(work: Path, with_corpora: Path) -> None:
    manifest = json.loads((with_corpora / "manifest.json").read_text("utf-8"))
    teacher = hashlib.sha256((work / "bundle" / "manifest.json").read_bytes()).hexdigest()
    assert [member["teacher"] for member in manifest["members"]] == [teacher] * 2
    heard = [np.load(with_corpora.parent / "soft" / seed / "0.npy") for seed in "12"]
    for said in heard:
        assert said.shape[1] == len(INDICATORS) + len(CUES) + 2
        assert np.isfinite(said).all()
    assert heard[0].shape != heard[1].shape


def test_a_student_and_the_weights_of_its_bundle_answer_together(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same weights twice, once from the checkpoint, once from what a phone has of them."""
    members = [str(work), str(work / "bundle")]
    assert main(["combine", *members, "--smoke", "--threads", "1", "--work", str(tmp_path)]) == 0
    bundle = tmp_path / "bundle"
    assert capsys.readouterr().out.endswith(f"bundle: {bundle}\n")
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    single = json.loads((work / "bundle" / "manifest.json").read_text("utf-8"))
    assert manifest["state_size"] == 2 * single["state_size"]
    assert [m["training_commit"] for m in manifest["members"]] == [single["training_commit"]] * 2
    fits = [np.array(found["calibration"]["risks"]["a"]) for found in (manifest, single)]
    np.testing.assert_allclose(*fits, rtol=0.05)  # fitted on what both say, which is the same
    for one, other in zip(answers(bundle), answers(work / "bundle"), strict=True):
        assert one == pytest.approx(other, abs=0.02)
    paths = [str(tmp_path / name) for name in ("fp32.onnx", "member.pt", "member-2.pt")]
    assert export(["parity", str(bundle), "--fp32", paths[0], "--student", *paths[1:],
                   "--messages", "100", "--quick", "--out", str(tmp_path)]) == 0  # fmt: skip


def test_the_students_of_a_bundle_are_its_own_whole_numbers(with_corpora: Path) -> None:
    bundle = read_unsigned(with_corpora)
    calibration = {
        k: bundle.manifest.raw["calibration"][k] for k in ("risks", "indicators", "cues")
    }
    graphs = [quantise(to_onnx(student, calibration)) for student in students_of(bundle)]
    one, other = (
        {t.name: onnx.numpy_helper.to_array(t) for t in graph.graph.initializer}
        for graph in (together(graphs), onnx.load_from_string(bundle.files["model.onnx"]))
    )
    whole = [name for name in one if one[name].dtype in (np.int8, np.uint8)]
    assert len(whole) == 2 * 11 + 1
    for name in whole:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)
    layers = [one[f"{MEMBER}{i}/encoder/d3.int8"] for i in (0, 1)]
    assert (layers[0] != layers[1]).any()


def test_a_bundle_that_lacks_a_file_is_named(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(work / "bundle", broken)
    (broken / "tokenizer.json").unlink()
    assert main(["combine", str(work), str(broken), "--work", str(tmp_path / "w")]) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"{broken}: tokenizer.json: missing" in said


def test_real_chats_change_the_weights(work: Path, with_corpora: Path) -> None:
    name = "risk_out.weight"
    paths = (work / "student.pt", with_corpora.parent / "student.pt")
    one, other = (recipe.load_student(path).state_dict()[name].numpy() for path in paths)
    assert np.abs(one - other).max() > 0


def test_a_corpus_that_is_not_registered_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "corpora"
    folder.mkdir()
    (folder / "unheard_of.jsonl.gz").write_bytes(gzip.compress(b"{}\n"))
    arguments = ["recipe", "--smoke", "--work", str(tmp_path / "w"), "--corpora", str(folder)]
    assert main(arguments) == 3
    said = capsys.readouterr().err
    assert said == "safelight_training: unheard_of.jsonl.gz: not in the registry of corpora\n"
