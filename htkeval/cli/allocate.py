"""allocate: draw who gets the tool, from a list or one at a time."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from htkeval.cli.options import acting, here, named_trial, now, placed, reading, spoken_in
from htkeval.cli.speech import words
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.cli.drawn import Shown
    from htkeval.decision import Actor
    from htkeval.errors import HtkevalError
    from htkeval.steps.case import Case

FILE = click.Path(path_type=Path)


@click.command(
    help=words(
        say(
            "Draw who gets the tool, once: a list of units, or with --next one lot at a time that "
            "nobody can know before. Without either, what was drawn."
        )
    )
)
@named_trial
@click.option(
    "--units", type=FILE, help=words(say("CSV, Excel or Parquet: a row a unit, in order of entry."))
)
@click.option(
    "--next", "one", is_flag=True, help=words(say("Draw one lot and show it: see --participant."))
)
@click.option("--participant", metavar="P", help=words(say("Whose lot, by pseudonym.")))
@click.option("--task", metavar="T", help=words(say("Which task, where tasks are drawn.")))
@click.option(
    "--stratum",
    "strata",
    metavar="COLUMN=VALUE",
    multiple=True,
    help=words(say("The unit's value in a column of strata; once for each column.")),
)
@click.option(
    "--show-key",
    is_flag=True,
    help=words(say("Show the key of lots drawn one at a time, once no lot is to come.")),
)
@click.option(
    "--redcap",
    type=FILE,
    help=words(say("Write all that was drawn as a new allocation table for REDCap.")),
)
@click.option("-o", "--output", type=FILE, help=words(say("Write the list as a new CSV file.")))
@reading
@acting
@placed
def allocate(
    trial: str,
    units: Path | None,
    one: bool,
    participant: str | None,
    task: str | None,
    strata: tuple[str, ...],
    show_key: bool,
    redcap: Path | None,
    output: Path | None,
    form: str,
    actor: Actor,
) -> None:
    """Stores what is drawn before it shows it."""
    from htkeval.cli.drawn import print_drawn, sheet
    from htkeval.cli.writing import new_file
    from htkeval.errors import HtkevalError
    from htkeval.steps.case import open_case, read_case

    shows = "--show-key" if show_key else "--redcap" if redcap else None
    _refuse_options(units, one=one, named=bool(participant or task or strata), shows=shows)
    values, workspace, shown = _values(strata), here(), None
    try:
        # opened first: what is drawn must not be lost for want of a place
        with new_file(output) if output else nullcontext() as new:
            opened = open_case if units is not None or one else read_case
            with opened(workspace, trial) as case:
                if units is not None:
                    shown = _draw_list(case, units, actor)
                elif one:
                    shown = _draw_one(case, participant, task, values, actor)
                else:
                    shown = _all(case, show_key=show_key)
            if new is not None:
                new.write(sheet(shown, spoken_in(workspace)))
    except HtkevalError as failed:
        if shown is None or not shown.now_drawn:
            raise
        raise _stored(failed, trial) from failed
    if redcap is not None:
        _write_redcap(shown, redcap)
    print_drawn(shown, form, output.name if output else None)


def _stored(failed: HtkevalError, trial: str) -> HtkevalError:
    """A list that could not be written, of lots that are stored all the same."""
    from dataclasses import replace

    from htkeval.errors import EnvironmentFailed

    step = say(
        "The lots are stored; the list could not be written. Run "
        "`htkeval allocate {name} -o FILE` again, and do not draw again.",
        name=trial,
    )
    return EnvironmentFailed(replace(problem, next_step=step) for problem in failed.problems)


def _write_redcap(shown: Shown, file: Path) -> None:
    from htkeval.cli.writing import write_new
    from htkeval.steps.redcap import allocation_table

    write_new(file, allocation_table(shown.trial, shown.whole))


def _refuse_options(units: Path | None, *, one: bool, named: bool, shows: str | None) -> None:
    """Options that do not go together."""
    if shows is not None and (units is not None or one or named):
        found = say("{option} together with a draw", option=shows)
        raise _called_wrongly(found, say("either of the two"))
    if units is not None and (one or named):
        found = say("--units together with options for a single unit")
        raise _called_wrongly(found, say("either a list, or --next with --participant"))
    if named and not one:
        found = say("a unit, but no --next")
        raise _called_wrongly(found, say("--next, which draws for that unit"))


def _values(strata: tuple[str, ...]) -> dict[str, str]:
    """By column of strata: the value that was given, each once."""
    values: dict[str, str] = {}
    for each in strata:
        column, equals, value = each.partition("=")
        if not equals:
            found = say('--stratum "{text}"', text=each)
            raise _called_wrongly(found, say("COLUMN=VALUE, such as --stratum office=North"))
        if column in values:
            found = say("--stratum {column} twice", column=column)
            raise _called_wrongly(found, say("one value for each column"))
        values[column] = value
    return values


def _called_wrongly(found: Text, expected: Text) -> HtkevalError:
    from htkeval.errors import Problem, UsageError

    return UsageError(Problem("htkeval allocate", found, expected))


def _draw_list(case: Case, units: Path, actor: Actor) -> Shown:
    from htkeval.cli.drawn import Shown
    from htkeval.steps.allocate import allocate as draw

    made = draw(case, units, actor=actor, now=now())
    return Shown(made.trial, made.listed, made.whole, made.event.payload, now_drawn=True)


def _draw_one(
    case: Case, participant: str | None, task: str | None, values: dict[str, str], actor: Actor
) -> Shown:
    from htkeval.cli.drawn import Shown
    from htkeval.errors import Problem, UsageError
    from htkeval.steps.next_lot import next_lot

    by_task = case.trial.design.kind == "within"
    if task is not None and not by_task:
        found, expected = say("a task"), say("a participant only: tasks are not drawn here")
        raise UsageError(Problem("--task", found, expected))
    if participant is None:
        found, expected = say("no --participant"), say("a pseudonym, such as P017")
        raise _called_wrongly(found, expected)
    if by_task and task is None:
        raise _called_wrongly(say("no --task"), say("the task whose lot is drawn"))
    names = (participant, task) if by_task else (participant,)
    made = next_lot(case, names, values, actor=actor, now=now())
    return Shown(made.trial, made.listed, made.whole, made.event.payload, now_drawn=True)


def _all(case: Case, *, show_key: bool) -> Shown:
    from htkeval.cli.drawn import Shown
    from htkeval.errors import Problem, StateError
    from htkeval.steps.shown_key import shown_key

    listed, last = case.store.allocated(case.file.id), case.store.latest(case.file.id, "allocation")
    if listed is None or last is None:
        raise StateError(
            Problem(
                say("trial {name}", name=case.file.id),
                say("nothing drawn"),
                say("a list of units"),
                say("`htkeval allocate {name} --units FILE` draws for them.", name=case.file.id),
            )
        )
    key, commitment = shown_key(case, now=now()) if show_key else (None, None)
    return Shown(
        case.trial, listed, listed, last.payload, now_drawn=False, key=key, commitment=commitment
    )
