"""The drawn list as REDCap's randomisation module takes it."""

from __future__ import annotations

import csv
import io

import pytest

from htkeval.errors import StateError
from htkeval.steps.allocate import allocate
from htkeval.steps.redcap import allocation_table
from tests.steps.conftest import WHEN, WHO, OpenCase, WriteList

PEOPLE = ["person;by", *(f"P{n};{'ab'[n % 2]}" for n in range(8))]


def test_the_table_holds_each_lot_in_the_order_of_entry_and_nobodys_name(
    open_case: OpenCase, write_list: WriteList
) -> None:
    """REDCap gives the rows of a stratum out in their order: so everybody gets his own lot."""
    case = open_case(kind="parallel", strata=["by"])
    made = allocate(case, write_list(*PEOPLE), actor=WHO, now=WHEN)
    text = allocation_table(made.trial, made.whole)
    rows = list(csv.DictReader(io.StringIO(text)))
    head = ["redcap_randomization_number", "redcap_randomization_group", "by"]
    assert text.splitlines()[0].split(",") == head  # no byte order mark, no name
    assert "P1" not in text
    waiting = {town: [row for row in rows if row["by"] == town] for town in "ab"}
    words = ("baseline", "treatment")
    for n, one in enumerate(made.listed.drawn):  # as they are randomised, one after another
        row = waiting["ab"[n % 2]].pop(0)
        assert row["redcap_randomization_number"] == str(n + 1)
        assert row["redcap_randomization_group"] == words[one]


def test_what_redcap_cannot_hold_is_refused(open_case: OpenCase, write_list: WriteList) -> None:
    case = open_case(kind="within", task="sag", strata=["Høje by"])
    lines = [f"P{n};{task};a" for n in range(2) for task in range(4)]
    made = allocate(case, write_list("person;sag;Høje by", *lines), actor=WHO, now=WHEN)
    with pytest.raises(StateError) as refused:
        allocation_table(made.trial, made.whole)
    assert refused.value.total == 2
    assert "cannot say whose the next task is" in refused.value.message("en")
    assert "the column Høje by" in refused.value.message("en")
