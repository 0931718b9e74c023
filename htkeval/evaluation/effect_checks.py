"""Checks that read what was computed: few units, redundant covariates, long tails."""

from __future__ import annotations

from collections.abc import Sequence

from htkeval.effect import Check, Effect
from htkeval.evaluation.effects import Answer, is_confirmatory
from htkeval.evaluation.method import LEAST_DF
from htkeval.evaluation.model import usable
from htkeval.evaluation.rows import Rows
from htkeval.evaluation.wording import ANALYSED, units
from htkeval.text import say
from htkeval.trial import Trial

FEW = 10
"""Below this many participants or teams, one of them can turn the result."""


def confirmatory(trial: Trial, answers: Sequence[Answer]) -> Answer | None:
    """What came of the one comparison that the trial is decided on."""
    primary = (one for one in answers if one.result.metric == trial.primary.id)
    found = (one for one in primary if is_confirmatory(trial, trial.primary, one.result.scale))
    return next(found, None)


def few_clusters(trial: Trial, rows: Rows, answers: Sequence[Answer]) -> Check | None:
    """Whether enough participants or teams carry the comparison."""
    if trial.design.kind not in ANALYSED:
        return None
    n = _carrying(trial, rows)
    found = confirmatory(trial, answers)
    df = found.fit.df if found and found.fit else None
    if df is None:
        text = say("The comparison rests on {n} {units}.", n=n, units=units(trial))
    else:
        text = say(
            "The comparison rests on {n} {units} (degrees of freedom {df:0.0}).",
            n=n,
            units=units(trial),
            df=df,
        )
    enough = n >= FEW and df is not None and df >= LEAST_DF
    return Check(name="few_clusters", passed=enough, message=text)


def _carrying(trial: Trial, rows: Rows) -> int:
    """Units with usable rows; in `within` those in both arms, as the others compare nothing."""
    used = usable(trial, rows, trial.primary)
    baseline, treatment = (set(rows.cluster[used & (rows.arm == code)].tolist()) for code in (0, 1))
    both = trial.design.kind == "within"
    return len(baseline & treatment if both else baseline | treatment)


def redundant_covariates(trial: Trial, answers: Sequence[Answer]) -> Check | None:
    """Whether a covariate says only what other columns already say."""
    found = confirmatory(trial, answers)
    if not trial.covariates or found is None or found.fit is None:
        return None
    dropped = found.fit.dropped
    text = (
        say(
            "Left out because other columns already say the same: {columns}.",
            columns=", ".join(dropped),
        )
        if dropped
        else say("No covariate says only what other columns already say.")
    )
    return Check(name="redundant_covariates", passed=not dropped, message=text)


def tail(trial: Trial, answers: Sequence[Answer]) -> Check | None:
    """Whether the typical task and the sum of minutes tell the same story.

    A few tasks that go badly wrong move the sum and hardly the typical task.
    """
    if trial.primary.kind != "duration":
        return None
    effects = [one.result for one in answers if isinstance(one.result, Effect)]
    by_scale = {one.scale: one.relative for one in effects if one.metric == trial.primary.id}
    typical, average = by_scale.get("ratio"), by_scale.get("difference")
    if typical is None or average is None:
        text = say("Whether the typical task and the average moved alike cannot be told.")
        return Check(name="tail", passed=None, message=text)
    text = say(
        "The typical task changed by {typical:+#,##0;-#,##0} %, the average, which money follows, "
        "by {average:+#,##0;-#,##0} %.",
        typical=100 * typical,
        average=100 * average,
    )
    alike = typical * average >= 0 and abs(typical - average) <= 0.10
    return Check(name="tail", passed=alike, message=text)
