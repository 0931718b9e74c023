"""The saving that a decision takes out of the budget: only what the evidence may carry."""

from __future__ import annotations

from datetime import date

from htkeval.analysis import Analysis
from htkeval.booking import Booking
from htkeval.business_case import BusinessCase
from htkeval.criteria import BOOKS
from htkeval.decision import Recommendation, Verdict
from htkeval.errors import Problem, Refused
from htkeval.evidence import LEVELS
from htkeval.fund import LARGEST
from htkeval.steps.case import Case
from htkeval.text import say

LEAST_YEAR, MOST_YEAR = 2000, 2100
"""As the years of a budget: a saving outside them is a slip of the pen."""
MAY_BOOK: tuple[Verdict, ...] = ("go", "go_with_conditions")
"""Outcomes with which a saving may be booked."""


def booking(
    case: Case,
    outcome: Verdict,
    analysis: Analysis,
    recommendation: Recommendation,
    worth: BusinessCase | None,
    *,
    kr: int | None,
    begins: date | None,
) -> Booking | None:
    """The booking that is signed with a decision; None where nothing is booked.

    Args:
        case: The trial.
        outcome: What is decided.
        analysis: What it rests on.
        recommendation: What the policy says of it.
        worth: The business case as it stands, in whose prices the booking is.
        kr: Kroner a year; None: nothing is booked.
        begins: From which day; None: the trial's own.

    Raises:
        Refused: No wider use was decided, the evidence may not carry a saving, or amount, prices or
            day are missing.
    """
    if kr is None:
        if begins is not None:
            raise Refused(Problem("--from", say("a day without an amount"), say("--book too")))
        return None
    if not 0 < kr <= LARGEST:
        expected = say("a whole number of kroner above nought, such as 150.000")
        raise Refused(Problem("--book", say("{n:#,##0} kr.", n=kr), expected))
    if outcome not in MAY_BOOK:
        raise Refused(Problem("--book", say("a saving without wider use"), say("an outcome of go")))
    met = {one.id: one.met for one in recommendation.requirements}
    if LEVELS.index(analysis.evidence_level) < BOOKS or met["evidence_level"] is not True:
        raise Refused(
            Problem(
                "--book",
                say("evidence of level {level}", level=analysis.evidence_level),
                say("E4 or better, as the policy asks: only that may book a saving"),
                say("Decide without --book; nothing was stored."),
            )
        )
    day = begins or case.trial.economics.takes_effect
    if worth is None or day is None:
        lacking = "configs/economics.toml" if worth is None else "--from"
        raise Refused(
            Problem(
                "--book",
                say("nothing of {what}", what=lacking),
                say("the year of the prices, and the day from which the saving is had"),
            )
        )
    if not LEAST_YEAR <= day.year <= MOST_YEAR:
        raise Refused(
            Problem(
                "--from",
                say("{day:d MMMM y}", day=day),
                say("a day from {first} to {last}", first=str(LEAST_YEAR), last=str(MOST_YEAR)),
            )
        )
    _refuse_beyond(case, worth, kr=kr)
    steps = {step.id: step.expected for step in worth.steps}
    return Booking(
        kr_a_year=kr,
        price_level=worth.price_level,
        begins=day,
        area=worth.area,
        account=worth.account,
        owner=worth.owner,
        expected_kr=steps["net_kr"],
        measured_minutes=steps["measured_minutes"],
        hours_a_year=steps["net_hours"],
    )


def _refuse_beyond(case: Case, worth: BusinessCase, *, kr: int) -> None:
    """More than the most favourable that the evidence allows."""
    most = worth.step("net_kr").high
    if most is not None and kr > most:
        raise Refused(
            Problem(
                "--book",
                say("{n:#,##0} kr. a year", n=kr),
                say(
                    "at most {most:#,##0} kr., the most favourable of the business case", most=most
                ),
                say("`htkeval business {name}` shows it step by step.", name=case.file.id),
            )
        )
