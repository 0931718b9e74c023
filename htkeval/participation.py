"""Whether a person takes part: was informed, consented, objected or withdrew, and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date as Day
from datetime import datetime
from typing import Literal, Self

from htkeval.event import Event
from htkeval.frozen import Frozen

ParticipationState = Literal["informed", "consented", "objected", "withdrawn"]
STATES: tuple[ParticipationState, ...] = ("informed", "consented", "objected", "withdrawn")
CLOSES: tuple[ParticipationState, ...] = ("objected", "withdrawn")
"""What somebody is not measured any more after; a later consent opens again."""


class Participation(Frozen):
    """One thing that a person was told, or said."""

    state: ParticipationState
    """Informed, consented, objected or withdrew."""
    date: Day
    """The day on which it happened, not that on which it was recorded."""
    why: str | None = None
    """A code or a few words, where somebody gave any."""
    event: int
    """The event that keeps it."""
    at: datetime
    """When it was recorded, in UTC."""
    by: str
    """Who recorded it."""

    @classmethod
    def of(cls, event: Event) -> Self:
        """Read back from the record."""
        said = {key: event.payload.get(key) for key in ("state", "date", "why")}
        return cls.model_validate(
            {**said, "event": event.seq, "at": event.at, "by": event.actor.name}
        )


def newest_will(history: Iterable[Participation], day: Day | None = None) -> Participation | None:
    """What of a person's own will counts on a day: the newest consent, objection or withdrawal.

    By the day on which it happened, and on one day by the order in which it was recorded. On the
    day itself a consent counts and a withdrawal does not yet: what was measured in the morning
    stands. To be informed is no will: it opens nothing that a withdrawal closed. Who says the same
    again says nothing new: the first time counts.

    Args:
        history: What is recorded of the person.
        day: The day of the work; None: now, with all that is recorded.

    Example:
        >>> from datetime import UTC
        >>> more = {"at": datetime(2026, 5, 1, tzinfo=UTC), "by": "Ida"}
        >>> def said(state, day):
        ...     return Participation(state=state, date=Day(2026, 3, day), event=day, **more)
        >>> out = [said("consented", 1), said("withdrawn", 9)]
        >>> [newest_will(out, Day(2026, 3, day)).state for day in (9, 10)]
        ['consented', 'withdrawn']
    """
    return next(iter(_wills(history, day)), None)


def _wills(history: Iterable[Participation], day: Day | None = None) -> tuple[Participation, ...]:
    """The newest will of a day, from the first time on that it was said without another between."""
    return _unbroken(
        one
        for one in history
        if one.state != "informed"
        and (day is None or one.date < day or (one.date == day and one.state == "consented"))
    )


def _unbroken(history: Iterable[Participation]) -> tuple[Participation, ...]:
    """The newest, and what said the same before it with nothing else between: the first first."""
    found: list[Participation] = []
    for one in sorted(history, key=lambda one: (one.date, one.event), reverse=True):
        if found and one.state != found[0].state:
            break
        found.append(one)
    return tuple(reversed(found))


def said_already(
    history: Iterable[Participation],
    state: ParticipationState,
    *,
    on: Day | None = None,
    why: str | None = None,
) -> Participation | None:
    """What is recorded already of what somebody is about to record; None where it is new.

    Args:
        history: What is recorded of the person.
        state: What the person was told, or says.
        on: The day, where one is stated; None: it is asked whether it holds already.
        why: The reason, where one is stated.
    """
    # to be informed is undone by going alone, a will by any other will
    others = CLOSES if state == "informed" else ("consented", *CLOSES)
    bearing = [one for one in history if one.state in (state, *others)]
    if on is not None:
        bearing = [one for one in bearing if one.date == on]
    same = [one for one in _unbroken(bearing) if one.state == state]
    return next((one for one in same if why in (None, one.why)), None)


def closed_by(history: Iterable[Participation], day: Day | None = None) -> Participation | None:
    """The objection or withdrawal because of which nobody may measure the person on a day.

    Args:
        history, day: As for `newest_will`.
    """
    said = newest_will(history, day)
    return said if said is not None and said.state in CLOSES else None


class Standing(Frozen):
    """Where one person stands."""

    participant: str
    """The pseudonym."""
    state: ParticipationState | None
    """The newest will; else informed, or None where nothing is recorded."""
    since: Day | None
    """The first day of it."""
    informed: Day | None
    """The first day on which the person was informed, or consented, which takes information."""
    consented: Day | None
    """The day of the newest consent."""
    out: Day | None
    """The day of the objection or withdrawal that counts now; None for who takes part."""
    why: str | None
    """Why, of what counts now, where somebody said."""
    measured: bool
    """Whether any row of the person counts."""
    uninformed: bool
    """Whether a row counts of a person who was not informed, or of a day before that."""


def standing_of(
    participant: str,
    history: tuple[Participation, ...],
    *,
    measured: bool,
    first: Day | None = None,
) -> Standing:
    """Where a person stands, from what is recorded.

    Args:
        participant: The pseudonym.
        history: What is recorded.
        measured: Whether any row counts.
        first: The day of the first such row; None where no row says.
    """
    knowing = [one.date for one in history if one.state in ("informed", "consented")]
    informed = min(knowing, default=None)
    said, out = _wills(history) or _unbroken(history), closed_by(history)
    early = informed is None or (first is not None and first < informed)
    return Standing(
        participant=participant,
        state=said[0].state if said else None,
        since=said[0].date if said else None,
        informed=informed,
        consented=max((one.date for one in history if one.state == "consented"), default=None),
        out=out.date if out else None,
        why=next((one.why for one in reversed(said) if one.why), None),
        measured=measured,
        uninformed=measured and early,
    )
