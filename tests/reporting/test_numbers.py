"""Decimals, signs and units as people write them."""

import pytest

from htkeval.reporting.numbers import change, digits, level, means, number, per_cent
from htkeval.text import render
from tests.dashboards.examples import SAVED, few_people, prolong, trial


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ((-12.0, -17.0, -7.0), 0),  # ten and more: none
        ((-2.4, -5.0, 0.3), 1),  # below ten: one
        ((9.96, 1.0), 0),  # reads as ten
        ((12.0, 0.4), 1),  # 0.4 must not read as 0
        ((0.02, -0.01), 2),
        ((0.00001,), 3),  # never more than three
        ((0.0, 0.0), 1),
    ],
)
def test_an_estimate_and_its_interval_share_their_decimals(values, decimals):
    assert digits(*values) == decimals


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "danish", "english"),
    [
        (1234.56, 1, False, "1.234,6", "1,234.6"),
        (-12.0, 0, True, "−12", "−12"),
        (12.0, 0, True, "+12", "+12"),
        (-0.04, 1, True, "0,0", "0.0"),  # no minus zero, no plus zero
        (0.5, 2, True, "+0,50", "+0.50"),
    ],
)
def test_a_number_has_the_languages_comma_and_a_true_minus(
    value, decimals, signed, danish, english
):
    text = number(value, decimals, signed=signed)
    assert (render(text, "da"), render(text, "en")) == (danish, english)


def test_one_minute_is_singular_and_one_point_zero_is_not():
    minutes = trial().primary
    assert render(change(minutes, 1, 0), "da") == "1 minut"
    assert render(change(minutes, 1, 1), "da") == "1,0 minutter"
    assert render(change(minutes, 12, 0), "en") == "12 minutes"


def test_a_share_is_shown_in_per_cent_and_its_change_in_points():
    wrong = prolong().trial.metrics[1]
    assert render(level(wrong, 0.09, 0), "da") == "9 pct."
    assert render(change(wrong, 0.03, 1, signed=True), "da") == "+3,0 procentpoint"


def test_a_metric_without_a_known_unit_is_a_bare_figure():
    assert render(change(trial().metrics[1], 0.2, 1), "da") == "0,2"


def test_means_of_groups_below_five_people_are_kept_back_in_both_arms():
    assert means(SAVED[1]) == (60.5, 48.5)
    analysis = few_people().analysis
    assert analysis is not None
    assert means(analysis.effects[1]) is None


def test_a_ratio_is_told_as_a_change_in_per_cent():
    assert per_cent(SAVED[0]) == pytest.approx((-20.0, -27.0, -12.0))


def test_a_difference_is_relative_to_the_baseline_and_absent_without_one():
    estimate, low, high = per_cent(SAVED[1]) or (0.0, 0.0, 0.0)
    assert (estimate, low, high) == pytest.approx(
        (-12 / 60.5 * 100, -17 / 60.5 * 100, -7 / 60.5 * 100)
    )
    unknown = SAVED[1].baseline.model_copy(update={"adjusted_mean": None})
    assert per_cent(SAVED[1].model_copy(update={"baseline": unknown})) is None


def test_an_interval_never_reads_as_a_single_value():
    """98 % faster, "from 98 to 98 %": the ends differ in the decimal that was left out"""
    assert digits(-97.9, -98.1, -97.8) == 1
    assert digits(-97.981, -97.992, -97.96) == 2
    assert digits(-98.0, -98.0, -98.0) == 0  # there they are one value
    assert digits(-98.2, -99.1, -97.8) == 0
