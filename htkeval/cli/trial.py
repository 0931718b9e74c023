"""check: is the definition right?"""

from __future__ import annotations

import click

from htkeval.cli.options import here, named_trial, now, placed, reading
from htkeval.cli.output import line, print_csv, print_json
from htkeval.cli.speech import words
from htkeval.local_day import local_day
from htkeval.text import say


@click.command(
    help=words(
        say("Is a trial's definition right? Reads its folder and the policy, and stores nothing.")
    )
)
@named_trial
@reading
@placed
def check(trial: str, form: str) -> None:
    """Exit code 0: right; 1: something is wrong with it; 2: it cannot be read."""
    from pathlib import Path

    from htkeval import workspace
    from htkeval.errors import UsageError
    from htkeval.reporting.remarks import doubts
    from htkeval.steps.check import claimed_twice, remarks_on
    from htkeval.steps.foretell import wanted
    from htkeval.trial_file import load

    try:
        place = here()
    except UsageError:
        place = None
    file = workspace.find_trial(trial, place)
    definition = load(Path(file))
    remarks = (
        *remarks_on(definition, wanted=wanted(place)),
        *doubts(definition, file=Path(file), today=local_day(now())),
        *(claimed_twice(definition, place) if place else ()),
    )
    if form == "json":
        from htkeval.cli.printed.standing import Definition

        texts = [words(remark) for remark in remarks]
        print_json(Definition(trial=definition.id, file=str(file), remarks=tuple(texts)))
    elif form == "csv":
        print_csv(
            [{"trial": definition.id, "remark": words(r)} for r in remarks], ["trial", "remark"]
        )
    else:
        line(
            say(
                "{title} ({id}): the definition is right.", title=definition.title, id=definition.id
            )
        )
        columns = (*definition.design.key_columns, *definition.value_columns)
        line(say("The sheet's columns: {names}.", names=", ".join(columns)))
        for remark in remarks:
            line(say("  note: {what}", what=remark))
