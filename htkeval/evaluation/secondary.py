"""Several secondary metrics: the more are looked at, the more is asked of each."""

from __future__ import annotations

from collections.abc import Sequence

from htkeval.effect import Effect
from htkeval.stats.multiplicity import holm
from htkeval.trial import Trial


def with_holm(trial: Trial, effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Every effect; secondary metrics' with the p-value that Holm's procedure gives them.

    A family has one test for each secondary metric: a duration's on the planned scale, any other
    one's difference. The other scales of a metric describe it and carry no adjusted value.
    """
    kinds = {metric.id: metric.kind for metric in trial.metrics}
    tested = [
        place
        for place, effect in enumerate(effects)
        if effect.role == "secondary"
        and effect.estimand == "effect"
        and effect.scale == _scale(trial, kinds[effect.metric])
    ]
    adjusted = dict(zip(tested, holm([effects[place].p_value for place in tested]), strict=True))
    return tuple(
        effect.model_copy(update={"p_adjusted": float(adjusted[place])})
        if place in adjusted
        else effect
        for place, effect in enumerate(effects)
    )


def _scale(trial: Trial, kind: str) -> str:
    return trial.analysis.primary_scale if kind == "duration" else "difference"
