"""The pruned vocabulary: every character kept, nothing unknown, ids framed as in pre-training."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from tokenizers import Tokenizer

from safelight.text import TextPreparer
from safelight_export import prune_vocab
from safelight_export.prune_vocab import CONTROL, Piece, build_tokenizer, choose, read_pieces
from safelight_export.text_table import build_table
from safelight_training.encoders.usem3 import sentencepiece_path

SIZE = 7_000
TOKENS = list(build_table()["tokens"].values())
SAMPLE = (
    "did you finish the maths sheet? i am stuck on number four",
    "t'as fait l'exo de maths ? c'était à côté, mdr",
    "Übermorgen Fußball, größer als gestern!",
    "perché non sei venuto, è già tardi",
    "学校は何時に終わるの?宿題終わった?",
    "¿mañana vienes? ¡qué bien!",
    "você não vai à aula amanhã?",
    "zzzxqj wkkkk 98765 :-) ^^",
)


@pytest.fixture(scope="module")
def pieces() -> list[Piece]:
    return read_pieces(sentencepiece_path())


@pytest.fixture(scope="module")
def kept(pieces: list[Piece]) -> Iterator[list[int]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prune_vocab, "WORDS_PER_LANGUAGE", 500)  # quick; all do the same
        yield choose(pieces, {"en": ["skibidi skibidi rizz"] * 20_000}, ("en", "ja"), SIZE)


@pytest.fixture(scope="module")
def tokenizer(pieces: list[Piece], kept: list[int]) -> Tokenizer:
    return build_tokenizer([pieces[i] for i in kept], TOKENS)


def test_pieces_are_read_in_the_order_of_their_ids(pieces: list[Piece]) -> None:
    assert len(pieces) == 128_000
    assert tuple(text for text, _ in pieces[:3]) == CONTROL
    assert all(score <= 0 for _, score in pieces)


def test_the_size_is_kept_and_the_order_too(kept: list[int]) -> None:
    assert len(kept) == SIZE
    assert kept == sorted(set(kept))
    assert kept[:3] == [0, 1, 2]


def test_every_character_is_kept(pieces: list[Piece], kept: list[int]) -> None:
    chosen = set(kept)
    single = [
        i
        for i, (text, _) in enumerate(pieces)
        if len(unicodedata.normalize("NFKC", text.removeprefix("\u2581"))) <= 1
    ]
    assert len(single) > 5000
    assert not [i for i in single if i not in chosen]


def test_common_words_and_words_of_training_are_kept(tokenizer: Tokenizer) -> None:
    for text, most in (("because", 1), ("people", 1), ("skibidi", 4)):
        assert len(tokenizer.encode(text, add_special_tokens=False).ids) <= most, text


@pytest.mark.parametrize("text", SAMPLE)
def test_nothing_is_unknown(tokenizer: Tokenizer, text: str) -> None:
    prepared = TextPreparer(build_table()).prepare(text)
    encoding = tokenizer.encode(prepared)
    assert 0 not in encoding.ids
    assert "".join(encoding.tokens[1:-1]).replace("\u2581", " ").strip() == prepared


@pytest.mark.parametrize("text", ["", "hello", "[IMAGE] look", "学校"])
def test_ids_are_framed(tokenizer: Tokenizer, text: str) -> None:
    ids = tokenizer.encode(text).ids
    assert (ids[0], ids[-1]) == (1, 2)
    assert ids[1:-1] == tokenizer.encode(text, add_special_tokens=False).ids


@pytest.mark.parametrize("token", TOKENS)
def test_a_fixed_token_is_one_id_behind_the_pieces(tokenizer: Tokenizer, token: str) -> None:
    number = tokenizer.token_to_id(token)
    assert number == SIZE + TOKENS.index(token)
    assert number in tokenizer.encode(f"see {token} now").ids


def test_the_file_gives_the_same_tokenizer(tokenizer: Tokenizer) -> None:
    again = Tokenizer.from_str(tokenizer.to_str(pretty=False))
    for text in SAMPLE:
        assert again.encode(text).ids == tokenizer.encode(text).ids
    assert again.truncation is None
    assert again.padding is None
