"""Reading trial.toml: what is refused, and how that is said."""

import pytest

from htkeval.errors import TrialError, TrialUnreadable
from htkeval.trial_file import load
from tests.examples import TRIAL, write_trial


def refused(tmp_path, text: str) -> str:
    with pytest.raises(TrialError) as caught:
        load(write_trial(tmp_path, text))
    assert caught.value.exit_code == 1
    return str(caught.value)


def test_a_right_trial_is_read_as_it_stands(tmp_path):
    trial = load(write_trial(tmp_path))
    assert trial.id == "proeve"
    assert trial.primary.id == "task_time"
    assert trial.arms.value("treatment") == "med"
    assert trial.cluster_column == "medarbejder"
    assert trial.value_columns == ("minutter", "fejl")
    assert trial.analysis.level == 0.95


def test_the_example_of_the_design_is_read(tmp_path):
    text = (
        TRIAL
        + """
[[metrics]]
id = "errors_per_1000"
label = "Fejl pr. 1.000 ord"
kind = "rate"
column = "errors"
exposure = "words"
per = 1000
better = "lower"
role = "secondary"

[[covariates]]
column = "meeting_minutes"
scale = "log"

[[exclusions]]
rule = "minutter > 480"
reason = "glemt at stoppe uret"

[analysis]
primary_scale = "ratio"
weights = "task"
method = "auto"
level = 0.95
seed = 20260112
looks = [1.0]
effect_modifiers = []

[forecast]
relative_change = -0.25

[economics]
tasks_a_year = {low = 2500, expected = 3000, high = 3300, source = "skøn", date = 2025-11-01}

[[hard_stops]]
column = "wrong_citation_sent"
text = "En forkert lovhenvisning er sendt ud"
"""
    )
    trial = load(write_trial(tmp_path, text))
    assert trial.exclusions[0].parts == ("minutter", ">", "480")
    assert "wrong_citation_sent" in trial.value_columns
    assert trial.economics.tasks_a_year is not None
    assert trial.economics.adoption is None


def test_an_unknown_key_is_named_with_the_one_that_was_meant(tmp_path):
    said = refused(tmp_path, TRIAL.replace("title =", "titel ="))
    assert "titel: found an unknown key" in said
    assert "did you mean title?" in said


def test_an_unknown_key_deep_inside_is_placed_by_its_number(tmp_path):
    said = refused(tmp_path, TRIAL.replace('better = "lower"', 'better = "lower"\nbeter = 1', 1))
    assert "metrics[1].beter: found an unknown key" in said


def test_a_missing_key_is_named(tmp_path):
    said = refused(tmp_path, TRIAL.replace('area = "Social"\n', ""))
    assert "area: found nothing; expected a value" in said


