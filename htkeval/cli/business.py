"""business, budget: what a trial would be worth, and what of the booked savings is carried."""

from __future__ import annotations

from dataclasses import asdict

import click

from htkeval.cli.options import here, named_trial, placed, reading
from htkeval.cli.output import line, paragraph, print_csv, print_json, print_table, simulated_banner
from htkeval.cli.speech import words
from htkeval.text import say

_COLUMNS = (
    "id", "label", "unit", "low", "expected", "high", "given", "source", "date", "missing",
)  # fmt: skip
"""A contract: columns are added at the end, never renamed."""


@click.command(help=words(say("From measured minutes to kroner, step by step, with sources.")))
@named_trial
@reading
@placed
def business(trial: str, form: str) -> None:
    """Prints the table; stores nothing."""
    from htkeval.reporting import business as shown
    from htkeval.steps.case import read_case
    from htkeval.steps.worth import worth

    workspace = here()
    with read_case(workspace, trial) as case:
        found = worth(case, workspace)
    if form == "json":
        print_json(found)
    elif form == "csv":
        print_csv(
            [
                {**one.model_dump(), "label": words(one.message), "missing": " ".join(one.missing)}
                for one in found.steps
            ],
            [
                "id",
                "label",
                "unit",
                "low",
                "expected",
                "high",
                "given",
                "source",
                "date",
                "missing",
            ],
        )
    else:
        if found.simulated:
            line(simulated_banner())
        print_table(
            [say("Step"), say("Low"), say("Expected"), say("High"), say("From")],
            shown.steps(found),
        )
        paragraph(found.message)
        print_table([say("Year"), say("Low"), say("Expected"), say("High")], shown.years(found))
        paragraph(
            say(
                "By year in the budget's signs: less spent is negative. The trial itself is not in "
                "it: the pool has paid for it. {level} prices. Area: {area}. Account: {account}. "
                "Answers for it: {owner}.",
                level=str(found.price_level),
                area=found.area,
                account=found.account or shown.NOT_DECIDED,
                owner=found.owner or shown.NOT_DECIDED,
            )
        )


@click.command(help=words(say("What has been booked, and how much of it the evidence carries.")))
@reading
@placed
def budget(form: str) -> None:
    """Prints the budget beside the evidence; stores nothing."""
    from htkeval.reporting import business as shown
    from htkeval.steps.worth import supported

    found = supported(here())
    if form == "json":
        print_json(found)
        return
    if form == "csv":
        print_csv(
            [
                {**one.model_dump(exclude={"kr", "posts"}), **asdict(one.kr),
                 **{f"posts_{end}": of for end, of in asdict(one.posts).items()},
                 "unknown": " ".join(one.unknown)}
                for one in found.years
            ],
            ["year", "booked_kr", "low", "expected", "high", "missing_kr", "booked_posts",
             "posts_low", "posts_expected", "posts_high", "unknown"],
        )  # fmt: skip
        return
    if found.simulated:
        line(simulated_banner())
    of = found.appraisal
    print_table(
        [
            say(
                "{unit:#,##0} kr., {level} prices", unit=found.unit_kr, level=str(found.price_level)
            ),
            *(str(one.year) for one in of.years),
        ],
        shown.booked(found),
    )
    paragraph(shown.comes_to(of))
    print_table(
        [say("Year"), say("Booked"), say("Carried: low"), say("Expected"), say("High"),
         say("Missing")],
        shown.carried(found),
    )  # fmt: skip
    print_table(
        [say("Trial"), say("Area"), say("Answers for it"), say("Level"),
         say("Last year, expected"), say("Counts?")],
        shown.trials(found),
    )  # fmt: skip
    for one in found.years:
        if one.unknown:
            paragraph(
                say(
                    "{year}: what {trials} would give is not known, and is in no sum.",
                    year=str(one.year),
                    trials=", ".join(one.unknown),
                )
            )
