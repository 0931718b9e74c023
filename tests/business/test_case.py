"""From measured minutes to kroner, worked by hand; what is not stated is unknown."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from htkeval.business.case import business_case, with_minutes, work_out
from htkeval.business.lines import lines
from htkeval.business_case import Span
from htkeval.economics import Economics, Rates, faults
from htkeval.errors import Refused
from htkeval.text import render
from tests.intake.trials import build_trial
from tests.test_recommendation import analysis

SOURCE = {"source": "opdigtet", "date": date(2026, 1, 1)}
YEARS = (2025, 2026, 2027, 2028)


def certain(value):
    return {"low": value, "expected": value, "high": value, **SOURCE}


def span(low, expected, high):
    return {"low": low, "expected": expected, "high": high, **SOURCE}


WHOLE = {
    "tasks_a_year": certain(3000), "eligible": certain(0.7), "adoption": certain(0.6),
    "checking_minutes": certain(0), "extra_minutes": certain(0), "realisable": certain(1),
    "cashable": certain(1), "licence_kr": certain(10_000), "support_kr": certain(2_000),
    "training_hours": certain(20), "trial_kr": certain(50_000), "price_level": 2025,
    "takes_effect": date(2026, 7, 1), "account": "6.45.51", "owner": "Centerchef",
}  # fmt: skip
RATES = {
    "price_level": 2025,
    "hour_kr": certain(333.5),
    "posts": [{"name": "efter ferie", "hours": 1649, **SOURCE},
              {"name": "brutto", "hours": 1924, **SOURCE}],
}  # fmt: skip


def case(minutes=(-8, -8, -8), rates=None, years=YEARS, **changes):
    given_here = {name: value for name, value in {**WHOLE, **changes}.items() if value is not None}
    trial = build_trial(economics=given_here)
    rates = Rates.model_validate({**RATES, **(rates or {})})
    return business_case(trial, analysis(minutes=minutes), rates, years=years)


def ends(found, name):
    step = found.step(name)
    return step.low, step.expected, step.high


def test_eight_minutes_in_three_thousand_cases_are_168_hours_and_a_tenth_of_a_post():
    """8 x 3,000 x 0.7 x 0.6 / 60 = 168; / 1,649 = 0.102, / 1,924 = 0.087; x 333.50 = 56,028."""
    found = case()
    assert found.step("net_hours").expected == pytest.approx(168)
    assert round(found.step("posts_1").expected, 3) == 0.102
    assert round(found.step("posts_2").expected, 3) == 0.087
    assert found.step("gross_kr").expected == pytest.approx(56_028)
    assert found.step("net_kr").expected == pytest.approx(56_028 - 12_000)
    assert found.step("once_kr").expected == pytest.approx(-20 * 333.5 - 50_000)


def test_the_measured_line_is_the_arithmetic_effect_with_its_interval():
    found = case(minutes=(-9, -6, -3))
    assert ends(found, "measured_minutes") == (3, 6, 9)
    assert ends(found, "net_hours") == pytest.approx((63, 126, 189))


def test_checking_correcting_and_extra_tasks_are_taken_off_before_hours_are_counted():
    found = case(checking_minutes=span(2, 1.5, 1), extra_minutes=span(1, 0.5, 0))
    assert ends(found, "net_minutes") == pytest.approx((5, 6, 7))


def test_a_loss_at_the_unfavourable_end_is_not_made_smaller_by_few_tasks():
    """-2 minutes in 4,000 tasks, not in 2,000; and no share of it is left behind."""
    found = case(
        minutes=(-9, -3, 2), tasks_a_year=span(2000, 3000, 4000),
        eligible=certain(1), adoption=certain(1), realisable=certain(0.5), cashable=certain(0.5),
    )  # fmt: skip
    assert found.step("net_hours").low == pytest.approx(-2 * 4000 / 60)
    assert found.step("cashable_hours").low == pytest.approx(-2 * 4000 / 60)
    assert found.step("cashable_hours").expected == pytest.approx(3 * 3000 / 60 / 4)


@pytest.mark.parametrize("name", [
    "tasks_a_year", "eligible", "adoption", "realisable", "cashable", "checking_minutes",
    "extra_minutes", "licence_kr", "support_kr", "training_hours", "trial_kr",
])  # fmt: skip
def test_what_is_not_stated_is_unknown_and_so_is_what_follows(name):
    found = case(**{name: None})
    lacking = {step.id for step in found.steps if name in step.missing}
    assert name in lacking
    assert lacking & {"net_kr", "once_kr"}
    for step in found.steps:
        assert (step.expected is None) == (step.id in lacking)
    of_the_pool = name == "trial_kr"
    assert all((one.kr is None) != of_the_pool for one in found.years if one.year >= 2026)


@pytest.mark.parametrize("lacks", [None, "tasks_a_year", "licence_kr", "training_hours"])
@pytest.mark.parametrize("measured", [True, False])
def test_other_minutes_give_every_line_that_those_minutes_give(lacks, measured):
    """Only what follows from the minutes is worked out again, so nothing may stay from before."""
    given_here = {name: value for name, value in WHOLE.items() if name != lacks}
    trial, rates = build_trial(economics=given_here), Rates.model_validate(RATES)
    table = lines(rates)
    before = work_out(trial, analysis(minutes=(-8, -5, -1)) if measured else None, rates, table)
    other = with_minutes(before, Span(low=-2, expected=3, high=4), trial, table, years=YEARS)
    anew = work_out(trial, analysis(minutes=(-4, -3, 2)), rates, table, years=YEARS)
    assert other == anew
    assert set(other.known).isdisjoint(other.lacking)


def test_no_cashable_share_is_assumed():
    found = case(cashable=None)
    assert found.step("realisable_hours").expected == pytest.approx(168)
    assert found.step("cashable_hours").expected is None
    assert found.step("posts_1").missing == ("cashable",)
    said = render(found.message, "da")
    assert said.startswith("Hvad det er værd om året, vides ikke.")
    assert "tages ud af budgettet" in said


def test_a_gain_is_had_from_the_day_the_tool_takes_effect():
    """184 of 365 days in 2026; training is paid then, and the trial by the pool."""
    found = case()
    by_year = {one.year: one for one in found.years}
    net, training = 56_028 - 12_000, -20 * 333.5
    assert by_year[2025].kr.expected == 0
    assert by_year[2026].share == pytest.approx(184 / 365)
    assert by_year[2026].kr.expected == pytest.approx(net * 184 / 365 + training)
    assert by_year[2027].kr.expected == by_year[2028].kr.expected == pytest.approx(net)
    assert all(one.kr is None for one in case(takes_effect=None).years)


def test_kroner_of_other_prices_are_converted_with_the_index_or_refused():
    index = {"years": {2024: 100, 2025: 103}, **SOURCE}
    found = case(price_level=2024, rates={"price_index": index})
    assert found.step("licence_kr").expected == pytest.approx(10_300)
    with pytest.raises(Refused) as refused:
        case(price_level=2024)
    assert "no index of the prices of 2024" in refused.value.message("en")


def test_where_no_minutes_were_found_out_nothing_follows_and_the_reason_is_told():
    found = case(minutes=None)
    assert render(found.message, "en") == "No change in minutes was found out."
    assert found.step("net_kr").missing == ("measured_minutes",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"training_hours": certain(-5)}, "training_hours: below nought"),
        ({"licence_kr": span(10, 20, 30)}, "licence_kr: low is the least favourable, the largest"),
        ({"adoption": span(0.9, 0.5, 0.3)}, "adoption: low is the least favourable, the smallest"),
        ({"adoption": span(0.3, 0.9, 0.5)}, "adoption: expected lies between low and high"),
        ({"licence_kr": span(30, 9, 10)}, "licence_kr: expected lies between low and high"),
        ({"price_level": None}, "price_level: kroner are in the prices of a year"),
    ],
)
def test_assumptions_that_cannot_be_are_named_and_nothing_follows_from_them(change, said):
    """They are read, for a promise made before anybody asked must stay readable."""
    of = Economics.model_validate({**WHOLE, **change})
    ((key, fault),) = faults(of)
    assert render(fault, "en") == said
    found = case(**change)
    assert key in {name for step in found.steps for name in step.missing}
    assert found.step("once_kr").expected is None or found.step("net_kr").expected is None


def test_of_sound_assumptions_nothing_is_said():
    assert list(faults(Economics.model_validate(WHOLE))) == []
    assert list(faults(Economics())) == []


def test_a_share_above_one_is_refused_where_it_is_read():
    with pytest.raises(ValidationError, match="less than or equal to 1"):
        Economics.model_validate({**WHOLE, "eligible": certain(1.2)})


@settings(max_examples=50)
@given(st.data())
def test_any_choice_between_the_ends_gives_a_figure_between_the_ends(data):
    """The table's ends are the ends of all that its parts may be, taken one by one."""
    low, high = sorted((data.draw(st.floats(-10, 10)), data.draw(st.floats(-10, 10))))
    parts = {
        "tasks_a_year": (2000, 3000, 4000), "eligible": (0.4, 0.6, 0.8),
        "realisable": (0.3, 0.5, 0.9), "cashable": (0.2, 0.5, 1.0),
        "checking_minutes": (2.0, 1.0, 0.0), "licence_kr": (30_000, 20_000, 10_000),
    }  # fmt: skip
    whole = case(minutes=(low, (low + high) / 2, high), **{n: span(*of) for n, of in parts.items()})
    least, most = whole.step("net_kr").low, whole.step("net_kr").high
    for chosen in itertools.islice(itertools.product((0, 2), repeat=len(parts)), 0, 64, 7):
        point = {
            name: certain(of[at]) for (name, of), at in zip(parts.items(), chosen, strict=True)
        }
        for minutes in (low, high):
            net = case(minutes=(minutes,) * 3, **point).step("net_kr").expected
            assert least - 1e-6 <= net <= most + 1e-6
