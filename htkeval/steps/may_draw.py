"""Whether lots may be drawn in a trial now, and for which units no more."""

from __future__ import annotations

from collections.abc import Iterable

from htkeval.allocation_list import AllocationList
from htkeval.design.listing import block_holds_ratio
from htkeval.design.periods import ratio_of
from htkeval.errors import Problem, StateError
from htkeval.event import Event
from htkeval.intake.cells import Fault
from htkeval.intake.units import Unit, unit_columns
from htkeval.steps.case import Case
from htkeval.text import Text, say
from htkeval.trial import Design


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


def closed(case: Case, earlier: AllocationList | None) -> dict[Unit, Fault]:
    """Units for which no lot can be drawn any more, and why: drawn already, or measured already.

    Where the plan has work without the tool measured first (`baseline_tasks`), such rows are no
    reason; else any row is, for whoever draws would know how it went.
    """
    reasons = {} if earlier is None else dict.fromkeys(earlier.named(), DRAWN_ALREADY)
    columns = unit_columns(case.trial)
    if case.store.latest(case.file.id, "batch") is not None:
        before = case.trial.design.baseline_tasks is not None
        for row in case.store.measurements(case.file.id):
            unit = tuple(row.keys.get(column) or "" for column in columns)
            if row.arm == "treatment" or not before:
                reasons.setdefault(unit, MEASURED_ALREADY)
    return reasons


DRAWN_ALREADY = Fault(
    say("a unit that is not on the list yet"),
    next_step=say("It was drawn before, and a lot is drawn once; leave it out."),
)
MEASURED_ALREADY = Fault(
    say("allocation before measurement"),
    next_step=say("There are measurements of it already; leave it out, it was not drawn."),
)
