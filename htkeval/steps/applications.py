"""The applications to the pool, read from the record of all trials."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from htkeval.errors import Problem, StateError
from htkeval.event import Event
from htkeval.fund import Application, Fund, Grant, Pool, Spending
from htkeval.store.reading import Reading
from htkeval.store.store import Store
from htkeval.text import say


def fund(store: Store, pool: Pool, values: Mapping[str, float] | None = None) -> Fund:
    """The pool as it stands, with every application of every trial.

    Args:
        store: The record.
        pool: What there is to grant in all.
        values: By trial: kroner that the information asked for is expected to be worth.
    """
    with store.moment() as moment:
        every = applications(moment)
        analysed = {event.trial: event.seq for event in moment.events(kind="analysis")}
    worth = values or {}
    # what was applied for before it was analysed is known by now, and has no value to rank by
    valued = (
        one.model_copy(update={"value_kr": worth.get(one.trial)})
        if analysed.get(one.trial, 0) < one.event
        else one
        for one in every
    )
    return Fund(pool=pool, applications=tuple(valued))


def applications(store: Reading) -> tuple[Application, ...]:
    """Every application of every trial, in the order in which they came."""
    later: dict[str, list[Event]] = defaultdict(list)
    for kind in ("grant", "spending"):
        for event in store.events(kind=kind):
            later[event.payload["application"]].append(event)
    found = []
    for event in store.events(kind="application"):
        one = application(event)
        for then in later[one.id]:
            one = after(one, then)
        found.append(one)
    return tuple(found)


def application(event: Event) -> Application:
    """An application as it was made."""
    said = event.payload
    return Application(
        id=said["application"],
        trial=event.trial,
        area=said["area"],
        amount_kr=said["amount_kr"],
        purpose=said["purpose"],
        by=event.actor.name,
        at=event.at,
        event=event.seq,
        simulated=event.simulated,
    )


def after(one: Application, event: Event) -> Application:
    """An application after a grant, a refusal or a spending."""
    said = event.payload
    kept = {"amount_kr": said["amount_kr"], "by": event.actor.name, "at": event.at}
    if event.kind == "spending":
        day = date.fromisoformat(said["date"])
        new = Spending(**kept, text=said["spent_on"], date=day, event=event.seq)
        return one.model_copy(update={"spendings": (*one.spendings, new)})
    if said["refused"]:
        return one.model_copy(update={"refused": said["why"]})
    more = Grant(**kept, why=said["why"], event=event.seq)
    return one.model_copy(update={"grants": (*one.grants, more)})


def the_one(every: tuple[Application, ...], wanted: str) -> Application:
    """The application of an id. Raises `StateError` where there is none."""
    for one in every:
        if one.id == wanted.strip().upper():
            return one
    known = ", ".join(one.id for one in every)
    raise StateError(
        Problem(
            say("application {id}", id=wanted.strip() or "–"),
            say("no such application"),
            say("one of {keys}", keys=known or "–"),
            say("`htkeval fund status` lists them."),
        )
    )
