"""The next task: which, in which arm, and its clock; or a time that is entered afterwards."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from dashboards import clock, elements
from dashboards.views import task_form
from dashboards.views.desk import Desk, letters
from dashboards.views.timed_task import drawn, fields
from htkeval.steps import stopwatch
from htkeval.steps.next_lot import next_lot
from htkeval.steps.stopwatch import Task
from htkeval.steps.task_arm import TaskArm, task_arm
from htkeval.text import say
from htkeval.trial import ARMS, Arm

NEW_HERE = say("Nobody in the trial has had this pseudonym. Is it written right?")
"""A slip of a finger would measure somebody who does not exist."""
NO_PROMISE = say(
    "The trial is not registered: time can be taken, but nobody has promised yet what will count. "
    "Ask whoever leads the trial, above all before a task with AI."
)
"""A time with the tool from before the promise costs evidence, and nobody can take it back."""


def begin(desk: Desk, participant: str | None) -> None:
    """Draw what leads to the next task of a person; None where the trial names no participants."""
    there = stopwatch.people(desk.seen)
    if there and participant is not None and participant not in there:
        elements.notice(NEW_HERE, desk.language)
    if desk.seen.registration is None:
        elements.notice(NO_PROMISE, desk.language)
    keys = _names(desk, participant)
    if keys is None:
        return
    # read before anything is drawn or kept: a name that gives a citizen away goes no further
    keys = dict(desk.read(participant, "baseline", keys).keys)
    named = keys | {desk.trial.design.participant or "": participant or ""}
    known = task_arm(desk.seen, named)
    arm = _arm(desk, known, participant, keys)
    if arm is None:
        return
    task = desk.read(participant, arm, keys)
    if stopwatch.timed_column(desk.trial) is not None:
        clock.stopwatch(desk.trial.id, task, None, desk.language, heard=desk.heard)
    _afterwards(desk, task)


def _names(desk: Desk, participant: str | None) -> dict[str, str] | None:
    """Which task it is, by every column that names one; None while one is missing."""
    keys = {}
    for name in stopwatch.naming(desk.trial):
        keys[name] = _asked(desk, name, participant)
    return keys if all(keys.values()) else None


def _asked(desk: Desk, name: str, participant: str | None) -> str:
    design, key = desk.trial.design, f"{name}-{desk.trial.id}-{participant}"
    label = {
        design.team: say("Team"),
        design.period: say("Period"),
        design.task: say("Task"),
    }[name]
    listed = (
        stopwatch.to_do(desk.seen, participant or "", timed=desk.open)
        if name == design.task
        else None
    )
    if listed is not None:
        if not listed:
            elements.notice(say("All tasks on your list are measured. Thank you."), desk.language)
            return ""
        return st.selectbox(elements.label_of(label, desk.language), listed, key=key) or ""
    if name == design.task:
        key = f"{key}-{st.session_state.get('saved-tasks', 0)}"
    return st.text_input(elements.label_of(label, desk.language), key=key, max_chars=60)


def _arm(desk: Desk, known: TaskArm, participant: str | None, keys: dict[str, str]) -> Arm | None:
    """The arm, as text where a lot gave it; a choice only where nothing is drawn."""
    if known.arm is not None:
        drawn(desk, known.arm)
        return known.arm
    if known.chosen:
        return _choose(desk, participant)
    if known.why is not None:
        elements.small(known.why, desk.language)
    if known.to_draw:
        strata = {
            name: st.text_input(
                elements.label_of(name, desk.language),
                key=f"stratum-{name}-{participant}",
                max_chars=60,
            )
            for name in desk.trial.design.strata
        }
        st.button(
            desk.words(say("Draw how it is done")), type="primary", width="stretch",
            on_click=partial(_draw, desk), args=(participant, keys, strata),
        )  # fmt: skip
    return None


def _choose(desk: Desk, participant: str | None) -> Arm | None:
    chosen = st.segmented_control(
        desk.words(say("How is it done?")),
        list(ARMS),
        format_func=lambda arm: desk.words(task_form.label_of(desk.trial, arm)),
        key=f"arm-{desk.trial.id}-{participant}",
        width="stretch",
    )
    return next((arm for arm in ARMS if arm == chosen), None)


def _draw(
    desk: Desk, participant: str | None, keys: dict[str, str], strata: dict[str, str]
) -> None:
    task = [keys[desk.trial.design.task or ""]] if desk.trial.design.kind == "within" else []
    desk.attempt(
        lambda: next_lot(
            desk.case, (participant, *task), strata, actor=desk.actor, now=datetime.now(UTC)
        )
    )


def _afterwards(desk: Desk, task: Task) -> None:
    """Without the clock: a time that is entered afterwards, or a task that was not done."""
    client = st.session_state.setdefault("late-id", letters())
    clockless = stopwatch.timed_column(desk.trial) is None
    label = say("Enter it afterwards, or say why it could not be done")
    again = st.session_state.get("refused") == client
    with st.expander(desk.words(label), expanded=clockless or again):
        fields(desk, task, client, timed=True, day=desk.trial.design.date is not None)
