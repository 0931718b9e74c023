"""erase: a participant is forgotten for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from htkeval.cli.options import acting, here, kept, named_trial, now, placed
from htkeval.cli.output import line, paragraph, warn
from htkeval.cli.speech import words
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.decision import Actor
    from htkeval.steps.erase import Erased


@click.command(
    help=words(
        say(
            "Forget a participant of one trial for good: measurements do not count any more, and "
            "nothing here leads to the person. It cannot be undone."
        )
    )
)
@named_trial
@click.option(
    "--participant", required=True, help=words(say("The pseudonym, as the sheet has it."))
)
@click.option(
    "--why", required=True, callback=kept, help=words(say("Why, in words that name nobody."))
)
@acting
@placed
def erase(trial: str, participant: str, why: str, actor: Actor) -> None:
    """Stores the erasure, deletes the files that held the rows, and makes a new snapshot."""
    from htkeval.steps.case import open_case
    from htkeval.steps.erase import erase as forget

    with open_case(here(), trial) as case:
        done = forget(case, participant, why=why, actor=actor, now=now())
    _tell(done)


def _tell(done: Erased) -> None:
    said = done.event.payload
    line(
        say(
            "The participant is forgotten (event {seq}); measurements that do not count any more: "
            "{n:#,##0}.",
            seq=done.event.seq,
            n=said["rows"],
        )
    )
    if said["files"]:
        line(say("Snapshots that held them and were deleted: {n:#,##0}.", n=len(said["files"])))
        name = done.event.trial
        line(say("{trial}: data changed; run each analysis again.", trial=name))
    if done.locked:
        paragraph(say("The trial stays locked: to be forgotten is a right, and no unlocking."))
    if done.rebuilt is not None:
        line(say("The new snapshot: {hash}.", hash=done.rebuilt.payload["sha256"][:16]))
    if done.delivered:
        warn(
            say(
                "MLflow still holds the file snapshot.parquet in {n:#,##0} runs that were sent "
                "before; delete it there.",
                n=done.delivered,
            )
        )
    paragraph(
        say("Backups, sheets and other copies outside this workspace are not reached from here.")
    )
