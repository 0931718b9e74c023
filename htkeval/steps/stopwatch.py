"""Time a task, and save what came of it: every press is kept at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from htkeval.decision import Actor
from htkeval.errors import Problem, Refused, StateError
from htkeval.intake.cells import Raw, is_blank
from htkeval.intake.codebook import Field, codebook
from htkeval.intake.columns import Column, plan
from htkeval.intake.duration import SECONDS
from htkeval.intake.one_row import corrected, entered
from htkeval.local_day import local_day
from htkeval.measurement import CLIENT_ID, Batch, Measurement, Timed
from htkeval.steps.add import Brought, add_timed
from htkeval.steps.case import Case, Still
from htkeval.steps.spelled import refuse_other, refuse_otherwise
from htkeval.steps.task_arm import task_arm
from htkeval.steps.withdrawn import refuse_withdrawn
from htkeval.store.store import Added, Store
from htkeval.text import say
from htkeval.timing import Elapsed, Press, Timing
from htkeval.trial import Arm, Trial

FORM = "stopwatch"
"""What a delivery by the form is called in the record."""


@dataclass(frozen=True)
class Task:
    """Whose task it is, which, and in which arm."""

    participant: str | None
    """By pseudonym; None where the trial names no participants."""
    arm: Arm
    """In which arm it is done."""
    keys: Mapping[str, str]
    """By the sheet's own column: task, team, period and what else names it."""


def timed_column(trial: Trial) -> Column | None:
    """The column that the stopwatch fills: the primary time, else the first one that is timed."""
    ranked = sorted(trial.metrics, key=lambda metric: metric.role != "primary")
    name = next(
        (m.parts[0] for m in ranked
         if m.kind == "duration" and m.source in (None, "timed") and len(m.parts) == 1), None
    )  # fmt: skip
    return next((column for column in plan(trial) if column.name == name), None)


def asked(trial: Trial, arm: Arm) -> tuple[Field, ...]:
    """What the form asks for beside who, what, where, when and the time itself."""
    design, time = trial.design, timed_column(trial)
    known = {*naming(trial), design.arm, design.date, time.name if time else None}
    known |= {design.participant, design.sequence}
    return tuple(
        field
        for field in codebook(trial)
        if field.column.name not in known and _belongs(trial, field.column.name, arm)
    )


def _belongs(trial: Trial, name: str, arm: Arm) -> bool:
    """A forecast is asked for without the tool, and what the tool costs with it."""
    if trial.forecast is not None and name == trial.forecast.column:
        return arm == "baseline"
    means = {one.column: one.means for one in trial.also}
    return means.get(name, "error_class") == "error_class" or arm == "treatment"


def naming(trial: Trial) -> tuple[str, ...]:
    """The columns that name a task beside its participant, in the order in which they are asked."""
    design = trial.design
    return tuple(name for name in (design.team, design.period, design.task) if name)


def people(case: Case) -> tuple[str, ...]:
    """Everybody who was drawn, measured or timed here and was not forgotten, by pseudonym."""
    listed, name = case.store.allocated(case.file.id), case.trial.design.participant
    drawn = listed.units[0] if listed is not None and listed.columns[0] == name else ()
    return tuple(sorted({*drawn, *case.store.people(case.file.id)}))


def to_do(case: Case, participant: str, *, timed: tuple[Timing, ...]) -> tuple[str, ...] | None:
    """The tasks that were drawn for a person and are neither measured nor being timed.

    Args:
        case: The trial.
        participant: The pseudonym.
        timed: The person's tasks that are being timed, or wait to be saved.

    Returns:
        By name, in the order of the list; None where tasks were not drawn as a list.
    """
    listed, design = case.store.allocated(case.file.id), case.trial.design
    if listed is None or len(listed.columns) < 2 or design.one_by_one:
        return None
    task = design.task or ""
    rows = case.store.measurements(case.file.id, people={participant})
    done = {row.keys.get(task) for row in rows if participant in row.keys.values()}
    done |= {timing.keys.get(task) for timing in timed}
    mine = (name for whose, name in listed.named() if whose == participant)
    return tuple(name for name in mine if name not in done)


