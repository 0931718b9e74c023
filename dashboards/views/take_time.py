"""Take time: which task, in which arm, how long; then a few fields, and it is saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from dashboards import elements
from dashboards.views import choice, new_task, timed_task
from dashboards.views.desk import Desk, name_of, tell_wrong
from htkeval.decision import Actor
from htkeval.errors import HtkevalError
from htkeval.local_day import local_day
from htkeval.reporting import sentences
from htkeval.steps import stopwatch
from htkeval.steps.case import Case, Still
from htkeval.steps.may_time import closed
from htkeval.steps.spelled import written_as
from htkeval.text import Language, say
from htkeval.timing import Timing
from htkeval.trial import Trial

NOBODY = say("Write your pseudonym to begin.")


def show(
    trials: tuple[Trial, ...],
    language: Language,
    *,
    opened: Callable[[str], Case],
    actor: Actor,
    asked: str | None,
    chose: Callable[[str], None],
    person: str | None,
    was: Callable[[str], None],
) -> None:
    """Draw the page.

    Args:
        trials: Every trial whose definition is right.
        language: Of every word.
        opened: Opens a trial by its id for writing.
        actor: Who presses and saves.
        asked: The wanted trial, as the address says it.
        chose: Is told the trial that is shown.
        person: The pseudonym in the address.
        was: Is told the pseudonym.
    """
    known = {trial.id: trial for trial in trials}
    elements.title(say("Take time"), language)
    if not known:
        elements.sentence(say("There is no trial yet."), language)
        return
    settled = asked in known and person is not None
    told = f"{known[asked].title} · {person}" if asked in known and person else ""
    with st.expander(elements.words(told, language)) if settled else st.container():
        name = choice.which(trials, asked, language)
        typed = _person(known[name], person, language)
    chose(name)
    case = opened(name)
    try:
        with case.store.moment() as now:  # all that is read for one page, by one connection
            if now.is_simulated(name):
                elements.simulated(language)
            seen = Still(store=now, blobs=case.blobs, file=case.file)
            _draw(Desk(case, language, actor, seen=seen), typed, was)
    except HtkevalError as error:
        tell_wrong(error, language)


def _person(trial: Trial, given: str | None, language: Language) -> str:
    """Whose tasks they are, as typed."""
    if trial.design.participant is None:
        return ""
    label = elements.label_of(say("Employee (pseudonym)"), language)
    return st.text_input(label, given or "", max_chars=30, key=f"person-{trial.id}").strip()


def _draw(desk: Desk, person: str | None, was: Callable[[str], None]) -> None:
    above = st.container()
    _shown(desk, person, was)
    with above:  # what no form told
        desk.complain()


def _shown(desk: Desk, person: str | None, was: Callable[[str], None]) -> None:
    for n, told in enumerate(st.session_state.pop("told", [])):
        mark = ":material/info:" if n else ":green[:material/check_circle:]"
        st.markdown(f"{mark} {desk.words(told)}")
    participant: str | None = None
    if desk.trial.design.participant:
        if not person:
            elements.small(NOBODY, desk.language)
            return
        typed = desk.read(person, "baseline", {}).participant
        participant = written_as(desk.seen, typed) if typed else typed
        was(participant or "")
    desk.open = stopwatch.open_tasks(desk.seen, participant)
    timing = _which(desk, desk.open)
    if timing is not None:
        (timed_task.stopped if timing.state == "stopped" else timed_task.running)(desk, timing)
    elif (why := closed(desk.seen, participant, day=local_day(datetime.now(UTC)))) is not None:
        elements.notice(why, desk.language)
    else:
        new_task.begin(desk, participant)
    _progress(desk)


def _which(desk: Desk, tasks: tuple[Timing, ...]) -> Timing | None:
    """The task to show: the one that runs, else the one that is chosen; None: a new one."""
    running = [one for one in tasks if one.state == "running"]
    if running or not tasks:
        return running[0] if running else None
    if len(tasks) == 1 and tasks[0].state == "stopped":
        return tasks[0]
    known = {one.id: one for one in tasks}
    names = {one.id: name_of(desk.trial, one) for one in tasks} | {"": say("A new task")}
    chosen = st.segmented_control(
        desk.words(say("Task")), list(names), default=tasks[-1].id, required=True,
        format_func=lambda key: desk.words(names[key]), key=f"open-{len(tasks)}-{tasks[-1].id}",
    )  # fmt: skip
    return known.get(str(chosen or ""))


def _progress(desk: Desk) -> None:
    design, counts = desk.trial.design, desk.seen.store.counts(desk.trial.id)
    done = sum(counts.values())
    planned = (
        round(design.clusters * design.tasks_each)
        if design.clusters and design.tasks_each
        else None
    )
    many = sentences.tasks(desk.trial)
    if planned is None:
        told = say("{n:#,##0} {tasks} measured", n=done, tasks=many)
        elements.small(told, desk.language)
        return
    told = say(
        "{n:#,##0} of {planned:#,##0} planned {tasks} measured",
        n=done,
        planned=planned,
        tasks=many,
    )
    st.progress(min(1.0, done / planned), text=desk.words(told))
