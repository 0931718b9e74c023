"""When a look may be taken, what is shown until then, and what moving the end costs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from htkeval.analysis import Analysis
from htkeval.decision import Actor, Policy
from htkeval.errors import StateError
from htkeval.intake import rows
from htkeval.recommendation import recommend
from htkeval.stats.sequential import boundary
from htkeval.steps.add import add
from htkeval.steps.analyse import analyse, newest, repeat
from htkeval.steps.case import Case
from htkeval.steps.deviate import deviate
from htkeval.steps.register import register
from htkeval.steps.snapshot import snapshot
from htkeval.steps.standing import standing as standing_of
from htkeval.store.store import open_store
from htkeval.text import render
from htkeval.trial_file import load
from tests.examples import TO_COME, sheet, write_trial

WHO = Actor(name="Ida", known_by="declared")
POLICY = Policy(version="1", valid_from="2026-01-01", status="udkast")
BEFORE, DURING, AFTER = (datetime(2099, month, 20, 9, tzinfo=UTC) for month in (1, 3, 5))
SIZE = 'date = "dato"\nclusters = 12\ntasks_each = 8'
SECOND = """
[[metrics]]
id = "again"
label = "Det samme en gang til"
kind = "duration"
column = "minutter"
unit = "min"
better = "lower"
role = "secondary"
[[gates]]"""
Open = Callable[..., Case]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens the trial of 12 people with 8 tasks each, with what is planned of looks; registered."""
    with open_store(f"sqlite:///{(tmp_path / 'store.db').as_posix()}") as store:

        def open_it(looks: str = "[0.5, 1.0]", *, more: str = "", change: str = "") -> Case:
            text = TO_COME.replace('date = "dato"', SIZE).replace(
                "[[gates]]", change or "[[gates]]"
            )
            plan = f"\n[analysis]\nlooks = {looks}\n{more}"
            file = write_trial(tmp_path / "proeve", text + plan)
            case = Case(store=store, blobs=tmp_path / "blobs", file=load(file))
            if case.registration is None:
                register(case, policy=POLICY, actor=WHO, now=BEFORE)
            return case

        yield open_it


def measure(case: Case, first: int, last: int, *, gain: float = 0.7) -> None:
    """Tasks of the sheet from one to another: each person does one with, one without."""
    lines = sheet(96, people=12, year=2099, gain=gain).splitlines()
    path = case.blobs.parent / f"{first}.csv"
    path.write_text("\n".join([lines[0], *lines[1 + first : 1 + last]]) + "\n", encoding="utf-8")
    add(case, rows.read(case.trial, path), actor=WHO, now=DURING, simulated=False)


def see(case: Case, look: int | None = None, now: datetime = DURING) -> Analysis:
    return analyse(case, actor=WHO, now=now, look=look).analysis


def why(analysis: Analysis, metric: str = "task_time", language: str = "en") -> str:
    return next(render(g.message, language) for g in analysis.gaps if g.metric == metric)


def test_a_look_that_comes_too_early_is_refused_and_leaves_nothing(opened: Open) -> None:
    case = opened()
    measure(case, 0, 24)  # two tasks of each: a quarter of the tasks
    with pytest.raises(StateError) as refused:
        see(case, 1)
    told = render(refused.value.problems[0].sentence, "da")
    assert (
        "ventede 50 pct., hvor dette kig er planlagt, eller forsøgets slutning den 10. april"
        in told
    )
    assert case.store.events(case.file.id, "look") == ()
    assert case.store.events(case.file.id, "snapshot") == ()


def test_the_last_look_waits_for_what_was_planned_or_for_the_end(opened: Open) -> None:
    case = opened()
    measure(case, 0, 48)
    see(case, 1)
    measure(case, 48, 60)
    with pytest.raises(StateError, match="where this look is planned"):
        see(case, 2)
    at_the_end = see(case, 2, AFTER).confirmatory
    assert at_the_end is not None
    assert at_the_end.look is not None
    first, last = case.store.events(case.file.id, "look")
    shares = (first.payload["fraction"], last.payload["fraction"])
    assert (shares[1] < 0.7, last.payload["final"], last.payload["rest"]) == (True, True, True)
    # a trial that ends on its day with less than planned spends what is left
    assert at_the_end.look["nominal_level"] == pytest.approx(boundary(shares).looks[1].nominal)