def open_tasks(case: Case, participant: str | None) -> tuple[Timing, ...]:
    """A person's tasks that are being timed, or were stopped and are not saved."""
    return case.store.timings(case.file.id, participant, which="open")


def read_task(
    trial: Trial,
    participant: str | None,
    arm: Arm,
    keys: Mapping[str, str],
    *,
    listed: frozenset[str] = frozenset(),
) -> Task:
    """A task as somebody typed its names, each as a cell of its column.

    Args:
        trial: Names the columns.
        participant: The pseudonym.
        arm: The arm.
        keys: By column: the name as it was typed; an empty one is left out.
        listed: Words of the participants' own list of names, which it may not hold.

    Raises:
        SheetError: A name that a sheet could not have, or one that gives a person away.
    """
    told = {name: cell for name, cell in keys.items() if cell.strip()}
    cells = _names(trial, Task(participant, arm, told), None)
    empty = Measurement(arm=arm, keys={}, values={})
    read = corrected(trial, empty, cells, listed=listed).keys
    names = {name: str(read[name]) for name in told if read.get(name) is not None}
    return Task(read.get(trial.design.participant or ""), arm, names)


def press(case: Case, press: Press, task: Task, *, actor: Actor, now: datetime) -> Timing | None:
    """Keep a press of the stopwatch.

    Args:
        case: The trial.
        press: What was pressed; sent again it is the same press.
        task: Whose; only the person is read, but of a start.
        actor: Who pressed.
        now: When it was heard of, in UTC.

    Returns:
        The task as it then stands; None where it never began.

    Raises:
        StateError: A start in another arm than was drawn, beside a task that runs already, for
            somebody who withdrew, or for a person, team or task that the trial writes otherwise.
    """

    def ask(inside: Store) -> None:
        if press.kind == "start":
            _refuse_start(Still(store=inside, blobs=case.blobs, file=case.file), press, task)

    return case.store.press(
        case.file.id, press, participant=task.participant, arm=task.arm, keys=dict(task.keys),
        actor=actor, now=now, ask=ask,
    )  # fmt: skip


def save(
    case: Case,
    task: Task,
    cells: Mapping[str, Raw],
    *,
    client: str,
    time: Raw,
    actor: Actor,
    now: datetime,
) -> Added:
    """Save one task; with the id of a task that was timed, that one is then done.

    Args:
        case: The trial.
        task: Whose, which, how.
        cells: By column: what was typed for it in the form.
        client: The client id: of the task that was timed, or made with the form.
        time: The time as typed, where it was entered afterwards; empty: whoever timed it knows the
            stopwatch to be wrong and not what is right; None: the stopwatch's own, or none where it
            was not used.
        actor: Who saves it.
        now: When, in UTC.

    Raises:
        SheetError: A value that a sheet could not have, or a text that gives a person away.
        Refused: No time, though the task was finished.
        StateError: The trial takes no such row now; or the timed task is not stopped, was saved or
            undone by somebody else, or is another's.
    """

    def make(then: Still) -> Brought:
        trial = then.trial
        timing = then.store.timing(trial.id, task.participant, client)
        if timing is not None:
            _refuse_unsaved(timing, trial.id)
        elif then.store.has(trial.id, "press") and then.store.timed(trial.id, client):
            raise _anothers(trial.id)
        batch = _batch(then, _begun(task, timing), cells, timing, client=client, time=time)
        return Brought((batch,), timing)

    return add_timed(case, make, actor=actor, now=now)


def lacking(trial: Trial, cells: Mapping[str, Raw]) -> tuple[Field, ...]:
    """The fields without which a row counts in no analysis, and which nobody filled in: what the
    analysis takes account of.

    Args:
        trial: The definition.
        cells: By column: what was typed.
    """
    series = trial.design.kind == "interrupted_time_series"  # of which no row needs them
    needed = {one.column for one in trial.covariates if not series}
    fields = (field for field in codebook(trial) if field.column.name in needed)
    return tuple(field for field in fields if is_blank(cells.get(field.column.name)))


def _begun(task: Task, timing: Timing | None) -> Task:
    """The task that was begun, whatever the form says by now."""
    return Task(timing.participant, timing.arm, timing.keys) if timing else task


