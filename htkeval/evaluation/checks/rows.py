"""Checks that read the rows: the draw, what is missing, what was left out, what must not happen."""

from __future__ import annotations

import numpy as np

from htkeval.effect import Check
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.columns import NONE, Bools
from htkeval.evaluation.data.covariates import known
from htkeval.evaluation.data.outcome import OFTEN, has_cap, measure
from htkeval.evaluation.data.rows import Excluded, Rows
from htkeval.evaluation.data.told import UNTOLD, few_people, parts_told, told
from htkeval.evaluation.draw.listed import Held
from htkeval.evaluation.estimating import main_scale
from htkeval.evaluation.level import (
    Loss,
    contaminated_rows,
    contamination,
    judged,
    loss,
    measured,
    missing,
    withdrawn,
)
from htkeval.evaluation.wording import how_many, people, units
from htkeval.small_cells import counted, small
from htkeval.stats.binomial import binomial_p
from htkeval.text import Text, say
from htkeval.trial import Trial

UNBELIEVABLE = 0.001
"""Below this p-value a draw is not believed to have been followed."""
BEYOND = 1_000
"""A value so many times the median is a slip of the pen, or another unit, until someone says no."""
ONE_ARM_EACH = ("parallel", "cluster")
"""Designs in which every unit is in one arm only."""


def arms_counted(basis: Basis) -> Check:
    """Whether chance would deal out the arms as they came; an exact test where the draw is free."""
    trial, rows = basis.trial, basis.rows
    baseline, treatment = _assigned(trial, rows)
    told = _counts(basis, baseline, treatment)
    free = trial.design.allocation == "bernoulli" and trial.design.kind in ("within", "parallel")
    passed: bool | None = None
    if not trial.design.randomised:
        text = say("{counted} There was no draw.", counted=told)
    elif free and baseline + treatment:
        low, high = trial.design.ratio
        p = binomial_p(treatment, baseline + treatment, high / (low + high))
        passed = p >= UNBELIEVABLE
        text = say(
            "{counted} Chance deals this unevenly or worse in {percent:0.0#} % of draws.",
            counted=told,
            percent=100 * p,
        )
    else:
        text = say("{counted} Whether the draw was followed, only its list tells.", counted=told)
    return Check(name="arms_counted", passed=passed, message=text)


def _counts(basis: Basis, baseline: int, treatment: int) -> Text:
    """Both counts; none where so few people of an arm are not in the result that the two counts
    beside each other would give them away."""
    trial = basis.trial
    each = trial.design.kind in ONE_ARM_EACH
    if people_untold(basis):
        return say("How many participants each arm has is not told: it would show fewer than five.")
    if not each and any(few_people(trial, basis.rows, basis.rows.arm == code) for code in (0, 1)):
        return say("Tasks by arm: {untold}.", untold=UNTOLD)
    return say(
        "Baseline {baseline}, treatment {treatment} ({units}).",
        baseline=baseline,
        treatment=treatment,
        units=units(trial) if each else say("tasks"),
    )


def people_untold(basis: Basis) -> bool:
    """Whether the number of people that a draw gave each arm, or what follows from it, beside those
    in the result would tell of one to four."""
    trial = basis.trial
    if trial.design.kind not in ONE_ARM_EACH or not people(trial):
        return False
    drawn = _assigned(trial, basis.rows)
    lost = [
        of - len(set(basis.rows.cluster[_in_result(basis, code)].tolist()) - {NONE})
        for code, of in enumerate(drawn)
    ]
    return any(small(abs(n)) for n in (*lost, *drawn))


def _in_result(basis: Basis, code: int) -> Bools:
    known_ = basis.values(basis.trial.primary, main_scale(basis.trial)).known
    return basis.rows.in_arm(code) & known_


def _assigned(trial: Trial, rows: Rows) -> tuple[int, int]:
    """Assigned units by arm, excluded rows included; one seen in both arms is in neither.

    Where units are seen in both arms by design, tasks are counted.
    """
    if trial.design.kind not in ONE_ARM_EACH:
        return int((rows.arm == 0).sum()), int((rows.arm == 1).sum())
    seen = [set(rows.cluster[rows.arm == code].tolist()) - {NONE} for code in (0, 1)]
    return len(seen[0] - seen[1]), len(seen[1] - seen[0])


def one_arm_each(trial: Trial, rows: Rows) -> Check | None:
    """Whether units that the design puts in one arm are in one arm."""
    if trial.design.kind not in ONE_ARM_EACH:
        return None
    seen = [set(rows.cluster[rows.arm == code].tolist()) - {NONE} for code in (0, 1)]
    if not any(seen):
        return Check(name="one_arm_each", passed=None, message=say("There is no measurement."))
    both = len(seen[0] & seen[1])
    if trial.design.kind == "cluster" and not both:
        of = rows.words(trial.design.participant).codes
        persons = [set(of[rows.arm == code].tolist()) - {NONE} for code in (0, 1)]
        if moved := len(persons[0] & persons[1]):
            text = say(
                "Teams are in one arm only, but {n} people worked in teams of both arms.",
                n=counted(moved),
            )
            return Check(name="one_arm_each", passed=False, message=text)
    text = (
        say(
            "In both arms, where the design has all {units} in one: {n}.",
            units=units(trial),
            n=how_many(trial, both),
        )
        if both
        else say("All {units} are in one arm only, as the design has it.", units=units(trial))
    )
    return Check(name="one_arm_each", passed=not both, message=text)


