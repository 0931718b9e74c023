"""The figures of an analysis as tables to take away, with what each column means; no person's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from htkeval.analysis import Analysis
from htkeval.errors import Problem, StateError
from htkeval.in_groups import InGroups, told
from htkeval.steps.analyse import newest
from htkeval.steps.case import Case
from htkeval.steps.export import csv_of
from htkeval.steps.export_tables import columns as table_of
from htkeval.steps.export_tables import results_table
from htkeval.steps.in_groups import in_groups
from htkeval.text import LANGUAGES, Text, render, say

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS: dict[str, Text] = {
    "metric": say("the metric's id in the trial"),
    "role": say("primary, guardrail or secondary"),
    "scale": say("difference in the metric's unit, ratio of treatment to baseline, or probability"),
    "estimand": say("which average over lengths of use"),
    "unit": say("the metric's unit"),
    "confirmatory": say("whether the trial is decided on it"),
    "estimate": say("the effect on its scale"),
    "low": say("lower end of the interval or bound"),
    "high": say("upper end of the interval or bound"),
    "p_value": say("two-sided p-value from the same method as the interval"),
    "level": say("confidence level"),
    "method": say("method of interval and p-value"),
    "se": say("standard error; of a ratio in natural logarithms"),
    "df": say("degrees of freedom"),
    "log_scale": say("whether estimate, low and high are natural logarithms"),
    "model": say("name of the other model, or of what is unknown"),
    "flips": say("whether it turns the conclusion"),
    "outer_low": say("lower bound with the uncertainty of the known values"),
    "outer_high": say("upper bound with the uncertainty of the known values"),
    "column": say("what is grouped by: a kind of task, week of the trial, team"),
    "value": say("which group"),
    "tasks": say("rows in the group; empty where that would tell of fewer than five people"),
    "clusters": say("people or teams in the group; empty likewise"),
    "shrunken": say("the group's effect drawn towards that of all groups"),
    "arm": say("baseline (without AI) or treatment (with AI)"),
    "at_most": say("a value of the primary metric in its unit, on a round step"),
    "per_cent": say("per cent of the arm's tasks at or below it, rounded"),
    "group": say("people from the quickest to the slowest, five or more in each"),
    "baseline_mean": say("mean of the group's people without AI, three digits"),
    "treatment_mean": say("mean of the group's people with AI, three digits"),
    "rows": say("measurements by then"),
    "expected": say("if the residuals were normal, in standard deviations"),
    "seen": say("mean of some residuals, in standard deviations"),
    "check": say("name of the check"),
    "passed": say("true, false, or empty where it cannot be told"),
    "what_en": say("what it says, in English"),
    "what_da": say("what it says, in Danish"),
}
"""What each column of the tables is."""


def take_away(case: Case, form: str) -> dict[str, bytes]:
    """The newest analysis' figures as files, with their codebook.

    Args:
        case: The trial.
        form: `csv` or `parquet`.

    Returns:
        By name the bytes, the same for the same analysis.

    Raises:
        StateError: There is no analysis, or it lies between looks.
    """
    from htkeval.store import snapshots

    analysis, found = shown(case), in_groups(case)
    tables = figures(analysis, found if isinstance(found, InGroups) else None)
    write = csv_of if form == "csv" else snapshots.to_parquet
    return {f"{name}.{form}": write(table) for name, table in tables.items()}


def shown(case: Case) -> Analysis:
    """The newest analysis, where it may be shown. Raises `StateError` where it may not."""
    stored = newest(case)
    if stored is None or stored.analysis.between_looks:
        raise _not_now(case, in_groups(case))
    return stored.analysis


def _not_now(case: Case, why: InGroups | Text) -> StateError:
    return StateError(
        Problem(
            say("trial {name}", name=case.file.id),
            why if isinstance(why, Text) else say("no analysis that may be shown"),
            say("an analysis at the end or at a planned look"),
        )
    )


def figures(analysis: Analysis, found: InGroups | None) -> dict[str, pa.Table]:
    """By name every table that has rows, and the codebook of their columns."""
    parts = {
        "effects": results_table(analysis),
        "methods": _table(_methods(analysis)),
        "sensitivity": _table(_sensitivity(analysis)),
        "bounds": _table(_bounds(analysis)),
        "groups": _table(_groups(analysis, found)),
        "checks": _table(_checks(analysis)),
        **({} if found is None else _pictures(found)),
    }
    kept = {name: table for name, table in parts.items() if table.num_rows}
    return {**kept, "codebook": _codebook(kept)}


def _table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    every = list(rows)
    return table_of(every, list(every[0]) if every else ["metric"])


def _methods(analysis: Analysis) -> Iterable[dict[str, Any]]:
    for effect in analysis.effects:
        for one in effect.inference:
            yield {
                "metric": effect.metric,
                "scale": effect.scale,
                "estimand": effect.estimand,
                "method": one.method,
                "log_scale": effect.scale == "ratio",
                "estimate": one.estimate,
                "low": one.ci[0],
                "high": one.ci[1],
                "se": one.se,
                "df": one.df,
                "p_value": one.p_value,
            }


def _sensitivity(analysis: Analysis) -> Iterable[dict[str, Any]]:
    for one in analysis.sensitivity:
        low, high = one.ci or (None, None)
        said = {"metric": one.metric, "scale": one.scale, "model": one.model}
        yield said | {
            "estimate": one.estimate,
            "low": low,
            "high": high,
            "p_value": one.p_value,
            "flips": one.flips,
        }


def _bounds(analysis: Analysis) -> Iterable[dict[str, Any]]:
    for one in analysis.bounds:
        said = {"metric": one.metric, "scale": one.scale, "model": one.model}
        ends = {"low": one.low, "high": one.high}
        yield said | ends | {"outer_low": one.ci[0], "outer_high": one.ci[1]}


def _groups(analysis: Analysis, found: InGroups | None) -> Iterable[dict[str, Any]]:
    more = (*found.weeks, *found.teams) if found else ()
    for one in told((*analysis.subgroups, *more)):
        yield {
            "metric": one.metric,
            "scale": one.scale,
            "column": one.column,
            "value": one.value,
            "tasks": one.tasks,
            "clusters": one.clusters,
            "estimate": one.estimate,
            "low": one.ci[0],
            "high": one.ci[1],
            "shrunken": one.shrunken,
        }


def _checks(analysis: Analysis) -> Iterable[dict[str, Any]]:
    for one in analysis.checks:
        what = {f"what_{language}": render(one.message, language) for language in LANGUAGES}
        yield {"check": one.name, "passed": one.passed, **what}


def _pictures(found: InGroups) -> dict[str, pa.Table]:
    return {
        "distribution": _table(
            {"arm": one.arm, "at_most": x, "per_cent": share}
            for one in found.curves
            for x, share in one.points
        ),
        "pairs": _table(
            {"group": place, "baseline_mean": one.baseline, "treatment_mean": one.treatment}
            for place, one in enumerate(found.paired, 1)
        ),
        "course": _table(
            {"rows": one.rows, "estimate": one.estimate, "low": one.ci[0], "high": one.ci[1]}
            for one in (found.followed if found.looks else ())
        ),
        "residuals": _table(
            {"expected": one.expected, "seen": one.seen} for one in found.residuals
        ),
    }


def _codebook(tables: Mapping[str, pa.Table]) -> pa.Table:
    """A row for each column of each table, in each language."""
    names: Sequence[tuple[str, str]] = [
        (name, column) for name, table in tables.items() for column in table.column_names
    ]
    return _table(
        {
            "table": name,
            "column": column,
            **{f"meaning_{la}": render(COLUMNS[column], la) for la in LANGUAGES},
        }
        for name, column in names
    )
