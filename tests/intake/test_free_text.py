"""What people write themselves is kept for good, so it is searched before it is."""

import pytest

from htkeval.errors import Refused
from htkeval.intake.free_text import LONGEST, refuse, texts_of


def told(text):
    with pytest.raises(Refused) as refused:
        refuse({"--why": text})
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("borger 010203-1234 klagede", "something shaped like a CPR number"),
        ("skriv til bo@eksempel.dk", "an e-mail address"),
        ("ring til Bo 28914417", "a Danish telephone number"),
        ("x" * (LONGEST + 1), "a text of 2,001 characters"),
        ("rød \x1b[31m", "signs that no screen shows"),
        ("slut\x00", "signs that no screen shows"),
        ("\u202elgnis", "signs that no screen shows"),
        ("halv \udce6", "signs that no screen shows"),
    ],
)
def test_a_text_that_may_not_be_kept_is_refused_and_not_repeated(text, found):
    said = told(text)
    assert said.startswith(f"--why: found {found}; expected ")
    for part in ("1234", "4417", "bo@", "xxxx", "[31m", "lgnis"):
        assert part not in said


@pytest.mark.parametrize(
    "text",
    ["", "Uge 7 gik ud: »ferie« – 12 %", "to\nlinjer\tog mere", "sag 24/123456", "x" * LONGEST],
)
def test_what_offices_write_passes(text):
    refuse({"--why": text})


def test_every_problem_is_told_at_once():
    with pytest.raises(Refused) as refused:
        refuse({"a": "010203-1234", "b": "fint", "c": "\x07"})
    assert [problem.place for problem in refused.value.problems] == ["a", "c"]


def test_every_text_of_a_definition_is_found_with_its_key():
    definition = {"title": "T", "arms": {"baseline": {"label": "L"}}, "looks": [0.5, 1.0],
                  "metrics": [{"id": "m", "cap": None}]}  # fmt: skip
    assert dict(texts_of(definition)) == {
        "title": "T", "arms.baseline.label": "L", "metrics.0.id": "m",
    }  # fmt: skip
