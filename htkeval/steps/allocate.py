"""Draw the lots of a list of units, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from htkeval import __version__
from htkeval.allocation_list import AllocationList
from htkeval.canonical import fingerprint
from htkeval.decision import Actor
from htkeval.errors import Problem, StateError
from htkeval.event import Event
from htkeval.intake.units import UnitList, read_units
from htkeval.steps.case import Case
from htkeval.steps.may_draw import (
    RESTS_ON,
    closed,
    measured_of,
    promise_of,
    refuse_closed,
    refuse_spellings,
)
from htkeval.steps.withdrawn import refuse_withdrawn
from htkeval.store.allocations import Earlier
from htkeval.text import Text, say
from htkeval.trial import Design, Trial

if TYPE_CHECKING:
    from htkeval.design.entrants import Entrants


@dataclass(frozen=True)
class Allocated:
    """What was drawn, and the event that keeps it."""

    trial: Trial
    """The registered definition."""
    event: Event
    """Where it stands in the chain."""
    listed: AllocationList
    """The new units only."""
    whole: AllocationList
    """With all that were drawn before."""


def allocate(case: Case, path: Path, *, actor: Actor, now: datetime) -> Allocated:
    """Draw what each unit of a list is given, and keep it for good.

    The lots come from the registration's fingerprint, the number of the list and the list itself,
    so the same promise and the same list give the same arms, and any other list is another draw:
    no place on it is known beforehand. A later list goes on where the one before ended: blocks are
    filled up, a minimisation counts the earlier units, and `complete` is drawn within the new list
    by itself.

    What remains: whoever tries lists in a copied workspace can choose among their draws. Only lots
    that come one at a time from a key out of his reach, or a list that was published before it was
    drawn, prevent that.

    Args:
        case: The trial.
        path: A row a unit, in the order in which they enter.
        actor: Who asks for it.
        now: When, in UTC.

    Raises:
        StateError: Not registered, not randomised, too few units for the plan; a participant
            withdrew; or somebody else drew for, measured or changed the promise of these units at
            this moment.
        SheetError: Rows that cannot be taken, or units drawn or measured already. Nothing stored.
    """
    case.store.refuse_locked(case.file.id)
    known = case.store.newest(case.file.id, "batch", *RESTS_ON)
    promise, trial = promise_of(case), case.trial
    refused = closed(trial, case.store.allocated(trial.id), measured_of(case))
    units = read_units(trial, path, refused=refused, listed=case.names)
    people = units.columns[0] == trial.design.participant
    if people:
        refuse_withdrawn(case, units.units[0])
    made: list[AllocationList] = []
    digest = digest_of(units)

    def make(earlier: Earlier) -> tuple[AllocationList, dict[str, Any]]:
        measured = earlier.measured_since(known["batch"])
        refuse_closed(units.units, closed(trial, earlier.listed, measured))
        promised = str(promise.payload["fingerprint"])
        listed = _draw(trial, units, earlier, registration=promised, digest=digest)
        made[:] = [listed, listed.after(earlier.listed) if earlier.listed else listed]
        return listed, {
            **said_of(trial, promise),
            "digest": digest,
            "balance": _balance(listed),
            "differences": differences(units.numbers, listed),
        }

    event = case.store.allocate(
        trial.id,
        make,
        people=people,
        actor=actor,
        now=now,
        known={kind: known[kind] for kind in RESTS_ON},
    )
    return Allocated(trial, event, *made)


def _draw(
    trial: Trial, units: UnitList, earlier: Earlier, *, registration: str, digest: str
) -> AllocationList:
    """The new list, drawn after all earlier ones."""
    import numpy as np

    from htkeval.design.entrants import entrants
    from htkeval.design.listing import draw_list, patterns

    design, number = trial.design, earlier.lists + 1
    known = earlier.listed
    given = known.patterns if known else patterns(design, len(units))
    undrawn = AllocationList(
        columns=units.columns,
        units=units.units,
        strata=dict(units.strata),
        patterns=given,
        drawn=(0,) * len(units),
        entry=(number,) * len(units),
    )
    whole = undrawn.after(known) if known else undrawn
    refuse_spellings(whole.strata)
    who = entrants(design, whole)
    refuse_few(design, who)
    before = np.array(known.drawn if known else (), dtype=np.int64)
    rng = np.random.default_rng(seed_of(registration, number, digest))
    drawn = draw_list(design, who, before, patterns=len(given), rng=rng)
    return undrawn.model_copy(update={"drawn": tuple(drawn.tolist())})


def seed_of(registration: str, number: int, digest: str | None) -> int:
    """The seed of one list: from the promise and the list.

    Args:
        registration: Fingerprint of the promise, so that nobody chooses the seed once units are
            known.
        number: Of the list, from 1.
        digest: Of the list (`digest_of`), so that nobody knows what its places are given before
            it is made; None for lists drawn by a version that left it out.
    """
    said = f"{registration} allocation {number}" + ("" if digest is None else f" {digest}")
    return int(sha256(said.encode()).hexdigest(), 16)


def digest_of(listed: UnitList | AllocationList) -> str:
    """SHA-256 of units and strata in their order, by the names in the sheet.

    It stays in the record, so that the draw can be made again when somebody was forgotten. Whoever
    knows all other names of a list can then try what the forgotten pseudonym was; whose it was
    says only the municipality's own key.
    """
    strata = {name: list(column) for name, column in listed.strata.items()}
    units = [list(column) for column in listed.units]
    return fingerprint({"columns": list(listed.columns), "units": units, "strata": strata})


def said_of(trial: Trial, promise: Event) -> dict[str, Any]:
    """What the event says of every draw beside the list itself."""
    return {
        "registration": promise.payload["fingerprint"],
        "mechanism": trial.design.allocation or "complete",
        "software": f"htkeval {__version__}",
    }


def _balance(listed: AllocationList) -> list[dict[str, Any]]:
    from htkeval.design.listing import balance

    return [
        {"column": column, "level": level, "counts": list(counts)}
        for column, level, counts in balance(listed)
    ]


def differences(
    numbers: Mapping[str, tuple[float | None, ...]], listed: AllocationList
) -> dict[str, float | None]:
    """How far the arms lie apart in each column of numbers; of two arms or orders only."""
    import numpy as np

    from htkeval.design.listing import standardised_difference

    if len(listed.patterns) != 2:
        return {}
    drawn = np.array(listed.drawn)
    return {
        name: standardised_difference(np.array(values, dtype=float), drawn)
        for name, values in numbers.items()
    }


def refuse_few(design: Design, who: Entrants) -> None:
    """Whether there are units enough for what the plan says of them.

    Raises:
        StateError: There are not; all reasons at once.
    """
    problems = [Problem(say("the list"), *said) for said in _too_few(design, who)]
    if problems:
        raise StateError(problems)


def _too_few(design: Design, who: Entrants) -> Iterable[tuple[Text, Text, Text]]:
    from htkeval.design.entrants import strata_of
    from htkeval.design.listing import fewest

    found = say("{n} units", n=len(who))
    least = max(2, design.steps or 0) if design.kind == "stepped_wedge" else fewest(design)
    if len(who) < least:
        expected = (
            say("at least {n}, one for each start", n=least)
            if design.kind == "stepped_wedge"
            else say("at least {n}, so that no arm has only one unit", n=least)
        )
        yield found, expected, say("One unit tells nothing of how units differ; find more.")
    largest = max(Counter(strata_of(who).tolist()).values())
    if design.allocation == "blocks" and design.block and largest < design.block:
        yield (
            say("at most {n} units in a stratum, fewer than a block", n=largest),
            say("at least one full block of {size}", size=design.block),
            say("Choose smaller blocks or fewer strata, before the trial is registered."),
        )
