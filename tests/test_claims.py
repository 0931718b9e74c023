"""Which programme claims a gain, and that no two claim the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from htkeval.budget import Budget
from htkeval.claims import claim_of, claimants, claimed_twice, lines_of, unknown_names
from htkeval.municipality import Gain, Municipality, Programme
from htkeval.text import LANGUAGES
from tests.intake.trials import build_trial


def trial(name="a", area="Social", account="5.30"):
    economics = {"account": account} if account else {}
    return build_trial(economics=economics).model_copy(update={"id": name, "area": area})


def programme(name, *gains):
    return Programme(name=name, gains=tuple(Gain(**gain) for gain in gains))


OF_A = {"trial": "a"}
PLACED = {"account": "5.30", "area": "Social"}


@pytest.mark.parametrize(
    ("first", "second", "gain"),
    [
        (OF_A, OF_A, "the gain of a"),
        (PLACED, {"account": "5.30 ", "area": "SOCIAL"}, "the gain of a"),
        (OF_A, PLACED, "the gain of a"),
        (
            {"account": "9.99", "area": "Teknik"},
            {"account": "9.99", "area": "teknik"},
            "the gain on account 9.99 in Teknik",
        ),
    ],
)
def test_a_gain_that_two_claim_names_both(first, second, gain):
    one, two = programme("Fremtidens Administration", first), programme("Digital Hverdag", second)
    (problem,) = claimed_twice((one, two), (trial(),))
    for language in LANGUAGES:
        said = problem.line(language)
        assert "Fremtidens Administration" in said
        assert "Digital Hverdag" in said
    assert gain in problem.line("en")
    assert claimants(trial(), (one, two)) == (
        ("Fremtidens Administration", "Digital Hverdag") if "of a" in gain else ()
    )


def test_one_programme_that_claims_a_gain_twice_counts_it_twice():
    (problem,) = claimed_twice((programme("Digital Hverdag", OF_A, PLACED),), (trial(),))
    assert "claimed twice by Digital Hverdag" in problem.line("en")


def test_gains_that_differ_in_account_or_area_or_trial_are_not_the_same():
    others = (
        programme("A", OF_A, {"trial": "b"}),
        programme(
            "B", {"account": "5.30", "area": "Teknik"}, {"account": "5.31", "area": "Social"}
        ),
    )
    assert claimed_twice(others, (trial(), trial("b", area="Borger"))) == ()


@given(st.permutations(range(5)))
def test_how_many_are_claimed_twice_does_not_depend_on_the_order(order):
    gains = [OF_A, PLACED, {"trial": "b"}, {"trial": "b"}, {"account": "1", "area": "x"}]
    some = [programme(str(number), gains[number]) for number in order]
    assert len(claimed_twice(some, (trial(), trial("b", account=None)))) == 2


def test_a_trial_without_an_account_is_claimed_by_its_name_only():
    one = programme("A", PLACED)
    assert claim_of(trial(account=None), (one,)) is None
    assert claim_of(trial(), (one,)) == (one, one.gains[0])
    assert claim_of(trial(), ()) is None


@pytest.mark.parametrize(
    "gain",
    [
        {},
        {"trial": "a", "area": "Social"},
        {"account": "5.30"},
        {"trial": "a", "kr": 5.0},
        {"trial": "a", "kr": 5.0, "price_level": 2025, "source": "x"},
        {"trial": "a", "kr": float("nan"), "price_level": 2025, "source": "x"},
    ],
)
def test_a_gain_that_is_half_told_is_refused(gain):
    with pytest.raises(ValidationError):
        Gain(**gain)


def test_areas_and_programmes_have_names_of_their_own_and_none_is_needed():
    plain = {"name": "K", "committee": "Ø", "updated": "2026-01-01"}
    assert Municipality(**plain).programmes == ()
    area = {"name": "Social", "owner": "Chef"}
    assert Municipality(**plain, areas=[area]).area(" social ").owner == "Chef"
    with pytest.raises(ValidationError):
        Municipality(**plain, areas=[area, {**area, "name": "SOCIAL"}])
    with pytest.raises(ValidationError):
        Municipality(**plain, programmes=[{"name": "A"}, {"name": "a"}])


def budget(**line):
    saving = {"id": "l", "text": "t", "kind": "saving", "amounts": {2026: -1}, **line}
    spent = {**saving, "id": "i", "kind": "investment", "amounts": {}, "programme": None}
    known = {"price_level": 2025, "years": [2026], "source": "s", "date": "2026-01-01"}
    return Budget.model_validate({**known, "lines": [saving, spent]})


def test_a_line_stands_where_a_trials_gain_arises_unless_it_says_otherwise():
    assert [one.id for one in lines_of(trial(), budget())] == ["l"]
    assert len(lines_of(trial(), budget(area="social", account="5.30"))) == 1
    assert lines_of(trial(), budget(area="Teknik")) == ()
    assert lines_of(trial(account=None), budget(account="5.30")) == ()


def test_names_that_nobody_knows_are_told():
    gone = programme("A", {"trial": "findes-ikke"})
    told = unknown_names((gone,), budget(programme="B"), (trial(),))
    assert [("findes-ikke" in str(one), "B" in str(one)) for one in told] == [
        (True, False),
        (False, True),
    ]
    assert unknown_names((programme("b", OF_A),), budget(programme="B"), (trial(),)) == ()
