"""Generating all conversations, with the real phrasebooks at a small size."""

import pytest

from safelight.taxonomy import CUES, INDICATORS
from safelight_training.data.generate import ARC, SPLITS, conversations
from safelight_training.data.languages import LANGUAGES
from safelight_training.data.leaks import leaks
from safelight_training.data.marks import warn_by
from safelight_training.data.scenario import families
from safelight_training.data.splits import TEST_VOICES, scenario_split

COUNTS = {language: {"train": 300, "validation": 90, "test": 90} for language in LANGUAGES}


@pytest.fixture(scope="module")
def made():
    return list(conversations(5, LANGUAGES, COUNTS))


def of_scenarios(made):
    return [chat for chat in made if chat["family"].startswith("scenario/")]


def test_the_same_seed_gives_the_same_conversations(made):
    assert list(conversations(5, LANGUAGES, COUNTS)) == made
    other = list(conversations(6, ("en",), COUNTS))
    assert other != [chat for chat in made if chat["language"] == "en"]


def test_counts_and_unique_ids(made):
    ids = [chat["id"] for chat in made]
    assert len(set(ids)) == len(ids)
    for language, wanted in COUNTS.items():
        for split in SPLITS:
            mine = [c for c in of_scenarios(made)
                    if (c["language"], c["split"]) == (language, split)]  # fmt: skip
            assert len(mine) == wanted[split]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_family_runs_in_every_language(made, language):
    seen = {chat["family"] for chat in made if chat["language"] == language}
    assert {f"scenario/{name}" for name in families()} <= seen


def test_families_keep_to_their_split_and_nothing_leaks(made):
    for chat in of_scenarios(made):
        assert chat["split"] == scenario_split(chat["family"].removeprefix("scenario/"))
    assert set(leaks(of_scenarios(made)).values()) == {0}


def test_labels_sit_where_the_taxonomy_says(made):
    for chat in made:
        for message in chat["messages"]:
            owner = message["sender"] == "self"
            assert not message["indicators" if owner else "cues"]
            assert set(message["indicators"]) <= set(INDICATORS)
            assert set(message["cues"]) <= set(CUES)
            assert message["text"] or message.get("media")
            assert "{" not in message["text"]


def test_risky_chats_carry_marks_by_the_rule(made):
    risky = [chat for chat in of_scenarios(made) if chat["label"] != "none"]
    assert risky
    for chat in risky:
        messages, (first, last) = chat["messages"], chat["risks"][chat["label"]]
        assert first == chat["first_sign"] <= chat["warn_by"] == warn_by(messages)
        assert messages[first]["indicators"]
        assert not any(message["indicators"] for message in messages[:first])
        assert not any(message["indicators"] for message in messages[last + 1 :])
        assert chat["warn_by"] <= last < len(messages)


def test_some_risky_chats_go_back_to_ordinary_talk(made):
    after = [chat["risks"][chat["label"]][1] < len(chat["messages"]) - 1
             for chat in of_scenarios(made) if chat["label"] != "none"]  # fmt: skip
    assert 0.1 < sum(after) / len(after) < 0.9


def test_harmless_chats_show_one_weak_sign_at_most(made):
    weak = {"personal_info_request", "special_bond", "identity_claim", "boundary_test"}
    harmless = [chat for chat in of_scenarios(made) if chat["label"] == "none"]
    signs = [{i for m in chat["messages"] for i in m["indicators"]} for chat in harmless]
    assert all(len(found) <= 1 and found <= weak for found in signs)
    assert any(signs)


def test_a_partner_shares_the_ordinary_talk_of_its_risky_chat(made):
    by_id = {chat["id"]: chat for chat in made}
    partners = [chat for chat in made if chat["kind"].endswith("_one_sign")]
    assert partners
    shared = [
        {m["text"] for m in chat["messages"]}
        & {m["text"] for m in by_id[chat["id"][:-1] + "a"]["messages"]}
        for chat in partners
    ]
    assert sum(map(bool, shared)) > len(shared) / 2


def test_one_sign_more_makes_an_arc_of_a_partner(made):
    by_id = {chat["id"]: chat for chat in made}
    arcs = [chat for chat in made if chat["kind"].endswith("_arc_sign")]
    assert arcs
    for chat in arcs:
        assert chat["label"] == "grooming"
        signs = [set(message["indicators"]) for message in chat["messages"]]
        assert sum(bool(found & set(ARC)) for found in signs) == 1
        assert all(len(found) <= 1 for found in signs)
        partner = by_id.get(chat["id"][:-1] + "b")
        if partner:
            assert partner["label"] == "none"
            same = [a["text"] == b["text"] for a, b in
                    zip(chat["messages"], partner["messages"], strict=False)]  # fmt: skip
            assert sum(same) > len(same) / 2


def test_an_arc_made_of_a_partner_ends_where_its_chat_goes_back_to_talk(made):
    by_id = {chat["id"]: chat for chat in made}
    arcs = [chat for chat in made if chat["kind"].endswith("_arc_sign")]
    ends = [(chat, by_id[chat["id"][:-1] + "a"]) for chat in arcs]
    over = [chat for chat, origin in ends
            if origin["risks"][origin["label"]][1] < len(origin["messages"]) - 1]  # fmt: skip
    ended = [chat["risks"]["grooming"][1] < len(chat["messages"]) - 1 for chat in over]
    assert over
    assert sum(ended) > len(ended) / 2


def test_half_of_the_chats_have_times_that_never_run_back(made):
    timed = [c for c in made if "offset_s" in c["messages"][0]]
    assert 0.4 < len(timed) / len(made) < 0.6
    for chat in timed:
        offsets = [message["offset_s"] for message in chat["messages"]]
        assert offsets == sorted(offsets)


def test_test_voices_are_seen_in_no_other_split(made):
    authored = [chat for chat in made if chat["family"].startswith("authored/")]
    assert {chat["split"] for chat in authored} == set(SPLITS)
    assert {c["split"] for c in authored if c["voice"] in TEST_VOICES} <= {"test"}


def test_a_language_without_enough_phrases_ends(tmp_path):
    folder = tmp_path / "en"
    folder.mkdir()
    (folder / "v01.txt").write_text("[self:ok]\nsure\n", encoding="utf-8")
    counts = {"en": {"train": 5}}
    assert list(conversations(1, ("en",), counts, tmp_path, tmp_path / "none")) == []
