"""A sheet that writes somebody otherwise than before would make two people of one."""

import json

import pytest

from tests.cli.test_participation import deliver, line, work
from tests.examples import sheet

__all__ = ["work"]


def people(call):
    answer = call("participants", "proeve", "--format", "json")
    return [one["participant"] for one in json.loads(answer.out)["participants"]]


@pytest.mark.parametrize("written", ["m01", "Ｍ01"])
def test_a_known_person_under_another_spelling_is_refused_with_the_one_that_is_known(
    work, call, written
):
    answer = deliver(work, call, line("M02", "2020-02-11"), line(written, "2020-02-11"))
    assert answer.code == 1
    assert "measurement no. 2" in answer.err
    assert "M01" in answer.err
    assert people(call) == [f"M0{k}" for k in range(6)]


def test_two_spellings_in_one_sheet_are_refused_and_nothing_is_stored(work, call):
    answer = deliver(work, call, line("N07", "2020-02-11"), line("n07", "2020-02-12"))
    assert answer.code == 1
    assert "N07" in answer.err
    assert "N07" not in people(call)


def test_the_preview_says_it_too(work, call):
    head = sheet(year=2020).splitlines()[0] + "\n"
    (work / "mere.csv").write_text(head + line("m01", "2020-02-11"), encoding="utf-8")
    answer = call("add", "proeve", "mere.csv", "--preview")
    assert answer.code == 1
    assert "m01" in answer.out + answer.err


def test_a_name_that_differs_in_more_than_its_spelling_is_somebody_else(work, call):
    assert deliver(work, call, line("M010", "2020-02-11")).code == 0
    assert "M010" in people(call)


def test_a_correction_gives_no_row_to_a_second_spelling_but_puts_a_spelling_right(work, call):
    def given(name):
        setting = f"medarbejder={name}"
        return call("correct", "proeve", "--row", "1", "--set", setting, "--why", "fejl")

    refused = given("m01")
    assert refused.code == 1
    assert "M01" in refused.err
    assert given("m00").code == 0  # row 1 is M00's: whoever puts it right means that
