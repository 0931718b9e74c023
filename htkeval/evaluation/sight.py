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
        last = stands.final and stands.rest
        found = limits_of(self.plain.trial, stands.fractions, of=stands.of, final=last)
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
    def basis(self) -> Basis:
        """The basis of every metric; at a look with that look's level.

        What guards against harm is judged as often as the primary metric, so it has that level too.
        """
        level = self.today.level if self.today else None
        if level is None or isinstance(level, Absence):
            return self.plain
        trial = self.plain.trial
        plan = trial.analysis.model_copy(update={"level": level})
        return replace(self.plain, trial=trial.model_copy(update={"analysis": plan}))

    def hides(self, metric: Metric) -> bool:
        """Whether no plain figure of a metric may be shown today.

        Between looks that is all but what guards against harm: a second measure of the same work
        tells what the first one is hidden for. A guardrail made of the primary's own columns is
        none.
        """
        main = self.plain.trial.primary
        tells = metric.role != "guardrail" or bool(set(metric.parts) & set(main.parts))
        return self.between is not None and (tells or metric.id == main.id)

    def answers(self, metric: Metric, scale: Scale) -> Iterator[Answer]:
        """How much a metric moved, on one scale, as far as that may be shown today."""
        stands, trial, today = self.standing, self.plain.trial, self.today
        main = metric.id == trial.primary.id
        if stands is not None and self.hides(metric):
            yield between.answer(self.plain, metric, scale, stands, hidden=not main)
        elif stands is None or self.between or (not main and self.basis is self.plain):
            yield from answers(self.plain, metric, scale)
        elif today is None or today.nominal == 0:
            why = in_words(Absence("nothing_spent"), trial)
            yield Answer(Gap(metric=metric.id, scale=scale, message=why))
        else:
            for one in answers(self.basis, metric, scale):
                yield replace(one, result=_marked(one.result, stands, today))


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
