"""Which programme claims a trial's gain, and that no two claim the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from htkeval.budget import Budget, BudgetLine
from htkeval.errors import Problem, Refused
from htkeval.municipality import Gain, Programme, same
from htkeval.text import Text, say
from htkeval.trial import Trial

PLACE = "configs/municipality.toml, programmes.gains"
"""Where a claim stands."""

_Claim = tuple[Programme, Gain]


def claimed_twice(programmes: Sequence[Programme], trials: Sequence[Trial]) -> tuple[Problem, ...]:
    """Each gain that is claimed by two programmes, or twice by one; a sentence names both.

    A trial's gain is also claimed by whoever claims its account in its area.
    """
    return tuple(
        Problem(
            PLACE,
            say("{gain}, claimed by {one} and by {two}", gain=gain, one=one.name, two=two.name)
            if one.name != two.name
            else say("{gain}, claimed twice by {one}", gain=gain, one=one.name),
            say("one programme that claims it"),
            say("Take it out of one of them: the same gain is not counted twice."),
        )
        for gain, one, two in _doubles(programmes, trials)
    )


def refuse_claimed_twice(programmes: Sequence[Programme], trials: Sequence[Trial]) -> None:
    """Raises `Refused` where two claim one gain, all such gains at once."""
    if problems := claimed_twice(programmes, trials):
        raise Refused(list(problems))


def claim_of(trial: Trial, programmes: Sequence[Programme]) -> _Claim | None:
    """Which programme claims a trial's gain, and by which words; None where none does."""
    return next((claim for claim in _claims(programmes) if _is_of(claim[1], trial)), None)


def claimants(trial: Trial, programmes: Sequence[Programme]) -> tuple[str, ...]:
    """Every claim of a trial's gain, by the programme's name; more than one is one too many."""
    return tuple(one.name for one, gain in _claims(programmes) if _is_of(gain, trial))


def lines_of(trial: Trial, budget: Budget) -> tuple[BudgetLine, ...]:
    """The savings of the budget that stand where a trial's gain arises.

    What a line does not say, account or area, does not set it apart from any trial.
    """
    account = trial.economics.account
    return tuple(
        line
        for line in budget.lines
        if line.kind == "saving"
        and (line.area is None or same(line.area, trial.area))
        and (line.account is None or (account is not None and same(line.account, account)))
    )


def unknown_names(
    programmes: Sequence[Programme], budget: Budget | None, trials: Sequence[Trial]
) -> tuple[Text, ...]:
    """A trial that a programme claims and nobody has, a programme that the budget alone knows."""
    ids = {trial.id for trial in trials}
    gone = [
        say("{gain}, claimed by {programme}, and no such trial", gain=named(gain),
            programme=one.name)
        for one, gain in _claims(programmes)
        if gain.trial is not None and gain.trial not in ids
    ]  # fmt: skip
    lines = budget.lines if budget else ()
    strange = [
        say("the budget's line {line} under {programme}, and no such programme", line=line.id,
            programme=line.programme)
        for line in lines
        if line.programme and not any(same(line.programme, one.name) for one in programmes)
    ]  # fmt: skip
    return (*gone, *strange)


def _claims(programmes: Sequence[Programme]) -> Iterator[_Claim]:
    return ((one, gain) for one in programmes for gain in one.gains)


def _doubles(
    programmes: Sequence[Programme], trials: Sequence[Trial]
) -> Iterator[tuple[Text, Programme, Programme]]:
    for (one, first), (two, second) in combinations(_claims(programmes), 2):
        shared = next((t for t in trials if _is_of(first, t) and _is_of(second, t)), None)
        if shared is not None or _is_same(first, second):
            yield named(first if shared is None else Gain(trial=shared.id)), one, two


def _is_of(gain: Gain, trial: Trial) -> bool:
    if gain.trial is not None:
        return gain.trial == trial.id
    account = trial.economics.account
    return (
        account is not None
        and same(str(gain.account), account)
        and same(str(gain.area), trial.area)
    )


def _is_same(one: Gain, two: Gain) -> bool:
    if one.trial is not None or two.trial is not None:
        return one.trial == two.trial
    return same(str(one.account), str(two.account)) and same(str(one.area), str(two.area))


def named(gain: Gain) -> Text:
    """Which gain, in words."""
    if gain.trial is not None:
        return say("the gain of {trial}", trial=gain.trial)
    return say("the gain on account {account} in {area}", account=gain.account, area=gain.area)
