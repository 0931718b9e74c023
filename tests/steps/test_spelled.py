"""A person or task under another spelling: seen before the rows count twice."""

from __future__ import annotations

import pytest

from htkeval.errors import StateError
from htkeval.measurement import Batch, Measurement
from htkeval.steps.add import add
from tests.steps.conftest import WHEN, WHO


def put(case, *rows, name="uge5.csv"):
    """Rows of person, task and minutes, without the tool."""
    made = tuple(
        Measurement(arm="baseline", keys={"person": who, "task": task}, values={"task_time": time})
        for who, task, time in rows
    )
    batch = Batch(trial=case.trial.id, name=name, measurements=made)
    return add(case, batch, actor=WHO, now=WHEN, simulated=False)


@pytest.fixture
def case(open_case):
    found = open_case(task="task", team=None, period=None)
    put(found, ("P017", "0001", 9.0), ("P018", "A-7", 12.0))
    return found


@pytest.mark.parametrize(
    ("row", "before"),
    [
        (("p017", "0002", 9.0), "P017"),
        (("Ｐ017", "0002", 9.0), "P017"),
        (("P017", "1", 9.0), "0001"),  # what Excel makes of it
        (("P018", "a-007", 12.0), "A-7"),
    ],
)
def test_a_sheet_that_names_a_person_or_task_otherwise_is_refused_whole(case, row, before):
    with pytest.raises(StateError, match=rf'each name written in one way.*"{before}"'):
        put(case, ("P018", "9", 5.0), row)
    assert len(case.store.measurements(case.trial.id)) == 2


@pytest.mark.parametrize(
    "row",
    [
        ("P017", "10", 9.0),
        ("P018", "1", 9.0),  # another person's first task
        ("P17", "0001", 9.0),
        ("P017", "0001", 9.0),
    ],
)
def test_other_names_come_in(case, row):
    put(case, row)


def test_two_spellings_in_one_sheet_are_refused_too(open_case):
    case = open_case(task="task", team=None, period=None)
    with pytest.raises(StateError, match=r'each name written in one way.*"P1"'):
        put(case, ("P1", "1", 9.0), ("p1", "2", 9.0))
