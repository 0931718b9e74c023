"""Take time: which task, in which arm, how long; then a few fields, and it is saved."""

from __future__ import annotations

import secrets
import string
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st

from dashboards import clock, elements
from dashboards.views import choice, task_form
from htkeval.decision import Actor
from htkeval.errors import EnvironmentFailed, HtkevalError
from htkeval.intake.codebook import Field, codebook
from htkeval.local_day import local_day
from htkeval.reporting import sentences
from htkeval.steps import stopwatch
from htkeval.steps.case import Case, Still
from htkeval.steps.may_time import closed
from htkeval.steps.next_lot import next_lot
from htkeval.steps.spelled import written_as
from htkeval.steps.stopwatch import Task
from htkeval.steps.task_arm import TaskArm, task_arm
from htkeval.text import Language, Text, say
from htkeval.timing import Kind, Press, Timing
from htkeval.trial import ARMS, Arm, Trial

NOBODY = say("Write your pseudonym to begin.")
NEW_HERE = say("Nobody in the trial has had this pseudonym. Is it written right?")
"""A slip of a finger would measure somebody who does not exist."""
NO_PROMISE = say(
    "The trial is not registered: time can be taken, but nobody has promised yet what will count. "
    "Ask whoever leads the trial, above all before a task with AI."
)
"""A time with the tool from before the promise costs evidence, and nobody can take it back."""


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
            _Page(case, language, actor, seen=seen).draw(typed, was)
    except HtkevalError as error:
        _wrong(error, language)


def _person(trial: Trial, given: str | None, language: Language) -> str:
    """Whose tasks they are, as typed."""
    if trial.design.participant is None:
        return ""
    label = elements.label_of(say("Employee (pseudonym)"), language)
    return st.text_input(label, given or "", max_chars=30, key=f"person-{trial.id}").strip()


