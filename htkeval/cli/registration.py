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
    from htkeval.event import Event
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
    from htkeval.reporting.remarks import past_days
    from htkeval.steps.case import open_case
    from htkeval.steps.register import register as freeze

    workspace = here()
    with open_case(workspace, trial) as case:
        event: Event | None
        if pdf is None:
            event = freeze(case, policy=workspace.policy, actor=actor, now=now())
        else:
            event = _on_paper(case, workspace, actor, pdf)
        if event is not None:
            _tell(event)
            if not case.registered_in_time:
                line(say("Treatment measurements came first: not registered in time, for good."))
            for remark in past_days(case.trial, event.at.date()):
                line(say("  note: {what}", what=remark))
    if pdf is not None:
        line(say("Printed to {file}.", file=str(pdf)))


def _on_paper(case: Case, workspace: Workspace, actor: Actor, pdf: Path) -> Event | None:
    """The paper is on the disk before the promise is made, for that is made once.

    Returns:
        The promise; None where it was made before, and is only printed again.
    """
    from htkeval.cli.failing import stored_but
    from htkeval.cli.writing import new_file, settle
    from htkeval.errors import HtkevalError
    from htkeval.registration import Registration
    from htkeval.steps.register import register as freeze

    earlier = case.registration
    event: Event | None = None
    try:
        with new_file(pdf) as paper:

            def write(promise: Registration) -> None:
                paper.write(_printed(promise, case, workspace))
                settle(paper)

            if earlier is not None:
                write(Registration.of(earlier))
            else:
                event = freeze(case, policy=workspace.policy, actor=actor, now=now(), before=write)
    except HtkevalError as failed:
        if event is None:
            raise
        raise stored_but(event, failed.problems[0].sentence) from failed
    return event


def _tell(event: Event) -> None:
    """What was frozen, so that whoever promised it reads it once."""
    from htkeval.cli.output import paragraph
    from htkeval.registration import Registration
    from htkeval.reporting.promise import summary

    promise = Registration.of(event)
    trial = promise.definition
    line(say("{title} ({trial}) is registered. Frozen:", title=trial.title, trial=trial.id))
    for said in summary(promise):
        paragraph(say("  {name}: {text}", name=said.name, text=said.text))
    line(say("Fingerprint {hash}.", hash=promise.fingerprint))


def _printed(promise: Registration, case: Case, workspace: Workspace) -> bytes:
    from htkeval.reporting.registration_paper import printed

    made = case.registration is not None
    return printed(
        promise,
        case.told,
        municipality=workspace.municipality.name,
        in_time=case.registered_in_time if made else case.in_time(promise.at),
        language=language(),
    )