def missing_values(basis: Basis) -> Check:
    """How much of the primary figure is missing, and whether the arms lost alike."""
    lost = missing(basis)
    if not lost.of:
        return Check(name="missing", passed=None, message=say("There is no measurement."))
    text = _missing(basis, lost)
    gone, counts = withdrawn(basis), judged(basis)
    if gone is not None and gone.rows and basis.held is not None and _few_gone(basis.held):
        text = say("{text} Some that were drawn have no rows so far: too few to count.", text=text)
    elif gone is not None and gone.rows:
        text = say(
            "{text} Of the {all:#,##0} units that were drawn, {n:#,##0} ({percent:0.0} %) have no "
            "rows so far; the arms lie {points:0.0} points apart in that.",
            text=text,
            all=gone.of,
            n=gone.rows,
            percent=100 * gone.share,
            points=100 * gone.gap,
        )
    bearable = lost.bearable and (counts is None or counts.bearable)
    return Check(name="missing", passed=bearable, message=text)


def _missing(basis: Basis, lost: Loss) -> Text:
    rows = basis.rows
    if not told(basis.trial, rows, ~measured(basis), rows.counted):
        return say(
            "Tasks without the primary figure: {untold}. Above 20 % or 10 points between the arms "
            "this costs one level of evidence.",
            untold=UNTOLD,
        )
    return say(
        "Tasks without the primary figure: {n} of {all} ({percent:0.0} %). The arms lie "
        "{points:0.0} points apart. Above 20 % or 10 points this costs one level of evidence.",
        n=lost.rows,
        all=lost.of,
        percent=100 * lost.share,
        points=100 * lost.gap,
    )


def _few_gone(held: Held) -> bool:
    """Whether people without rows are so few in an arm that the counts are not told."""
    return held.people and any(small(none) for none, _ in held.without_rows())


def outliers(trial: Trial, rows: Rows) -> Check | None:
    """Whether one value is so large that it can only be a slip; said only where one is."""
    if trial.primary.kind not in ("duration", "count"):
        return None
    seen = measure(trial.primary, rows)
    values = seen.amount[rows.counted & seen.known]
    with np.errstate(over="ignore"):
        middle = float(np.median(values)) if len(values) else 0.0
    if middle <= 0 or values.max() / BEYOND <= middle:
        return None
    text = say(
        "The largest value is {largest:#,##0.##}, more than {times:#,##0} times the median "
        "{median:#,##0.##}. Is it right, and in the same unit as the others?",
        largest=float(values.max()),
        times=BEYOND,
        median=middle,
    )
    return Check(name="outliers", passed=False, message=text)


def unfinished(basis: Basis) -> Check | None:
    """Whether so many tasks were given up that the finished ones no longer tell the story."""
    trial, rows = basis.trial, basis.rows
    if trial.design.status is None or not rows.counted.any():
        return None
    lost = loss(rows, rows.abandoned | rows.refused, rows.counted)
    gone = (rows.abandoned | rows.refused) & rows.counted
    counts = say(
        "Tasks given up or refused: {using} of {all_using} with the tool, {without} of "
        "{all_without} without ({percent:0.0} % in all).",
        using=int((gone & (rows.arm == 1)).sum()),
        all_using=int(rows.in_arm(1).sum()),
        without=int((gone & (rows.arm == 0)).sum()),
        all_without=int(rows.in_arm(0).sum()),
        percent=100 * lost.share,
    )
    few = any(few_people(trial, rows, rows.in_arm(code)) for code in (0, 1))
    # how many have the primary figure is told elsewhere, so the rest of those without it follows
    used, other = measured(basis) & rows.counted, rows.counted & ~measured(basis)
    parts = (used & gone, used & ~gone, other & gone, other & ~gone, ~rows.counted)
    if few or not parts_told(trial, rows, *parts):
        counts = say("Tasks given up or refused: {untold}.", untold=UNTOLD)
    cap = trial.primary.cap if has_cap(trial, trial.primary) else None
    if cap is not None and trial.primary.id in basis.capped:
        text = say(
            "{told} In time each that was given up counts as {cap:#,##0.##} {unit}, and no task "
            "for more; the per cent covers finished tasks only. So the two can point in different "
            "directions.",
            told=counts,
            cap=cap,
            unit="min" if trial.primary.unit == "min:s" else trial.primary.unit,
        )
    elif cap is not None:
        text = say(
            "{told} Those given up do not count; above {often:0} % each would count as "
            "{cap:#,##0.##} {unit} in the difference.",
            told=counts,
            often=100 * OFTEN,
            cap=cap,
            unit="min" if trial.primary.unit == "min:s" else trial.primary.unit,
        )
    else:
        text = say("{told} The time spent on a task that was given up does not count.", told=counts)
    return Check(name="unfinished", passed=lost.share <= OFTEN, message=text)


