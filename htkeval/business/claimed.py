"""Which programme counts on a trial's gain, beside where the budget has it."""

from __future__ import annotations

from collections.abc import Sequence

from htkeval.budget import Budget
from htkeval.claims import claim_of, lines_of
from htkeval.municipality import Programme, same
from htkeval.supported import Claim
from htkeval.text import Text, say
from htkeval.trial import Trial


def claimed(trial: Trial, budget: Budget, programmes: Sequence[Programme]) -> Claim | None:
    """Who claims a trial's gain, and does the budget have it under another programme?

    Returns:
        None where no programme claims it.
    """
    found = claim_of(trial, programmes)
    if found is None:
        return None
    programme, gain = found
    under = {line.programme: None for line in lines_of(trial, budget) if line.programme}
    elsewhere = bool(under) and not any(same(name, programme.name) for name in under)
    names = {"trial": trial.id, "programme": programme.name}
    message = say("{trial}: {programme} counts on its gain.", **names)
    if gain.kr is not None:
        message = say(
            "{trial}: {programme} counts on its gain, {kr:kr} kr. a year ({level} prices; "
            "{source}, {day:d MMMM y}).",
            **names,
            kr=gain.kr,
            level=str(gain.price_level),
            source=gain.source,
            day=gain.date,
        )
    return Claim(
        programme=programme.name,
        owner=programme.owner,
        kr=gain.kr,
        price_level=gain.price_level,
        source=gain.source,
        date=gain.date,
        booked_under=tuple(under),
        elsewhere=elsewhere,
        message=_elsewhere(message, tuple(under)) if elsewhere else message,
    )


def _elsewhere(message: Text, under: tuple[str, ...]) -> Text:
    return say(
        "{claim} But the budget has it under {programmes}: one of the two is wrong.",
        claim=message,
        programmes=", ".join(under),
    )
