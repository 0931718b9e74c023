"""business, budget: what a trial would be worth, and what of the booked savings is carried."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from htkeval.cli.options import Command, here, named_trial, placed, reading
from htkeval.cli.output import line, paragraph, print_csv, print_json, print_table, simulated_banner
from htkeval.cli.speech import words
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.knowing import Knowing

MOST_DRAWS = 10_000_000


def annexed(command: Command) -> Command:
    """`--annex`, `--draws`, `--seed`: chance beside the table."""
    for option in (
        click.option("--seed", type=click.IntRange(0), default=1, show_default=True,
                     help=words(say("Where the draws begin: the same seed, the same figures."))),
        click.option("--draws", type=click.IntRange(1000, MOST_DRAWS), default=100_000,
                     show_default=True, help=words(say("How many draws."))),
        click.option("--annex", is_flag=True,
                     help=words(say("What chance makes of it, by many draws: not the answer."))),
    ):  # fmt: skip
        command = option(command)
    return command


_COLUMNS = (
    "id", "label", "unit", "low", "expected", "high", "given", "source", "date", "missing",
)  # fmt: skip
"""A contract: columns are added at the end, never renamed."""


_NO_DAY = say(
    "What each year gets is not known: under [economics] it is not stated from which day the tool "
    "takes effect (takes_effect)."
)
_NO_TRAINING = say(
    "What each year gets is not known: under [economics] it is not stated how many hours training "
    "takes."
)


@click.command(help=words(say("From measured minutes to kroner, step by step, with sources.")))
@named_trial
@annexed
@reading
@placed
def business(trial: str, form: str, *, annex: bool, draws: int, seed: int) -> None:
    """Prints the table; stores nothing."""
    if annex:
        _print_chances(trial, form, draws=draws, seed=seed)
        return
    from htkeval.reporting import business as shown
    from htkeval.steps.case import read_case
    from htkeval.steps.worth import worth

    workspace = here()
    with read_case(workspace, trial) as case:
        found = worth(case, workspace, more=True)
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
        if found.step("net_kr").expected is not None and any(one.kr is None for one in found.years):
            untold = found.step("training_kr").expected is None
            paragraph(_NO_TRAINING if untold else _NO_DAY)
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
        from htkeval.reporting.followed import earlier

        for told in earlier(found):
            paragraph(told)
        if found.knowing is not None:
            _print_knowing(found.knowing)


def _print_knowing(found: Knowing) -> None:
    from htkeval.reporting import knowing as told
    from htkeval.reporting.money import more

    print_table([told.QUESTION, ""], told.figures(found))
    if found.samples:
        print_table(
            [say("Further tasks"), say("Days"), say("Worth"), say("Lost by waiting"),
             say("Cost"), say("Left")],
            told.samples(found),
        )  # fmt: skip
    for one in more(found):
        paragraph(one)


def _print_chances(trial: str, form: str, *, draws: int, seed: int) -> None:
    from htkeval.business.lines import lines
    from htkeval.reporting import business as shown
    from htkeval.steps.case import read_case
    from htkeval.steps.worth import chances

    workspace = here()
    with read_case(workspace, trial) as case:
        found = chances(case, workspace, draws=draws, seed=seed)
    if form == "json":
        print_json(found)
        return
    if form == "csv":
        print_csv([one.model_dump() for one in found.swings], ["id", "low_kr", "high_kr"])
        return
    if found.simulated:
        line(simulated_banner())
    print_table([say("Net kroner a year"), ""], shown.spread(found))
    paragraph(
        say(
            "{gain:0} % of {draws:#,##0} draws are a gain; the mean is {mean:#,##0} kr. (seed "
            "{seed}). Assumptions are drawn between their ends and independently of one another; "
            "the table without --annex is the answer.",
            gain=100 * found.gain,
            draws=found.draws,
            mean=found.mean_kr,
            seed=str(found.seed),
        )
    )
    labels = {one.id: one.label for one in lines(workspace.rates)}
    print_table(
        [say("One figure alone moves it"), say("Low"), say("High")], shown.tornado(found, labels)
    )


@click.command(help=words(say("What has been booked, and how much of it the evidence carries.")))
@annexed
@reading
@placed
def budget(form: str, *, annex: bool, draws: int, seed: int) -> None:
    """Prints the budget beside the evidence; stores nothing."""
    if annex:
        _print_reached(form, draws=draws, seed=seed)
        return
    from htkeval.reporting import business as shown
    from htkeval.reporting.money import rounded
    from htkeval.steps.worth import supported

    found = supported(here())
    if form == "json":
        print_json(found)
        return
    if form == "csv":
        print_csv(
            [
                {**one.model_dump(exclude={"kr", "posts", "kr_as_measured"}), **asdict(one.kr),
                 **{f"posts_{end}": of for end, of in asdict(one.posts).items()},
                 "expected_as_measured": one.kr_as_measured.expected,
                 "unknown": " ".join(one.unknown)}
                for one in found.years
            ],
            ["year", "booked_kr", "low", "expected", "high", "missing_kr", "booked_posts",
             "posts_low", "posts_expected", "posts_high", "unknown", "expected_as_measured",
             "realised_kr"],
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
         say("Missing"), *shown.realised_so_far(found), say("Expected, as measured")],
        shown.carried(found),
    )  # fmt: skip
    for told in (*shown.drawn(found), *[one for one in [rounded(found)] if one is not None]):
        paragraph(told)
    print_table(
        [say("Trial"), say("Area"), say("Answers for it"), say("Level"),
         say("Last year, expected"), say("Counts?")],
        shown.trials(found),
    )  # fmt: skip
    if found.areas:
        years = [str(one.year) for one in found.years]
        print_table([say("Where it arises"), say("Trials"), *years], shown.areas(found))
    for carries in found.trials:
        if carries.claim is not None:
            paragraph(carries.claim.message)
    for one in found.years:
        if one.unknown:
            paragraph(
                say(
                    "{year}: what {trials} would give is not known, and is in no sum.",
                    year=str(one.year),
                    trials=", ".join(one.unknown),
                )
            )


def _print_reached(form: str, *, draws: int, seed: int) -> None:
    from htkeval.reporting import business as shown
    from htkeval.steps.worth import reached

    found = reached(here(), draws=draws, seed=seed)
    if form == "json":
        print_json(found)
        return
    if form == "csv":
        rows = [{**one.model_dump(), "unknown": " ".join(one.unknown)} for one in found.years]
        print_csv(rows, ["year", "reached", "unknown"])
        return
    if found.simulated:
        line(simulated_banner())
    print_table([say("Year"), say("Chance of reaching what is booked")], shown.chance(found))
    paragraph(
        say(
            "By {draws:#,##0} draws (seed {seed}) of the trials that count; what is not known is "
            "taken to give nothing. The table without --annex is the answer.",
            draws=found.draws,
            seed=str(found.seed),
        )
    )
