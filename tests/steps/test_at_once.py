"""Two people at the same step at the same moment: one is heard, the other is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from htkeval.errors import HtkevalError, StateError
from htkeval.measurement import Batch, Measurement
from htkeval.steps import allocate as allocating
from htkeval.steps import deviate as deviating
from htkeval.steps import next_lot as one_by_one
from htkeval.steps.add import add
from htkeval.steps.deviate import deviate
from htkeval.steps.register import register
from htkeval.store.batches import Coming
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
        case.store.append(
            case.file.id, "deviation", payload, actor=WHO, now=WHEN, known={"deviation": 0}
        )
    assert "Ida" in str(refused.value)
    assert case.deviations == (first,)
    case.store.append(
        case.file.id, "deviation", payload, actor=WHO, now=WHEN, known={"deviation": first.seq}
    )
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

    more = {"actor": WHO, "now": WHEN}
    two = [Coming(one, one, "person") for one in (rows(1, "baseline"), rows(2, "baseline"))]
    with pytest.raises(StateError):
        case.store.add_batches(case.file.id, refuse, **more)
    assert case.store.counts(case.file.id) == {}
    first, second = case.store.add_batches(case.file.id, lambda _: two, **more)
    assert (first.event.seq, second.event.seq) == (2, 3)


def test_a_check_inside_a_write_cannot_write(open_case):
    case = open_case()
    more = {"actor": WHO, "now": WHEN}

    def meddle(inside):
        inside.append(case.file.id, "gate", {}, actor=WHO, now=WHEN)

    with pytest.raises(RuntimeError, match="adds nothing"):
        case.store.add_batches(case.file.id, meddle, **more)
    assert len(case.store.events()) == 1


def measure(case, *people):
    rows = tuple(
        Measurement.model_validate(
            {"arm": "baseline", "keys": {"person": who}, "values": {"task_time": 9.0}}
        )
        for who in people
    )
    batch = Batch(trial=case.file.id, name="m", measurements=rows)
    add(case, batch, actor=WHO, now=WHEN, simulated=False)


def meanwhile(monkeypatch, module, name, step):
    """Somebody takes another step while a function is at work, but once."""
    real, left = getattr(module, name), [step]

    def slow(*given, **named):
        found = real(*given, **named)
        while left:
            left.pop()()
        return found

    monkeypatch.setattr(module, name, slow)


def drawn(case, path):
    return allocating.allocate(case, path, actor=WHO, now=WHEN)


def changed_plan(case, open_case, **design):
    return lambda: deviate(
        open_case(kind="parallel", **design),
        tuple(f"design.{name}" for name in design),
        why="Flere med",
        actor=WHO,
        now=WHEN,
    )


def test_people_measured_while_a_list_is_read_are_not_drawn(open_case, write_list, monkeypatch):
    case = open_case(kind="parallel")
    path = write_list("person", "P1", "P2", "P3", "P4")
    meanwhile(monkeypatch, allocating, "read_units", lambda: measure(case, "P2", "P3"))
    with pytest.raises(StateError) as refused:
        drawn(case, path)
    assert refused.value.total == 2
    assert "expected allocation before measurement" in refused.value.message("en")
    assert case.store.allocated(case.file.id) is None


def test_strangers_measured_while_a_list_is_read_are_no_hindrance(
    open_case, write_list, monkeypatch
):
    case = open_case(kind="parallel")
    path = write_list("person", "P1", "P2", "P3", "P4")
    meanwhile(monkeypatch, allocating, "read_units", lambda: measure(case, "P9"))
    assert len(drawn(case, path).listed) == 4


def test_a_person_measured_while_a_lot_is_asked_for_is_not_drawn(open_case, monkeypatch):
    case = open_case(kind="parallel", allocation="bernoulli")
    meanwhile(monkeypatch, one_by_one, "one_unit", lambda: measure(case, "P2"))
    with pytest.raises(StateError, match="allocation before measurement"):
        one_by_one.next_lot(case, ("P2",), {}, actor=WHO, now=WHEN)
    assert case.store.allocated(case.file.id) is None


def test_a_list_is_not_drawn_by_a_plan_that_is_changed_while_it_is_read(
    open_case, write_list, monkeypatch
):
    case = open_case(kind="parallel")
    path = write_list("person", *(f"P{n}" for n in range(8)))
    change = changed_plan(case, open_case, ratio=[1, 3])
    meanwhile(monkeypatch, allocating, "read_units", change)
    with pytest.raises(StateError, match="an event \\(deviation\\)"):
        drawn(case, path)
    assert case.store.allocated(case.file.id) is None
    assert sum(drawn(case, path).listed.drawn) == 6  # by the plan as it stands now


def test_a_plan_is_not_changed_under_a_draw_of_that_moment(open_case, write_list, monkeypatch):
    case = open_case(kind="parallel")
    path = write_list("person", *(f"P{n}" for n in range(8)))
    meanwhile(monkeypatch, deviating, "content_of", lambda: drawn(case, path))
    with pytest.raises(StateError, match="an event \\(allocation\\)"):
        changed_plan(case, open_case, ratio=[1, 3])()
    assert case.deviations == ()


def test_a_change_is_not_called_blind_where_measurements_came_at_that_moment(
    open_case, monkeypatch
):
    case = open_case(kind="parallel")
    meanwhile(monkeypatch, deviating, "content_of", lambda: measure(case, "P1"))
    with pytest.raises(StateError, match="an event \\(batch\\)"):
        changed_plan(case, open_case, clusters=40)()
    assert case.deviations == ()


def test_of_a_delivery_and_a_draw_at_once_no_unit_is_measured_first(open_case, write_list):
    case = open_case(kind="parallel")
    people = [f"P{n:04d}" for n in range(600)]
    path = write_list("person", *people)
    ready = Barrier(2, timeout=60)

    def take(step):
        ready.wait()
        try:
            step()
        except HtkevalError as refused:
            return refused
        return None

    steps = (lambda: drawn(case, path), lambda: measure(case, *people[-50:]))
    with ThreadPoolExecutor(2) as pool:
        told, _ = pool.map(take, steps, timeout=120)
    (batch,) = case.store.events(case.file.id, "batch")
    lots = case.store.events(case.file.id, "allocation")
    assert [event.seq < batch.seq for event in lots] == ([] if told else [True])
