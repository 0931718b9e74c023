"""What the municipality's own budget comes to, worked by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from htkeval import toml_file
from htkeval.budget import Budget
from htkeval.business.appraising import appraise
from htkeval.errors import Refused

BOOKED = Path(__file__).parents[2] / "configs" / "budget.toml"


def booked():
    return toml_file.read(BOOKED, Budget, error=Refused)


def budget(*amounts, first=2025, **more):
    """Nothing but amounts by year: more spent where above nought, less where below."""
    lines = [
        {"id": kind, "text": kind, "kind": kind, **more,
         "amounts": {first + n: a for n, a in enumerate(amounts) if sign * a > 0}}
        for kind, sign in (("investment", 1), ("saving", -1))
    ]  # fmt: skip
    years = list(range(first, first + len(amounts)))
    return Budget.model_validate(
        {"price_level": 2025, "years": years, "source": "opdigtet", "date": date(2026, 1, 1),
         "lines": lines}
    )  # fmt: skip


def test_the_budgets_own_figures_come_out():
    """+600 - 275 - 550 - 550; 600 - 275/1.035 - 550/1.035^2 - 550/1.035^3 = -675.20."""
    found = appraise(booked(), rate=0.035)
    assert [one.net for one in found.years] == [600, -275, -550, -550]
    assert [one.posts for one in found.years] == [0, -0.5, -1.0, -1.0]
    assert found.total == -775
    assert round(found.present_value, 2) == -675.20


def test_it_is_even_in_august_2027():
    """After 2026 325 is owed, 45.83 is saved a month: 4.17 after July, -41.67 after August."""
    assert appraise(booked()).break_even == (2027, 8)


def test_discounting_can_be_off():
    assert appraise(booked()).present_value == -775


@pytest.mark.parametrize(
    ("amounts", "even"),
    [
        ((600, -300), None),  # half of it is never saved
        ((-100, -100), None),  # nothing was spent first
        ((600, -600), (2026, 12)),
        ((600, -1200), (2026, 6)),
        ((600, -1200, 700, -600), (2028, 2)),  # it is spent again after it was even once
        ((0, 0), None),
    ],
)
def test_when_no_more_is_spent_than_saved(amounts, even):
    assert appraise(budget(*amounts)).break_even == even


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=6), st.floats(0, 0.2))
def test_a_present_value_is_the_sum_of_each_years_own(amounts, rate):
    found = appraise(budget(*amounts), rate=rate)
    alone = (
        appraise(budget(*(a if n == m else 0 for m, a in enumerate(amounts))), rate=rate)
        for n in range(len(amounts))
    )
    assert found.present_value == pytest.approx(sum(one.present_value for one in alone), abs=1e-6)
    assert found.total == sum(amounts)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"years": [2025, 2027]}, "follow one another"),
        ({"years": [2025, 2026]}, "2027 is outside the budget's years"),
        ({"lines": []}, "at least 1"),
    ],
)
def test_a_budget_that_contradicts_itself_is_refused(change, said):
    with pytest.raises(ValidationError, match=said):
        Budget.model_validate({**booked().model_dump(), **change})


@pytest.mark.parametrize(("kind", "amount"), [("saving", 275), ("investment", -600)])
def test_a_sign_turned_round_is_refused(kind, amount):
    line = {"id": "a", "text": "a", "kind": kind, "amounts": {2026: amount}}
    with pytest.raises(ValidationError, match="in the budget's signs"):
        Budget.model_validate({**booked().model_dump(), "lines": [line]})
