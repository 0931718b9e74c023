"""What could spoil the conclusion: each with true, false or cannot be told, and a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from htkeval.effect import Check
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.checks.allocation import allocation
from htkeval.evaluation.checks.balance import baseline_differences, drop_out
from htkeval.evaluation.checks.calendar import period_order, time_order
from htkeval.evaluation.checks.course import drift, practice, washed_in
from htkeval.evaluation.checks.designs import (
    carry_over,
    lengths_of_use,
    placebo,
    secular_trend,
    short_series,
    slope,
)
from htkeval.evaluation.checks.effects import few_clusters, redundant_covariates, tail
from htkeval.evaluation.checks.promise import (
    as_registered,
    changed_blind,
    deviations_told,
    registered_in_time,
)
from htkeval.evaluation.checks.raters import agreement
from htkeval.evaluation.checks.reach import draw_reaches
from htkeval.evaluation.checks.robustness import (
    confidence_set,
    influence,
    informative_size,
    same_tasks,
    tipping,
)
from htkeval.evaluation.checks.rows import (
    arms_counted,
    contaminated,
    covariates_known,
    excluded,
    hard_stop,
    missing_values,
    one_arm_each,
    outliers,
    unfinished,
    unit_known,
)
from htkeval.evaluation.data.repeats import repeated
from htkeval.evaluation.found import Answer
from htkeval.evaluation.level import Promise
from htkeval.evaluation.roads.exposures import staggered_start
from htkeval.evidence import CLOCKED
from htkeval.text import say
from htkeval.trial import Trial


def checks(basis: Basis, promise: Promise, answers: Sequence[Answer]) -> tuple[Check, ...]:
    """Everything that could be looked at in this trial, in the order in which it is read."""
    trial, rows = basis.trial, basis.rows
    looked = (
        registered_in_time(promise),
        as_registered(promise),
        deviations_told(promise),
        changed_blind(promise),
        timing_source(trial),
        arms_counted(basis),
        allocation(basis),
        draw_reaches(basis),
        one_arm_each(trial, rows),
        baseline_differences(basis),
        repeated(trial, rows),
        missing_values(basis),
        outliers(trial, rows),
        tipping(basis, answers),
        drop_out(basis),
        unfinished(basis),
        unit_known(trial, rows),
        excluded(trial, rows),
        washed_in(basis),
        covariates_known(basis),
        redundant_covariates(trial, answers),
        few_clusters(basis, answers),
        influence(basis),
        informative_size(basis, answers),
        confidence_set(answers),
        tail(basis, answers),
        practice(basis),
        lengths_of_use(basis, answers),
        drift(basis),
        carry_over(basis),
        placebo(basis),
        staggered_start(basis),
        secular_trend(basis, answers),
        period_order(basis),
        time_order(basis),
        short_series(basis),
        slope(basis),
        same_tasks(basis),
        *agreement(basis),
        contaminated(trial, rows),
        hard_stop(trial, rows),
    )
    return tuple(check for check in looked if check is not None)


def timing_source(trial: Trial) -> Check:
    """Whether the primary figure is a measurement or what people say."""
    measured = trial.primary.source in CLOCKED
    text = (
        say("The primary figure was timed or logged by a system.")
        if measured
        else say("The primary figure is what people say themselves, not a measurement.")
    )
    return Check(name="timing_source", passed=measured, message=text)
