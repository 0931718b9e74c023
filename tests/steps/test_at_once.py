"""Two people at the same step at the same moment: one is heard, the other is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from htkeval.errors import StateError
from htkeval.measurement import Batch, Measurement
from htkeval.steps.add import add
from htkeval.steps.deviate import deviate
from htkeval.steps.register import register
from tests.steps.conftest import POLICY, WHEN, WHO

PEOPLE = 6


def at_once(*steps):
    """What became of each who took a step, the steps in turn: None, or what he was told."""
    ready = Barrier(PEOPLE, timeout=60)

    def one(number):
        ready.wait()
        try:
            steps[number % len(steps)]()
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


def rows(number, arm, minutes=20.0):
    """A delivery of one row."""
    row = Measurement(
        arm=arm, keys={"person": f"P{number}"}, values={"task_time": minutes + number}
    )
    return Batch(trial="referater", name=f"{number}.csv", measurements=(row,))


@pytest.mark.parametrize("again", range(3))
def test_of_real_and_simulated_rows_at_once_one_sort_comes_in(open_case, again):
    case = open_case(registered=False)
    steps = [
        lambda n=n: add(case, rows(n, "baseline"), actor=WHO, now=WHEN, simulated=bool(n % 2))
        for n in range(PEOPLE)
    ]
    told = at_once(*steps)
    assert told.count(None) == PEOPLE // 2
    marks = {event.simulated for event in case.store.events(case.file.id, "batch")}
    assert len(marks) == 1


def test_the_gate_is_asked_when_it_is_our_turn_to_write(open_case, monkeypatch):
    """A colleague's delivery comes in after we began and before we store: it counts."""
    case = open_case(baseline_tasks=1)
    writing = case.store._writing

    def overtaken():
        monkeypatch.undo()
        add(case, rows(1, "baseline"), actor=WHO, now=WHEN, simulated=False)
        return writing()

    monkeypatch.setattr(case.store, "_writing", overtaken)
    add(case, rows(2, "treatment"), actor=WHO, now=WHEN, simulated=False)
    assert case.store.counts(case.file.id) == {"baseline": 1, "treatment": 1}


def test_several_deliveries_come_in_together_or_not_at_all(open_case):
    case = open_case()

    def refuse(inside):
        assert inside.counts(case.file.id) == {}
        raise StateError(())

    more = {"actor": WHO, "now": WHEN, "participant": "person"}
    two = (rows(1, "baseline"), rows(2, "baseline"))
    with pytest.raises(StateError):
        case.store.add_batches(two, check=refuse, **more)
    assert case.store.counts(case.file.id) == {}
    first, second = case.store.add_batches(two, **more)
    assert (first.event.seq, second.event.seq) == (2, 3)


def test_a_check_inside_a_write_cannot_write(open_case):
    case = open_case()
    more = {"actor": WHO, "now": WHEN, "participant": "person"}

    def meddle(inside):
        inside.append(case.file.id, "gate", {}, actor=WHO, now=WHEN)

    with pytest.raises(RuntimeError, match="adds nothing"):
        case.store.add_batches((rows(1, "baseline"),), check=meddle, **more)
    assert len(case.store.events()) == 1
