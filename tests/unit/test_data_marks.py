"""first_sign, warn_by and spans, as taxonomy.md defines them."""

import pytest

from safelight_training.data.marks import first_sign, moved, spans, warn_by


def chat(script):
    """ "." ordinary; indicators by name; cues by name with a leading "<"."""
    return [
        {
            "text": "",
            "indicators": [] if word in "." or word[0] == "<" else word.split("+"),
            "cues": [word[1:]] if word[0] == "<" else [],
        }
        for word in script.split()
    ]


@pytest.mark.parametrize(
    ("script", "first", "warn"),
    [
        (". secrecy . image_request <complied", 1, 3),
        ("image_request <refusal . image_request", 0, 3),
        ("image_request <refusal pressure .", 0, 0),
        ("image_request <complied <refusal image_request", 0, 0),
        ("meet_request <refusal share_threat", 0, 2),
        ("meet_request <refusal meet_request <refusal meet_request", 0, 2),
        ("share_threat+payment_demand <refusal payment_demand", 0, 0),
        (". special_bond . self_harm_push", 1, 3),
        ("secrecy . isolation .", 0, 2),
    ],
)
def test_marks(script, first, warn):
    assert (first_sign(chat(script)), warn_by(chat(script))) == (first, warn)


@pytest.mark.parametrize(
    ("script", "label", "end", "grooming", "sextortion"),
    [
        (". secrecy image_request . .", "grooming", None, [1, 4], None),
        (". secrecy image_request . .", "grooming", 2, [1, 2], None),
        ("secrecy . share_threat .", "grooming", None, [0, 3], [2, 3]),
        (". hacked_claim . payment_demand", "sextortion", None, None, [1, 3]),
    ],
)
def test_spans(script, label, end, grooming, sextortion):
    found = spans(chat(script), label, end)
    assert found == {"grooming": grooming, "sextortion": sextortion}


def test_marks_move_with_their_messages():
    old = {"risks": {"grooming": [0, 1], "sextortion": None}, "first_sign": 0, "warn_by": 1}
    new = moved(old, [{}] * 5, [2, 4])
    assert new["risks"] == {"grooming": [2, 4], "sextortion": None}
    assert (new["first_sign"], new["warn_by"]) == (2, 4)
