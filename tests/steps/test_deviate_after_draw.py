"""A draw that was made cannot be made otherwise by changing the promise; all else can be told."""

from __future__ import annotations

from typing import Any

import pytest

from htkeval.errors import StateError
from htkeval.steps.allocate import allocate
from htkeval.steps.case import Case
from htkeval.steps.deviate import deviate
from htkeval.steps.draws_again import list_again, of_trial
from htkeval.trial import Trial
from tests.steps.conftest import WHEN, WHO, OpenCase, WriteList

PEOPLE = ("person", *(f"P{n:02d}" for n in range(12)))


def edited(case: Case, section: str, **keys: Any) -> Case:
    """The same case with another trial.toml."""
    definition = case.file.model_dump(mode="json")
    definition[section] |= keys
    return Case(store=case.store, blobs=case.blobs, file=Trial.model_validate(definition))


@pytest.mark.parametrize("keys", [{"ratio": [2, 1]}, {"allocation": "bernoulli"}])
def test_the_plan_of_a_draw_that_was_made_cannot_be_changed(
    open_case: OpenCase, write_list: WriteList, keys: dict[str, Any]
) -> None:
    case = open_case(kind="parallel", allocation="complete")
    allocate(case, write_list(*PEOPLE), actor=WHO, now=WHEN)
    with pytest.raises(StateError, match="a draw that has been made"):
        deviate(edited(case, "design", **keys), ("design",), why="x", actor=WHO, now=WHEN)
    assert case.store.events(case.file.id, "deviation") == ()


def test_before_the_draw_it_can(open_case: OpenCase, write_list: WriteList) -> None:
    case = edited(open_case(kind="parallel", allocation="complete"), "design", ratio=[2, 1])
    deviate(case, ("design",), why="x", actor=WHO, now=WHEN)
    drawn = allocate(case, write_list(*PEOPLE), actor=WHO, now=WHEN).listed.drawn
    assert (drawn.count(0), drawn.count(1)) == (8, 4)


def test_lists_come_out_of_the_registration_again_whatever_was_changed_since(
    open_case: OpenCase, write_list: WriteList
) -> None:
    case = open_case(kind="parallel", allocation="complete")
    made = allocate(case, write_list(*PEOPLE), actor=WHO, now=WHEN)
    later = edited(case, "analysis", level=0.9)
    deviate(later, ("analysis.level",), why="x", actor=WHO, now=WHEN)
    assert later.registration is not None
    assert later.fingerprint != later.registration.payload["fingerprint"]
    events = later.store.events(later.file.id, "allocation")
    (check,) = of_trial(later, events)
    assert check.passed is True
    registered = str(later.registration.payload["fingerprint"])
    whole = later.store.allocated(later.file.id)
    assert whole is not None
    digests = {1: events[0].payload["digest"]}
    again = list_again(later.trial.design, whole, registration=registered, digests=digests)
    assert again == made.listed.drawn
    assert later.fingerprint is not None
