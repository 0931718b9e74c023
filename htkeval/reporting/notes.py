"""Words and tables for what others told; every one says that it was told, not measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from htkeval.evidence import Level
from htkeval.local_day import local_day
from htkeval.note import STATES, Note, NoteStep, Sent
from htkeval.portfolio import Portfolio
from htkeval.reporting.plain import shortened
from htkeval.reporting.tables import Table
from htkeval.text import Text, say

WAITING = say("What have others told us that nobody has answered?")
TOLD = say("Told, not measured: it counts in no figure and in no recommendation.")
IN_SHORT = 200
"""Characters of a text where many notes stand together."""


HOW_KNOWN: Mapping[Level, Text] = {
    "E0": say("without figures"),
    "E1": say("without a comparison"),
    "E2": say("with a comparison"),
}
"""What each level means of what is told."""


def waiting(portfolio: Portfolio) -> Table:
    """Every area that has not answered what was sent to it, by area."""
    head = (say("What others told"), say("Area and owner"), say("How far"))
    every = [(to, one) for one in portfolio.notes for to in one.waiting]
    every.sort(key=lambda pair: pair[0].area.casefold())
    body = tuple((in_short(one), sent_to(to), STATES[to.state]) for to, one in every)
    return Table(WAITING, head, body)


def in_short(one: Note) -> Text:
    """A note in a line: its name, what was told, by whom, when, and how it is known."""
    return say(
        "{id}: {claim} (told by {source}, {day:d MMMM y}, {how})",
        id=one.id,
        claim=shortened(one.claim, IN_SHORT),
        source=shortened(one.source, IN_SHORT),
        day=one.date,
        how=HOW_KNOWN[one.level],
    )


def sent_to(to: Sent) -> Text:
    """An area and who has it there."""
    area, owner = shortened(to.area, IN_SHORT), shortened(to.owner, IN_SHORT)
    return say("{area} ({owner})", area=area, owner=owner)


def not_answered(notes: Iterable[Note]) -> tuple[Text, ...]:
    """A sentence for each area that has not answered a note."""
    return tuple(
        say("{note}. Sent to {to}: {how}", note=in_short(one), to=sent_to(to), how=STATES[to.state])
        for one in notes
        for to in one.waiting
    )


def step_of(to: Sent, step: NoteStep) -> Text:
    """What an area did, with when and who recorded it."""
    values = {"day": local_day(step.at), "by": step.by, "area": to.area, "how": STATES[step.state]}
    if step.answer is None:
        return say("{day:d MMMM y}, {by}: {area}: {how}.", **values)
    return say("{day:d MMMM y}, {by}: {area}: {how}. {answer}", **values, answer=step.answer)


def how_far(to: Sent) -> Text:
    """How far an area is, with what it answered."""
    if to.answer is None:
        return STATES[to.state]
    return say("{how}: {answer}", how=STATES[to.state], answer=to.answer)
