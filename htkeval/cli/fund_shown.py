"""How the pool is shown: a table for people, or one document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from htkeval.cli.output import alarm, line, paragraph, print_csv, print_json, print_table
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.cli.printed.fund import FundLine
    from htkeval.fund import Application, Fund

_COLUMNS = (
    "id", "trial", "area", "purpose", "applied_kr", "granted_kr", "spent_kr", "remaining_kr",
    "value_kr", "state", "refused", "simulated",
)  # fmt: skip


def show(whole: Fund, form: str) -> None:
    """Print the pool: `table`, `json` or `csv`."""
    if form == "table":
        _tell(whole)
        return
    lines = tuple(_line(one) for one in whole.ranked)
    if form == "csv":
        print_csv([one.model_dump(mode="json") for one in lines], _COLUMNS)
        return
    from htkeval.cli.printed.fund import FundStatus

    print_json(
        FundStatus(
            pool=whole.pool,
            granted_kr=whole.granted_kr,
            spent_kr=whole.spent_kr,
            remaining_kr=whole.remaining_kr,
            applications=lines,
        )
    )


def _line(one: Application) -> FundLine:
    from htkeval.cli.printed.fund import FundLine

    return FundLine(
        applied_kr=one.amount_kr,
        **{name: getattr(one, name) for name in FundLine.model_fields if name != "applied_kr"},
    )


def _tell(whole: Fund) -> None:
    pool = whole.pool
    line(
        say(
            "{name}: {n:#,##0} kr. ({year} prices).",
            name=pool.name,
            n=pool.amount_kr,
            year=str(pool.price_level),
        )
    )
    line(
        say(
            "Granted: {granted:#,##0} kr. Spent: {spent:#,##0} kr. Left to grant: {left:#,##0} kr.",
            granted=whole.granted_kr,
            spent=whole.spent_kr,
            left=whole.remaining_kr,
        )
    )
    if whole.remaining_kr < 0:
        alarm(say("More is granted than the pool holds now; nothing more can be granted."))
    if not whole.applications:
        line(say("Nobody has applied yet: `htkeval fund apply TRIAL`."))
        return
    _table(whole.ranked)
    for one in whole.applications:
        if one.refused is not None:
            paragraph(say("{id} was refused: {why}", id=one.id, why=one.refused))
    simulated = [one.id for one in whole.applications if one.simulated]
    if simulated:
        paragraph(
            say("Of a trial whose measurements are invented: {ids}.", ids=", ".join(simulated))
        )
    if any(one.value_kr is None for one in whole.applications):
        paragraph(
            say(
                "Ranked by the expected value of the information that is asked for. Where it is "
                "not known, or the trial has been analysed since (–), an application stands last, "
                "in the order in which they came."
            )
        )


def _table(ranked: tuple[Application, ...]) -> None:
    from htkeval.fund import STATES

    print_table(
        [
            say("Application"),
            say("Trial"),
            say("Area"),
            say("Applied"),
            say("Granted"),
            say("Spent"),
            say("Remaining"),
            say("Expected value"),
            say("State"),
        ],
        [
            [
                one.id,
                one.trial,
                one.area,
                _kroner(one.amount_kr),
                _kroner(one.granted_kr),
                _kroner(one.spent_kr),
                _kroner(one.remaining_kr),
                "–" if one.value_kr is None else _kroner(one.value_kr),
                STATES[one.state],
            ]
            for one in ranked
        ],
    )


def _kroner(amount: float) -> Text:
    return say("{n:#,##0}", n=amount)
