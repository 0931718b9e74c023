"""The pool: money applied for, granted, refused and spent; what is stored is never too much.

Each sum is taken inside the write, over all trials: two who grant at the same moment cannot both
be given what there is only once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from htkeval.decision import Actor
from htkeval.errors import Problem, Refused, StateError
from htkeval.event import EventKind
from htkeval.fund import LARGEST, Application, Pool
from htkeval.intake.free_text import refuse as refuse_personal
from htkeval.intake.free_text import refuse_listed
from htkeval.local_day import local_day
from htkeval.steps.applications import after, application, applications, the_one
from htkeval.steps.case import Case
from htkeval.store.store import Store
from htkeval.text import Text, say

AMOUNT = "--amount"


def apply(
    case: Case, *, area: str, amount: int, purpose: str, actor: Actor, now: datetime
) -> Application:
    """Apply for money for a trial.

    Args:
        case: The trial.
        area: Who asks: an area of the municipality.
        amount: Kroner.
        purpose: What for.
        actor, now: Who records it, and when.

    Raises:
        Refused: No amount above nought, or a text that is empty or names somebody.
    """
    _refuse_amount(amount)
    said = _texts({"--area": area, "--purpose": purpose}, case.names)
    asked = {"area": said["--area"], "amount_kr": amount, "purpose": said["--purpose"]}

    def make(inside: Store) -> tuple[str, EventKind, dict[str, Any]]:
        number = len(inside.events(kind="application")) + 1
        return case.file.id, "application", {"application": f"A{number}", **asked}

    return application(case.store.append_made(make, actor=actor, now=now))


def grant(
    store: Store,
    application: str,
    *,
    pool: Pool,
    amount: int,
    why: str,
    names: frozenset[str] = frozenset(),
    actor: Actor,
    now: datetime,
) -> Application:
    """Grant an application some or all of what it asks for.

    Args:
        store: The record.
        application: Its id.
        pool: What there is to grant in all.
        amount: Kroner.
        why: Why, in the actor's words.
        names: Words that no text may hold.
        actor, now: Who grants it, and when.

    Raises:
        Refused: No amount above nought, or no reason, or one that names somebody.
        StateError: There is no such application; it was refused; or more is granted than is left
            of the pool, or than was asked for.
    """
    _refuse_amount(amount, say("To refuse an application: --refuse."))
    said = _texts({"--why": why}, names)["--why"]

    def check(inside: Store, found: Application) -> None:
        _refuse_refused(found)
        left = pool.amount_kr - sum(
            event.payload["amount_kr"] for event in inside.events(kind="grant")
        )
        if amount > left:
            raise _too_much(
                say(
                    "{n:#,##0} kr., of a pool with {left:#,##0} kr. left",
                    n=amount,
                    left=max(left, 0),
                ),
                left,
            )
        asked = found.amount_kr - found.granted_kr
        if amount > asked:
            raise _too_much(
                say(
                    "{n:#,##0} kr. to {id}, which asks for {asked:#,##0} kr. and has "
                    "{granted:#,##0} kr.",
                    n=amount,
                    id=found.id,
                    asked=found.amount_kr,
                    granted=found.granted_kr,
                ),
                asked,
            )

    payload = {"amount_kr": amount, "refused": False, "why": said}
    return _add(store, application, "grant", payload, check, actor=actor, now=now)


def refuse(
    store: Store,
    application: str,
    *,
    why: str,
    names: frozenset[str] = frozenset(),
    actor: Actor,
    now: datetime,
) -> Application:
    """Refuse an application of which nothing was granted; an event of the kind `grant` of nought.

    Args:
        store, application, why, names, actor, now: As for `grant`.

    Raises:
        Refused: No reason, or one that names somebody.
        StateError: There is no such application; it was refused already, or something was granted.
    """
    said = _texts({"--why": why}, names)["--why"]

    def check(_inside: Store, found: Application) -> None:
        _refuse_refused(found)
        if found.grants:
            raise StateError(
                Problem(
                    _named(found),
                    say("an application that was granted {n:#,##0} kr.", n=found.granted_kr),
                    say("one of which nothing is granted"),
                )
            )

    payload = {"amount_kr": 0, "refused": True, "why": said}
    return _add(store, application, "grant", payload, check, actor=actor, now=now)


def spend(
    store: Store,
    application: str,
    *,
    amount: int,
    text: str,
    on: date,
    names: frozenset[str] = frozenset(),
    actor: Actor,
    now: datetime,
) -> Application:
    """Record what was spent of a grant, or what came back of it.

    Args:
        store, application, names: As for `grant`.
        amount: Kroner; below nought where money comes back.
        text: What for.
        on: The day on which it was spent.
        actor, now: Who records it, and when.

    Raises:
        Refused: Nought, a day to come, or a text that is empty or names somebody.
        StateError: There is no such application; or more is spent than is granted, or more comes
            back than was spent.
    """
    _refuse_no_amount(amount)
    if on > local_day(now):
        raise Refused(
            Problem(
                "--date",
                say("{day:d MMMM y}, a day to come", day=on),
                say("the day on which it happened"),
            )
        )
    said = _texts({"--text": text}, names)["--text"]

    def check(_inside: Store, found: Application) -> None:
        if amount > found.remaining_kr:
            raise _too_much(
                say(
                    "{n:#,##0} kr. of {id}, which was granted {granted:#,##0} kr. and has spent "
                    "{spent:#,##0} kr.",
                    n=amount,
                    id=found.id,
                    granted=found.granted_kr,
                    spent=found.spent_kr,
                ),
                found.remaining_kr,
            )
        if -amount > found.spent_kr:
            raise _too_much(
                say(
                    "{n:#,##0} kr. back to {id}, which has spent {spent:#,##0} kr.",
                    n=-amount,
                    id=found.id,
                    spent=found.spent_kr,
                ),
                found.spent_kr,
            )

    payload = {"amount_kr": amount, "date": on.isoformat(), "spent_on": said}
    return _add(store, application, "spending", payload, check, actor=actor, now=now)


def _add(
    store: Store,
    wanted: str,
    kind: EventKind,
    payload: dict[str, Any],
    check: Callable[[Store, Application], None],
    *,
    actor: Actor,
    now: datetime,
) -> Application:
    """Add an event about an application once it is our turn and nothing speaks against it."""

    seen: list[Application] = []

    def make(inside: Store) -> tuple[str, EventKind, dict[str, Any]]:
        found = the_one(applications(inside), wanted)
        check(inside, found)
        seen.append(found)
        return found.trial, kind, {"application": found.id, **payload}

    event = store.append_made(make, actor=actor, now=now)
    return after(seen[-1], event)


def _named(found: Application) -> Text:
    return say("application {id}", id=found.id)


def _refuse_refused(found: Application) -> None:
    if found.refused is not None:
        raise StateError(
            Problem(
                _named(found),
                say("an application that was refused"),
                say("one that waits for an answer"),
                say("Apply anew: `htkeval fund apply {trial}`.", trial=found.trial),
            )
        )


def _refuse_amount(amount: int, step: Text | str = "") -> None:
    if not 0 < amount <= LARGEST:
        expected = say("a whole number of kroner above nought, such as 150.000")
        raise Refused(Problem(AMOUNT, say("{n:#,##0} kr.", n=amount), expected, step))


def _refuse_no_amount(amount: int) -> None:
    if not 0 < abs(amount) <= LARGEST:
        expected = say("a whole number of kroner; below nought where money comes back")
        raise Refused(Problem(AMOUNT, say("{n:#,##0} kr.", n=amount), expected))


def _too_much(found: Text, most: int) -> StateError:
    expected = say("at most {most:#,##0} kr", most=max(most, 0))
    return StateError(Problem(AMOUNT, found, expected, say("Nothing was stored.")))


def _texts(texts: dict[str, str], names: frozenset[str]) -> dict[str, str]:
    """Texts that are kept for good, searched first; none of them may be empty."""
    said = {option: text.strip() for option, text in texts.items()}
    empty = [option for option, text in said.items() if not text]
    if empty:
        expected = say("a few words of one's own")
        raise Refused([Problem(option, say("nothing"), expected) for option in empty])
    refuse_personal(said)
    refuse_listed(said, names)
    return said
