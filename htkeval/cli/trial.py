"""check: is the definition right?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from htkeval.cli.options import here, named_trial, now, placed, reading
from htkeval.cli.output import line, print_csv, print_json
from htkeval.cli.speech import words
from htkeval.local_day import local_day
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.trial import Trial
    from htkeval.workspace import Workspace


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
    from htkeval.cli.remarks import doubts
    from htkeval.errors import UsageError
    from htkeval.steps.foretell import wanted
    from htkeval.trial_file import load

    try:
        place = here()
    except UsageError:
        place = None
    file = workspace.find_trial(trial, place)
    definition = load(Path(file))
    remarks = (
        *_remarks(definition, wanted=wanted(place)),
        *doubts(definition, file=Path(file), today=local_day(now())),
        *(_claimed_twice(definition, place) if place else ()),
    )
    if form == "json":
        from htkeval.cli.documents import Definition

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


def _claimed_twice(trial: Trial, place: Workspace) -> tuple[Text, ...]:
    """Whether more than one programme counts on its gain."""
    from htkeval.claims import claimants

    names = claimants(trial, place.municipality.programmes)
    if len(names) < 2:
        return ()
    return (
        say(
            "its gain is claimed twice in configs/municipality.toml ({names}); `htkeval budget` is "
            "refused until one programme claims it",
            names=", ".join(names),
        ),
    )


def _remarks(trial: Trial, *, wanted: float) -> list[Text]:
    """What is allowed but will limit the conclusion, and what is still to be filled in."""
    from htkeval.blank import blanks
    from htkeval.economics import faults
    from htkeval.steps.foretell import too_small

    missing = blanks(trial.model_dump_json())
    remarks = [say("still to be filled in: {what}", what=what) for what in missing]
    if trial.primary.worthwhile is None:
        remarks.append(say("no worthwhile effect is stated, so no verdict can be go or no-go"))
    if trial.primary.source is None:
        remarks.append(say("the primary metric's source is not stated; it counts as self-reported"))
    guardrails = [metric for metric in trial.metrics if metric.role == "guardrail"]
    if not guardrails:
        remarks.append(say("no guardrail: nothing tells whether quality became worse"))
    remarks += [
        say("guardrail {id} has no margin, so it can never be met", id=metric.id)
        for metric in guardrails
        if metric.margin is None
    ]
    if not trial.design.randomised:
        remarks.append(say("not randomised: the evidence level is capped"))
    if trial.design.randomised and trial.design.clusters is None:
        remarks.append(
            say(
                "clusters, how many people or teams are planned, is not stated; the method needs it"
            )
        )
    remarks += too_small(trial, wanted)
    if trial.design.wash_in_days and trial.design.date is None:
        remarks.append(say("wash_in_days needs the column of the date to leave any day out"))
    if any(metric.cap for metric in trial.metrics) and trial.design.status is None:
        remarks.append(say("a cap needs the column of the status to tell unfinished tasks"))
    sized = trial.design.clusters is not None and trial.design.tasks_each is not None
    if trial.analysis.looks != (1.0,) and not sized:
        remarks.append(
            say("looks need clusters and tasks_each in [design]: it cannot be registered without")
        )
    for _, fault in faults(trial.economics):
        remarks.append(say("{fault}: it cannot be registered so", fault=fault))
    return remarks
