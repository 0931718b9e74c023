"""finding: experiences and challenges, who answers for each, and how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import DATE, acting, here, kept, named_trial, now, placed, reading
from htkeval.cli.output import line, paragraph, print_csv, print_json, print_table, simulated_banner
from htkeval.cli.speech import words
from htkeval.errors import Problem, UsageError
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.decision import Actor
    from htkeval.finding import Finding

TOLD = ("kind", "text", "owner")
"""What a new finding cannot be without."""
FIXED = ("kind", "text", "areas")
"""What stays as it was told; whoever told it wrongly tells another."""
OPTIONS = {"areas": "--area", "on": "--date"}
"""What the others are called is their own name."""

_COLUMNS = (
    "finding",
    "kind",
    "text",
    "areas",
    "owner",
    "measure",
    "status",
    "due",
    "closed",
    "why",
    "by",
    "at",
)


@click.command(
    help=words(say("Experiences and challenges: list them, tell of one, say how far it is."))
)
@named_trial
@click.argument("finding", metavar="[ID]", required=False)
@click.option(
    "--kind",
    type=click.Choice(["experience", "security", "gdpr", "legal"]),
    help=words(say("What a new one is about.")),
)
@click.option(
    "--text",
    metavar=words(say("TEXT")),
    callback=kept,
    help=words(say("What was found, in your own words.")),
)
@click.option(
    "--owner",
    metavar=words(say("ROLE")),
    callback=kept,
    help=words(say("Which role answers for it; no name of a person.")),
)
@click.option(
    "--measure",
    metavar=words(say("TEXT")),
    callback=kept,
    help=words(say("What is done about it.")),
)
@click.option(
    "--due", type=DATE, metavar=words(say("DATE")), help=words(say("By when it is to be done."))
)
@click.option(
    "--area",
    "areas",
    multiple=True,
    metavar=words(say("TEXT")),
    callback=kept,
    help=words(say("An area that it matters to; may be given more than once.")),
)
@click.option(
    "--status",
    type=click.Choice(["open", "in_progress", "solved", "accepted"]),
    help=words(say("How far it is; a new one is open.")),
)
@click.option(
    "--date",
    "on",
    type=DATE,
    metavar=words(say("DATE")),
    help=words(say("The day it was solved or accepted; else today.")),
)
@click.option(
    "--why",
    metavar=words(say("TEXT")),
    callback=kept,
    help=words(say("Why; needed for each change.")),
)
@click.option(
    "--all", "every", is_flag=True, help=words(say("Also those that are solved or accepted."))
)
@reading
@acting
@placed
def finding(
    trial: str, finding: str | None, every: bool, form: str, actor: Actor, **said: Any
) -> None:
    """Without an option it reads; else it stores a new finding, or how one stands now."""
    from htkeval.reporting.findings import how_far
    from htkeval.steps.case import open_case
    from htkeval.steps.findings import change, record

    given = {key: value for key, value in said.items() if value not in (None, ())}
    if not given:
        _show(trial, finding, every=every, form=form)
        return
    _refuse_mixed(finding, given)
    for day in ("due", "on"):
        if day in given:
            given[day] = given[day].date()
    with open_case(here(), trial) as case:
        if finding is None:
            event, after = record(case, **given, actor=actor, now=now())
        else:
            changes = {"why": None, **given}
            event, after = change(case, finding, **changes, actor=actor, now=now())
    line(
        say(
            "{id}: {status}. Stored as event {seq}.",
            id=after.id,
            status=how_far(after),
            seq=event.seq,
        )
    )


def _refuse_mixed(finding: str | None, given: dict[str, Any]) -> None:
    """Whether a new one is told in full, or only what can change is changed."""
    if finding is None:
        missing = [_option(key) for key in TOLD if key not in given]
        if missing:
            raise UsageError(
                Problem(
                    ", ".join(missing),
                    say("nothing"),
                    say("kind, text and owner of a new finding, or the ID of one that changes"),
                    say("`htkeval finding --help` shows how."),
                )
            )
        return
    fixed = [_option(key) for key in FIXED if key in given]
    if fixed:
        raise UsageError(
            Problem(
                ", ".join(fixed),
                say("another word for a finding that was told"),
                say("what was told of it, left as it is"),
                say("Tell of a new one without an ID, and close this one."),
            )
        )


def _option(key: str) -> str:
    return OPTIONS.get(key, f"--{key}")


def _show(trial: str, wanted: str | None, *, every: bool, form: str) -> None:
    from htkeval.steps.case import read_case
    from htkeval.steps.findings import findings, the_one

    with read_case(here(), trial) as case:
        found = findings(case)
        if wanted is not None:
            found = (the_one(case, found, wanted),)
        name, simulated = case.trial.id, case.store.is_simulated(case.file.id)
    if form == "json":
        from htkeval.cli.printed.lists import Findings

        unsolved = sum(one.unsolved for one in found)
        print_json(Findings(trial=name, unsolved=unsolved, findings=found))
    elif form == "csv":
        print_csv([_flat(one) for one in found], _COLUMNS)
    else:
        if simulated:
            line(simulated_banner())
        _table(found, every=every or wanted is not None)
        if wanted is None:
            line(_count(found))
            paragraph(_what_now(name))


def _flat(one: Finding) -> dict[str, Any]:
    last = one.history[-1]
    return {
        **one.model_dump(mode="json", exclude={"id", "areas", "history"}),
        "finding": one.id,
        "areas": ";".join(one.areas),
        "why": last.why,
        "by": last.by,
        "at": last.at.isoformat(),
    }


def _table(found: tuple[Finding, ...], *, every: bool) -> None:
    from htkeval.finding import KINDS
    from htkeval.reporting.findings import how_far, step_of
    from htkeval.reporting.sentences import quoted

    shown = [one for one in found if every or one.unsolved]
    if shown:
        print_table(
            [
                say("ID"),
                say("Kind"),
                say("What was found"),
                say("Matters to"),
                say("Owner"),
                say("Measure"),
                say("How far"),
            ],
            [
                [
                    one.id,
                    KINDS[one.kind],
                    quoted(one.text),
                    quoted(", ".join(one.areas) or "–"),
                    quoted(one.owner),
                    quoted(one.measure or "–"),
                    how_far(one),
                ]
                for one in shown
            ],
        )
    for one in shown:
        for step in one.history[1:]:
            paragraph(say("{id}: {told}", id=one.id, told=step_of(step)))


def _count(found: tuple[Finding, ...]) -> Text:
    if not found:
        return say("No experience and no challenge was told of.")
    unsolved = sum(one.unsolved for one in found)
    if unsolved == len(found):
        return say("Not closed: {n:#,##0}.", n=unsolved)
    return say(
        "Not closed: {n:#,##0}. Solved or accepted: {done:#,##0} (--all shows them).",
        n=unsolved,
        done=len(found) - unsolved,
    )


def _what_now(trial: str) -> Text:
    return say(
        'A new one: htkeval finding {trial} --kind security --text "…" --owner "…". How far one '
        'is: htkeval finding {trial} ID --status in_progress --why "…".',
        trial=trial,
    )
