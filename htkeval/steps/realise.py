"""What was realised of a booked saving: said for a period and an area, and read from the record."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from htkeval.booking import Booking
from htkeval.decision import Actor
from htkeval.errors import Problem, Refused, StateError
from htkeval.event import Event
from htkeval.fund import LARGEST
from htkeval.intake.free_text import refuse, refuse_listed
from htkeval.local_day import local_day
from htkeval.realised import Realised, same_area
from htkeval.steps.case import Case
from htkeval.steps.lock import voided
from htkeval.text import Text, say

MOST = 1e9
"""Hours, posts or tasks of one record: more is a slip of the pen."""
AT_LEAST_NOUGHT = ("posts", "hours", "tasks", "adoption")
"""Amounts that cannot be below nought."""


def booked(case: Case) -> tuple[Event, Booking] | None:
    """What the decision that holds booked, and its event; None where none does, or it booked
    nothing."""
    gone = voided(case)
    held = [e for e in case.store.events(case.file.id, "decision") if e.seq not in gone]
    if not held or not held[-1].payload.get("books"):
        return None
    return held[-1], Booking.model_validate(held[-1].payload["books"])


def records(case: Case) -> tuple[Realised, ...]:
    """Everything that was said, in the order in which it was; what was replaced is marked."""
    events = case.store.events(case.file.id, "realised")
    later = {old: e.payload["realised"] for e in events for old in e.payload["instead"]}
    return tuple(_read(event, later.get(event.payload["realised"])) for event in events)


def _read(event: Event, replaced_by: str | None) -> Realised:
    said = {key: value for key, value in event.payload.items() if key in Realised.model_fields}
    return Realised.model_validate(
        {
            **said,
            "id": event.payload["realised"],
            "begins": event.payload["from"],
            "replaced_by": replaced_by,
            "by": event.actor.name,
            "at": event.at,
            "event": event.seq,
        }
    )


def realise(
    case: Case,
    *,
    begins: date,
    until: date,
    kr: int,
    source: str,
    area: str | None = None,
    why: str | None = None,
    minutes: float | None = None,
    low: float | None = None,
    high: float | None = None,
    instead: Sequence[str] = (),
    actor: Actor,
    now: datetime,
    **amounts: float | None,
) -> tuple[Event, Realised]:
    """Say what was really realised over a period; what was said before stays on record.

    Args:
        case: The trial; it may be locked.
        begins, until: The first and the last day of the period.
        kr: Kroner taken out of the budget, in the booking's prices; below nought where it cost.
        source: Which account, ledger or measurement says so.
        area: Where it arose; None: where the saving is booked.
        why: What explains it.
        minutes: Minutes saved a task now, where they were measured again.
        low, high: Their interval.
        instead: Earlier records whose place it takes.
        actor, now: Who says so, and when.
        amounts: `posts`, `hours`, `tasks` and `adoption`, as far as they are known.

    Raises:
        Refused: A text, an amount or the period cannot be.
        StateError: No decision that holds booked a saving, the period overlaps another record of
            its area, there is no such record to replace, or something came in at this moment.
    """
    known = case.store.newest(case.file.id, "decision", "unlock", "realised")
    event, books = _booked(case)
    _refuse_period(books, begins, until, today=local_day(now))
    _refuse_amounts(kr, minutes, low, high, amounts)
    where = books.area if area is None else _said(case, "--area", area)
    if same_area(where, books.area):
        where = books.area
    said = records(case)
    replaced = [_the_one(case, said, name).id for name in instead]
    _refuse_overlap(case, said, replaced, where, begins, until)
    payload: dict[str, Any] = {
        "realised": f"R{len(said) + 1}",
        "decision": event.seq,
        "from": begins.isoformat(),
        "until": until.isoformat(),
        "kr": kr,
        "price_level": books.price_level,
        "area": where,
        "source": _said(case, "--source", source),
        **{name: amounts.get(name) for name in AT_LEAST_NOUGHT},
        "minutes": minutes,
        "low": low,
        "high": high,
        "why": None if why is None else _said(case, "--why", why),
        "instead": list(dict.fromkeys(replaced)),
    }
    kept = case.store.append(case.file.id, "realised", payload, actor=actor, now=now, known=known)
    return kept, _read(kept, None)


def _booked(case: Case) -> tuple[Event, Booking]:
    found = booked(case)
    if found is None:
        raise StateError(
            Problem(
                say("trial {name}", name=case.file.id),
                say("no decision that holds and booked a saving"),
                say("a booking that something can be realised of"),
                say("`htkeval decide {name} --outcome go --book KR` books one.", name=case.file.id),
            )
        )
    return found


def _refuse_period(books: Booking, begins: date, until: date, *, today: date) -> None:
    wrong = []
    if until < begins:
        expected = say("a day from {day:d MMMM y} on", day=begins)
        wrong.append(Problem("--until", say("{day:d MMMM y}", day=until), expected))
    if until > today:
        wrong.append(
            Problem(
                "--until",
                say("{day:d MMMM y}, a day to come", day=until),
                say("a period that is over: what is realised is known afterwards"),
            )
        )
    if begins < books.begins:
        wrong.append(
            Problem(
                "--from",
                say("{day:d MMMM y}", day=begins),
                say("a day from {day:d MMMM y} on, when the booking begins", day=books.begins),
            )
        )
    if wrong:
        raise Refused(wrong)


def _refuse_amounts(
    kr: int,
    minutes: float | None,
    low: float | None,
    high: float | None,
    amounts: dict[str, float | None],
) -> None:
    wrong = []
    if abs(kr) > LARGEST:
        wrong.append(_wrong("--kr", kr, say("kroner of at most twelve digits")))
    for name in AT_LEAST_NOUGHT:
        value = amounts.get(name)
        if value is not None and not (math.isfinite(value) and 0 <= value <= MOST):
            expected = say("a number from nought to a thousand million")
            wrong.append(_wrong(f"--{name}", value, expected))
    if (share := amounts.get("adoption")) is not None and share > 1:
        wrong.append(_wrong("--adoption", share, say("a share from 0 to 1, not in per cent")))
    wrong += _of_minutes(minutes, low, high)
    if wrong:
        raise Refused(wrong)


def _of_minutes(minutes: float | None, low: float | None, high: float | None) -> Iterable[Problem]:
    given = [one for one in (minutes, low, high) if one is not None]
    if any(not math.isfinite(one) for one in given):
        yield Problem("--minutes", say("no number"), say("minutes saved a task"))
    elif (low is None) != (high is None) or (low is not None and minutes is None):
        yield Problem(
            "--low, --high",
            say("a part of an interval"),
            say("--minutes, --low and --high together, or --minutes alone"),
        )
    elif (
        minutes is not None
        and low is not None
        and high is not None
        and not (low <= minutes <= high)
    ):
        found = say("from {low} to {high}", low=low, high=high)
        yield Problem("--low, --high", found, say("--minutes between --low and --high"))


def _wrong(option: str, found: float, expected: Text) -> Problem:
    shown = say("{n:#,##0.###}", n=found) if math.isfinite(found) else say("no number")
    return Problem(option, shown, expected)


def _the_one(case: Case, every: Sequence[Realised], wanted: str) -> Realised:
    """A record that counts, by its name: `R2`, or `2`."""
    name = wanted.strip().upper()
    name = f"R{name}" if name.isdecimal() else name
    found = next((one for one in every if one.id == name and one.counts), None)
    if found is None:
        raise StateError(
            Problem(
                "--instead",
                say("no record of this name that counts"),
                say("one of {keys}", keys=", ".join(o.id for o in every if o.counts) or "–"),
                say("`htkeval realise {name}` lists them.", name=case.file.id),
            )
        )
    return found


def _refuse_overlap(
    case: Case,
    every: Sequence[Realised],
    replaced: Sequence[str],
    area: str,
    begins: date,
    until: date,
) -> None:
    for one in every:
        apart = one.until < begins or until < one.begins
        if one.counts and one.id not in replaced and same_area(one.area, area) and not apart:
            raise StateError(
                Problem(
                    "--from, --until",
                    say(
                        "days that {id} tells of too, from {begins:d MMMM y} to {until:d MMMM y}, "
                        "in {area}",
                        id=one.id,
                        begins=one.begins,
                        until=one.until,
                        area=one.area,
                    ),
                    say("days of which nobody has said anything in this area"),
                    say("Say --instead {id} where it takes its place.", id=one.id),
                )
            )


def _said(case: Case, option: str, text: str) -> str:
    """A text that may be kept for good."""
    clean = text.strip()
    if not clean:
        raise Refused(Problem(option, say("nothing"), say("a few words of one's own")))
    refuse({option: clean})
    refuse_listed({option: clean}, case.names)
    return clean
