"""Corpora from the packages that carry them."""

import itertools

import pytest

from safelight_training.corpora import SOURCES, packages, real_conversations, write_packaged
from safelight_training.corpora.packages import IDS, PACKAGED, chatterbot, chitchat


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("packaged")
    assert set(write_packaged(out)) == set(PACKAGED) <= set(SOURCES)
    return out


def test_the_folder_is_read_like_any_other(folder):
    chats = list(real_conversations(folder, ("en", "es", "pt", "ja")))
    assert {chat["corpus"] for chat in chats} >= {"chitchat_byu", "chatterbot_es", "chatterbot_pt"}
    assert all(chat["messages"] for chat in chats)


def test_only_conversations_for_training_are_read():
    lines = IDS.read_text("utf-8").splitlines()
    wanted = {line for line in lines if not line.startswith("#")}
    ids = [row["id"].partition(":")[2] for row in chitchat()]
    assert len(ids) == len(wanted)
    assert {name[:8] for name in ids} == wanted


def test_times_are_the_chat_s_own_and_never_run_back():
    for row in itertools.islice(chitchat(), 200):
        offsets = [message["offset_s"] for message in row["messages"]]
        assert offsets[0] == 0
        assert offsets == sorted(offsets)
        assert row["messages"][0]["sender"] == "a"
    assert offsets[-1] > 0


def test_exchanges_go_turn_about():
    rows = list(chatterbot("es"))
    assert all(row["id"].startswith("chatterbot_es:") for row in rows)
    assert all(row["messages"][0]["sender"] == "a" for row in rows)


def test_the_same_bytes_every_time(folder, tmp_path):
    write_packaged(tmp_path)
    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_a_missing_package_is_one_line(monkeypatch):
    def absent(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(packages, "files", absent)
    with pytest.raises(packages.CorpusError, match="make environment-dev"):
        list(chitchat())
