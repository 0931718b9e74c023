"""Bookings that hold, and what became of them: of one trial, and of all of a municipality's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from htkeval.business import following
from htkeval.earlier import Earlier
from htkeval.economics import Rates
from htkeval.follow_up import FollowUp
from htkeval.local_day import local_day
from htkeval.realised import Realised, same_area
from htkeval.registration import definition
from htkeval.steps.case import Case
from htkeval.steps.realise import booked, records
from htkeval.store.store import Store
from htkeval.trial import Trial


def follow_up(
    case: Case,
    *,
    today: date | None = None,
    rates: Rates | None = None,
    said: tuple[Realised, ...] | None = None,
) -> FollowUp | None:
    """What became of what the decision that holds booked; None where it booked nothing.

    Args:
        case: The trial.
        today: Which day it is; None: this one.
        rates: The price of an hour; without it what leaked is not known.
        said: What was said of it, where it has been read already.
    """
    found = booked(case)
    if found is None:
        return None
    event, booking = found
    return following.follow_up(
        case.trial,
        booking,
        records(case) if said is None else said,
        decision=event.seq,
        today=today or this_day(),
        rates=rates,
        simulated=case.store.is_simulated(case.file.id),
    )


def this_day() -> date:
    """The day here."""
    return local_day(datetime.now(UTC))


def cases(store: Store, blobs: Path) -> Iterator[Case]:
    """Every trial with a decision that books something, as it was promised: its file may be gone,
    and the booking is not."""
    booking = [e.trial for e in store.events(kind="decision") if e.payload.get("books")]
    for name in dict.fromkeys(booking):
        promise = store.latest(name, "registration")
        if promise is not None:  # without one nothing can be booked
            yield Case(store=store, blobs=blobs, file=definition(promise))


def follow_ups(
    store: Store, blobs: Path, *, today: date | None = None, rates: Rates | None = None
) -> tuple[FollowUp, ...]:
    """What became of every booking that holds, in the order in which they were first made."""
    found = (follow_up(one, today=today, rates=rates) for one in cases(store, blobs))
    return tuple(one for one in found if one is not None)


def earlier(case: Case, *, today: date | None = None) -> tuple[Earlier, ...]:
    """What other trials' bookings of the same area, or kind of tool, have given so far."""
    trial = case.trial
    every = follow_ups(case.store, case.blobs, today=today)
    found = (_earlier(one, trial) for one in every if one.trial != trial.id)
    return tuple(sorted((e for e in found if e is not None), key=lambda e: not e.same_area))


def _earlier(one: FollowUp, trial: Trial) -> Earlier | None:
    near = same_area(one.booking.area, trial.area)
    alike = one.technology == trial.technology != "other"
    point = one.so_far
    own = point.own if point is not None else None
    if point is None or own is None or own.realised_kr is None or point.share is None:
        return None
    if not (near or alike):
        return None
    return Earlier(
        trial=one.trial,
        title=one.title,
        area=one.booking.area,
        technology=one.technology,
        same_area=near,
        simulated=one.simulated,
        price_level=one.booking.price_level,
        booked_kr=own.told_booked_kr,
        realised_kr=own.realised_kr,
        share=point.share,
        covered=point.covered or 0.0,
    )
