"""What others tell without data: noted, sent to areas, and what each did with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from htkeval.decision import Actor
from htkeval.errors import Problem, Refused, StateError
from htkeval.event import ELSEWHERE, Event
from htkeval.evidence import Level
from htkeval.intake.free_text import refuse, refuse_listed
from htkeval.local_day import local_day
from htkeval.municipality import Municipality, same
from htkeval.note import LEVELS, STATES, Note, NoteState, NoteStep, Sent
from htkeval.store.reading import Reading
from htkeval.store.store import Store
from htkeval.text import say
from htkeval.trial import TECHNOLOGIES, Technology

LIST = say("`htkeval evidence note --all` lists them.")


def notes(store: Reading) -> tuple[Note, ...]:
    """Every note as it stands, in the order in which they were told."""
    events = store.events(ELSEWHERE, "note")
    later: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        later[event.payload["note"]].append(event)
    return tuple(_read(first, steps) for first, *steps in later.values())


def record(
    store: Store,
    *,
    municipality: Municipality,
    source: str,
    day: date,
    claim: str,
    areas: Iterable[str],
    owner: str | None = None,
    technology: Technology | None = None,
    level: Level = "E1",
    names: frozenset[str] = frozenset(),
    actor: Actor,
    now: datetime,
) -> Note:
    """Note what others told, and send it to the areas that it matters to.

    Args:
        store: The record.
        municipality: Its areas, each with who is sent what matters to it.
        source: Who told it, and where.
        day: When it was told.
        claim: What was told.
        areas: Whom it is sent to.
        owner: Which role there; None: the one that the municipality names for each area.
        technology: What kind of tool it is about.
        level: How well it is known; at most E2.
        names: Words that no text may hold.
        actor, now: Who notes it, and when.

    Raises:
        Refused: A level above E2, a day to come, no area, an area without an owner, or a text that
            is empty or names somebody.
        StateError: Somebody else noted something at the same moment.
    """
    known = store.newest(ELSEWHERE, "note")
    _refuse_level(level)
    _refuse_to_come(day, now)
    if technology is not None and technology not in TECHNOLOGIES:
        keys = say("one of {keys}", keys=", ".join(TECHNOLOGIES))
        raise Refused(Problem("--technology", say("another word"), keys))
    said = {
        "source": _clean("--source", source, names),
        "date": day.isoformat(),
        "claim": _clean("--claim", claim, names),
        "technology": technology,
        "level": level,
        **_sent(areas, owner, municipality, names),
    }
    number = len(notes(store)) + 1
    event = store.append(
        ELSEWHERE, "note", {"note": f"N{number}", **said}, actor=actor, now=now, known=known
    )
    return _read(event, [])


def follow(
    store: Store,
    name: str,
    *,
    area: str | None = None,
    answer: str | None = None,
    names: frozenset[str] = frozenset(),
    actor: Actor,
    now: datetime,
) -> tuple[Note, Sent]:
    """Record that an area has seen a note, or what it will do with it.

    Args:
        store: The record.
        name: What `htkeval evidence note` calls it.
        area: Which area; None where it was sent to one alone.
        answer: What it will do with it; None: it has seen it.
        names, actor, now: As for `record`.

    Returns:
        The note, and how it stands with that area.

    Raises:
        Refused: The note was sent to several areas and none is named, or to others than the one
            that is; or the answer is empty or names somebody.
        StateError: There is no such note; it was seen or answered so already; or somebody else
            said something of one at the same moment.
    """
    known = store.newest(ELSEWHERE, "note")
    note = the_one(notes(store), name)
    where = _one_area(note, area)
    said = None if answer is None else _clean("--answer", answer, names)
    _refuse_no_news(note, where, said)
    payload = {
        "note": note.id,
        "area": where.area,
        "state": "seen" if said is None else "answered",
        "answer": said,
    }
    event = store.append(ELSEWHERE, "note", payload, actor=actor, now=now, known=known)
    after = _after(note, event)
    return after, _one_area(after, where.area)


def the_one(every: tuple[Note, ...], wanted: str) -> Note:
    """The note of a name. Raises `StateError` where there is none."""
    for one in every:
        if same(one.id, wanted):
            return one
    raise StateError(
        Problem(
            say("note {id}", id=wanted.strip() or "–"),
            say("no note of this name"),
            say("a name in the list of notes"),
            LIST,
        )
    )


def _read(first: Event, steps: Iterable[Event]) -> Note:
    said = first.payload
    note = Note(
        id=said["note"],
        **{key: said[key] for key in ("source", "date", "claim", "technology", "level")},
        sent=tuple(
            Sent(area=area, owner=owner, history=(_step(first, "sent", None),))
            for area, owner in zip(said["areas"], said["owners"], strict=True)
        ),
        by=first.actor.name,
        at=first.at,
        event=first.seq,
    )
    for event in steps:
        note = _after(note, event)
    return note


def _after(note: Note, event: Event) -> Note:
    """A note after an area saw or answered it."""
    said = event.payload
    step = _step(event, said["state"], said["answer"])
    sent = tuple(
        to.model_copy(update={"history": (*to.history, step)}) if to.area == said["area"] else to
        for to in note.sent
    )
    return note.model_copy(update={"sent": sent})


def _step(event: Event, state: NoteState, answer: str | None) -> NoteStep:
    return NoteStep(state=state, answer=answer, at=event.at, by=event.actor.name, event=event.seq)


def _sent(
    areas: Iterable[str], owner: str | None, municipality: Municipality, names: frozenset[str]
) -> dict[str, list[str]]:
    """The areas as the municipality writes them, each once, and who is sent it in each."""
    role = None if owner is None else _clean("--owner", owner, names)
    sent: dict[str, tuple[str, str]] = {}
    for area in areas:
        stated = municipality.area(area)
        name = stated.name if stated else _clean("--area", area, names)
        to = role or (stated.owner if stated else None)
        if to is None:
            raise Refused(_no_owner(name, municipality))
        sent.setdefault(name.casefold(), (name, to))
    if not sent:
        raise Refused(Problem("--area", say("nothing"), say("an area that it is sent to")))
    return {
        "areas": [name for name, _ in sent.values()],
        "owners": [to for _, to in sent.values()],
    }


def _no_owner(area: str, municipality: Municipality) -> Problem:
    known = ", ".join(one.name for one in municipality.areas)
    return Problem(
        "--owner",
        say("nobody to send it to in {area}", area=area),
        say("an area of configs/municipality.toml ({keys}), or a role", keys=known or "–"),
        say('Give --owner "ROLE", or put the area in configs/municipality.toml with its owner.'),
    )


def _one_area(note: Note, wanted: str | None) -> Sent:
    """The area that is meant; one that is not named must be the only one."""
    found = [one for one in note.sent if wanted is None or same(one.area, wanted)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(one.area for one in note.sent)
    raise Refused(
        Problem(
            "--area",
            say("nothing") if wanted is None else say("another area"),
            say("one of the areas that {id} was sent to: {keys}", id=note.id, keys=known),
        )
    )


def _refuse_no_news(note: Note, where: Sent, answer: str | None) -> None:
    if (answer is None and where.state == "sent") or (answer and answer != where.answer):
        return
    raise StateError(
        Problem(
            say("note {id}, {area}", id=note.id, area=where.area),
            say("what stands there already: {status}", status=STATES[where.state]),
            say("an answer, or another answer"),
            LIST,
        )
    )


def _refuse_level(level: str) -> None:
    if level not in LEVELS:
        raise Refused(
            Problem(
                "--level",
                level,
                say("one of {keys}", keys=", ".join(LEVELS)),
                say("What is told without data is worth E2 at most: nobody here measured it."),
            )
        )


def _refuse_to_come(day: date, now: datetime) -> None:
    if day > local_day(now):
        raise Refused(
            Problem(
                "--date",
                say("{day:d MMMM y}, a day to come", day=day),
                say("the day on which it was told"),
            )
        )


def _clean(option: str, text: str, names: frozenset[str]) -> str:
    """A text that may be kept for good."""
    clean = text.strip()
    if not clean:
        words = say("a few words of one's own")
        raise Refused(Problem(option, say("nothing"), words, say("Nothing was stored.")))
    refuse({option: clean})
    refuse_listed({option: clean}, names)
    return clean
