"""Which role may do what. Whoever sits at this computer has no identity here, and every right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from htkeval.decision import Actor
from htkeval.errors import NotAllowed, Problem
from htkeval.event import EVERY_KIND, WATCHED, EventKind
from htkeval.frozen import Frozen
from htkeval.roles import Role
from htkeval.text import Text, say

Reason = Literal["no_role", "role", "trial", "signing", "people", "somebody_else", "page"]


class Identity(Frozen):
    """Whoever uses the dashboard by a login, with the roles that he has."""

    actor: Actor
    """Who, and how that is known."""
    roles: tuple[Role, ...] = ()
    """In order of the alphabet; none: he may see nothing."""
    trials: tuple[str, ...] = ()
    """Ids of the trials that he leads."""
    sums_only: bool = False
    """What is read is kept for everybody of these roles, so it names nobody."""

    def for_sums(self) -> Identity:
        """The same rights without a name and without sight of single people."""
        nobody = Actor(name="-", known_by=self.actor.known_by)
        return Identity(actor=nobody, roles=self.roles, sums_only=True)


SIGNS: frozenset[EventKind] = frozenset({"decision", "grant"})
"""What only a decider does; an admin who is to sign has both roles."""
FOLLOWS_UP: frozenset[EventKind] = frozenset({"condition", "realised", "spending"})
"""What is told of a decision after it."""

ANALYSES: frozenset[EventKind] = frozenset({"analysis", "snapshot"})
"""An analysis, and the rows as it found them. A look is none: it spends what the lead planned."""

RECORDS: frozenset[EventKind] = EVERY_KIND - set(WATCHED)
"""What people add. Who was refused and who has read is kept by the store alone; none forges it."""

WRITES: dict[Role, frozenset[EventKind]] = {
    "reader": frozenset(),
    "lead": RECORDS - SIGNS - {"note", "package", "withdrawal"},
    "analyst": ANALYSES,
    "decider": SIGNS | FOLLOWS_UP,
    "admin": RECORDS - SIGNS,
}
"""By role: what it may add to the record; a lead only of his own trials."""

SEES_PEOPLE: frozenset[Role] = frozenset({"lead", "analyst", "admin"})
"""Who may see rows and pseudonyms; a lead only those of his own trials."""

SENTENCES: dict[Reason, Text] = {
    "no_role": say(
        "your account has no role here; ask whoever looks after htkeval to give you one"
    ),
    "role": say("your role does not write this into the record"),
    "trial": say("a lead sees the rows of his own trials and writes to them, not to others"),
    "signing": say("only a decider signs"),
    "people": say("your role sees sums and means, not single rows"),
    "somebody_else": say("you can only act as yourself"),
    "page": say("this page is not for your role"),
}
"""Why not, as the end of a sentence."""


def why_not_write(who: Identity, kind: EventKind, trial: str, actor: Actor) -> Reason | None:
    """Why an event may not be added; None where it may."""
    if not who.roles:
        return "no_role"
    if actor != who.actor:
        return "somebody_else"
    able = [role for role in who.roles if kind in WRITES[role]]
    if not able:
        return "signing" if kind in SIGNS else "role"
    return None if _somewhere(who, able, trial) else "trial"


def why_not_define(who: Identity, trial: str) -> Reason | None:
    """Why a trial's definition may not be written; None where it may.

    Who promises a trial says what it is, before and after it has a folder.
    """
    return why_not_write(who, "registration", trial, who.actor)


def why_not_see_people(who: Identity, trial: str) -> Reason | None:
    """Why rows and pseudonyms of a trial may not be read; None where they may."""
    if not who.roles:
        return "no_role"
    able = [role for role in who.roles if role in SEES_PEOPLE]
    if who.sums_only or not able:
        return "people"
    return None if _somewhere(who, able, trial) else "trial"


def _somewhere(who: Identity, able: Iterable[Role], trial: str) -> bool:
    """Whether one of the roles reaches this trial."""
    return any(role != "lead" or trial in who.trials for role in able)


def refusal(reason: Reason) -> NotAllowed:
    """The reason as an error."""
    return NotAllowed(Problem(say("Your rights"), SENTENCES[reason]), reason=reason)
