"""The lock is decided inside the store, and is no new door to the effect."""

from __future__ import annotations

from datetime import date

import pytest

from htkeval.errors import Locked, StateError
from htkeval.event import HELD_BY_LOCK, MOVES_ROWS
from htkeval.measurement import Batch, Measurement
from htkeval.portfolio import Portfolio
from htkeval.reporting import locking, overview, tables, wording
from htkeval.steps.add import add
from htkeval.steps.decide import decide
from htkeval.steps.lock import lock, unlock
from htkeval.steps.queue_folder import deliver_waiting
from htkeval.steps.states import state
from htkeval.text import render
from tests.examples import sheet
from tests.steps.test_at_once import at_once
from tests.steps.test_when_to_look import (  # noqa: F401  (a fixture)
    AFTER,
    DURING,
    POLICY,
    WHO,
    Open,
    measure,
    opened,
    see,
)


def rows(n: int, minutes: float = 20.0) -> Batch:
    keys = {"medarbejder": f"M{n}", "dato": "2099-02-01"}
    row = Measurement(arm="baseline", keys=keys, values={"minutter": minutes, "fejl": 0.0})
    return Batch(trial="proeve", name=f"{n}.csv", measurements=(row,))


def put(case, batch):
    return add(case, batch, actor=WHO, now=DURING, simulated=False)


def test_every_kind_of_event_that_moves_rows_but_an_erasure_is_held():
    assert set(MOVES_ROWS) - set(HELD_BY_LOCK) == {"erasure"}


@pytest.mark.parametrize("kind", [kind for kind in HELD_BY_LOCK if kind != "batch"])
def test_the_store_itself_refuses_whoever_forgot_to_ask(opened: Open, kind):  # noqa: F811
    case = opened("[1.0]")
    measure(case, 0, 96)
    lock(case, actor=WHO, now=DURING)
    with pytest.raises(Locked) as refused:
        case.store.append(case.file.id, kind, {}, actor=WHO, now=DURING)
    with pytest.raises(Locked):
        case.store.add_batch(rows(1), actor=WHO, now=DURING, participant="medarbejder")
    told = render(refused.value.problems[0].sentence, "da")
    assert "Ida låste dem den 20. marts 2099" in told
    assert "`htkeval unlock proeve --why TEKST` åbner det" in told
    other = case.store.append("andet", kind, {}, actor=WHO, now=DURING)
    assert other.trial == "andet"  # a lock holds one trial


def test_of_a_delivery_and_a_lock_at_once_no_row_comes_in_behind_the_lock(opened: Open):  # noqa: F811
    case = opened("[1.0]")
    measure(case, 0, 96)
    numbers = iter(range(100, 200))
    at_once(
        lambda: lock(case, actor=WHO, now=DURING),
        lambda: put(case, rows(next(numbers))),
    )
    if case.store.locked(case.file.id) is None:  # deliveries overtook every lock
        lock(case, actor=WHO, now=DURING)
    (held,) = case.store.events(case.file.id, "lock")
    assert held.payload["rows"] == len(case.store.measurements(case.file.id))
    assert all(event.seq < held.seq for event in case.store.events(case.file.id, "batch"))


def test_a_lock_that_rests_on_rows_that_moved_meanwhile_is_refused(opened: Open, monkeypatch):  # noqa: F811
    from htkeval.steps import lock as step

    case = opened("[1.0]")
    measure(case, 0, 96)
    asked = step.refuse_early

    def meanwhile(*args, **more):
        asked(*args, **more)
        put(case, rows(7))

    monkeypatch.setattr(step, "refuse_early", meanwhile)
    with pytest.raises(StateError):
        lock(case, actor=WHO, now=DURING)
    assert case.store.events(case.file.id, "lock") == ()
    assert case.store.events(case.file.id, "snapshot") == ()


def test_between_looks_nothing_is_locked_until_the_last_is_due_or_the_trial_is_over(
    opened: Open,  # noqa: F811
):
    case = opened()
    measure(case, 0, 48)
    for look in (None, 1):  # look 1 is due, then taken; look 2 is the last
        see(case, look)
        with pytest.raises(StateError, match="last look is not due"):
            lock(case, actor=WHO, now=DURING)
    assert case.store.events(case.file.id, "lock") == ()
    measure(case, 48, 96)
    assert not lock(case, actor=WHO, now=DURING).already
    assert see(case, 2).confirmatory is not None  # the look itself is still to be taken


def test_a_trial_that_is_over_is_locked_with_what_it_has(opened: Open):  # noqa: F811
    case = opened()
    measure(case, 0, 24)
    with pytest.raises(StateError):
        lock(case, actor=WHO, now=DURING)
    held = lock(case, actor=WHO, now=AFTER).event
    assert held.payload["rows"] == 24


def test_a_plan_with_one_look_is_not_locked_before_what_was_planned_is_in(opened: Open):  # noqa: F811
    case = opened("[1.0]")
    measure(case, 0, 48)
    with pytest.raises(StateError, match="last look is not due"):
        lock(case, actor=WHO, now=DURING)


def test_sheets_in_a_watched_folder_wait_for_the_trial_to_be_opened(opened: Open, tmp_path):  # noqa: F811
    case = opened("[1.0]")
    measure(case, 0, 96)
    lock(case, actor=WHO, now=DURING)
    folder = tmp_path / "indbakke"
    folder.mkdir()
    (folder / "ny.csv").write_text(sheet(98, year=2099), encoding="utf-8")
    with pytest.raises(Locked):
        list(deliver_waiting(case, folder, actor=WHO, now=DURING, still=0.0))
    assert [file.name for file in folder.iterdir()] == ["ny.csv"]
    unlock(case, why="en sen uge", actor=WHO, now=DURING)
    (one,) = deliver_waiting(case, folder, actor=WHO, now=DURING, still=0.0)
    assert one.added is not None


@pytest.mark.parametrize(("language", "word"), [("da", "BORTFALDET"), ("en", "VOID")])
def test_wherever_a_decision_is_shown_it_is_void_with_the_reason(opened: Open, language, word):  # noqa: F811
    case = opened("[1.0]")
    measure(case, 0, 96)
    see(case)
    lock(case, actor=WHO, now=DURING)
    decide(case, "go", reason="Det virker", policy=POLICY, actor=WHO, now=DURING)
    stands = state(case, policy=POLICY)
    assert locking.held(stands) is not None
    assert "2099" in render(locking.held(stands), language)
    assert not wording.waiting(stands)
    unlock(case, why="en fejl i skemaet", actor=WHO, now=AFTER)
    stands = state(case, policy=POLICY)
    whole = Portfolio(municipality="By", committee="Udvalg", trials=(stands,))
    (_, _, (_, decided)) = overview.agenda(whole, date(2099, 6, 1))
    shown = {
        "the trial's page and the card": render(wording.decided(stands), language),
        "the overview": " ".join(render(line, language) for line in decided),
        "what happened": " ".join(
            render(cell, language) for row in tables.history(stands).rows for cell in row
            if not hasattr(cell, "word")
        ),
    }  # fmt: skip
    for place, text in shown.items():
        assert word in text, place
        assert "en fejl i skemaet" in text, place
    assert wording.waiting(stands)
