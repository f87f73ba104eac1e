"""Peers learn what they are shown, see only the past, and their word list is in order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from safelight.taxonomy import INDICATORS
from safelight_training.data.languages import LANGUAGES
from safelight_training.data.policy_scan import problems
from safelight_training.evaluation.baselines import keywords, sentences, transformer, windows
from safelight_training.evaluation.baselines.frozen import Frozen
from safelight_training.evaluation.baselines.sentinel import Sentinel
from safelight_training.evaluation.baselines.tfidf import Tfidf


def chat(texts: list[str], risky: bool = False, sign: int = 2) -> dict[str, Any]:
    last = len(texts) - 1
    marks = {"first_sign": sign, "warn_by": last, "label": "grooming",
             "risks": {"grooming": [sign, last], "sextortion": None}}  # fmt: skip
    messages = [{"sender": "self" if i % 2 else "peer", "text": t} for i, t in enumerate(texts)]
    harmless = {"label": "none", "risks": {"grooming": None, "sextortion": None}}
    return {"language": "en", "messages": messages, **(marks if risky else harmless)}


CALM = [chat([f"the match at {i}", "yes", "see you there", "ok bring the ball"]) for i in range(30)]
RISKY = [
    chat([f"the match at {i}", "yes", "our little secret", "hm", "do not tell mum"], True)
    for i in range(30)
]


def test_word_list_is_large_clean_and_in_seven_languages() -> None:
    found = keywords.phrases()
    assert set(found) == set(LANGUAGES)
    texts = [t for by_indicator in found.values() for group in by_indicator.values() for t in group]
    assert len(texts) >= 150
    for language, by_indicator in found.items():
        mine = [text for group in by_indicator.values() for text in group]
        assert len(mine) == len(set(mine)) >= 36, language
        assert set(by_indicator) <= set(INDICATORS)
        assert [text for text in mine if problems(text, language)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("It's OUR  little secret!", {"secrecy"}), ("nothing here", set()),
     ("Don’t tell anyone", {"secrecy"}), ("ourlittlesecretary", set())],
)  # fmt: skip
def test_phrases_are_found_whole(text: str, expected: set[str]) -> None:
    assert set(keywords.matched(text)) == expected


def test_keyword_score_counts_indicators_of_the_other_side() -> None:
    mine = chat(["hi", "our little secret", "our little secret", "x", "don't tell anyone"])
    assert keywords.Keywords().scores([mine])[0].tolist() == [0, 0, 1.01, 1.01, 1.02]


def test_windows_sum_the_recent_past_of_their_own_chat() -> None:
    summed = windows.recent_sum([3, 2], 2) @ np.array([1.0, 10, 100, 1000, 10000])
    assert summed.tolist() == [1, 11, 110, 1000, 11000]
    ends = windows.ends(RISKY[:2], 1, 1)
    assert {number for number, _ in ends} == {0, 1}
    assert all(place in range(5) for _, place in ends)
    risky = windows.labels(RISKY[0])
    assert not risky[:2].any() and risky[-1]


def test_tfidf_learns_and_is_causal() -> None:
    model = Tfidf(features=2**12).fit([*CALM, *RISKY])
    calm, loud = (model.scores(some) for some in (CALM[:3], RISKY[:3]))
    assert max(s.max() for s in calm) < 0.5 < min(s[-1] for s in loud)
    assert all(s[0] < 0.5 for s in loud)
    short = {**RISKY[0], "messages": RISKY[0]["messages"][:3]}
    assert model.scores([short])[0] == pytest.approx(loud[0][:3])


def by_letters(texts: Any) -> np.ndarray:
    """A stand-in for a sentence encoder: counts of letters, unit length."""
    rows = np.array([[text.lower().count(letter) + 0.01 for letter in LETTERS] for text in texts])
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


LETTERS = "abcdefghijklmnopqrstuvwxyz"


def test_frozen_embeddings_learn_and_are_causal() -> None:
    model = Frozen("frozen", sentences.in_batches(by_letters)).fit([*CALM, *RISKY])
    calm, loud = (model.scores(some) for some in (CALM[:3], RISKY[:3]))
    assert max(s[-1] for s in calm) < 0.5 < min(s[-1] for s in loud)
    short = {**RISKY[0], "messages": RISKY[0]["messages"][:3]}
    assert model.scores([short])[0] == pytest.approx(loud[0][:3])


def test_sentinel_reads_the_skewness_of_the_other_side() -> None:
    shown = [{**c, "messages": [{**m, "indicators": ["secrecy"] if "secret" in m["text"] else []}
                                for m in c["messages"]]} for c in [*CALM, *RISKY]]  # fmt: skip
    model = Sentinel(sentences.in_batches(by_letters)).fit(shown)
    odd = chat(["see you there", "a", "bring the ball", "b", "our little secret", "c", "the match"])
    own = chat(["see you there", "a", "bring the ball", "our little secret", "the match", "c"])
    loud, calm = model.scores([odd, own])
    assert loud[3] == 0 and loud[4] > 0.4  # two messages of the other side say nothing yet
    assert calm.max() < loud[4]


def test_equal_texts_are_encoded_once() -> None:
    asked: list[str] = []
    encode = sentences.in_batches(lambda texts: asked.extend(texts) or by_letters(texts), 2)
    found = encode(["bb", "a", "bb", "ccc"])
    assert sorted(asked) == ["a", "bb", "ccc"]
    assert found == pytest.approx(by_letters(["bb", "a", "bb", "ccc"]))


@pytest.mark.parametrize(
    ("decide", "said", "expected"),
    [
        (transformer.espd, [0.9] * 4 + [0.1, 0.8], [0, 0, 0, 0, 0.1, 0.8]),
        (transformer.espd, [0.2] * 12, [0] * 4 + [0.2] * 8),
        (transformer.worst_window, [0.1, 0.5, 0.2], [0.1, 0.5, 0.5]),
    ],
)
def test_how_windows_decide(decide: Any, said: list[float], expected: list[float]) -> None:
    """eSPD: five of the last ten windows must be positive; paxmod: the worst window counts."""
    assert decide(np.array(said)).tolist() == expected


def test_a_transformer_learns_windows() -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel

    words = sorted({w for c in (*CALM, *RISKY) for m in c["messages"] for w in m["text"].split()})
    vocabulary = {word: i for i, word in enumerate(["<pad>", "<unk>", "<", ">", *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, "<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.enable_padding(pad_id=0, pad_token="<pad>")
    config = BertConfig(vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=1,
                        num_attention_heads=2, intermediate_size=32)  # fmt: skip
    torch.manual_seed(1)
    encoder = BertModel(config, add_pooling_layer=False)
    model = transformer.Windows("w", encoder, tokenizer, 40, transformer.worst_window, tokens=64)
    model.fit([*CALM, *RISKY] * 12, rate=3e-3)
    calm, loud = (model.scores(some) for some in (CALM[:4], RISKY[:4]))
    assert max(s[-1] for s in calm) < min(s[-1] for s in loud)
    other = model.under("v", 5, transformer.espd)
    assert (other.name, other.window, model.window) == ("v", 5, 40)
    assert other.encoder is model.encoder
    assert other.scores(RISKY[:1])[0][0] == 0.0  # one window is not five
    model.step = 2
    assert [len(s) for s in model.scores(RISKY[:2])] == [5, 5]
    held = model.scores(RISKY[:1])[0]
    assert held[0] == held[1]  # the second message has no window of its own
