"""Whether the periods of a plan follow one another."""

from __future__ import annotations

from htkeval.effect import Check
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.model import BY_PERIOD
from htkeval.text import say


def period_order(basis: Basis) -> Check | None:
    """In which order the periods were read; red where their dates lie in one another."""
    period = basis.rows.period
    if basis.trial.design.kind not in (*BY_PERIOD, "interrupted_time_series") or not period.labels:
        return None
    told = {"n": len(period.labels), "first": period.labels[0], "last": period.labels[-1]}
    if period.mixed:
        text = say(
            "The dates of some of the {n} periods lie in one another, so their order cannot be "
            "told (first {first}, last {last}).",
            **told,
        )
    else:
        text = say("{n} periods, the first is {first} and the last is {last}.", **told)
    return Check(name="period_order", passed=not period.mixed, message=text)
