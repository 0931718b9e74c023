"""How the primary metric may be shown today: as planned, at a look, or between looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from htkeval.effect import Effect, Gap, Scale
from htkeval.evaluation import between
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.effects import answers
from htkeval.evaluation.found import Answer
from htkeval.evaluation.wording import in_words
from htkeval.looks import Standing
from htkeval.metric import Metric
from htkeval.stats.answer import Absence
from htkeval.stats.sequential import Boundary, Look, boundary, foreseen
from htkeval.stats.sequential.spending import Spending
from htkeval.trial import Trial


@dataclass(frozen=True, eq=False)
class Sight:
    """A trial's basis, and where the analysis stands among its looks."""

    plain: Basis
    """At the planned level."""
    standing: Standing | None
    """None where the trial is looked at once, or nothing was registered."""

    @cached_property
    def limits(self) -> Boundary | None:
        """The limits of the looks that were, where this is one of them; else None."""
        stands = self.standing
        if stands is None or not stands.at:
            return None
        found = limits_of(self.plain.trial, stands.fractions, of=stands.of, final=stands.final)
        return None if isinstance(found, Absence) else found

    @property
    def today(self) -> Look | None:
        """The look that this is; None where it is none."""
        return self.limits.looks[-1] if self.limits else None

    @property
    def between(self) -> Standing | None:
        """Where it stands, if that is at no look."""
        return self.standing if self.standing and not self.standing.at else None

    @cached_property
    def primary(self) -> Basis:
        """The basis of the primary metric: at a look with that look's level."""
        level = self.today.level if self.today else None
        if level is None or isinstance(level, Absence):
            return self.plain
        trial = self.plain.trial
        plan = trial.analysis.model_copy(update={"level": level})
        return replace(self.plain, trial=trial.model_copy(update={"analysis": plan}))

    def of(self, metric: str) -> Basis:
        """The basis of a metric."""
        return self.primary if metric == self.plain.trial.primary.id else self.plain

    def answers(self, metric: Metric, scale: Scale) -> Iterator[Answer]:
        """How much a metric moved, on one scale, as far as that may be shown today."""
        stands = self.standing
        if stands is None or metric.id != self.plain.trial.primary.id:
            yield from answers(self.plain, metric, scale)
        elif self.between is not None:
            yield between.answer(self.plain, metric, scale, stands)
        elif self.today is None or isinstance(self.today.level, Absence):
            why = in_words(Absence("nothing_spent"), self.plain.trial)
            yield Answer(Gap(metric=metric.id, scale=scale, message=why))
        else:
            for one in answers(self.primary, metric, scale):
                yield replace(one, result=_marked(one.result, stands, self.today))


def limits_of(
    trial: Trial, fractions: tuple[float, ...], *, of: int, final: bool
) -> Boundary | Absence:
    """The limits of the looks so far, by the information that they came at.

    Args:
        trial: Says level and spending.
        fractions: Information at each look, as a share of the planned information.
        of: How many looks there are; a table that is too short has spent all by its end.
        final: Whether the last of these is the trial's last.
    """
    plan = trial.analysis
    return boundary(fractions, alpha=1 - plan.level, spending=_filled(plan.spending, of),
                    final=final)  # fmt: skip


def limits_to_come(trial: Trial, stands: Standing) -> Boundary | Absence:
    """The same with the looks after them, where the plan has them."""
    every = foreseen(stands.fractions, trial.analysis.looks)
    return limits_of(trial, every, of=len(every), final=True)


def _filled(spending: Spending, of: int) -> Spending:
    if isinstance(spending, str):
        return spending
    return (*spending, *[1.0] * (of - len(spending)))


def _marked(result: Effect | Gap, stands: Standing, today: Look) -> Effect | Gap:
    if isinstance(result, Gap):
        return result
    look = {"k": stands.k, "of": stands.of, "nominal_level": today.nominal}
    return result.model_copy(update={"look": look})
