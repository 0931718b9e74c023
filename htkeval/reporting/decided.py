"""What a decision says beside its outcome: why it departs, what it books, what must be in place."""

from __future__ import annotations

from datetime import date

from htkeval.condition import STATES, ConditionStands
from htkeval.decision import Decision
from htkeval.portfolio import TrialState
from htkeval.reporting.labels import VERDICTS
from htkeval.reporting.requirements import LABELS
from htkeval.reporting.sentences import as_text, quoted
from htkeval.reporting.tables import Table
from htkeval.reporting.words import gate_name
from htkeval.text import Text, say

HEADING = say("What goes with the decision?")
CONDITIONS = say("The conditions of the decision")


def conditions(state: TrialState, today: date) -> Table:
    """Each condition of the decision that holds: who sees to it, by when, how far it is."""
    head = (say("Condition"), say("Owner"), say("How far"))
    body = tuple(
        (what(one), quoted(one.condition.owner), how_far(one, today)) for one in state.conditions
    )
    return Table(CONDITIONS, head, body)


def what(one: ConditionStands) -> Text:
    """What is to be in place; a gate by its name."""
    asked = one.condition
    return quoted(asked.text) if asked.gate is None else as_text(gate_name(asked.gate))


def how_far(one: ConditionStands, today: date) -> Text:
    """The state with its day, and why it stands so."""
    if one.late(today):
        return say("open; its day, {day:d MMMM y}, has passed", day=one.condition.due)
    if one.state == "open":
        return say("open, by {day:d MMMM y}", day=one.condition.due)
    state = STATES[one.state]
    told = state if one.on is None else say("{state}, {day:d MMMM y}", state=state, day=one.on)
    return told if one.why is None else say("{told}. {why}", told=told, why=one.why)


def open_conditions(state: TrialState, today: date) -> tuple[Text, ...]:
    """What somebody still has to see to, a line each."""
    return tuple(
        say(
            "{what} ({owner}): {how}",
            what=what(one),
            owner=one.condition.owner,
            how=how_far(one, today),
        )
        for one in state.conditions
        if one.state == "open"
    )


def _requirement(name: str) -> Text:
    if name.startswith("gate_"):
        return as_text(gate_name(name.removeprefix("gate_")))
    return LABELS.get(name) or as_text(name.removeprefix("guardrail_"))


def beside(decision: Decision) -> tuple[Text, ...]:
    """Why it departs from the recommendation, and what is booked with it; a sentence each."""
    told = []
    if decision.departure is not None:
        told.append(
            say(
                "It departs from the recommendation “{what}”: {why}",
                what=VERDICTS[decision.recommended],
                why=decision.departure,
            )
        )
    if decision.departure is not None and decision.unmet:
        names = tuple(_requirement(name) for name in decision.unmet)
        told.append(say("Not met, or not known, on that day: {what}.", what=names))
    if decision.outdated:
        told.append(say("It was signed although something had come in after the analysis."))
    if (books := decision.books) is not None:
        told.append(
            say(
                "Booked: {kr:#,##0} kr. a year from {day:d MMMM y} in {year} prices, in {area}.",
                kr=books.kr_a_year,
                day=books.begins,
                year=str(books.price_level),
                area=books.area,
            )
        )
        if books.expected_kr is not None and books.kr_a_year > books.expected_kr:
            told.append(
                say(
                    "That is more than the {kr:#,##0} kr. a year that are expected of it.",
                    kr=books.expected_kr,
                )
            )
    return tuple(told)


def lapsed(before: Decision, now: Decision) -> tuple[Text, ...]:
    """What the decision before asked for or booked, and the new one does not."""
    told = []
    if before.books is not None and now.books is None:
        told.append(
            say(
                "With it the booking of {kr:#,##0} kr. a year lapses; sign again with --book to "
                "keep it.",
                kr=before.books.kr_a_year,
            )
        )
    if before.conditions and not now.conditions:
        ids = ", ".join(one.id for one in before.conditions)
        told.append(
            say(
                "With it the conditions {ids} lapse; sign again with --condition to keep them.",
                ids=ids,
            )
        )
    return tuple(told)
