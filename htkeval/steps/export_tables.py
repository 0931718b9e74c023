"""The tables of an export beside its rows: codebook, promise, results, counts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from htkeval.analysis import Analysis
from htkeval.finding import Finding
from htkeval.registration import frozen_content
from htkeval.small_cells import small
from htkeval.steps.case import Case
from htkeval.steps.findings import findings
from htkeval.steps.kept_back import few_in_an_arm
from htkeval.text import LANGUAGES, Text, render
from htkeval.trial import ARMS, Trial

if TYPE_CHECKING:
    import pyarrow as pa


def columns(rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> pa.Table:
    """Rows as a table of these columns; what a row lacks is empty."""
    import pyarrow as pa

    every = list(rows)
    made = {}
    for name in names:
        cells = [row.get(name) for row in every]
        texts = any(isinstance(cell, str) for cell in cells)
        made[name] = pa.array(cells, pa.string() if texts else None)
        if pa.types.is_null(made[name].type):
            made[name] = made[name].cast(pa.string())
    return pa.table(made)


def codebook_table(trial: Trial) -> pa.Table:
    """Every column of a sheet with what it means, in each language."""
    from htkeval.intake.codebook import codebook

    rows = [
        {
            "column": field.column.name,
            **{
                f"{what}_{language}": render(text, language)
                for language in LANGUAGES
                for what, text in (
                    ("label", field.label),
                    ("unit", field.unit),
                    ("allowed", field.allowed),
                    ("used_for", Text("{all}", {"all": field.decides})),
                )
            },
        }
        for field in codebook(trial)
    ]
    return columns(rows, list(rows[0]))


def registration_table(case: Case) -> pa.Table:
    """Key and value of all that was promised; who promised it is no part of it."""
    promise = case.in_force
    said: dict[str, Any] = {"fingerprint": case.fingerprint}
    if promise is None or case.registration is None:
        said["definition"] = case.trial.model_dump(mode="json")
    else:
        said["registered_at"] = case.registration.at.date().isoformat()
        said |= dict(frozen_content(promise))
    rows = [{"key": key, "value": value} for key, value in _flat(said) if value is not None]
    return columns(rows, ("key", "value"))


def _flat(value: Any, path: str = "") -> Iterable[tuple[str, str | None]]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _flat(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list | tuple) and any(isinstance(one, Mapping) for one in value):
        for place, inner in enumerate(value):
            yield from _flat(inner, f"{path}[{place}]")
    else:
        plain = value is None or isinstance(value, str)
        yield path, value if plain else json.dumps(value, ensure_ascii=False)


_FIGURES = ("metric", "role", "scale", "estimand", "unit", "confirmatory")


def results_table(analysis: Analysis) -> pa.Table:
    """Every effect of an analysis."""
    rows = [
        {
            **{name: getattr(effect, name) for name in _FIGURES},
            "estimate": effect.estimate,
            "low": effect.ci[0],
            "high": effect.ci[1],
            "p_value": effect.p_value,
            "level": effect.level,
            "method": effect.method,
        }
        for effect in analysis.effects
    ]
    names = (*_FIGURES, "estimate", "low", "high", "p_value", "level", "method")
    return columns(rows, names)


def counts_table(trial: Trial, table: pa.Table) -> pa.Table:
    """Tasks and people by arm, both of them held back where one arm has few people; people also
    where few of all have no row in an arm."""
    arms = table.column(trial.design.arm).to_pylist()
    who = trial.design.participant
    named = who is not None and who in table.column_names
    people = table.column(who).to_pylist() if named else [None] * len(arms)
    few, everybody = few_in_an_arm(trial, table), {one for one in people if one}
    rows = []
    for arm in ARMS:
        tasks = arms.count(arm)
        mine = {one for one, its in zip(people, arms, strict=True) if its == arm and one}
        rows.append(
            {
                "arm": arm,
                "tasks": None if few or small(tasks) else tasks,
                "people": None if few or not named or small(len(everybody - mine)) else len(mine),
            }
        )
    return columns(rows, ("arm", "tasks", "people"))


def shared(case: Case, *, public: bool) -> tuple[Finding, ...]:
    """The findings that go with an export: of a public one only experiences, for a challenge that
    is not solved tells where the municipality can be hurt."""
    told = findings(case)
    return tuple(one for one in told if one.kind == "experience") if public else told


def findings_table(told: Sequence[Finding]) -> pa.Table:
    """What was experienced and which challenges were met, as they stand; nobody who said so."""
    names = ("id", "kind", "text", "areas", "owner", "measure", "status", "due", "closed")
    rows = [
        {**one.model_dump(mode="json", include=set(names)), "areas": "; ".join(one.areas)}
        for one in told
    ]
    return columns(rows, names)
