"""What a trial that was looked at on the way has found, once it may stop."""

from __future__ import annotations

from collections.abc import Sequence

from htkeval.effect import Effect, Inference, Sensitivity
from htkeval.evaluation.effects import as_shown
from htkeval.evaluation.found import Answer
from htkeval.evaluation.panel.flipping import flips
from htkeval.evaluation.sight import Sight
from htkeval.stats.answer import Absence
from htkeval.stats.sequential.stagewise import as_z, stagewise


def stopped(sight: Sight, answers: Sequence[Answer]) -> tuple[Sensitivity, ...]:
    """The confirmatory effect as the looks before order it: at the last look, and at one whose
    limit is passed.

    Estimate (median-unbiased), interval and p know that the trial could have stopped before; the
    interval is at the planned level and not at the look's. None after a look whose limit was
    passed: there the order of outcomes ends, and the repeated interval alone goes on.
    """
    limits, stands, today = sight.limits, sight.standing, sight.today
    one = next((one for one in answers if _decides(one)), None)
    if limits is None or stands is None or today is None or one is None or one.fit is None:
        return ()
    if stands.passed is not None:
        return ()
    effect, reported = one.result, one.fit.reported
    if not isinstance(effect, Effect) or not isinstance(reported, Inference):
        return ()
    if not stands.final and reported.p_value > today.nominal:
        return ()
    z = as_z(reported.p_value, reported.estimate)
    se = reported.estimate / z if z else reported.se or 0.0
    plan = sight.plain.trial
    found = stagewise(z, limits, look=stands.k, se=se, level=plan.analysis.level)
    if isinstance(found, Absence):
        return ()
    shown = as_shown(
        Inference(method=reported.method, estimate=found.estimate, ci=found.interval,
                  p_value=found.p_value), effect.scale)  # fmt: skip
    if shown is None:
        return ()
    return (
        Sensitivity(
            metric=effect.metric,
            scale=effect.scale,
            model="stagewise",
            estimate=shown[0],
            ci=shown[1],
            p_value=found.p_value,
            flips=flips(effect, shown[0], shown[1], plan.primary.worthwhile),
        ),
    )


def _decides(one: Answer) -> bool:
    return isinstance(one.result, Effect) and one.result.confirmatory
