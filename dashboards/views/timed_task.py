"""A task that is being timed, or was stopped: its clock, its form, and how it is saved."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from dashboards import clock, elements
from dashboards.views import task_form
from dashboards.views.desk import Desk, letters, name_of
from htkeval.intake.codebook import Field, headed
from htkeval.steps import stopwatch
from htkeval.steps.stopwatch import Task
from htkeval.text import Text, say
from htkeval.timing import Kind, Press, Timing
from htkeval.trial import Arm

NOT_KNOWN = say("Leave it empty if you do not know: a guess is worse than a gap.")
NOT_COUNTED = say(
    "{label}: nothing stands there, and as long as it is so the task counts in no analysis. It can "
    "be filled in on the page of corrections."
)


def running(desk: Desk, timing: Timing) -> None:
    """Draw the clock of a task that runs or is paused."""
    elements.sentence(name_of(desk.trial, timing), desk.language, bold=True)
    drawn(desk, timing.arm)
    clock.stopwatch(desk.trial.id, None, timing, desk.language, heard=desk.heard)
    left, right = st.columns(2)
    with left:
        _press_button(desk, say("Forgot to stop?"), timing, "stop", forgot=True)
    with right:
        _throw_away(desk, timing)


def _throw_away(desk: Desk, timing: Timing) -> None:
    """Asked once more: it cannot be undone, and lies where a thumb slips."""
    with st.popover(desk.words(say("Throw this time away")), type="tertiary"):
        elements.small(say("The time is gone then, and cannot be had back."), desk.language)
        _press_button(desk, say("Yes, throw it away"), timing, "drop")


def _press_button(
    desk: Desk, text: Text, timing: Timing, kind: Kind, *, forgot: bool = False
) -> None:
    def pressed() -> None:
        one = Press(
            id=letters(), timing=timing.id, kind=kind, life=letters(), monotonic=0.0,
            clock=1000 * time.time(),
        )  # fmt: skip
        desk.heard(one, Task(timing.participant, timing.arm, timing.keys))
        st.session_state["forgot"] = timing.id if forgot else None

    st.button(desk.words(text), type="tertiary", on_click=pressed, key=f"{kind}-{timing.id}")


def stopped(desk: Desk, timing: Timing) -> None:
    """Draw the form of a task whose time is taken."""
    takes = timing.takes
    minutes, seconds = divmod(round(takes.seconds), 60)
    name = name_of(desk.trial, timing)
    told = say("{name}: {m} min. {s} sec.", name=name, m=minutes, s=seconds)
    elements.subheader(told, desk.language)
    if takes.apart is not None:
        n = round(takes.apart)
        asked = say("The clocks differ by {n} seconds. Is the time right?", n=n)
        elements.notice(asked, desk.language)
    forgot = st.session_state.get("forgot") == timing.id
    label = desk.words(say("The time is another"))
    mend = st.toggle(label, value=forgot, key=f"m-{timing.id}")
    task = Task(timing.participant, timing.arm, timing.keys)
    fields(desk, task, timing.id, timed=mend, day=False, clocked=True)
    left, right = st.columns(2)
    with left:
        _press_button(desk, say("Go on timing"), timing, "resume")
    with right:
        _throw_away(desk, timing)


def drawn(desk: Desk, arm: Arm) -> None:
    """Say in which arm a task is done, and whether a lot said so."""
    drawn = desk.seen.store.latest(desk.trial.id, "allocation") is not None
    title = say("This is how it is done (drawn by lot)") if drawn else say("This is how it is done")
    with st.container(key="drawn-arm"):
        st.markdown(f":small[**{desk.words(title)}**]")
        st.markdown(f"**{desk.words(task_form.label_of(desk.trial, arm))}**")
        if drawn:
            elements.small(say("Cannot be changed."), desk.language)


def fields(
    desk: Desk, task: Task, client: str, *, timed: bool, day: bool, clocked: bool = False
) -> None:
    """The form of one task; it is saved before the page is drawn again.

    Args:
        desk: Where it stands.
        task: Whose, which, how.
        client: The task's id.
        timed: Whether the time is typed.
        day: Whether the day is asked.
        clocked: Whether a stopwatch took a time, which may be wrong and nobody know the right one.
    """
    asked = stopwatch.asked(desk.trial, task.arm)
    column = stopwatch.timed_column(desk.trial) if timed else None
    with st.form(f"form-{client}", border=False, enter_to_submit=False):
        if column is not None:
            task_form.time(column, desk.language, key=client)
            if clocked:
                elements.small(NOT_KNOWN, desk.language)
        task_form.fields(desk.trial, asked, task.arm, desk.language, key=client)
        if day:
            task_form.day(desk.trial, desk.language, key=client)
        elements.small(task_form.NEVER, desk.language)
        if st.session_state.get("refused") == client:
            desk.complain()  # a long form on a telephone: nobody sees what stands at its top
        st.form_submit_button(
            desk.words(say("Save and take the next")),
            type="primary",
            width="stretch",
            on_click=partial(_save, desk),
            args=(task, asked, client),
            kwargs={"timed": timed, "day": day, "clocked": clocked},
        )


def _save(
    desk: Desk,
    task: Task,
    asked: tuple[Field, ...],
    client: str,
    *,
    timed: bool,
    day: bool,
    clocked: bool,
) -> None:
    cells = task_form.typed(asked, key=client)
    if day:
        cells[desk.trial.design.date or ""] = task_form.chosen_day(key=client)
    spent = task_form.time_typed(key=client) if timed else None
    if timed and clocked and spent is None:
        spent = ""

    def save() -> None:
        stopwatch.save(
            desk.case, task, cells, client=client, time=spent, actor=desk.actor,
            now=datetime.now(UTC),
        )  # fmt: skip
        now = clock.clock(datetime.now(UTC), seconds=True)
        missing = stopwatch.lacking(desk.trial, cells)
        st.session_state["told"] = [
            say("Saved at {time}.", time=now),
            *(Text(NOT_COUNTED.template, {"label": headed(field)}) for field in missing),
        ]
        st.session_state["saved-tasks"] = st.session_state.get("saved-tasks", 0) + 1
        st.session_state.pop("late-id", None)
        st.session_state.pop("refused", None)

    st.session_state["refused"] = client  # its form stays open, until it is saved
    desk.attempt(save)
