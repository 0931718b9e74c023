"""second: a random tenth of the tasks is timed by two, and how far they agree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import acting, here, kept, named_trial, now, placed, reading
from htkeval.cli.output import line, paragraph, print_csv, print_json, print_table, simulated_banner
from htkeval.cli.speech import words
from htkeval.errors import Problem, UsageError
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.decision import Actor
    from htkeval.second import Timed
    from htkeval.steps.case import Case
    from htkeval.steps.second import Taken

FILE = click.Path(path_type=Path)


@click.command(
    help=words(say("A random tenth of the tasks, timed by a second observer: do the two agree?"))
)
@named_trial
@click.argument("file", required=False, type=FILE)
@click.option(
    "-o", "--output", type=FILE, help=words(say("Write the sheet that the second fills in (CSV)."))
)
@click.option(
    "--why",
    metavar="TEXT",
    callback=kept,
    help=words(say("Why second times that are here already are others now; both are kept.")),
)
@reading
@acting
@placed
def second(
    trial: str, file: Path | None, output: Path | None, why: str | None, form: str, actor: Actor
) -> None:
    """Without FILE it reads; with it the second times are stored, apart from the measurements."""
    from htkeval.steps.case import open_case, read_case
    from htkeval.steps.second import asked, take

    if file is not None and output is not None:
        found, expected = say("a file to read and one to write"), say("one of them")
        raise UsageError(Problem("second", found, expected))
    if file is None and why is not None:
        found, expected = say("a reason without a file"), say("FILE with the times")
        raise UsageError(Problem("--why", found, expected))
    if file is not None:
        with open_case(here(), trial) as case:
            _tell(take(case, file, why=(why or "").strip() or None, actor=actor, now=now()))
        return
    with read_case(here(), trial) as case:
        drawn = asked(case)
        if output is not None:
            _write(output, case, drawn)
            return
        _show(case, drawn, form)


def _tell(done: Taken) -> None:
    if done.event is not None:
        seq = done.event.seq
        line(say("{n:#,##0} second times stored as event {seq}.", n=done.stored, seq=seq))
    if done.revised:
        told = say("Of them {n:#,##0} in the place of another time, which is kept.", n=done.revised)
        line(told)
    if done.here:
        line(say("Here already, and not stored again: {n:#,##0}.", n=done.here))


def _write(output: Path, case: Case, drawn: tuple[Timed, ...]) -> None:
    """The first observer's times are not in it: the second is not to see them."""
    from htkeval.cli.writing import write_new
    from htkeval.csv_text import csv_text

    wanted = [one for one in drawn if one.row is not None and not one.second]
    keys = list(wanted[0].keys) if wanted else []
    times = case.trial.primary.parts
    rows = ((one.row, *map(one.keys.get, keys), *("" for _ in times)) for one in wanted)
    told = csv_text(["row", *keys, *times], rows, delimiter=";", end="\r\n")
    write_new(output, told.encode("utf-8-sig"))
    line(say("{file}: {n:#,##0} tasks for the second observer.", file=output.name, n=len(wanted)))


def _show(case: Case, drawn: tuple[Timed, ...], form: str) -> None:
    from htkeval.reporting.second import sentences
    from htkeval.steps.second import agreed

    found = agreed(case)
    if form == "json":
        from htkeval.cli.printed.lists import Second

        print_json(
            Second(
                trial=case.trial.id,
                tasks=drawn,
                agreement=None if isinstance(found, Text) else found,
                reason=words(found) if isinstance(found, Text) else None,
            )
        )
        return
    if form == "csv":
        print_csv([_flat(one) for one in drawn], list(_flat(drawn[0])) if drawn else ["row"])
        return
    if case.store.is_simulated(case.file.id):
        line(simulated_banner())
    if drawn:
        yes, no = words(say("yes")), words(say("no"))
        names = list(drawn[0].keys)
        print_table(
            [say("Row"), *names, say("Timed twice")],
            [
                [
                    str(one.row or "–"),
                    *(one.keys.get(name) or "–" for name in names),
                    yes if one.second else no,
                ]
                for one in drawn
            ],
        )
    line(
        say(
            "Drawn to be timed by two: {n:#,##0}, about a tenth, by the registration's "
            "fingerprint.",
            n=len(drawn),
        )
    )
    for sentence in (found,) if isinstance(found, Text) else sentences(found):
        paragraph(sentence)


def _flat(one: Timed) -> dict[str, Any]:
    return {"row": one.row, **one.keys, "second": one.second}
