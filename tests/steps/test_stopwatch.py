"""A task that is timed: kept press by press, saved once."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from htkeval.errors import Refused, SheetError, StateError
from htkeval.measurement import CLIENT_ID
from htkeval.steps.case import Case
from htkeval.steps.correct import exclude
from htkeval.steps.next_lot import next_lot
from htkeval.steps.participation import record
from htkeval.steps.queries import queries
from htkeval.steps.stopwatch import Task, asked, open_tasks, press, read_task, save, timed_column
from htkeval.steps.task_arm import task_arm
from htkeval.store.verify import verify
from htkeval.timing import Kind, Press, Timing
from htkeval.trial import ARMS
from tests.intake.trials import build_trial
from tests.steps.conftest import WHEN, WHO, OpenCase

WITHIN: dict[str, Any] = {
    "kind": "within",
    "task": "sag",
    "allocation": "blocks",
    "block": 4,
    "status": "status",
}
DURING = WHEN + timedelta(days=30)
LATER = DURING + timedelta(days=1)
LIFE = "l" * 20


def letters(text: str) -> str:
    return (text.replace("-", "").lower() + "x" * 20)[:20]


def pressed(
    case: Case,
    kind: Kind,
    after: float,
    *,
    task: Task,
    timing: str = "t" * 20,
    life: str = LIFE,
    id: str | None = None,  # noqa: A002
    waited: float = 0,
) -> Timing | None:
    """A press `after` seconds after the beginning, heard of `waited` seconds later."""
    one = Press(
        id=id or letters(f"{kind}{timing[0]}{chr(97 + int(after) % 26)}"),
        timing=timing,
        kind=kind,
        life=life,
        monotonic=1000 * after,
        clock=1000 * (DURING.timestamp() + after),
    )
    return press(case, one, task, actor=WHO, now=DURING + timedelta(seconds=after + waited))


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    return open_case(**WITHIN)


def drawn(case: Case, person: str, name: str) -> Task:
    next_lot(case, (person, name), {}, actor=WHO, now=WHEN)
    arm = task_arm(case, {"person": person, "sag": name}).arm
    assert arm is not None
    return read_task(case.trial, person, arm, {"sag": name})


def saved(case: Case, task: Task, client: str = "t" * 20, **more: Any) -> Any:
    told: dict[str, Any] = {"time": None, "actor": WHO, "now": LATER, **more}
    return save(case, task, told.pop("cells", {}), client=client, **told)


def test_a_task_is_timed_without_its_pause_and_saved_with_its_arm_and_day(case: Case) -> None:
    task = drawn(case, "P1", "sag 1")
    for kind, after in (("start", 0), ("pause", 600), ("resume", 1200), ("stop", 1500)):
        pressed(case, kind, after, task=task)  # type: ignore[arg-type]
    added = saved(case, task)
    (row,) = case.store.measurements(case.trial.id)
    assert row.values["task_time"] == 15.0
    assert (row.arm, row.keys["person"], row.keys["sag"]) == (task.arm, "P1", "sag 1")
    assert added.event.payload["timed"] == {
        "timing": "t" * 20,
        "seconds": 900.0,
        "late": False,
        "resumed": False,
        "apart": None,
    }
    assert open_tasks(case, "P1") == ()
    assert [c.name for c in verify(case.store, case.blobs) if not c.passed] == []


def test_whoever_comes_back_finds_the_task_as_he_left_it(case: Case, open_case: OpenCase) -> None:
    task = drawn(case, "P1", "sag 1")
    pressed(case, "start", 0, task=task)
    case.store.close()
    again = open_case(**WITHIN)  # another process
    (timing,) = open_tasks(again, "P1")
    assert (timing.state, timing.arm, timing.keys) == ("running", task.arm, {"sag": "sag 1"})
    stopped = pressed(again, "stop", 300, task=task, life="m" * 20)
    assert stopped is not None
    assert (stopped.takes.seconds, stopped.takes.resumed) == (300, True)


def test_a_press_that_is_sent_again_is_one_press(case: Case) -> None:
    task = drawn(case, "P1", "sag 1")
    for _ in range(3):
        pressed(case, "start", 0, task=task)
    pressed(case, "stop", 60, task=task)
    pressed(case, "stop", 90, task=task)  # another page had the clock open too
    (timing,) = open_tasks(case, "P1")
    assert [one.press.kind for one in timing.heard] == ["start", "stop"]
    assert timing.takes.seconds == 60


def test_a_save_that_is_sent_again_is_one_row_and_with_other_values_is_refused(
    case: Case,
) -> None:
    task = drawn(case, "P1", "sag 1")
    pressed(case, "start", 0, task=task)
    pressed(case, "stop", 60, task=task)
    first, second = saved(case, task), saved(case, task)
    assert (first.duplicate, second.duplicate) == (False, True)
    with pytest.raises(StateError, match="saved already"):
        saved(case, task, time="5")
    assert len(case.store.measurements(case.trial.id)) == 1


def test_a_task_whose_row_was_left_out_does_not_come_in_again_with_other_values(
    case: Case,
) -> None:
    task = drawn(case, "P1", "sag 1")
    pressed(case, "start", 0, task=task)
    pressed(case, "stop", 60, task=task)
    saved(case, task)
    exclude(case, 1, why="Ikke et referat", called="-", actor=WHO, now=LATER)
    assert saved(case, task).duplicate
    with pytest.raises(StateError, match="saved already"):
        saved(case, task, time="5")
    assert case.store.measurements(case.trial.id) == ()


def test_a_task_whose_row_came_before_its_presses_is_done_when_it_is_saved_again(
    case: Case,
) -> None:
    """The presses waited to be sent, so its time was typed; then they came."""
    task = drawn(case, "P1", "sag 1")
    assert not saved(case, task, time="1.5").duplicate
    pressed(case, "start", 0, task=task)
    pressed(case, "stop", 90, task=task)
    assert saved(case, task, time="1.5").duplicate
    assert open_tasks(case, "P1") == ()
    assert len(case.store.measurements(case.trial.id)) == 1


@pytest.mark.parametrize("column", ["hold", "sag"])
def test_an_entry_afterwards_writes_no_name_otherwise_than_before(
    open_case: OpenCase, column: str
) -> None:
    case = open_case(registered=False, kind="parallel", task="sag", status="status")
    names = {"hold": "Nord", "sag": "Sag 1", "uge": "1"}
    saved(case, Task("P1", "baseline", names), client="a" * 20, time="12")
    other = {**names, column: names[column].upper()}
    with pytest.raises(StateError, match="one way"):
        saved(case, Task("P1", "baseline", other), client="b" * 20, time="12")


def test_nobody_is_timed_under_another_spelling(open_case: OpenCase) -> None:
    """The page asks how somebody is written when it is drawn; two pages may ask at once."""
    case = open_case(registered=False, kind="parallel", task="sag", status="status")
    pressed(case, "start", 0, task=Task("P017", "baseline", {"sag": "a"}))
    with pytest.raises(StateError, match="one way"):
        pressed(case, "start", 0, task=Task("p017", "baseline", {"sag": "b"}), timing="u" * 20)
    assert case.store.people(case.trial.id) == ("P017",)


def test_the_drawn_arm_cannot_be_chosen(case: Case) -> None:
    task = drawn(case, "P1", "sag 1")
    other = replace(task, arm="baseline" if task.arm == "treatment" else "treatment")
    with pytest.raises(StateError, match="not drawn"):
        pressed(case, "start", 0, task=other)
    assert case.store.events(case.trial.id, "press") == ()


def test_a_task_whose_lot_is_not_drawn_has_no_arm_yet(case: Case) -> None:
    known = task_arm(case, {"person": "P1", "sag": "sag 9"})
    assert (known.arm, known.chosen, known.to_draw) == (None, False, True)


def test_where_nothing_is_drawn_the_arm_is_chosen_and_before_the_draw_it_is_without_the_tool(
    open_case: OpenCase,
) -> None:
    before = open_case(kind="before_after", randomised=False, registered=False)
    assert task_arm(before, {"person": "P1"}).chosen


def test_one_person_times_one_task_at_a_time(case: Case) -> None:
    one, two = drawn(case, "P1", "sag 1"), drawn(case, "P1", "sag 2")
    pressed(case, "start", 0, task=one)
    with pytest.raises(StateError, match="timed already"):
        pressed(case, "start", 10, task=two, timing="u" * 20)
    pressed(case, "pause", 20, task=one)
    pressed(case, "start", 30, task=two, timing="u" * 20)
    assert [timing.state for timing in open_tasks(case, "P1")] == ["paused", "running"]


def test_a_running_task_cannot_be_saved_and_a_dropped_one_neither(case: Case) -> None:
    task = drawn(case, "P1", "sag 1")
    pressed(case, "start", 0, task=task)
    with pytest.raises(StateError, match="still being timed"):
        saved(case, task)
    pressed(case, "drop", 10, task=task)
    with pytest.raises(StateError):
        saved(case, task)
    assert open_tasks(case, "P1") == ()
    assert case.store.measurements(case.trial.id) == ()


def test_a_time_that_is_entered_afterwards_says_so_in_the_record(case: Case) -> None:
    task = drawn(case, "P1", "sag 1")
    added = saved(case, task, client="f" * 20, time="0:35", cells={})
    (row,) = case.store.measurements(case.trial.id)
    assert row.values["task_time"] == 35.0
    assert added.event.payload["timed"]["late"] is True


def test_where_the_stopwatch_is_wrong_and_nobody_knows_better_there_is_no_time(case: Case) -> None:
    """A guess is worse than a gap, and the clock that ran on is no guess even"""
    task = drawn(case, "P1", "sag 1")
    pressed(case, "start", 0, task=task)
    pressed(case, "stop", 9000, task=task, life="m" * 20)
    added = saved(case, task, time="")
    (row,) = case.store.measurements(case.trial.id)
    assert row.values["task_time"] is None
    assert added.event.payload["timed"] | {"resumed": False, "apart": None} == {
        **added.event.payload["timed"], "late": True,
    }  # fmt: skip
    assert [one.rule for one in queries(case)] == ["missing"]
    assert open_tasks(case, "P1") == ()


def test_without_a_time_a_task_says_that_it_was_not_done(case: Case) -> None:
    task = drawn(case, "P1", "sag 1")
    with pytest.raises(Refused, match="how long"):
        saved(case, task, client="f" * 20)
    saved(case, task, client="f" * 20, cells={"status": "afslået"})
    (row,) = case.store.measurements(case.trial.id)
    assert (row.keys["status"], row.values["task_time"]) == ("refused", None)


def test_two_rows_alike_are_two_tasks_by_their_ids(open_case: OpenCase) -> None:
    case = open_case(kind="before_after", randomised=False, registered=False)
    task = Task("P1", "baseline", {"uge": "1"})
    for client in ("a" * 20, "b" * 20, "a" * 20):
        saved(case, task, client=client, time="12")
    rows = case.store.measurements(case.trial.id)
    assert [row.keys[CLIENT_ID] for row in rows] == ["a" * 20, "b" * 20]


def test_a_name_that_gives_a_citizen_away_is_kept_nowhere(case: Case) -> None:
    with pytest.raises(SheetError) as refused:
        read_task(case.trial, "P1", "baseline", {"sag": "010190-1234"})
    assert "010190-1234" not in refused.value.message("da")
    assert case.store.events(case.trial.id, "press") == ()


def test_no_event_holds_a_pseudonym(case: Case) -> None:
    task = drawn(case, "P1-hemmelig", "sag 1")
    pressed(case, "start", 0, task=task)
    assert all("hemmelig" not in str(event.payload) for event in case.store.events())


def test_somebody_who_is_forgotten_has_no_open_task(case: Case) -> None:
    task = drawn(case, "P1", "sag 1")
    pressed(case, "start", 0, task=task)
    case.store.erase(case.trial.id, "P1", why="art. 17", actor=WHO, now=DURING)
    assert open_tasks(case, "P1") == ()
    assert [c.name for c in verify(case.store, case.blobs) if not c.passed] == []


@pytest.mark.parametrize("column", ["hold", "sag"])
def test_no_task_is_timed_under_another_spelling_of_its_team_or_of_itself(
    open_case: OpenCase, column: str
) -> None:
    """Where nothing is drawn no list stands against it: Nord and nord would be two teams."""
    case = open_case(registered=False, kind="parallel", task="sag", status="status")
    names = {"hold": "Nord", "sag": "Sag 1", "uge": "1"}
    pressed(case, "start", 0, task=(first := Task("P1", "baseline", names)))
    pressed(case, "stop", 60, task=first)
    saved(case, first)
    other = Task("P1", "baseline", {**names, column: names[column].upper()})
    with pytest.raises(StateError, match="one way"):
        pressed(case, "start", 0, task=other, timing="u" * 20)
    assert len(case.store.events(case.trial.id, "press")) == 3


def test_nobody_who_is_forgotten_comes_back_by_the_form_of_a_task_that_was_timed(
    case: Case,
) -> None:
    """The page was open when the person was erased; nor is it saved for somebody else."""
    task, other = drawn(case, "P1", "sag 1"), drawn(case, "P2", "sag 1")
    pressed(case, "start", 0, task=task)
    pressed(case, "stop", 60, task=task)

    def refused(whose: Task) -> str:
        with pytest.raises(StateError) as told:
            save(case, whose, {}, client="t" * 20, time=12.0, actor=WHO, now=LATER)
        return str(told.value)

    assert "timed for somebody else" in refused(other)
    case.store.erase(case.trial.id, "P1", why="art. 17", actor=WHO, now=DURING)
    assert "who was forgotten" in refused(task)
    assert "P1" not in case.store.people(case.trial.id)
    assert case.store.events(case.trial.id, "batch") == ()


def test_the_form_asks_for_what_no_lot_and_no_clock_says(case: Case) -> None:
    column = timed_column(case.trial)
    assert column is not None
    assert column.name == "task_time"
    names = [field.column.name for field in asked(case.trial, "baseline")]
    assert "status" in names
    assert not {"person", "sag", "arm", "task_time"} & set(names)


def test_what_the_tool_costs_is_asked_with_the_tool_and_a_forecast_without_it() -> None:
    checking = {"column": "kontrol", "label": "Kontrol", "kind": "duration", "unit": "min"}
    errors = {"column": "navnefejl", "label": "Navne", "kind": "count", "means": "error_class"}
    trial = build_trial(
        also=[{**checking, "means": "checking"}, errors],
        forecast={"relative_change": -0.2, "column": "venter"},
    )
    names = {arm: {f.column.name for f in asked(trial, arm)} for arm in ARMS}
    assert names["treatment"] - names["baseline"] == {"kontrol"}
    assert names["baseline"] - names["treatment"] == {"venter"}
    assert "navnefejl" in names["baseline"]


def test_a_day_of_the_trial_is_the_day_of_the_start(open_case: OpenCase) -> None:
    case = open_case(**WITHIN, date="dato")
    task = drawn(case, "P1", "sag 1")
    pressed(case, "start", 0, task=task)
    pressed(case, "stop", 60, task=task)
    saved(case, task)
    (row,) = case.store.measurements(case.trial.id)
    assert row.keys["dato"] == datetime.date(DURING).isoformat()


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland"])
@pytest.mark.parametrize(("after", "day"), [(5400, 0), (52_200, 1)])
def test_a_task_that_was_sent_days_later_has_the_day_of_its_start_here(
    open_case: OpenCase, monkeypatch: pytest.MonkeyPatch, zone: str, after: int, day: int
) -> None:
    """09:00 in UTC, and an hour and a half later, or half past midnight in a Danish winter: however
    the server's clock is set."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        case = open_case(**WITHIN, date="dato")
        task = drawn(case, "P1", "sag 1")
        pressed(case, "start", after, task=task, waited=3 * 86_400)
        pressed(case, "stop", after + 60, task=task, waited=3 * 86_400)
        saved(case, task, now=DURING + timedelta(days=4))
        (row,) = case.store.measurements(case.trial.id)
        assert row.keys["dato"] == (DURING.date() + timedelta(day)).isoformat()
    finally:
        monkeypatch.undo()
        time.tzset()


def test_whoever_withdrew_is_not_timed_and_what_was_begun_before_can_be_saved(
    open_case: OpenCase,
) -> None:
    case = open_case(**WITHIN, date="dato")
    task, other = drawn(case, "P1", "sag 1"), drawn(case, "P1", "sag 2")
    for kind, after in (("start", 0), ("stop", 900)):
        pressed(case, kind, after, task=task)  # type: ignore[arg-type]
    record(case, ("P1",), "withdrawn", on=DURING.date(), actor=WHO, now=LATER)
    with pytest.raises(StateError, match="somebody who withdrew"):
        pressed(case, "start", 2000, task=other, timing="u" * 20)
    assert [timing.id for timing in open_tasks(case, "P1")] == ["t" * 20]
    assert saved(case, task).rows == 1  # it is of the day of the withdrawal itself
    with pytest.raises(StateError, match="somebody who withdrew"):
        saved(case, other, "u" * 20, time="35", cells={"dato": LATER.date().isoformat()})
    assert len(case.store.measurements(case.trial.id)) == 1