def test_whoever_moves_the_end_after_seeing_spends_by_what_is_in(opened: Open) -> None:
    case = opened()
    measure(case, 0, 48)
    see(case, 1)
    measure(case, 48, 60)
    moved = dataclasses.replace(
        case, file=case.file.model_copy(update={"ends": case.file.starts.replace(month=3, day=1)})
    )
    deviate(moved, ("ends",), why="det ser godt ud", actor=WHO, now=DURING)
    found = see(moved, 2).confirmatory
    assert found is not None
    assert found.look is not None
    first, last = case.store.events(case.file.id, "look")
    shares = (first.payload["fraction"], last.payload["fraction"])
    assert last.payload["rest"] is False
    by_function = boundary(shares, final=False).looks[1].nominal
    assert found.look["nominal_level"] == pytest.approx(by_function)
    assert by_function < 0.6 * boundary(shares).looks[1].nominal
    assert repeat(moved, stored := newest(moved)) == stored.analysis


def test_another_size_after_the_tool_was_measured_moves_no_share(opened: Open) -> None:
    case = opened()
    measure(case, 0, 48)
    share = see(case, 1) and case.store.latest(case.file.id, "look").payload["fraction"]
    smaller = case.file.design.model_copy(update={"tasks_each": 4.0})
    changed = dataclasses.replace(case, file=case.file.model_copy(update={"design": smaller}))
    deviate(changed, ("design.tasks_each",), why="travlt", actor=WHO, now=DURING)
    measure(changed, 48, 60)
    with pytest.raises(StateError, match="where this look is planned"):
        see(changed, 2)
    standing = standing_of(
        changed, snapshot(changed, actor=WHO, now=DURING).payload["sha256"], now=DURING
    )
    assert standing is not None
    assert standing.fractions == (share,)
    assert standing.reached is not None
    assert share < standing.reached < 0.7


def test_where_a_look_is_due_nothing_is_shown_until_it_is_taken(opened: Open) -> None:
    case = opened()
    measure(case, 0, 24)
    assert see(case).confirmatory is not None  # an interval that holds always
    measure(case, 24, 48)
    due = see(case)
    assert due.confirmatory is None
    assert "Look 1 of 2 can be taken now" in why(due)
    assert "Kig 1 af 2 kan tages nu" in why(due, language="da")
    assert see(case, 1).confirmatory is not None


def test_a_plan_with_one_look_has_it_at_the_end(opened: Open) -> None:
    case = opened("[1.0]")
    measure(case, 0, 36)
    early = see(case)
    assert early.between_looks
    assert early.confirmatory is not None
    assert early.confirmatory.method == "always_valid"
    assert recommend(case.trial, POLICY, early, {}, fingerprint=None).verdict == "prolong"
    measure(case, 36, 96)
    whole = see(case)
    assert not whole.between_looks
    assert whole.confirmatory is not None
    assert whole.confirmatory.method == "rerandomisation"
    assert whole.confirmatory.look is None


def test_a_plan_with_one_look_that_is_over_is_looked_at_with_what_it_has(opened: Open) -> None:
    case = opened("[1.0]")
    measure(case, 0, 48)
    assert see(case).between_looks
    ended = see(case, now=AFTER)
    assert not ended.between_looks
    assert repeat(case, newest(case)) == ended


def test_a_look_that_broke_off_is_finished_with_the_rows_it_saw(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = opened()
    measure(case, 0, 48)

    def fails(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr("htkeval.steps.analyse._evaluate", fails)
        with pytest.raises(MemoryError):
            see(case, 1)
    measure(case, 48, 60)
    (event,) = case.store.events(case.file.id, "look")
    found = see(case)
    assert found.snapshot == event.payload["snapshot"]
    assert found.confirmatory is not None
    assert found.confirmatory.look is not None
    assert see(case).between_looks  # and the rows after it wait for the next


def test_a_second_measure_of_the_same_work_is_hidden_too_and_a_guardrail_is_not(
    opened: Open,
) -> None:
    case = opened(change=SECOND)
    measure(case, 0, 36)
    between = see(case)
    assert {effect.metric for effect in between.effects} == {"task_time", "errors"}
    assert "the next is look 1 of 2" in why(between, "again")
    assert {row.metric for row in between.sensitivity} <= {"errors"}
    measure(case, 36, 48)
    at_look = see(case, 1)
    levels = {effect.metric: effect.level for effect in at_look.effects}
    assert set(levels) == {"task_time", "again", "errors"}
    assert len(set(levels.values())) == 1  # a guardrail is judged as often as the primary
    assert levels["errors"] > 0.99


@pytest.mark.parametrize("looks", ["[1.0]", "[0.5, 1.0]"])
def test_an_end_that_is_moved_after_seeing_stands_in_red(opened: Open, looks: str) -> None:
    case = opened(looks)
    measure(case, 0, 48)
    earlier = case.file.model_copy(update={"ends": case.file.starts.replace(month=3, day=1)})
    moved = dataclasses.replace(case, file=earlier)
    deviate(moved, ("ends",), why="det ser godt ud", actor=WHO, now=DURING)
    checks = {check.name: check.passed for check in see(moved).checks}
    assert checks["changed_blind"] is False