class _Page:
    """One trial's page."""

    def __init__(
        self, case: Case, language: Language, actor: Actor, *, seen: Case | None = None
    ) -> None:
        self.case, self.language, self.actor = case, language, actor
        self.seen = seen or case
        """The trial at the moment at which the page is drawn; what is pressed comes later."""
        self.trial = self.seen.trial
        self.open: tuple[Timing, ...] = ()
        self.wrong: list[HtkevalError] = st.session_state.pop("wrong", [])

    def words(self, text: Text | str) -> str:
        return elements.words(text, self.language)

    def draw(self, person: str | None, was: Callable[[str], None]) -> None:
        above = st.container()
        self._shown(person, was)
        with above:  # what no form told
            self._complain()

    def _shown(self, person: str | None, was: Callable[[str], None]) -> None:
        for told in st.session_state.pop("told", []):
            st.markdown(f":green[:material/check_circle:] {self.words(told)}")
        participant: str | None = None
        if self.trial.design.participant:
            if not person:
                elements.small(NOBODY, self.language)
                return
            typed = self._read(person, "baseline", {}).participant
            participant = written_as(self.seen, typed) if typed else typed
            was(participant or "")
        self.open = stopwatch.open_tasks(self.seen, participant)
        timing = self._which(self.open)
        if timing is not None:
            self._form(timing) if timing.state == "stopped" else self._running(timing)
        elif (why := closed(self.seen, participant, day=local_day(datetime.now(UTC)))) is not None:
            elements.notice(why, self.language)
        else:
            self._begin(participant)
        self._progress()

    def _complain(self) -> None:
        """What went wrong in a press or a save, told once: where it was pressed."""
        while self.wrong:
            _wrong(self.wrong.pop(0), self.language, self.trial)

    def _read(self, participant: str | None, arm: Arm, keys: Mapping[str, str]) -> Task:
        """A task by its names as somebody typed them; raises where one gives a person away."""
        return stopwatch.read_task(self.trial, participant, arm, keys, listed=self.case.names)

    def _which(self, tasks: tuple[Timing, ...]) -> Timing | None:
        """The task to show: the one that runs, else the one that is chosen; None: a new one."""
        running = [one for one in tasks if one.state == "running"]
        if running or not tasks:
            return running[0] if running else None
        if len(tasks) == 1 and tasks[0].state == "stopped":
            return tasks[0]
        known = {one.id: one for one in tasks}
        names = {one.id: _name(self.trial, one) for one in tasks} | {"": say("A new task")}
        chosen = st.segmented_control(
            self.words(say("Task")), list(names), default=tasks[-1].id, required=True,
            format_func=lambda key: self.words(names[key]), key=f"open-{len(tasks)}-{tasks[-1].id}",
        )  # fmt: skip
        return known.get(str(chosen or ""))

    def _begin(self, participant: str | None) -> None:
        there = stopwatch.people(self.seen)
        if there and participant is not None and participant not in there:
            elements.notice(NEW_HERE, self.language)
        if self.seen.registration is None:
            elements.notice(NO_PROMISE, self.language)
        keys = self._names(participant)
        if keys is None:
            return
        # read before anything is drawn or kept: a name that gives a citizen away goes no further
        keys = dict(self._read(participant, "baseline", keys).keys)
        named = keys | {self.trial.design.participant or "": participant or ""}
        known = task_arm(self.seen, named)
        arm = self._arm(known, participant, keys)
        if arm is None:
            return
        task = self._read(participant, arm, keys)
        if stopwatch.timed_column(self.trial) is not None:
            clock.stopwatch(self.trial.id, task, None, self.language, heard=self._heard)
        self._afterwards(task)

    def _names(self, participant: str | None) -> dict[str, str] | None:
        """Which task it is, by every column that names one; None while one is missing."""
        keys = {}
        for name in stopwatch.naming(self.trial):
            keys[name] = self._asked(name, participant)
        return keys if all(keys.values()) else None

    def _asked(self, name: str, participant: str | None) -> str:
        design, key = self.trial.design, f"{name}-{self.trial.id}-{participant}"
        label = {
            design.team: say("Team"),
            design.period: say("Period"),
            design.task: say("Task"),
        }[name]
        listed = (
            stopwatch.to_do(self.seen, participant or "", timed=self.open)
            if name == design.task
            else None
        )
        if listed is not None:
            if not listed:
                elements.notice(
                    say("All tasks on your list are measured. Thank you."), self.language
                )
                return ""
            return st.selectbox(elements.label_of(label, self.language), listed, key=key) or ""
        if name == design.task:
            key = f"{key}-{st.session_state.get('saved-tasks', 0)}"
        return st.text_input(elements.label_of(label, self.language), key=key, max_chars=60)

    def _arm(self, known: TaskArm, participant: str | None, keys: dict[str, str]) -> Arm | None:
        """The arm, as text where a lot gave it; a choice only where nothing is drawn."""
        if known.arm is not None:
            self._drawn(known.arm)
            return known.arm
        if known.chosen:
            return self._choose(participant)
        if known.why is not None:
            elements.small(known.why, self.language)
        if known.to_draw:
            strata = {
                name: st.text_input(
                    elements.label_of(name, self.language),
                    key=f"stratum-{name}-{participant}",
                    max_chars=60,
                )
                for name in self.trial.design.strata
            }
            st.button(
                self.words(say("Draw how it is done")), type="primary", width="stretch",
                on_click=self._draw, args=(participant, keys, strata),
            )  # fmt: skip
        return None

    def _choose(self, participant: str | None) -> Arm | None:
        chosen = st.segmented_control(
            self.words(say("How is it done?")),
            list(ARMS),
            format_func=lambda arm: self.words(task_form.label_of(self.trial, arm)),
            key=f"arm-{self.trial.id}-{participant}",
            width="stretch",
        )
        return next((arm for arm in ARMS if arm == chosen), None)

    def _draw(self, participant: str | None, keys: dict[str, str], strata: dict[str, str]) -> None:
        task = [keys[self.trial.design.task or ""]] if self.trial.design.kind == "within" else []
        self._try(
            lambda: next_lot(
                self.case, (participant, *task), strata, actor=self.actor, now=datetime.now(UTC)
            )
        )

    def _drawn(self, arm: Arm) -> None:
        drawn = self.seen.store.latest(self.trial.id, "allocation") is not None
        title = (
            say("This is how it is done (drawn by lot)") if drawn else say("This is how it is done")
        )
        with st.container(key="drawn-arm"):
            st.markdown(f":small[**{self.words(title)}**]")
            st.markdown(f"**{self.words(task_form.label_of(self.trial, arm))}**")
            if drawn:
                elements.small(say("Cannot be changed."), self.language)

    def _running(self, timing: Timing) -> None:
        elements.sentence(_name(self.trial, timing), self.language, bold=True)
        self._drawn(timing.arm)
        clock.stopwatch(self.trial.id, None, timing, self.language, heard=self._heard)
        left, right = st.columns(2)
        with left:
            self._press_button(say("Forgot to stop?"), timing, "stop", forgot=True)
        with right:
            self._throw_away(timing)

    def _throw_away(self, timing: Timing) -> None:
        """Asked once more: it cannot be undone, and lies where a thumb slips."""
        with st.popover(self.words(say("Throw this time away")), type="tertiary"):
            elements.small(say("The time is gone then, and cannot be had back."), self.language)
            self._press_button(say("Yes, throw it away"), timing, "drop")

    def _press_button(
        self, text: Text, timing: Timing, kind: Kind, *, forgot: bool = False
    ) -> None:
        def pressed() -> None:
            one = Press(
                id=_letters(), timing=timing.id, kind=kind, life=_letters(), monotonic=0.0,
                clock=1000 * time.time(),
            )  # fmt: skip
            self._heard(one, Task(timing.participant, timing.arm, timing.keys))
            st.session_state["forgot"] = timing.id if forgot else None

        st.button(self.words(text), type="tertiary", on_click=pressed, key=f"{kind}-{timing.id}")

    def _form(self, timing: Timing) -> None:
        takes = timing.takes
        minutes, seconds = divmod(round(takes.seconds), 60)
        name = _name(self.trial, timing)
        told = say("{name}: {m} min. {s} sec.", name=name, m=minutes, s=seconds)
        elements.subheader(told, self.language)
        if takes.apart is not None:
            n = round(takes.apart)
            asked = say("The clocks differ by {n} seconds. Is the time right?", n=n)
            elements.notice(asked, self.language)
        forgot = st.session_state.get("forgot") == timing.id
        label = self.words(say("The time is another"))
        mend = st.toggle(label, value=forgot, key=f"m-{timing.id}")
        task = Task(timing.participant, timing.arm, timing.keys)
        self._fields(task, timing.id, timed=mend, day=False)
        left, right = st.columns(2)
        with left:
            self._press_button(say("Go on timing"), timing, "resume")
        with right:
            self._throw_away(timing)

    def _afterwards(self, task: Task) -> None:
        """Without the clock: a time that is entered afterwards, or a task that was not done."""
        client = st.session_state.setdefault("late-id", _letters())
        clockless = stopwatch.timed_column(self.trial) is None
        label = say("Enter it afterwards, or say why it could not be done")
        again = st.session_state.get("refused") == client
        with st.expander(self.words(label), expanded=clockless or again):
            self._fields(task, client, timed=True, day=self.trial.design.date is not None)

    def _fields(self, task: Task, client: str, *, timed: bool, day: bool) -> None:
        """The form of one task; it is saved before the page is drawn again."""
        asked = stopwatch.asked(self.trial, task.arm)
        column = stopwatch.timed_column(self.trial) if timed else None
        with st.form(f"form-{client}", border=False, enter_to_submit=False):
            if column is not None:
                task_form.time(column, self.language, key=client)
            task_form.fields(self.trial, asked, task.arm, self.language, key=client)
            if day:
                task_form.day(self.trial, self.language, key=client)
            elements.small(task_form.NEVER, self.language)
            if st.session_state.get("refused") == client:
                self._complain()  # a long form on a telephone: nobody sees what stands at its top
            st.form_submit_button(
                self.words(say("Save and take the next")),
                type="primary",
                width="stretch",
                on_click=self._save,
                args=(task, asked, client),
                kwargs={"timed": timed, "day": day},
            )

    def _save(
        self, task: Task, asked: tuple[Field, ...], client: str, *, timed: bool, day: bool
    ) -> None:
        cells = task_form.typed(asked, key=client)
        if day:
            cells[self.trial.design.date or ""] = task_form.chosen_day(key=client)
        spent = task_form.time_typed(key=client) if timed else None

        def save() -> None:
            stopwatch.save(
                self.case, task, cells, client=client, time=spent, actor=self.actor,
                now=datetime.now(UTC),
            )  # fmt: skip
            now = clock.clock(datetime.now(UTC), seconds=True)
            st.session_state["told"] = [say("Saved at {time}.", time=now)]
            st.session_state["saved-tasks"] = st.session_state.get("saved-tasks", 0) + 1
            st.session_state.pop("late-id", None)
            st.session_state.pop("refused", None)

        st.session_state["refused"] = client  # its form stays open, until it is saved
        self._try(save)

    def _heard(self, press: Press, task: Task) -> bool:
        def keep() -> None:
            told = task
            if press.kind == "start":  # a browser may send other names than the page let through
                told = self._read(task.participant, task.arm, task.keys)
            stopwatch.press(self.case, press, told, actor=self.actor, now=datetime.now(UTC))

        return self._try(keep)

    def _try(self, act: Callable[[], object]) -> bool:
        """Whether it is settled; what the machine could not do now is to be tried again."""
        try:
            act()
        except HtkevalError as error:
            st.session_state.setdefault("wrong", []).append(error)
            return not isinstance(error, EnvironmentFailed)
        return True

    def _progress(self) -> None:
        design, counts = self.trial.design, self.seen.store.counts(self.trial.id)
        done = sum(counts.values())
        planned = (
            round(design.clusters * design.tasks_each)
            if design.clusters and design.tasks_each
            else None
        )
        many = sentences.tasks(self.trial)
        if planned is None:
            told = say("{n:#,##0} {tasks} measured", n=done, tasks=many)
            elements.small(told, self.language)
            return
        told = say(
            "{n:#,##0} of {planned:#,##0} planned {tasks} measured",
            n=done,
            planned=planned,
            tasks=many,
        )
        st.progress(min(1.0, done / planned), text=self.words(told))


def _letters() -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(24))


def _name(trial: Trial, timing: Timing) -> Text | str:
    """What a task is called on the page."""
    told = [timing.keys[name] for name in stopwatch.naming(trial) if name in timing.keys]
    return " · ".join(told) or sentences.task(trial)


def _wrong(error: HtkevalError, language: Language, trial: Trial | None = None) -> None:
    """An error in red, its columns called as the form calls them."""
    called = {field.column.name: field.label for field in codebook(trial)} if trial else {}
    for one in error.problems:
        place = called.get(str(one.place), one.place)
        elements.alarm(replace(one, place=place).sentence, language)
