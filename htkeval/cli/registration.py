"""register: the promise, frozen and printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from htkeval.cli.options import acting, here, named_trial, now, placed
from htkeval.cli.output import line
from htkeval.cli.speech import language, words
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.decision import Actor
    from htkeval.registration import Registration
    from htkeval.steps.case import Case
    from htkeval.workspace import Workspace


@click.command(help=words(say("Freeze the promise: what will be measured and how it is judged.")))
@named_trial
@click.option(
    "--pdf",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=words(
        say("Print the promise for the case file; one that was made before is printed again.")
    ),
)
@acting
@placed
def register(trial: str, pdf: Path | None, actor: Actor) -> None:
    """Stores the definition with its fingerprint, and prints it."""
    from htkeval.cli.writing import new_file
    from htkeval.steps.case import open_case

    workspace = here()
    with open_case(workspace, trial) as case:
        if pdf is None:
            _freeze(case, workspace, actor)
            return
        with new_file(pdf) as paper:
            if case.registration is None:
                _freeze(case, workspace, actor)
            paper.write(_printed(case, workspace))
    line(say("Printed to {file}.", file=str(pdf)))


def _freeze(case: Case, workspace: Workspace, actor: Actor) -> None:
    from htkeval.cli.remarks import past_days
    from htkeval.registration import Registration
    from htkeval.steps.register import register as freeze

    event = freeze(case, policy=workspace.policy, actor=actor, now=now())
    _tell(Registration.of(event))
    if not case.registered_in_time:
        line(say("Treatment measurements came first: not registered in time, for good."))
    for remark in past_days(case.trial, event.at.date()):
        line(say("  note: {what}", what=remark))


def _tell(promise: Registration) -> None:
    """What was frozen, so that whoever promised it reads it once."""
    from htkeval.cli.output import paragraph
    from htkeval.reporting.promise import summary

    trial = promise.definition
    line(say("{title} ({trial}) is registered. Frozen:", title=trial.title, trial=trial.id))
    for said in summary(promise):
        paragraph(say("  {name}: {text}", name=said.name, text=said.text))
    line(say("Fingerprint {hash}.", hash=promise.fingerprint))


def _printed(case: Case, workspace: Workspace) -> bytes:
    from htkeval.registration import Registration
    from htkeval.reporting.registration_paper import printed

    event = case.registration
    assert event is not None  # registered a moment ago, if it was not before
    return printed(
        Registration.of(event),
        case.told,
        municipality=workspace.municipality.name,
        in_time=case.registered_in_time,
        language=language(),
    )
