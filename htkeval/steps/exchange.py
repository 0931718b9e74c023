"""Packages of other municipalities, taken in and read from the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from htkeval.decision import Actor
from htkeval.errors import Problem, Refused, StateError
from htkeval.event import ELSEWHERE, EventKind
from htkeval.evidence_package import SEAL, Direction, EvidencePackage
from htkeval.intake.evidence_file import Incoming
from htkeval.local_day import local_day
from htkeval.store.reading import Reading
from htkeval.store.store import Store
from htkeval.text import Text, say

PACKAGE: EventKind = "package"
WITHDRAWAL: EventKind = "withdrawal"
SHORTEST = 8
"""Characters of an origin that say which trial is meant."""
Became = Literal["new", "newer", "known", "older"]


@dataclass(frozen=True)
class Taken:
    """What became of one file."""

    file: str
    """Where it was read."""
    package: EvidencePackage
    """What it says."""
    became: Became
    """`new` of a trial, or a `newer` result of one: stored. `known`, or `older` than what is here:
    not stored again."""
    event: int | None
    """The event that keeps it; None where nothing was stored."""


def kept(store: Reading, question: str | None = None) -> tuple[EvidencePackage, ...]:
    """The newest package of each trial elsewhere, in the order in which the trials came.

    Args:
        store: The record.
        question: Only of this question; None: of all.
    """
    newest = {
        str(content["origin"]): content
        for content in _contents(store)
        if question is None or content["question_id"] == question
    }
    return tuple(EvidencePackage.model_validate(content) for content in newest.values())


def take(
    store: Store,
    coming: Iterable[Incoming],
    *,
    directions: Mapping[str, Direction],
    actor: Actor,
    now: datetime,
) -> tuple[Taken, ...]:
    """Store packages of others: all of them, or none where one cannot be taken.

    Args:
        store: The record.
        coming: The packages, each checked by `intake.evidence_file.read`.
        directions: By question of a trial of ours: the direction that is an improvement.
        actor: Who takes them in.
        now: When, in UTC.

    Raises:
        Refused: One is of a trial of ours, is of a day to come, or measures its question in the
            other direction. Nothing was stored.
        StateError: Somebody else took one in at the same moment. Nothing was stored.
    """
    known = store.newest(ELSEWHERE, PACKAGE, WITHDRAWAL)
    seen = {str(content[SEAL]) for content in _contents(store)}
    newest = {package.origin: package for package in kept(store)}
    better: dict[str, Direction] = {
        **{package.question_id: package.primary.better for package in newest.values()},
        **directions,
    }
    ours = {event.hash for event in store.events(kind="registration")}
    problems: list[Problem] = []
    became: list[tuple[Incoming, Became]] = []
    for one in coming:
        package = one.package
        problem = _unwanted(one, ours, better.get(package.question_id), now)
        if problem is not None:
            problems.append(problem)
            continue
        before = newest.get(package.origin)
        how: Became = "new" if before is None else "newer"
        if package.sha256 in seen:
            how = "known"
        elif before is not None and package.analysed < before.analysed:
            how = "older"
        else:
            newest[package.origin] = package
            better.setdefault(package.question_id, package.primary.better)
        seen.add(package.sha256)
        became.append((one, how))
    if problems:
        raise Refused(problems)
    told: list[tuple[EventKind, dict[str, Any]]] = [
        (PACKAGE, {"package": one.content}) for one, how in became if how in ("new", "newer")
    ]
    if not told:
        return tuple(Taken(one.file, one.package, how, None) for one, how in became)
    # invented or not is said by each package: the mark of an event would stay on all that follow
    stored = iter(store.append_all(ELSEWHERE, told, actor=actor, now=now, known=known))
    return tuple(
        Taken(one.file, one.package, how, next(stored).seq if how in ("new", "newer") else None)
        for one, how in became
    )


def withdraw(
    store: Store, origin: str, *, why: str, actor: Actor, now: datetime
) -> EvidencePackage:
    """Take the packages of one trial elsewhere out of what counts; they stay on record.

    Args:
        store: The record.
        origin: Which trial, as `evidence list` shows it: its first characters, eight or more.
        why: Why, in the actor's words.
        actor, now: Who takes it out, and when.

    Raises:
        Refused: No reason.
        StateError: No trial here, or more than one, begins so.
    """
    if not why.strip():
        raise Refused(Problem("--why", say("nothing"), say("a few words of one's own")))
    known = store.newest(ELSEWHERE, PACKAGE, WITHDRAWAL)
    fit = [one for one in kept(store) if one.origin.startswith(origin.strip().lower())]
    if len(fit) != 1 or len(origin.strip()) < SHORTEST:
        raise StateError(
            Problem(
                say("package {origin}", origin=origin),
                say("{n} trials that begin so", n=len(fit)),
                say("the first {n} characters or more of one origin", n=SHORTEST),
                say("`htkeval evidence list` shows them."),
            )
        )
    payload = {"origin": fit[0].origin, "why": why.strip()}
    store.append(ELSEWHERE, WITHDRAWAL, payload, actor=actor, now=now, known=known)
    return fit[0]


def _contents(store: Reading) -> Iterable[dict[str, Any]]:
    """What counts: every package that came after its trial was last withdrawn, if it was."""
    gone = {event.payload["origin"]: event.seq for event in store.events(ELSEWHERE, WITHDRAWAL)}
    for event in store.events(ELSEWHERE, PACKAGE):
        package = event.payload["package"]
        if event.seq > gone.get(package["origin"], 0):
            yield package


def _unwanted(
    one: Incoming, ours: set[str], better: Direction | None, now: datetime
) -> Problem | None:
    """Why a package that is right in itself is not taken here."""
    place, package = say("file {file}", file=one.file), one.package
    if package.origin in ours:
        return Problem(
            place,
            say("a trial of our own"),
            say("a trial of another municipality"),
            say("Ours is in the pool as it is. Nothing was stored."),
        )
    if package.analysed > local_day(now) + timedelta(days=1):
        return Problem(
            place,
            say("an analysis of {day:d MMMM y}, a day to come", day=package.analysed),
            say("the day on which it was made"),
            say("Nothing was stored."),
        )
    if better is not None and package.primary.better != better:
        return Problem(
            place,
            say(
                "“{label}”, of which {better} is better, for the question {question}",
                label=package.primary.label,
                better=_DIRECTIONS[package.primary.better],
                question=package.question_id,
            ),
            say("a measure of which {better} is better, as here", better=_DIRECTIONS[better]),
            say("Two questions need two names. Nothing was stored."),
        )
    return None


_DIRECTIONS: Mapping[Direction, Text] = {"lower": say("less"), "higher": say("more")}
