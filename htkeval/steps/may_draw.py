"""Whether lots may be drawn in a trial now, and for which units no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from htkeval.allocation_list import AllocationList
from htkeval.design.listing import block_holds_ratio
from htkeval.design.periods import ratio_of
from htkeval.errors import Problem, StateError
from htkeval.event import Event, EventKind
from htkeval.intake.cells import Fault, shown
from htkeval.intake.spelling import Spellings
from htkeval.intake.twice import Unit, written_before
from htkeval.intake.units import LOT, unit_columns
from htkeval.measurement import Measurement
from htkeval.steps.case import Case
from htkeval.text import Text, say
from htkeval.trial import Design, Trial

RESTS_ON: tuple[EventKind, ...] = ("registration", "deviation", "participation")
"""What a draw rests on; if such an event comes while it is made, it is not made."""


def promise_of(case: Case) -> Event:
    """The registration, of a trial in which lots can be drawn.

    Raises:
        StateError: It is not registered, or its plan leaves nothing to chance, or cannot be drawn;
            all reasons at once.
    """
    promise, place = case.registration, say("trial {name}", name=case.file.id)
    problems = [Problem(place, *said) for said in _misfits(case.trial.design)]
    if promise is None:
        found, expected = say("no registration"), say("a promise before the draw")
        step = say(
            "Run `htkeval register` first: it freezes plan and seed, so that nobody can draw "
            "until it suits."
        )
        problems.insert(0, Problem(place, found, expected, step))
    if problems or promise is None:
        raise StateError(problems)
    return promise


def nothing_to_come(case: Case, today: date) -> bool:
    """Whether no lot is to come: the trial has ended, or somebody decided to end it."""
    return decided_to_end(case) or today > case.trial.ends


def decided_to_end(case: Case) -> bool:
    """Whether the newest decision is to end the trial."""
    decided = case.store.latest(case.file.id, "decision")
    return decided is not None and decided.payload["outcome"] != "prolong"


def _misfits(design: Design) -> Iterable[tuple[Text, Text, Text]]:
    """What was found, what was expected and a way out, for all that does not go together."""
    if not design.randomised:
        yield (
            say("a plan in which nothing is drawn ({kind})", kind=design.kind),
            say("randomised = true"),
            say(
                "Let a draw decide (parallel, within, crossover, cluster or stepped_wedge), or "
                "measure without a draw: such a trial needs no list."
            ),
        )
        return
    if design.kind == "within" and design.task is None:
        yield (
            say("no column of the task"),
            say("tasks that can be told apart, for each of them is drawn"),
            say("Name it in trial.toml: [design] task = …"),
        )
    if design.kind == "stepped_wedge" and design.allocation == "blocks":
        yield (
            say("blocks in a roll-out"),
            say("a start for each team, every start equally often"),
            say("Use allocation = complete; strata keep like teams apart."),
        )
    elif design.allocation == "blocks" and not block_holds_ratio(design):
        yield (
            say("block = {size} with ratio {one}:{other}", size=design.block, **_ratio(design)),
            say("a block that can hold exactly the ratio's share"),
            say("Choose a multiple of {n}.", n=sum(_ratio(design).values())),
        )


def _ratio(design: Design) -> dict[str, int]:
    one, other = ratio_of(design)
    return {"one": one, "other": other}


def closed(
    trial: Trial, earlier: AllocationList | None, measured: Iterable[Measurement]
) -> dict[Unit, Fault]:
    """Units for which no lot can be drawn any more, and why: drawn already, or measured already.

    Where the plan has work without the tool measured first (`baseline_tasks`), such rows are no
    reason; else any row is, for whoever draws would know how it went.
    """
    reasons = {} if earlier is None else dict.fromkeys(earlier.named(), DRAWN_ALREADY)
    columns, before = unit_columns(trial), trial.design.baseline_tasks is not None
    for row in measured:
        if row.arm == "treatment" or not before:
            unit = tuple(row.keys.get(column) or "" for column in columns)
            reasons.setdefault(unit, MEASURED_ALREADY)
    return reasons


def measured_of(case: Case) -> tuple[Measurement, ...]:
    """The rows that count now."""
    store, name = case.store, case.file.id
    return store.measurements(name) if store.latest(name, "batch") else ()


def refuse_closed(units: Sequence[Sequence[str]], reasons: Mapping[Unit, Fault]) -> None:
    """Units that somebody drew for or measured since they were asked for.

    Args:
        units: By column: the name in it of each unit.
        reasons: As `closed` gives them.

    Raises:
        StateError: There are some; all of them.
    """
    if not reasons:
        return
    spelled = Spellings(reasons)
    taken = [
        (unit, fault)
        for unit in zip(*units, strict=True)
        if (fault := reasons.get(unit) or _as_other(spelled.other(unit)))
    ]
    if taken:
        raise StateError(
            Problem(" / ".join(unit), LOT, fault.expected, fault.next_step) for unit, fault in taken
        )


def _as_other(other: Unit | None) -> Fault | None:
    return written_before(other) if other else None


def refuse_spellings(strata: Mapping[str, Sequence[str]]) -> None:
    """Values of strata that are written in two ways: they would be drawn within by themselves.

    Raises:
        StateError: There are some; all of them.
    """
    problems = []
    for column, values in strata.items():
        spelled = Spellings((value,) for value in dict.fromkeys(values))
        problems += [
            Problem(say("column {name}", name=column), shown(value), say("a value written one way"),
                    say("Another unit has {other}, the same value.", other=shown(other[0])))
            for value in dict.fromkeys(values)
            if (other := spelled.other((value,)))
        ]  # fmt: skip
    if problems:
        raise StateError(problems)


DRAWN_ALREADY = Fault(
    say("a unit that is not on the list yet"),
    next_step=say("It was drawn before, and a lot is drawn once; leave it out."),
)
MEASURED_ALREADY = Fault(
    say("allocation before measurement"),
    next_step=say("There are measurements of it already; leave it out, it was not drawn."),
)