def _batch(
    then: Still,
    task: Task,
    cells: Mapping[str, Raw],
    timing: Timing | None,
    *,
    client: str,
    time: Raw,
) -> Batch:
    """The delivery of one row, as a sheet would bring it."""
    trial, takes = then.trial, timing.takes if timing else None
    cells = {**cells, **_names(trial, task, timing)}
    row = _row(trial, task.arm, cells, takes=takes, time=time, listed=then.names)
    timed = Timed(
        timing=client,
        seconds=takes.seconds if takes else None,
        late=time is not None,
        resumed=takes is not None and takes.resumed and time is None,
        apart=takes.apart if takes and time is None else None,
    )
    return Batch(
        trial=trial.id,
        name=FORM,
        measurements=(row.model_copy(update={"keys": {**row.keys, CLIENT_ID: client}}),),
        simulated=then.store.is_simulated(trial.id),
        timed=timed,
    )


def _row(
    trial: Trial,
    arm: Arm,
    cells: Mapping[str, Raw],
    *,
    takes: Elapsed | None,
    time: Raw,
    listed: frozenset[str],
) -> Measurement:
    """The row as a sheet would give it, with the time that was typed or that the clock says."""
    column = timed_column(trial)
    if column is None:
        return entered(trial, arm, cells, listed=listed)
    row = entered(trial, arm, {**cells, column.name: time}, listed=listed)
    if takes is not None and time is None:
        told = round(takes.seconds / SECONDS[column.unit or "min"], 4)
        return row.model_copy(update={"values": {**row.values, column.name: told}})
    if row.values[column.name] is None and takes is None:  # a hole is better than a guess
        _refuse_untimed(trial, row.keys.get(trial.design.status or ""))
    return row


def _names(trial: Trial, task: Task, timing: Timing | None) -> dict[str, str]:
    """Who, which and when, as cells."""
    design, cells = trial.design, dict(task.keys)
    if design.participant and task.participant:
        cells[design.participant] = task.participant
    if design.date and timing is not None:
        cells[design.date] = local_day(timing.started).isoformat()
    return cells


def _refuse_start(case: Case, press: Press, task: Task) -> None:
    if task.participant is not None:
        refuse_other(case, task.participant)  # once a press is kept, both would be known
        refuse_withdrawn(case, [task.participant])
    others = [t for t in open_tasks(case, task.participant) if t.id != press.timing]
    if any(t.state == "running" for t in others):
        raise StateError(
            Problem(
                say("trial {name}", name=case.file.id),
                say("a task that is being timed already"),
                say("one task at a time for each person"),
                say("Pause or stop it first."),
            )
        )
    names = _names(case.trial, task, None)
    known = task_arm(case, names)
    if known.chosen:  # no list of lots says how its team and its task are written
        row = Measurement(arm=task.arm, keys=dict(names), values={})
        refuse_otherwise(case, [Batch(trial=case.trial.id, name=FORM, measurements=(row,))])
    if not known.chosen and known.arm != task.arm:
        raise StateError(
            Problem(
                say("trial {name}", name=case.file.id),
                say("an arm that was not drawn for this task"),
                say("the arm that the lot gave"),
            )
        )


def _refuse_unsaved(timing: Timing, place: str) -> None:
    """Only a task that was stopped is saved; one that was saved already is found, not refused."""
    if timing.state not in ("stopped", "saved"):
        raise StateError(
            Problem(
                say("trial {name}", name=place),
                say("a task that is still being timed, or whose time was thrown away"),
                say("a task that was stopped"),
            )
        )


def _anothers(place: str) -> StateError:
    """What was timed leads to one person; whoever was forgotten does not come back by the form."""
    return StateError(
        Problem(
            say("trial {name}", name=place),
            say("a task that was timed for somebody else, or for somebody who was forgotten"),
            say("a task of one's own"),
        )
    )


def _refuse_untimed(trial: Trial, status: str | None) -> None:
    """A task without a time says why it has none."""
    if trial.design.status is not None and status in ("refused", "abandoned"):
        return
    raise Refused(
        Problem(
            say("the time"),
            say("nothing"),
            say("how long the task took"),
            say("Write it, or say that the task was not finished."),
        )
    )