def test_every_problem_is_told_at_once(tmp_path):
    wrong = TRIAL.replace('area = "Social"\n', "").replace("2026-04-10", '"april"')
    said = refused(tmp_path, wrong)
    assert "area:" in said
    assert "ends: found 'april'; expected a date such as 2026-01-12" in said


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("2026-04-10", "2025-04-10", "ends is before starts"),
        ('role = "primary"', 'role = "secondary"', "exactly one metric must have role = primary"),
        ('value = "med"', 'value = "uden"', "both arms have the same value"),
        ('unit = "min"\n', "", "a duration needs unit"),
        ("worthwhile = -0.15", "worthwhile = 0.15", "signed as better says"),
        ('participant = "medarbejder"\n', "", "needs the name of the column participant"),
        ('id = "errors"', 'id = "task_time"', "metric task_time stands twice"),
        ('kind = "within"', 'kind = "before_after"\nperiod = "p"', "is never randomised"),
        ("randomised = true", 'randomised = true\nallocation = "blocks"', "needs block = its size"),
        (
            "randomised = true",
            'randomised = false\nallocation = "complete"',
            "but randomised = false",
        ),
        (
            'kind = "within"',
            'kind = "stepped_wedge"\nteam = "t"\nperiod = "p"\nallocation = "minimisation"',
            "minimisation chooses between two arms; a roll-out draws a start",
        ),
        ('kind = "within"', 'kind = "within"\nsteps = 3', "steps are the starts of a roll-out"),
        (
            'kind = "within"',
            'kind = "stepped_wedge"\nteam = "t"\nperiod = "p"\nclusters = 4\nsteps = 5',
            "more steps than teams",
        ),
        ('kind = "binary"', 'kind = "rate"', "a rate needs the column of its exposure"),
        ('column = "fejl"', 'column = "fejl"\nexposure = "ord"', "only a rate or a share"),
        ('column = "fejl"\n', "", "give the column that holds the value"),
        ('column = "fejl"', 'column = "fejl"\ncolumns = ["a"]', "not both"),
        ('source = "timed"', 'source = "banded"', "needs bounds"),
        ("margin = 0.10", "margin = -1", "a number ≥ 0"),
        ("worthwhile = -0.15", "worthwhile = -15", "worthwhile is a share"),
        ('kind = "within"', 'kind = "sideways"', "one of 'parallel'"),
        ("randomised = true", 'randomised = "maybe"', "true or false"),
        ('id = "proeve"', 'id = "../proeve"', "small letters, digits"),
    ],
)
def test_a_contradiction_is_refused_with_its_sentence(tmp_path, old, new, sentence):
    assert old in TRIAL
    assert sentence in refused(tmp_path, TRIAL.replace(old, new, 1))


@pytest.mark.parametrize("looks", ["[]", "[0.5]", "[0.5, 0.5, 1.0]", "[-0.1, 1.0]", "[1.0, 0.5]"])
def test_looks_must_rise_and_end_in_one(tmp_path, looks):
    said = refused(tmp_path, TRIAL + f"\n[analysis]\nlooks = {looks}\n")
    assert "looks are shares of the planned information: they must rise and end in 1" in said


def test_an_exclusion_is_one_comparison(tmp_path):
    rule = '\n[[exclusions]]\nrule = "minutter"\nreason = "x"\n'
    assert "must be a column, one of" in refused(tmp_path, TRIAL + rule)


@pytest.mark.parametrize("column", ["medarbejder", "arm"])
def test_an_exclusion_is_never_about_a_person_or_an_arm(tmp_path, column):
    rule = f'\n[[exclusions]]\nrule = "{column} == M01"\nreason = "x"\n'
    assert "a rule about a value" in refused(tmp_path, TRIAL + rule)


def test_a_decimal_comma_is_told_with_the_way_out(tmp_path):
    with pytest.raises(TrialUnreadable) as caught:
        load(write_trial(tmp_path, TRIAL.replace("-0.15", "-0,15")))
    assert "take a decimal point" in str(caught.value)


def test_a_number_that_is_not_finite_is_refused(tmp_path):
    assert "finite" in refused(tmp_path, TRIAL.replace("-0.15", "-inf"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "found nothing"),
        (b"id = ", "not TOML"),
        (b'title = "\xe6"', "not UTF-8"),
        (b"\x00\x01\x02", "not TOML"),
    ],
)
def test_a_file_that_is_not_a_definition_is_told_apart(tmp_path, content, sentence):
    file = tmp_path / "trial.toml"
    file.write_bytes(content)
    with pytest.raises((TrialUnreadable, TrialError)) as caught:
        load(file)
    assert sentence in str(caught.value)


def test_a_missing_file_is_a_wrong_call(tmp_path):
    with pytest.raises(TrialUnreadable) as caught:
        load(tmp_path / "trial.toml")
    assert caught.value.exit_code == 2


def test_a_file_with_a_byte_order_mark_is_read(tmp_path):
    file = tmp_path / "trial.toml"
    file.write_bytes(b"\xef\xbb\xbf" + TRIAL.encode())
    assert load(file).id == "proeve"


def test_a_problem_is_told_in_danish_too(tmp_path):
    with pytest.raises(TrialError) as caught:
        load(write_trial(tmp_path, TRIAL.replace('area = "Social"\n', "")))
    assert "area: fandt ingenting; ventede en værdi" in caught.value.message("da")
