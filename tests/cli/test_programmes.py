"""Programmes of municipality.toml on the command line: a gain that two claim is refused."""

import json

import pytest

from tests.cli.test_finding import speak  # noqa: F401  (a fixture)
from tests.cli.test_notes import put

ONE = '\n[[programmes]]\nname = "Digital Hverdag"\n[[programmes.gains]]\ntrial = "proeve"\n'
TWO = ONE.replace("Digital Hverdag", "Velfærd 2030")
PRICED = ONE + 'kr = 90000\nprice_level = 2025\nsource = "Gevinstliste"\ndate = 2026-01-05\n'


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("command", [("budget",), ("budget", "--annex"), ("doctor",)])
def test_a_gain_claimed_by_two_is_refused_and_both_are_named(
    place,
    call,
    speak,  # noqa: F811
    language,
    command,
):
    speak(language)
    put(place, ONE + TWO)
    answer = call(*command)
    assert answer.code == 1
    said = " ".join((answer.out + answer.err).split())
    for part in ("Digital Hverdag", "Velfærd 2030", "proeve", "municipality.toml"):
        assert part in said, part
    assert "Traceback" not in said


def test_check_notes_it_and_every_other_command_still_works(place, call):
    put(place, ONE + TWO)
    answer = call("check", "proeve")
    assert answer.code == 0
    assert "claimed twice" in answer.out
    assert "(Digital Hverdag, Velfærd 2030)" in answer.out
    for command in ("status", "strategy"):
        assert call(command).code == 0, command


def test_one_claim_is_shown_with_what_is_claimed(place, call):
    put(place, PRICED)
    assert "claimed" not in call("check", "proeve").out
    shown = " ".join(call("budget").out.split())
    assert "proeve: Digital Hverdag counts on its gain, 90,000 kr. a year (2025 prices; " in shown
    (one,) = json.loads(call("budget", "--format", "json").out)["trials"]
    assert (one["claim"]["programme"], one["claim"]["elsewhere"]) == ("Digital Hverdag", False)
    (row,) = [
        one
        for one in json.loads(call("doctor", "--format", "json").out)["checks"]
        if one["name"] == "programmes"
    ]
    assert row["passed"]
    assert "Fremtidens Administration, Digital Hverdag" in row["text"]


def test_a_claim_whose_line_stands_under_another_programme_is_shown_with_that(place, call):
    put(place, ONE)
    budget = place / "configs" / "budget.toml"
    text = budget.read_text("utf-8")
    assert text.rstrip().endswith("}")
    budget.write_text(text + 'programme = "Fremtidens Administration"\n', encoding="utf-8")
    assert "has it under Fremtidens Administration" in " ".join(call("budget").out.split())
    budget.write_text(text + 'programme = "Findes Ikke"\n', encoding="utf-8")
    answer = call("doctor")
    assert (answer.code, "Findes Ikke" in " ".join(answer.out.split())) == (1, True)


def test_a_claim_of_a_trial_that_nobody_has_is_told_by_doctor(place, call):
    put(place, ONE.replace("proeve", "findes-ikke"))
    answer = call("doctor")
    assert (answer.code, "no such trial" in " ".join(answer.out.split())) == (1, True)
    assert call("budget").code == 0


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ('[[programmes]]\nname = "A"\n[[programmes.gains]]\narea = "B"\n', "gains"),
        ('[[programmes]]\nname = "A"\n[[programmes]]\nname = "a"\n', "programmes"),
        ('[[programmes]]\nname = "A"\nowners = "B"\n', "owners"),
        ('[[areas]]\nname = "A"\n', "owner"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_where_it_stands(
    place,
    call,
    speak,  # noqa: F811
    language,
    wrong,
    words,
):
    speak(language)
    put(place, f"\n{wrong}")
    answer = call("budget")
    assert answer.code == 1
    assert "municipality.toml" in answer.err
    assert words in answer.err
    assert "Traceback" not in answer.err


def test_a_file_from_before_there_were_programmes_is_read(place, call):
    file = place / "configs" / "municipality.toml"
    file.write_text(
        'name = "K"\ncommittee = "Ø"\nlanguage = "en"\nupdated = 2025-01-01\n', encoding="utf-8"
    )
    assert "No programme stands" in call("doctor").out
    assert call("budget").code == 0
    assert call("status").code == 0
