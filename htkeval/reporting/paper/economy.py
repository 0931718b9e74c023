"""What it is worth, beside the budget and the pool: sentences, the chart, and the table."""

from __future__ import annotations

from htkeval.business_case import BusinessCase
from htkeval.fund import Fund
from htkeval.paper import Behind
from htkeval.reporting import money
from htkeval.reporting.budget_bars import bars
from htkeval.reporting.paper.content import Block, Said, figure, said, tabled
from htkeval.reporting.sentences import joined, quoted
from htkeval.reporting.waterfall import falling
from htkeval.supported import Supported
from htkeval.text import Text, say
from htkeval.trial import Trial

READING = say(
    "Dark: documented. Light: missing. Thin line: every assumption low at once, and every one high "
    "at once. It is a span, not a probability."
)


def economy(behind: Behind) -> list[Block]:
    """The budget's years beside the evidence, and the pool."""
    if behind.budget is None:
        return [Said(text=money.NOT_STATED), *said([pool(behind.fund)])]
    drawn = bars(behind.budget)
    told: list[Block] = [*said([proved(behind.budget)])]
    if drawn is not None:
        told.append(figure(drawn, READING))
    told += [
        tabled(money.years(behind.budget)),
        Said(text=money.MEANING, small=True),
        *said([money.rounded(behind.budget)]),
        *said([where(behind.budget)]),
        Said(text=joined(money.net(behind.budget))),
        *said([pool(behind.fund)]),
    ]
    return told


def where(found: Supported) -> Text | None:
    """In which areas what is carried arises; None where nothing does."""
    if not found.areas:
        return None
    parts = tuple(
        say("{area}: {kr:kr} kr.", area=quoted(one.area), kr=one.years[-1].kr.expected + 0.0)
        for one in found.areas[:4]
    )
    year = str(found.years[-1].year)
    return say("Where it arises in {year}: {parts}.", year=year, parts=parts)


def proved(found: Supported) -> Text | None:
    """How much of the budget the evidence carries, and how much not."""
    told = [one for one in (money.carried(found), money.lacking(found)) if one is not None]
    return joined(told) if told else None


def pool(fund: Fund | None) -> Text | None:
    """What of the pool is granted and spent; None where there is no pool."""
    if fund is None:
        return None
    told = say(
        "{name}: of {n:kr} kr. {granted:kr} kr. are granted and {spent:kr} kr. spent; "
        "{left:kr} kr. can still be granted.",
        name=fund.pool.name, n=fund.pool.amount_kr, granted=fund.granted_kr,
        spent=fund.spent_kr, left=max(fund.remaining_kr, 0),
    )  # fmt: skip
    if fund.remaining_kr < 0:
        return joined([told, say("More is granted than the pool holds now.")])
    return told


def of_one(
    trial: Trial, worth: BusinessCase | None, *, room: bool = False, public: bool = False
) -> list[Block]:
    """What one trial is worth, and whether more trial is worth its price; where there is room,
    where its hours go as a chart: the annex has its steps as a table. In public not what the hours
    are worth before the tool is paid for: the rest of it is what its supplier charges."""
    if worth is None:
        return [Said(text=money.NOT_STATED)]
    told: list[Block] = [Said(text=worth.message)]
    if not public:
        told += said([money.hours(worth), money.posts(worth), money.halved(worth)])
    if worth.knowing is not None:
        told += said(money.more(worth.knowing))
    drawn = falling(trial, worth) if room else None
    if drawn is not None:
        told.append(figure(drawn))
    return told
