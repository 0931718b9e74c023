"""strategy: what the portfolio has to say to the AI strategy, for all areas or for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import here, placed, reading
from htkeval.cli.output import line, paragraph, print_csv, print_json, print_table, simulated_banner
from htkeval.cli.speech import words
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.strategy import Strategy

_COLUMNS = (
    "section", "trial", "area", "level", "verdict", "decided", "simulated", "about", "status",
    "areas", "text",
)  # fmt: skip
"""A contract: columns are added at the end, never renamed. A line for each sentence."""


@click.command(
    help=words(
        say(
            "Input to the AI strategy: what worked where, on which conditions, what law or "
            "security holds back, and what others told."
        )
    )
)
@click.option("--area", metavar="TEXT", help=words(say("Only what matters to this area.")))
@reading
@placed
def strategy(area: str | None, form: str) -> None:
    """Reads, and stores nothing. Exit code 1 where a definition cannot be read, as in `status`."""
    from htkeval.cli.output import warn
    from htkeval.reporting.strategy import strategy as made
    from htkeval.steps.states import portfolio

    whole = portfolio(here())
    found = made(whole, area)
    if form == "json":
        print_json(found)
    elif form == "csv":
        print_csv(_flat(found), _COLUMNS)
    else:
        _show(found)
    for problem in whole.unreadable:
        warn(problem)
    if whole.unreadable:
        raise click.exceptions.Exit(1)


def _flat(found: Strategy) -> list[dict[str, Any]]:
    """A line for each sentence, whichever section it stands in."""
    from htkeval.reporting.notes import in_short

    rows: list[dict[str, Any]] = []
    for one in found.trials:
        kept = ("trial", "area", "level", "verdict", "decided", "simulated")
        of = {key: getattr(one, key) for key in kept}
        for section in ("gave", "conditions", "held_back"):
            for said in getattr(one, section):
                rows.append(
                    {**of, "section": section, "about": said.about, "text": words(said.message)}
                )
        for each in one.findings:
            told = {"about": each.finding, "status": each.status, "areas": ";".join(each.areas)}
            rows.append({**of, "section": each.kind, **told, "text": words(each.message)})
    for note in found.notes:
        for to in note.sent:
            told = {"about": note.id, "status": to.state, "areas": to.area, "level": note.level}
            rows.append({"section": "note", **told, "text": words(in_short(note))})
    return rows


def _show(found: Strategy) -> None:
    from htkeval.reporting import strategy as shown
    from htkeval.reporting.labels import VERDICTS
    from htkeval.reporting.words import OUTCOMES

    if found.simulated:
        line(simulated_banner())
    line(_headed(found))
    paragraph(shown.LEAD)
    telling = [one for one in found.trials if not one.quiet]
    if telling:
        print_table(
            [say("Trial"), say("Area"), say("Level"), say("Recommendation"), say("Decided")],
            [
                [one.title, one.area, one.level or "–", VERDICTS.get(one.verdict or "", "–"),
                 OUTCOMES[one.decided] if one.decided else "–"]
                for one in telling
            ],
        )  # fmt: skip
    for one in telling:
        paragraph(shown.headed(one))
        for heading, lines in shown.sections(one):
            line(say("  {heading}", heading=heading))
            for each in lines:
                paragraph(say("  – {text}", text=each))
        line("")
    if (rest := shown.quiet(found)) is not None:
        paragraph(rest)
    if found.notes:
        line(shown.NOTES)
        for each in shown.notes(found):
            paragraph(say("  – {text}", text=each))
    if found.area and not (found.trials or found.notes):
        paragraph(say("Nothing here is said to matter to {area}.", area=found.area))


def _headed(found: Strategy) -> Text:
    from htkeval.reporting.strategy import HEADING

    if found.area is None:
        return say("{heading}: {whose}", heading=HEADING, whose=found.municipality)
    return say(
        "{heading}: {whose}, {area}", heading=HEADING, whose=found.municipality, area=found.area
    )
