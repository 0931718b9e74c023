"""A query is asked once, keeps what was said, and is settled by what happens to its row."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from htkeval.queries.standing import standing
from htkeval.query import QueryStep
from tests.queries.rows import change, row, trial, usual

NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)


def step(action, event=50):
    return QueryStep(action=action, text="Ja.", at=NOON, by="Ida", event=event)


def queries(rows, said=None, came=None):
    return standing(trial(), rows, came=came or {}, said=said or {})


def said(one, *actions):
    return {one.id: ((one.rule, one.row, one.column), tuple(step(a) for a in actions))}


def odd():
    """The one query about a task of 900 minutes."""
    (one,) = queries([*usual(), row(1, 900)])
    return one


def test_a_query_is_open_until_somebody_says_something():
    one = odd()
    assert (one.status, one.row, one.rule, one.waiting) == ("open", 1, "impossible_duration", True)


@pytest.mark.parametrize("actions", [("answered",), ("answered", "closed"), ("closed", "reopened")])
def test_it_stands_where_the_newest_word_put_it(actions):
    (one,) = queries([*usual(), row(1, 900)], said(odd(), *actions))
    assert one.status == actions[-1]
    assert [each.action for each in one.history] == list(actions)


def test_an_answered_query_is_not_asked_again_and_a_new_value_is():
    before = said(odd(), "answered", "closed")
    assert [q.status for q in queries([*usual(30), row(1, 900)], before)] == ["closed"]
    told = change(9, "task_time", 900, 901)
    again = queries([*usual(), row(1, 901, history=(told,))], before)
    assert [(q.status, q.settled_by) for q in again] == [("open", None), ("settled", "correction")]


def test_a_correction_settles_the_query_whatever_was_said():
    right = row(1, 35.2, history=(change(9, "task_time", 900, 35.2),))
    for before in ({}, said(odd(), "answered")):
        (one,) = queries([*usual(), right], before)
        assert (one.id, one.status, one.settled_by) == (odd().id, "settled", "correction")


def test_a_row_that_is_left_out_settles_its_queries():
    out = row(1, 900, counts=False, history=(change(9, None, None),))
    (one,) = queries([*usual(), out])
    assert (one.id, one.status, one.settled_by) == (odd().id, "settled", "exclusion")


def test_every_value_on_the_way_has_its_settled_query():
    history = (change(9, "task_time", 900, 0), change(10, "task_time", 0, 35.2))
    found = queries([*usual(), row(1, 35.2, history=history)])
    assert [q.status for q in found] == ["settled", "settled"]
    assert {q.id for q in found} >= {odd().id}


def test_leaving_out_the_earlier_of_two_settles_the_query_of_the_later():
    day = {"opgave": "T1", "dato": "2026-02-02"}
    out = row(1, 30, counts=False, history=(change(9, None, None),), **day)
    (one,) = queries([*usual(), out, row(2, 31, **day)])
    assert (one.rule, one.row, one.settled_by) == ("duplicate", 2, "exclusion")


def test_a_correction_of_another_column_leaves_it_open():
    told = change(9, "dato", "2026-02-03", "2026-02-02")
    (one,) = queries([*usual(), row(1, 900, history=(told,))])
    assert (one.status, one.id) == ("open", odd().id)


def test_a_changed_arm_is_undone_without_an_error():
    told = change(9, "arm", "treatment", "baseline")
    assert queries([*usual(), row(1, 35.2, history=(told,))]) == ()


def test_what_other_rows_show_to_be_usual_is_settled_by_them():
    """900 minutes beside others of 900: where tasks take days a working day is no limit."""
    (one,) = queries([row(1, 900), *usual(30, minutes=900)], said(odd(), "answered"))
    assert (one.status, one.settled_by) == ("settled", "other_rows")


def test_of_people_who_were_forgotten_nothing_is_left():
    assert queries(usual(), said(odd(), "answered")) == ()


def test_a_remark_is_settled_by_a_correction_of_its_row():
    came = {(1, 1): ["clocks_differ"]}
    (one,) = queries([*usual(), row(1, 35.2)], came=came)
    assert one.rule == "clocks_differ"
    right = row(1, 36.2, history=(change(9, "task_time", 35.2, 36.2),))
    (settled,) = queries([*usual(), right], came=came)
    assert (settled.id, settled.settled_by) == (one.id, "correction")


def test_what_waits_comes_first():
    rows = [*usual(), row(1, 900), row(2, 901), row(3, 0)]
    first = queries(rows)[0]
    after = queries(rows, said(first, "closed"))
    assert [q.status for q in after] == ["open", "open", "closed"]
