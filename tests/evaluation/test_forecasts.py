"""What was expected before stands beside what was measured."""

from __future__ import annotations

import math
from typing import Any

import pytest

from htkeval.analysis import Forecasts
from tests.oracles.sheets import columns

FORECAST = {"relative_change": -0.25, "column": "ventet"}


def expected(weigh, told: Any) -> Forecasts | None:
    """Forecasts of the invented set `within`, with these answers by row."""
    return weigh(table={"ventet": told}, forecast=FORECAST).forecasts


def by_person(answers: dict[str, float | None]) -> list[float | None]:
    """The same answer on each of a person's rows."""
    return [answers.get(str(person)) for person in columns("within")["participant"]]


PEOPLE = sorted({str(person) for person in columns("within")["participant"]})


def test_without_a_forecast_there_is_none(weigh):
    assert weigh().forecasts is None


def test_the_leads_alone_has_no_participants(weigh):
    found = weigh(forecast={"relative_change": -0.25}).forecasts
    assert found == Forecasts(lead=-0.25, participants=None, people=0, unread=0)


def test_the_participants_figure_is_the_geometric_mean_of_their_ratios(weigh):
    """A halving and a doubling cancel: exp((ln 0.5 + ln 2 + 3 ln 0.8) / 5) - 1 = 0.8^0.6 - 1."""
    told = dict(zip(PEOPLE, (-0.5, 1.0, -0.2, -0.2, -0.2), strict=False))
    found = expected(weigh, by_person(told))
    assert found is not None
    assert found.people == 5
    assert found.participants == pytest.approx(0.8**0.6 - 1, rel=1e-12)


def test_each_person_counts_once_however_many_rows_they_have(weigh):
    """One who answers on a single row weighs as much as those who answer on all of theirs."""
    told = by_person(dict.fromkeys(PEOPLE[:5], -0.2))
    alone = dict(zip(PEOPLE, (-0.9, *[None] * 20), strict=False))
    first = next(
        i
        for i, (who, arm) in enumerate(
            zip(columns("within")["participant"], columns("within")["arm"], strict=True)
        )
        if str(who) == PEOPLE[0] and arm == 0
    )
    thinned = [None if str(w) == PEOPLE[0] else t
               for w, t in zip(columns("within")["participant"], told, strict=True)]  # fmt: skip
    thinned[first] = alone[PEOPLE[0]]
    found = expected(weigh, thinned)
    assert found is not None
    assert found.participants == pytest.approx(
        math.exp((math.log(0.1) + 4 * math.log(0.8)) / 5) - 1, rel=1e-12
    )


def test_answers_on_rows_with_the_tool_do_not_count(weigh):
    told = [-0.3 if arm else None for arm in columns("within")["arm"]]
    found = expected(weigh, told)
    assert found is not None
    assert (found.people, found.participants) == (0, None)


def test_fewer_than_five_people_are_neither_counted_nor_shown(weigh):
    found = expected(weigh, by_person(dict.fromkeys(PEOPLE[:4], -0.3)))
    assert found is not None
    assert (found.people, found.participants) == (None, None)


def test_per_cent_written_for_a_share_is_counted_and_not_used(weigh):
    told = {**dict.fromkeys(PEOPLE[:5], -0.3), **dict.fromkeys(PEOPLE[5:13], -25.0)}
    told[PEOPLE[13]] = -1.0
    rows = by_person(told)
    found = expected(weigh, rows)
    assert found is not None
    wrong = sum(
        arm == 0 and str(who) in PEOPLE[5:14]
        for arm, who in zip(columns("within")["arm"], columns("within")["participant"], strict=True)
    )
    assert found.unread == wrong > 0
    few = expected(weigh, by_person({**told, **dict.fromkeys(PEOPLE[9:], -0.3)}))
    assert few is not None
    assert few.unread is None  # four people's
    assert found.participants == pytest.approx(-0.3, rel=1e-12)
