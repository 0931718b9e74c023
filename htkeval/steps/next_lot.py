"""Draw one lot when it is asked for, so that nobody can know it before.

What is drawn comes from a key that was drawn by the machine when the first lot was asked for. The
record keeps a fingerprint of the key and what was drawn, before anybody is shown it; the key lies
in a file of its own. So the next arm is hidden from whoever does the tasks, hands them out, or
reads the record; not from whoever may read the machine's own files. When the trial is over the key
can be shown (`shown_key`), and everybody can draw all its lots again (`lots_again`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from htkeval.allocation_list import ONE_BY_ONE, AllocationList
from htkeval.decision import Actor
from htkeval.errors import Problem, StateError
from htkeval.intake.cells import Fault
from htkeval.intake.twice import Unit
from htkeval.intake.units import UnitList, one_unit, unit_columns
from htkeval.local_day import local_day
from htkeval.measurement import Measurement
from htkeval.steps.allocate import Allocated, said_of
from htkeval.steps.case import Case
from htkeval.steps.drawn import drawn_word
from htkeval.steps.may_draw import (
    RESTS_ON,
    closed,
    measured_of,
    nothing_to_come,
    promise_of,
    refuse_closed,
    refuse_spellings,
)
from htkeval.steps.withdrawn import refuse_withdrawn
from htkeval.store import concealment
from htkeval.store.allocations import Earlier
from htkeval.text import Text, say
from htkeval.trial import Design, Trial

if TYPE_CHECKING:
    from htkeval.design.entrants import Entrants


def next_lot(
    case: Case,
    names: Sequence[str | None],
    strata: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> Allocated:
    """Draw the lot of one participant, or of one task of a participant, and keep it.

    Args:
        case: The trial: `within`, `parallel` or `crossover`.
        names: The participant and, where tasks are drawn, the task.
        strata: By column of strata: its value.
        actor: Who asks.
        now: When, in UTC.

    Raises:
        StateError: Not registered, not randomised, or a mechanism that needs to know how many
            there will be; or the trial is over, so that its key may be shown; or the key is lost;
            or the participant withdrew; or somebody else drew for or measured the unit, or changed
            the promise, at this moment.
        SheetError: No name, or a lot that was drawn already, with what it was. Nothing is stored.
    """
    case.store.refuse_locked(case.file.id)
    known = case.store.newest(case.file.id, "batch", *RESTS_ON)
    promise, trial = promise_of(case), case.trial
    _refuse_mechanism(trial)
    _refuse_over(case, local_day(now))
    refused = _closed(trial, case.store.allocated(trial.id), measured_of(case))
    unit = one_unit(trial, names, strata, refused=refused, listed=case.names)
    file = concealment.key_file(case.blobs, trial.id)
    made: list[AllocationList] = []

    def make(before: Earlier) -> tuple[AllocationList, dict[str, Any]]:
        measured = before.measured_since(known["batch"])
        refuse_closed(unit.units, _closed(trial, before.listed, measured))
        key = _key(file, before)
        promised = str(promise.payload["fingerprint"])
        listed = _draw(trial, unit, before.listed, key=key, registration=promised)
        made[:] = [listed, listed.after(before.listed) if before.listed else listed]
        return listed, {**said_of(trial, promise), "commitment": concealment.commitment(key)}

    people = unit_columns(trial)[0] == trial.design.participant
    if people:
        refuse_withdrawn(case, unit.units[0])
    rests_on = {kind: known[kind] for kind in RESTS_ON}
    event = case.store.allocate(trial.id, make, people=people, actor=actor, now=now, known=rests_on)
    return Allocated(trial, event, *made)


def _draw(
    trial: Trial, unit: UnitList, known: AllocationList | None, *, key: bytes, registration: str
) -> AllocationList:
    """The lot of one unit, after all that were drawn before."""
    from htkeval.design.listing import patterns

    undrawn = AllocationList(
        columns=unit.columns,
        units=unit.units,
        strata=dict(unit.strata),
        patterns=patterns(trial.design, 1),
        drawn=(0,),
        entry=(ONE_BY_ONE,),
    )
    whole = undrawn.after(known) if known else undrawn
    refuse_spellings(whole.strata)
    tool = last_lot(trial.design, whole, key=key, registration=registration)
    return undrawn.model_copy(update={"drawn": (tool,)})


def last_lot(design: Design, whole: AllocationList, *, key: bytes, registration: str) -> int:
    """What the last unit of a list is given by a key, after all before it: 0 or 1."""
    from htkeval.design.entrants import entrants

    who, place = entrants(design, whole), len(whole) - 1
    return _lot(design, whole, who, place, key=key, registration=registration)


def lots_again(
    design: Design, whole: AllocationList, *, key: bytes, registration: str
) -> tuple[int, ...]:
    """What a key gives each unit of a list that was drawn one by one, in the order of the list."""
    from htkeval.design.entrants import entrants

    who = entrants(design, whole)
    return tuple(
        _lot(design, whole, who, place, key=key, registration=registration)
        if entry == ONE_BY_ONE
        else whole.drawn[place]
        for place, entry in enumerate(whole.entry)
    )


def _lot(
    design: Design,
    whole: AllocationList,
    who: Entrants,
    place: int,
    *,
    key: bytes,
    registration: str,
) -> int:
    """What a key gives the unit at a place, after all before it: 0 or 1."""
    import numpy as np

    from htkeval.design.entrants import size_of_block
    from htkeval.design.listing import chance_of_next

    so_far = who.first(place + 1)
    before = np.array(whole.drawn[:place], dtype=np.int64)
    # where tasks are drawn, a participant's lots are numbered by themselves
    holder = whole.units[0][place] if design.kind == "within" else ""
    mine = so_far.holder[:-1] == so_far.holder[-1]
    alone = int((mine & (so_far.entry[:-1] == ONE_BY_ONE)).sum())
    block = str(alone // (size_of_block(design) or 1))
    chance = chance_of_next(
        design,
        so_far,
        before,
        remainder=concealment.lot(key, registration, holder, "remainder", block),
    )
    return int(concealment.lot(key, registration, holder, "lot", str(int(mine.sum()))) < chance)


def _key(file: Path, before: Earlier) -> bytes:
    """The trial's key; made with the first lot, and never in place of one that is lost.

    Raises:
        StateError: Lots were drawn from another key than the one that is there.
    """
    used = [event.payload["commitment"] for event in before.events if not event.payload["number"]]
    key = concealment.read_key(file)
    if key is None and not used:
        return concealment.new_key(file)
    if key is None or (used and concealment.commitment(key) != used[-1]):
        found = say("no key") if key is None else say("another key than lots were drawn from")
        step = say("Bring it back from a backup: a new key would be a new draw.")
        place = say("file {file}", file=str(file))
        raise StateError(Problem(place, found, say("the key of this trial"), step))
    return key


def _closed(
    trial: Trial, earlier: AllocationList | None, measured: Iterable[Measurement]
) -> dict[Unit, Fault]:
    """Whoever asks again is told what was drawn, for he may not have seen it; not drawn again."""
    told = closed(trial, earlier, measured)
    if earlier is not None:
        for unit, one in zip(earlier.named(), earlier.drawn, strict=True):
            step = say("It was drawn before: {arm}.", arm=drawn_word(trial, earlier.patterns[one]))
            told[unit] = replace(told[unit], next_step=step)
    return told


def _refuse_over(case: Case, today: date) -> None:
    """No lot from a key that everybody may have seen."""
    if nothing_to_come(case, today):
        raise StateError(
            Problem(
                say("trial {name}", name=case.file.id),
                say("a trial that is over, so that its key may have been shown"),
                say("a trial under way"),
                say(
                    "Where it goes on, change `ends` in trial.toml and say so: "
                    "htkeval deviate {name} --what ends --why TEXT.",
                    name=case.file.id,
                ),
            )
        )


def _refuse_mechanism(trial: Trial) -> None:
    """Lots that cannot be drawn one at a time."""
    design, place = trial.design, say("trial {name}", name=trial.id)
    problems = [Problem(place, *said) for said in _not_one_by_one(design)]
    if problems:
        raise StateError(problems)


def _not_one_by_one(design: Design) -> list[tuple[Text, Text, Text]]:
    if design.kind in ("cluster", "stepped_wedge"):
        found, expected = say("a draw of teams"), say("participants or tasks that come one by one")
        return [(found, expected, say("Teams are known beforehand: use --units."))]
    if design.one_by_one:
        return []
    return [
        (
            say("exact counts (complete) of units whose number nobody knows yet"),
            say("a mechanism that goes on: blocks, bernoulli or minimisation"),
            say(
                "State it before the trial is registered; within participants and without strata "
                "tasks_each is enough. Or draw a list with --units."
            ),
        )
    ]
