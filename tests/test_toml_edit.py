"""A TOML text is changed where it was meant to be, and nowhere else."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from htkeval.cli.commands import COMMANDS
from htkeval.errors import Refused
from htkeval.steps.draft import Draft, files
from htkeval.toml_edit import edited

TEXT = files(
    Draft("x", "Et forsøg", "speech_to_text", "within", date(2026, 11, 25)), "da", commands=COMMANDS
)["trial.toml"]
"""What `htkeval new` writes."""


@pytest.mark.parametrize(
    ("text", "place", "value", "expected"),
    [
        ("a = 1 # one\n", ("a",), 2, "a = 2 # one\n"),
        ('a = "x # y"   # z\n', ("a",), "q", 'a = "q"       # z\n'),
        ("# a = \nb = 1\n", ("a",), 3, "a = 3\nb = 1\n"),
        ("[t]\nb = 1\n[u]\nb = 2\n", ("u", "b"), 9, "[t]\nb = 1\n[u]\nb = 9\n"),
        ("[[m]]\nb = 1\n[[m]]\nb = 2\n", ("m", 1, "b"), 9, "[[m]]\nb = 1\n[[m]]\nb = 9\n"),
        ("a = 1\n", ("t", "b"), True, "a = 1\n\n[t]\nb = true\n"),
        ("a = 1\r\nb = 2\r\n", ("a",), 5, "a = 5\r\nb = 2\r\n"),
        ("a = 1 # x\n", ("a",), None, "# a = 1 # x\n"),
        ("a = 0.10\n", ("a",), 0.1, "a = 0.10\n"),  # the same number keeps its notation
        ("a = 1\n[t]\n", ("t", "b"), 1, "a = 1\n[t]\nb = 1\n"),
    ],
)
def test_a_value_is_changed_in_its_place(text, place, value, expected):
    assert edited(text, {place: value}) == expected


@pytest.mark.parametrize("text", ['a = """\nx\n"""\n', "a = [\n1,\n]\n", "t = {b = 1}\n"])
def test_what_is_not_understood_is_refused_in_words_and_never_written_wrong(text):
    place = ("t", "b") if text.startswith("t") else ("a",)
    with pytest.raises(Refused, match="only a person can change"):
        edited(text, {place: 2})


@given(st.text(max_size=60))
def test_any_words_are_read_as_they_were_written_and_every_remark_stays(words):
    made = edited(TEXT, {("question",): words or "x", ("economics", "owner"): words or "x"})
    assert tomllib.loads(made)["question"] == (words or "x")
    kept = {line.rsplit("# ", 1)[-1] for line in made.splitlines()}
    assert {line.rsplit("# ", 1)[1] for line in TEXT.splitlines() if "  # " in line} <= kept
