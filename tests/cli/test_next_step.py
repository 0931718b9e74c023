"""What a lead is told to do next: nothing that would cost the trial its draw or its baseline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from htkeval.deviation import Deviation
from htkeval.portfolio import TrialState
from htkeval.reporting.next_step import step
from htkeval.text import render
from tests.examples import TO_COME
from tests.reporting.test_letter import of_design

DRAW = "draw lots: htkeval allocate tale-til-tekst --units FILE"
EITHER = "draw lots, of a list or one at a time: htkeval allocate tale-til-tekst --units FILE"


def registered(kind: str, **design) -> TrialState:
    return TrialState(trial=of_design(kind, **design), registration="7c" * 32)


@pytest.mark.parametrize(
    ("kind", "design", "told"),
    [
        ("parallel", {"allocation": "complete"}, DRAW),
        ("parallel", {"allocation": "bernoulli"}, EITHER),
        ("crossover", {"allocation": "blocks", "block": 4}, EITHER),
        ("within", {"allocation": "bernoulli"}, EITHER),
        ("within", {"allocation": "complete", "tasks_each": 20}, EITHER),
        ("cluster", {}, DRAW),
        ("stepped_wedge", {}, DRAW),
        ("within", {"task": None}, "measure as it was drawn"),  # no task can be told apart
        ("before_after", {}, "measure without AI first"),
        ("interrupted_time_series", {}, "measure without AI first"),
    ],
)
def test_lots_are_drawn_before_anybody_is_measured_wherever_there_are_lots(kind, design, told):
    assert str(step(registered(kind, **design))).startswith(told)


@pytest.mark.parametrize(("kind", "drawn"), [("before_after", False), ("parallel", True)])
def test_a_planned_baseline_comes_first_with_what_is_missing(kind, drawn):
    """900 planned, 880 in: 20 are missing, whether or not a draw comes after."""
    short = replace(registered(kind, baseline_tasks=900), rows={"baseline": 880})
    assert "20 tasks are missing: htkeval add" in str(step(short))
    assert "mangler 20 opgaver" in render(step(short), "da")
    full = replace(short, rows={"baseline": 900})
    assert str(step(full)).startswith("draw lots" if drawn else "measure with the tool")
    told = Deviation(what=("baseline",), why="x", seen="nothing", at="2026-01-01", by="a")
    assert "missing" not in str(step(replace(short, deviations=(told,))))


def test_a_draw_made_elsewhere_is_not_asked_for_again():
    """Rows with the tool can only come of a draw; what was drawn here is measured next."""
    trial = registered("parallel")
    assert "htkeval analyse" in str(step(replace(trial, rows={"baseline": 3, "treatment": 3})))
    assert "measure as it was drawn" in str(step(replace(trial, drawn=True)))
    assert "measure with the tool" in str(step(replace(trial, drawn=True, rows={"baseline": 3})))


def test_the_record_tells_whether_lots_were_drawn(place, call):
    file = place / "experiments" / "proeve" / "trial.toml"
    plan = TO_COME.replace('kind = "within"', 'kind = "parallel"\nallocation = "bernoulli"')
    file.write_text(plan, encoding="utf-8")
    call("register", "proeve")
    assert "htkeval allocate proeve --units FILE, or --next" in call().out
    assert call("allocate", "proeve", "--next", "--participant", "P1").code == 0
    assert "measure as it was drawn: htkeval add proeve FILE" in call().out


@pytest.mark.parametrize(
    ("rows", "day", "told"),
    [
        (3, "2026-02-01", "go on measuring until the next planned look"),
        (113, "2026-02-01", "go on measuring until the next planned look"),
        (118, "2026-02-01", "analyse what was measured"),
        (3, "2026-12-31", "analyse what was measured"),
    ],
)
def test_nobody_is_told_to_analyse_before_a_look_that_was_planned(rows, day, told):
    """240 tasks are planned and half of them looked at: 120, of which 118 are as good as all; once
    the trial is over nothing more comes."""
    state = registered("within", clusters=12, tasks_each=20, allocation="bernoulli")
    looks = state.trial.analysis.model_copy(update={"looks": (0.5, 1.0)})
    trial = state.trial.model_copy(update={"analysis": looks})
    counted = {"baseline": rows // 2, "treatment": rows - rows // 2}
    under_way = replace(state, trial=trial, drawn=True, rows=counted)
    assert str(step(under_way, today=date.fromisoformat(day))).startswith(told)
