"""participant, participants: who was informed, consented, objected or withdrew."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from htkeval.cli.options import DATE, acting, here, kept, named_trial, now, placed, reading
from htkeval.cli.output import line, paragraph, print_csv, print_json, print_table, warn
from htkeval.cli.speech import words
from htkeval.text import Text, say

if TYPE_CHECKING:
    from datetime import date

    from htkeval.decision import Actor
    from htkeval.participation import ParticipationState, Standing
    from htkeval.steps.participation import Recorded

_WORDS: dict[str, Text] = {
    "informed": say("was informed"),
    "consented": say("consented"),
    "objected": say("objected"),
    "withdrawn": say("withdrew"),
}


@click.command(
    help=words(
        say(
            "Record that participants were informed, consented, objected or withdrew. Who objected "
            "or withdrew takes no new measurements; consent on a later day opens again."
        )
    )
)
@named_trial
@click.argument("people", metavar=words(say("PSEUDONYM...")), nargs=-1, required=True)
@click.option(
    "--state",
    type=click.Choice(list(_WORDS)),
    required=True,
    help=words(say("What they were told, or said.")),
)
@click.option(
    "--date",
    "day",
    type=DATE,
    metavar=words(say("DATE")),
    help=words(say("The day on which it happened; else today.")),
)
@click.option(
    "--why",
    metavar="TEXT",
    callback=kept,
    help=words(say("A code or a few words that name nobody; nobody has to give a reason.")),
)
@acting
@placed
def participant(
    trial: str,
    people: tuple[str, ...],
    state: ParticipationState,
    day: datetime | None,
    why: str | None,
    actor: Actor,
) -> None:
    """Stores an event for each, all or none."""
    from htkeval.local_day import local_day
    from htkeval.participation import CLOSES
    from htkeval.steps.case import open_case
    from htkeval.steps.participation import record

    moment = now()
    on = day.date() if day else None
    with open_case(here(), trial) as case:
        done = record(case, people, state, on=on, why=why, actor=actor, now=moment)
    for one in done:
        said = one.said
        values = {"who": one.participant, "said": _WORDS[state], "day": said.date}
        values["seq"] = said.event
        if one.stored:
            line(say("{who} {said} on {day:d MMMM y} (event {seq}).", **values))
        else:
            values |= {"by": said.by, "at": local_day(said.at)}
            line(
                say(
                    "{who} {said} on {day:d MMMM y}: recorded already, by {by} on {at:d MMMM y} "
                    "(event {seq}). Nothing was stored; another day is stated with --date.",
                    **values,
                )
            )
    if new := [one.participant for one in done if one.new]:
        paragraph(say("New here, no row has this pseudonym yet: {who}.", who=", ".join(new)))
    if state in CLOSES:
        _consequence(case.file.id, done)


def _consequence(trial: str, done: tuple[Recorded, ...]) -> None:
    """What an objection or a withdrawal means for rows to come and rows that are here."""
    paragraph(say("Nothing new is taken of whoever objected or withdrew: neither rows nor lots."))
    for one in done:
        if one.counts < one.said.date:
            paragraph(
                say(
                    "{who}: the first time stays what counts, {day:d MMMM y}; rows after it are "
                    "refused.",
                    who=one.participant,
                    day=one.counts,
                )
            )
        if one.rows:
            paragraph(
                say(
                    "{who}: {n:#,##0} measurements from before stay and count; to withdraw is not "
                    "to be erased. To forget the person: htkeval erase {trial} --participant "
                    "PSEUDONYM --why TEXT.",
                    who=one.participant,
                    n=one.rows - one.later,
                    trial=trial,
                )
            )
        if one.later:
            warn(
                say(
                    "{who}: {n:#,##0} measurements that are here already are dated after that day; "
                    "they count until somebody leaves them out (htkeval rows, htkeval exclude).",
                    who=one.participant,
                    n=one.later,
                )
            )


@click.command(help=words(say("Where each participant stands, and who was never informed.")))
@named_trial
@reading
@placed
def participants(trial: str, form: str) -> None:
    """Reads the store. A view for the trial lead: no times, and in the order of pseudonyms."""
    from htkeval.steps.case import read_case
    from htkeval.steps.participation import participants as standings

    with read_case(here(), trial) as case:
        found = standings(case)
    if form == "json":
        from htkeval.cli.printed.lists import Participants

        print_json(Participants(trial=case.file.id, counts=None, participants=found))
    elif form == "csv":
        rows = [one.model_dump(mode="json") for one in found]
        print_csv(rows, list(type(found[0]).model_fields) if found else ["participant"])
    else:
        _table(case.file.id, found)


def _table(trial: str, found: tuple[Standing, ...]) -> None:
    if not found:
        line(say("{trial}: nobody is known yet.", trial=trial))
        return
    yes, no = say("yes"), say("no")
    print_table(
        [
            say("Participant"),
            say("Latest"),
            say("Since"),
            say("Informed"),
            say("Consented"),
            say("Measured"),
            say("Reason"),
        ],
        [
            [
                one.participant,
                _WORDS[one.state] if one.state else say("nothing is recorded"),
                _day(one.since),
                _day(one.informed),
                _day(one.consented),
                yes if one.measured else no,
                one.why or "–",
            ]
            for one in found
        ],
    )
    if early := [one.participant for one in found if one.uninformed]:
        paragraph(
            say(
                "Measured without having been informed first: {who}.",
                who=", ".join(early),
            )
        )
        paragraph(
            say(
                "When they were told: htkeval participant {trial} PSEUDONYM... --state informed "
                "--date DATE",
                trial=trial,
            )
        )


def _day(day: date | None) -> str:
    return day.isoformat() if day else "–"
