"""allocate: draw who gets the tool, from a list or one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import acting, here, named_trial, now, placed, reading
from htkeval.cli.output import line, print_csv, print_json, print_table, write_new
from htkeval.cli.speech import words
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.allocation_list import AllocationList
    from htkeval.cli.documents import Allocation, BalanceLine
    from htkeval.decision import Actor
    from htkeval.steps.case import Case
    from htkeval.trial import Trial

FILE = click.Path(path_type=Path)
FEWEST = 2
"""Units on each side from which on anything can be said of how units differ."""


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
    output: Path | None,
    form: str,
    actor: Actor,
) -> None:
    """Stores what is drawn before it shows it."""
    from htkeval.errors import HtkevalError
    from htkeval.steps.case import open_case

    _refuse_options(units, one=one, named=bool(participant or task or strata))
    if output is not None:
        write_new(output, "")  # first: what is drawn must not be lost for want of a place
    try:
        with open_case(here(), trial) as case:
            if units is not None:
                shown = _draw_list(case, units, actor)
            elif one:
                shown = _draw_one(case, participant, task, strata, actor)
            else:
                shown = _all(case)
    except HtkevalError:
        if output is not None:
            output.unlink(missing_ok=True)
        raise
    _print(shown, form, output)


@dataclass(frozen=True)
class Shown:
    """What is printed."""

    trial: Trial
    """The registered definition."""
    listed: AllocationList
    """The units that were drawn now, or all of them."""
    whole: AllocationList
    """All units of the trial."""
    payload: dict[str, Any]
    """What the newest event of an allocation says."""
    now_drawn: bool
    """Whether something was drawn now."""


def _refuse_options(units: Path | None, *, one: bool, named: bool) -> None:
    """Options that do not go together."""
    from htkeval.errors import Problem, UsageError

    if units is not None and (one or named):
        found = say("--units together with options for a single unit")
        expected = say("either a list, or --next with --participant")
        raise UsageError(Problem("htkeval allocate", found, expected))
    if named and not one:
        found = say("a unit, but no --next")
        expected = say("--next, which draws for that unit")
        raise UsageError(Problem("htkeval allocate", found, expected))


def _draw_list(case: Case, units: Path, actor: Actor) -> Shown:
    from htkeval.steps.allocate import allocate as draw

    made = draw(case, units, actor=actor, now=now())
    return Shown(made.trial, made.listed, made.whole, made.event.payload, now_drawn=True)


def _draw_one(
    case: Case, participant: str | None, task: str | None, strata: tuple[str, ...], actor: Actor
) -> Shown:
    from htkeval.errors import Problem, UsageError
    from htkeval.steps.next_lot import next_lot

    by_task = case.trial.design.kind == "within"
    if task is not None and not by_task:
        found, expected = say("a task"), say("a participant only: tasks are not drawn here")
        raise UsageError(Problem("--task", found, expected))
    values = dict(each.partition("=")[::2] for each in strata)
    names = (participant, task) if by_task else (participant,)
    made = next_lot(case, names, values, actor=actor, now=now())
    return Shown(made.trial, made.listed, made.whole, made.event.payload, now_drawn=True)


def _all(case: Case) -> Shown:
    from htkeval.errors import Problem, StateError

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
    return Shown(case.trial, listed, listed, last.payload, now_drawn=False)


def _print(shown: Shown, form: str, output: Path | None) -> None:
    from htkeval.steps.drawn import columns, rows

    if output is not None:
        _write(output, shown)
    if form == "json":
        print_json(_document(shown))
    elif form == "csv":
        print_csv(rows(shown.trial, shown.listed), columns(shown.trial, shown.listed))
    else:
        _tell(shown, output)


def _write(output: Path, shown: Shown) -> None:
    """The list as a sheet that Excel reads: with a byte order mark, for å is a letter of names."""
    import csv

    from htkeval.steps.drawn import columns, rows

    with output.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, columns(shown.trial, shown.listed))
        writer.writeheader()
        writer.writerows(rows(shown.trial, shown.listed))


def _document(shown: Shown) -> Allocation:
    from htkeval.cli.documents import Allocation, DrawnUnit
    from htkeval.steps.drawn import arms, drawn_word

    listed, trial = shown.listed, shown.trial
    given = [(drawn_word(trial, each), arms(trial, each)) for each in listed.patterns]
    inside = list(zip(*listed.strata.values(), strict=True)) or [()] * len(listed)
    units = tuple(
        DrawnUnit(
            unit=dict(zip(listed.columns, unit, strict=True)),
            strata=dict(zip(listed.strata, its, strict=True)),
            drawn=given[each][0],
            arms=given[each][1],
        )
        for unit, its, each in zip(listed.named(), inside, listed.drawn, strict=True)
    )
    said = shown.payload
    return Allocation(
        trial=trial.id,
        registration=said["registration"],
        mechanism=said["mechanism"],
        list=said["list"] if shown.now_drawn else None,
        units=units,
        balance=_balance(shown),
        differences=said.get("differences", {}) if shown.now_drawn else {},
    )


def _balance(shown: Shown) -> tuple[BalanceLine, ...]:
    """All units of the trial by what they drew, and by level of strata."""
    from htkeval.cli.documents import BalanceLine
    from htkeval.design.listing import balance
    from htkeval.steps.drawn import drawn_word

    names = [drawn_word(shown.trial, each) for each in shown.whole.patterns]
    return tuple(
        BalanceLine(
            column=column or None,
            level=level or None,
            counts=dict(zip(names, counts, strict=True)),
        )
        for column, level, counts in balance(shown.whole)
    )


def _tell(shown: Shown, output: Path | None) -> None:
    """A balance table for people; the list itself is for a file."""
    from htkeval.steps.drawn import drawn_column, drawn_word

    trial, listed = shown.trial, shown.listed
    if shown.now_drawn and len(listed) == 1:
        name = " / ".join(listed.named()[0])
        word = drawn_word(trial, listed.patterns[listed.drawn[0]])
        line(say("{name}: {arm}", name=name, arm=word))
        return
    if shown.now_drawn:
        line(say("{n:#,##0} units drawn and stored.", n=len(listed)))
    _table(shown, drawn_column(trial))
    if len(listed.patterns) == 2 and min(_balance(shown)[0].counts.values()) < FEWEST:
        line(say("Chance left one side with fewer than two units, which tells nothing."))
    if shown.now_drawn:
        for column, gap in shown.payload.get("differences", {}).items():
            line(_difference(column, gap))
    if output is None:
        line(say("`htkeval allocate {name} -o FILE.csv` writes the list.", name=trial.id))
    else:
        line(say("{file}: {n:#,##0} units.", file=output.name, n=len(listed)))


def _table(shown: Shown, drawn: str) -> None:
    lines = _balance(shown)
    print_table(
        [say("Units"), *(f"{drawn} = {name}" for name in lines[0].counts)],
        [[_of(one), *map(str, one.counts.values())] for one in lines],
    )


def _of(one: BalanceLine) -> Text | str:
    return say("all") if one.column is None else f"{one.column} = {one.level}"


def _difference(column: str, gap: float | None) -> Text:
    if gap is None:
        return say("{column}: the difference cannot be computed.", column=column)
    return say(
        "{column}: the arms lie {gap:0.00} standard deviations apart, as chance has it.",
        column=column,
        gap=gap,
    )
