"""Several secondary metrics: the more are looked at, the more is asked of each."""

from __future__ import annotations

from collections.abc import Sequence

from htkeval.effect import Effect
from htkeval.stats.multiplicity import holm
from htkeval.trial import Trial


def with_holm(trial: Trial, effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Every effect; secondary metrics' with the p-value that Holm's procedure gives them.

    A family has one test for each secondary metric of the plan: a duration's on the planned scale,
    any other one's difference. The other scales of a metric describe it and carry no adjusted
    value. A test that became a gap counts as one with p = 1, so that how much is asked does not
    hang on what the measurements were like; a banded metric has no test by plan and is in no
    family.
    """
    kinds = {metric.id: metric.kind for metric in trial.metrics}
    family = [m for m in trial.metrics if m.role == "secondary" and m.source != "banded"]
    tested = [
        place
        for place, effect in enumerate(effects)
        if effect.role == "secondary"
        and effect.estimand == "effect"
        and effect.scale == _scale(trial, kinds[effect.metric])
    ]
    gaps = [1.0] * (len(family) - len(tested))
    adjusted = holm([*(effects[place].p_value for place in tested), *gaps])
    given = dict(zip(tested, adjusted[: len(tested)], strict=True))
    return tuple(
        effect.model_copy(update={"p_adjusted": float(given[place])}) if place in given else effect
        for place, effect in enumerate(effects)
    )


def _scale(trial: Trial, kind: str) -> str:
    return trial.analysis.primary_scale if kind == "duration" else "difference"