def unit_known(trial: Trial, rows: Rows) -> Check | None:
    """Rows that cannot be put to a participant or team; said only where there are any."""
    lost = int((rows.counted & (rows.cluster == NONE)).sum())
    if not lost or trial.cluster_column is None:
        return None
    text = say(
        "Rows that do not say whose they are ({units}), so do not count: {n}.",
        units=units(trial),
        n=lost,
    )
    return Check(name="unit_known", passed=False, message=text)


def excluded(trial: Trial, rows: Rows) -> Check | None:
    """What the rules stated beforehand took out, and whether evenly."""
    if not rows.exclusions:
        return None
    unread = [one for one in rows.exclusions if one.taken is None]
    lost = loss(rows, rows.excluded, rows.arm != NONE)
    taken = [one.taken for one in rows.exclusions if one.taken is not None]
    if all(told(trial, rows, these) for these in (rows.excluded, *taken)):
        text = say(
            "Left out by the rules agreed beforehand: {n} of {all} ({rules}).",
            n=lost.rows,
            all=lost.of,
            rules=tuple(_rule(one) for one in rows.exclusions),
        )
    else:
        text = say("Left out by the rules agreed beforehand: {untold}.", untold=UNTOLD)
        if unread:
            rules = tuple(_rule(one) for one in unread)
            text = say("{text} A rule that was not followed: {rules}.", text=text, rules=rules)
    return Check(name="excluded", passed=None if unread else lost.bearable, message=text)


def _rule(one: Excluded) -> Text:
    if one.taken is None:
        return say("{reason}: cannot be told, its column is missing", reason=one.rule.reason)
    return say("{reason}: {n}", reason=one.rule.reason, n=int(one.taken.sum()))


def covariates_known(basis: Basis) -> Check | None:
    """How many tasks were lost because a covariate is missing or has no logarithm."""
    trial, rows = basis.trial, basis.rows
    if not trial.covariates or not rows.counted.any():
        return None
    if trial.design.kind == "interrupted_time_series":
        text = say("A series has one value for each period, so the plan's covariates do not count.")
        return Check(name="covariates_known", passed=None, message=text)
    valued = rows.counted & basis.values(trial.primary, "difference").known
    lost = loss(rows, ~known(trial, rows), valued)
    text = (
        say(
            "Tasks that do not count because a covariate has no usable value: {n} of {all}.",
            n=lost.rows,
            all=lost.of,
        )
        if told(trial, rows, ~known(trial, rows), valued)
        else say(
            "Tasks that do not count because a covariate has no usable value: {untold}.",
            untold=UNTOLD,
        )
    )
    return Check(name="covariates_known", passed=lost.bearable, message=text)


def contaminated(trial: Trial, rows: Rows) -> Check | None:
    """Whether the work was done in the arm that was drawn."""
    if trial.design.realised_arm is None:
        return None
    lost = contamination(trial, rows)
    if not lost.of:
        text = say("In which arm the tasks were in fact done is not recorded.")
        return Check(name="contamination", passed=None, message=text)
    text = (
        say(
            "Tasks done in the other arm than the assigned: {n} of {all} ({percent:0.0} %).",
            n=lost.rows,
            all=lost.of,
            percent=100 * lost.share,
        )
        if told(trial, rows, *contaminated_rows(trial, rows))
        else say("Tasks done in the other arm than the assigned: {untold}.", untold=UNTOLD)
    )
    return Check(name="contamination", passed=lost.share <= 0.10, message=text)


def happened(trial: Trial, rows: Rows) -> tuple[str, ...]:
    """The columns of hard stops that are not zero; an excluded row counts here too."""
    columns = [stop.column for stop in trial.hard_stops]
    return tuple(name for name in columns if (np.nan_to_num(rows.numbers(name)) != 0).any())


def hard_stop(trial: Trial, rows: Rows) -> Check | None:
    """Whether something happened that must not happen, not even once."""
    if not trial.hard_stops:
        return None
    found = happened(trial, rows)
    what = [stop.text for stop in trial.hard_stops if stop.column in found]
    silent = [stop.text for stop in trial.hard_stops if not _recorded(rows, stop.column)]
    if what:
        text = say("A serious incident was recorded: {what}.", what="; ".join(what))
    elif silent:
        text = say("Nobody recorded whether this happened: {what}.", what="; ".join(silent))
    else:
        text = say("No serious incident was recorded.")
    passed = False if what else None if silent else True
    return Check(name="hard_stop", passed=passed, message=text)


def _recorded(rows: Rows, column: str) -> bool:
    """Whether at least one row says if it happened."""
    return bool(np.isfinite(rows.numbers(column)).any())
