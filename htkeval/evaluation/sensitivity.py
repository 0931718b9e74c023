"""The same effect with one choice of the plan turned round."""

from __future__ import annotations

from collections.abc import Iterator

from htkeval.effect import Effect, Inference, Interval, Sensitivity
from htkeval.evaluation.effects import as_shown
from htkeval.evaluation.method import fit
from htkeval.evaluation.model import Choices, Model, build
from htkeval.evaluation.rows import Rows
from htkeval.metric import Metric
from htkeval.trial import Trial


def sensitivity(trial: Trial, rows: Rows, effects: tuple[Effect, ...]) -> tuple[Sensitivity, ...]:
    """Does the answer hold if we had chosen otherwise?

    Models: `unit_weights` or `task_weights` (whichever the plan does not have), `no_covariates`,
    and in `within` `no_participant_effects`. A model that has no answer, or fewer degrees of
    freedom than are ever reported, is not shown.
    """
    metrics = {metric.id: metric for metric in trial.metrics}
    found = (
        _by(trial, rows, effect, metrics[effect.metric], name, choices)
        for effect in effects
        for name, choices in _turned_round(trial)
    )
    return tuple(one for one in found if one is not None)


def _turned_round(trial: Trial) -> Iterator[tuple[str, Choices]]:
    by_unit = trial.analysis.weights == "unit"
    yield "task_weights" if by_unit else "unit_weights", Choices(by_unit=not by_unit)
    if trial.covariates:
        yield "no_covariates", Choices(by_unit=by_unit, covariates=False)
    if trial.design.kind == "within":
        yield "no_participant_effects", Choices(by_unit=by_unit, effects=False)


def _by(
    trial: Trial, rows: Rows, effect: Effect, metric: Metric, name: str, choices: Choices
) -> Sensitivity | None:
    model = build(trial, rows, metric, effect.scale, choices)
    reported = fit(trial, model).reported if isinstance(model, Model) else None
    shown = as_shown(reported, effect.scale) if isinstance(reported, Inference) else None
    if not isinstance(reported, Inference) or shown is None:
        return None
    estimate, interval = shown
    return Sensitivity(
        metric=metric.id,
        scale=effect.scale,
        model=name,
        estimate=estimate,
        ci=interval,
        p_value=reported.p_value,
        flips=flips(effect, estimate, interval, metric.worthwhile),
    )


def flips(effect: Effect, estimate: float, interval: Interval, worthwhile: float | None) -> bool:
    """Whether another answer differs from the reported one in what it is read for.

    That is its sign, whether its interval excludes no effect, and whether even its favourable end
    falls short of the worthwhile change (both in terms of the reported baseline).
    """
    null, low, high = effect.null, *interval
    sign = (estimate > null) != (effect.estimate > null)
    excludes = (low <= null <= high) != (effect.ci[0] <= null <= effect.ci[1])
    short = _falls_short(effect, interval, worthwhile) != _falls_short(
        effect, effect.ci, worthwhile
    )
    return sign or excludes or short


def _falls_short(effect: Effect, interval: Interval, worthwhile: float | None) -> bool | None:
    """Whether the whole interval misses the goal; None without a goal or a baseline mean."""
    best = effect.relative_of(interval[0] if effect.better == "lower" else interval[1])
    if worthwhile is None or best is None:
        return None
    return best > worthwhile if worthwhile < 0 else best < worthwhile
