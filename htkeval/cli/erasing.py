"""erase: a participant is forgotten for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from htkeval.cli.options import DATE, acting, here, kept, named_trial, now, placed
from htkeval.cli.output import line, paragraph, warn
from htkeval.cli.speech import words
from htkeval.errors import Problem, UsageError
from htkeval.local_day import local_day
from htkeval.text import say

if TYPE_CHECKING:
    from datetime import date, datetime

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
@click.option("--participant", help=words(say("The pseudonym, as the sheet has it.")))
@click.option("--why", callback=kept, help=words(say("Why, in words that name nobody.")))
@click.option(
    "--due",
    is_flag=True,
    help=words(say("Everybody, if the day has passed that [retention] of the trial promises.")),
)
@click.option(
    "--on",
    type=DATE,
    metavar=words(say("DATE")),
    help=words(say("With --due: the day that it is; else today. Of a day to come it only tells.")),
)
@acting
@placed
def erase(
    trial: str,
    participant: str | None,
    why: str | None,
    due: bool,
    on: datetime | None,
    actor: Actor,
) -> None:
    """Stores the erasure, deletes the files that held the rows, and makes a new snapshot."""
    from htkeval.steps.case import open_case
    from htkeval.steps.erase import erase as forget

    _refuse_half(participant, why, due=due, on=on)
    if due:
        _due(trial, on.date() if on else local_day(now()), why, actor)
        return
    with open_case(here(), trial) as case:
        done = forget(case, participant or "", why=why or "", actor=actor, now=now())
    _tell(done)


def _refuse_half(
    participant: str | None, why: str | None, *, due: bool, on: datetime | None
) -> None:
    """One person with a reason, or everybody whose day has passed."""
    if due == (participant is not None):
        found = say("both") if due else say("neither")
        raise UsageError(Problem("erase", found, say("--participant, or --due")))
    if not due and why is None:
        raise UsageError(Problem("--why", say("nothing"), say("a few words of one's own")))
    if not due and on is not None:
        raise UsageError(Problem("--on", say("no --due"), say("--due --on DATE")))


def _due(trial: str, on: date, why: str | None, actor: Actor) -> None:
    """Everybody, or when it will be."""
    from htkeval.steps.case import open_case
    from htkeval.steps.retention import erase_due, kept_until

    moment = now()
    with open_case(here(), trial) as case:
        until, known = kept_until(case), case.store.people_known(case.file.id)
        values = {"trial": case.file.id, "day": until, "n": known}
        reason = why or words(say("Kept until {day:d MMMM y}, as promised.", day=until))
        done = erase_due(case, on=on, why=reason, actor=actor, now=moment)
    if done is None and until < on:
        line(
            say(
                "{trial}: people are known until {day:d MMMM y}. {n:#,##0} would be forgotten "
                "after that; nothing is stored before the day has come.",
                **values,
            )
        )
    elif done is None:
        line(
            say(
                "{trial}: people are known until {day:d MMMM y}; {n:#,##0} will be forgotten after "
                "that. Nothing was stored.",
                **values,
            )
        )
    elif not done.events:
        line(say("{trial}: nobody is known any more; nothing to forget.", **values))
    else:
        _tell_all(done)


def _tell_all(done: Erased) -> None:
    """How many people and rows, and what became of files."""
    first, last = done.events[0], done.events[-1]
    line(
        say(
            "{trial}: {n:#,##0} participants are forgotten (events {first} to {last}); "
            "measurements that do not count any more: {rows:#,##0}.",
            trial=first.trial,
            n=len(done.events),
            first=first.seq,
            last=last.seq,
            rows=sum(event.payload["rows"] for event in done.events),
        )
    )
    _tell_files(done)


def _tell(done: Erased) -> None:
    (event,) = done.events
    line(
        say(
            "The participant is forgotten (event {seq}); measurements that do not count any more: "
            "{n:#,##0}.",
            seq=event.seq,
            n=event.payload["rows"],
        )
    )
    _tell_files(done)


def _tell_files(done: Erased) -> None:
    """Which snapshots went, and what is left to do."""
    files = {name for event in done.events for name in event.payload["files"]}
    if files:
        line(say("Snapshots that held them and were deleted: {n:#,##0}.", n=len(files)))
    if files and done.rebuilt is not None:
        line(say("{trial}: data changed; run each analysis again.", trial=done.events[0].trial))
    if files and done.rebuilt is None:
        line(
            say(
                "{trial}: no measurement counts any more, so no analysis can be run again; what "
                "was analysed and decided stays on record.",
                trial=done.events[0].trial,
            )
        )
    if files and done.rebuilt is not None and done.few:
        paragraph(
            say(
                "Figures of the last analysis and of the next differ by the measurements of fewer "
                "than five people, and so tell what these were. Where you can, wait with the next "
                "analysis until measurements of others have come too."
            )
        )
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
