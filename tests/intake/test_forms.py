"""What a Microsoft form's answers say, and of whom they say nothing."""

from __future__ import annotations

import importlib
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.errors import SheetError
from htkeval.intake.technical.forms import read_answers
from tests.intake.evaluated import HEAD, QUESTIONS, SECRET, answers, write_form

ENGLISH = ("ID", "Start time", "Completion time", "Email", "Name")


@pytest.fixture
def read(tmp_path):
    def it(rows, **given):
        return read_answers(write_form(tmp_path / "svar.xlsx", rows), **given)

    return it


def counts(question):
    return {one.text: one.n for one in question.answers}


@pytest.mark.parametrize("head", [HEAD, ENGLISH])
def test_ratings_are_counted_with_the_median_time_in_both_languages(tmp_path, head):
    rows = answers([4] * 6 + [5] * 5)
    found = read_answers(write_form(tmp_path / "svar.xlsx", rows, head=head))
    rating = found.questions[0]
    assert (rating.text, counts(rating), rating.others) == (QUESTIONS[0], {"4": 6, "5": 5}, 0)
    assert (found.score("persons"), found.score("completion_minutes.median")) == (11, 6)
    assert found.evidence == "self_reported"


def test_neither_names_nor_addresses_nor_own_words_are_kept(read):
    mails = [f"ida{n}@eksempel.dk" for n in range(12)]
    kept = read(answers([4] * 12, mails=mails)).model_dump_json()
    for secret in (SECRET, "eksempel", "Ida"):
        assert secret not in kept


def test_own_words_that_many_share_are_no_choice(read):
    rows = answers([4] * 20)
    for n, row in enumerate(rows):
        row[-1] = "nej" if n < 6 else f"{SECRET} {n}"
    found = read(rows)
    assert QUESTIONS[2] not in [one.text for one in found.questions]
    assert [one.name for one in found.flags] == ["left_out"]


def test_a_small_answer_is_no_answer_and_does_not_follow_by_subtraction(read):
    rating = read(answers([1] * 8 + [2] * 6 + [3] * 2)).questions[0]
    assert (counts(rating), rating.others) == ({"1": 8}, 8)
    assert read(answers([1] * 8 + [2] * 2)).questions[0].answers == ()


def test_of_several_answers_each_is_told_by_itself(read):
    uses = ["Referater;"] * 6 + ["Referater;Breve;"] * 6 + ["Breve;"] * 3 + [""] * 5
    several = read(answers([4] * 20, uses=uses)).questions[1]
    assert several.several
    assert (counts(several), several.others) == ({"Referater": 12, "Breve": 9}, None)


def test_an_answer_that_nearly_everybody_gave_tells_of_the_few_who_did_not(read):
    uses = ["Referater;Breve;"] * 8 + ["Breve;"] * 2 + ["Andet;"] * 0
    assert counts(read(answers([4] * 10, uses=uses)).questions[1]) == {"Breve": 10}


def test_who_answered_twice_counts_once_by_the_last_answer(read):
    mails = [f"p{n}@eksempel.dk" for n in range(6)] + ["P0@eksempel.dk"]
    found = read(answers([1, 2, 2, 2, 2, 2, 2], mails=mails))
    assert (found.score("persons"), counts(found.questions[0])) == (6, {"2": 6})
    assert "repeated" in [one.name for one in found.flags]


def test_fewer_than_five_persons_are_refused_however_many_answers(read):
    mails = ["a@x.dk", "b@x.dk", "c@x.dk", "d@x.dk"] * 2
    with pytest.raises(SheetError, match="fewer than"):
        read(answers([4] * 8, mails=mails))


def test_a_persons_name_is_not_told_as_an_answer(read):
    uses = ["Mette;"] * 6 + ["Breve;"] * 6
    several = read(answers([4] * 12, uses=uses), known=frozenset({"mette"})).questions[1]
    assert counts(several) == {"Breve": 6}
    uses = ["010203-1234;"] * 6 + ["Breve;"] * 6
    assert counts(read(answers([4] * 12, uses=uses)).questions[1]) == {"Breve": 6}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=5, max_size=40))
def test_no_group_of_one_to_four_is_told_or_follows(tmp_path_factory, ratings):
    folder = tmp_path_factory.mktemp("form")
    found = read_answers(write_form(folder / "svar.xlsx", answers(ratings)))
    for question in found.questions:
        told = [one.n for one in question.answers]
        assert all(n >= 5 for n in told)
        if not question.several:
            assert question.others is not None
            assert sum(told) + question.others == len(ratings)
            assert question.others == 0 or question.others >= 5
        else:
            assert all(not 0 < len(ratings) - n < 5 for n in told)


def test_a_workbook_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    importlib.import_module("htkeval.intake.workbook_xml")  # else its own limit would be this
    monkeypatch.setattr("htkeval.intake.package.LARGEST", 2**20)
    file = write_form(tmp_path / "svar.xlsx", answers([4] * 6))
    assert read_answers(file).score("persons") == 6
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/tom.bin", bytes(2**21))
    with pytest.raises(SheetError, match=r"svar\.xlsx"):
        read_answers(file)


def test_what_is_no_form_is_refused(tmp_path):
    file = tmp_path / "svar.xlsx"
    file.write_bytes(b"PK\x03\x04")
    with pytest.raises(SheetError):
        read_answers(file)
    other = tmp_path / "andet.csv"
    other.write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(SheetError, match="no column"):
        read_answers(other)
