"""Two people at the same step at the same moment: one is heard, the other is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from htkeval.errors import StateError
from htkeval.steps.deviate import deviate
from htkeval.steps.register import register
from tests.steps.conftest import POLICY, WHEN, WHO

PEOPLE = 6


def at_once(step):
    """What became of each who took the step: None, or what he was told."""
    ready = Barrier(PEOPLE, timeout=60)

    def one(_):
        ready.wait()
        try:
            step()
        except StateError as refused:
            return refused.problems[0]

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(one, range(PEOPLE), timeout=120))


@pytest.mark.parametrize("again", range(3))
def test_of_many_registrations_at_once_one_is_made(open_case, again):
    case = open_case(registered=False)
    told = at_once(lambda: register(case, policy=POLICY, actor=WHO, now=WHEN))
    assert told.count(None) == 1
    assert len(case.store.events(case.file.id, "registration")) == 1


def test_a_step_that_rests_on_what_somebody_changed_meanwhile_is_refused(open_case):
    case = open_case()
    deviate(case, ("ferie",), why="Uge 7 gik ud", actor=WHO, now=WHEN)
    (first,) = case.deviations
    payload = {"what": ["x"], "why": "y", "to": None, "seen": "nothing"}
    with pytest.raises(StateError) as refused:
        case.store.append(case.file.id, "deviation", payload, actor=WHO, now=WHEN, known=0)
    assert "Ida" in str(refused.value)
    assert case.deviations == (first,)
    case.store.append(case.file.id, "deviation", payload, actor=WHO, now=WHEN, known=first.seq)
    assert len(case.deviations) == 2
