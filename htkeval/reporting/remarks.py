"""What `check` says of a definition that is right but may not be what was meant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from itertools import combinations
from pathlib import Path

from htkeval.blank import places
from htkeval.decision import GATE_NAMES
from htkeval.reporting.promise import relative
from htkeval.text import Text, say
from htkeval.trial import BY_TEAM, Trial

FEW_TASKS = 2
"""Tasks of one person or team from which little can be told of how tasks differ."""


def doubts(trial: Trial, *, file: Path, today: date) -> tuple[Text, ...]:
    """What may be a slip of the pen, or still has to be written.

    Args:
        trial: The definition.
        file: Where it stands; the texts beside it are read for places to fill in.
        today: Days before it lie in the past.
    """
    return (
        *_texts(file.parent),
        *_folder(trial, file.resolve().parent.name),
        *past_days(trial, today),
        *_design(trial),
        *_columns(trial),
        *_gates(trial),
        *_forecast(trial),
    )


def past_days(trial: Trial, today: date) -> Iterator[Text]:
    """Days that lie behind, and what that costs."""
    if trial.starts < today:
        yield say(
            "starts lies in the past ({day}): work with the tool that is dated before the "
            "registration makes the trial not registered in time",
            day=trial.starts.isoformat(),  # as it stands in the file
        )
    if trial.ends < today:
        yield say("ends lies in the past ({day})", day=trial.ends.isoformat())


def _texts(folder: Path) -> Iterator[Text]:
    """Places to fill in, in the texts that people read."""
    for file in (folder / "README.md", *sorted((folder / "material").glob("*.md"))):
        try:
            n = places(file.read_text(encoding="utf-8", errors="replace"))
        except OSError:  # a definition may stand alone
            continue
        if n:
            name = file.relative_to(folder).as_posix()
            yield say("{file}: places to fill in: {n}", file=name, n=n)


def _folder(trial: Trial, name: str) -> Iterator[Text]:
    if trial.id != name:
        yield say(
            "the id is {id}, but the folder is called {name}; the record knows the id",
            id=trial.id,
            name=name,
        )


def _design(trial: Trial) -> Iterator[Text]:
    design = trial.design
    if design.drawable and not design.one_by_one and design.kind not in BY_TEAM:
        yield say(
            "lots can be drawn of a list only (--units); to draw them one at a time (--next) state "
            "allocation = blocks, bernoulli or minimisation"
        )
    if design.kind == "within" and not design.reversible:
        yield say(
            "reversible = false, but everybody goes back and forth between the ways: what was "
            "learnt with the tool stays when they work without it"
        )
    if design.tasks_each is not None and design.tasks_each <= FEW_TASKS:
        yield say(
            "tasks_each is {n}: so few tasks of each tell little of how their tasks differ; it is "
            "all tasks of one person (or team)",
            n=design.tasks_each,
        )


def _columns(trial: Trial) -> Iterator[Text]:
    """One column read twice, and a rule about a column that nothing else reads."""
    for one, other in combinations(trial.metrics, 2):
        if one.parts and set(one.parts) == set(other.parts):
            names = {"a": one.id, "b": other.id, "column": ", ".join(one.parts)}
            yield say("{a} and {b} are read from the same column, {column}", **names)
    rest = trial.model_copy(update={"exclusions": ()})
    known = (*rest.design.key_columns, *rest.value_columns)
    for exclusion in trial.exclusions:
        column = exclusion.parts[0]
        if column in known:
            continue
        near = get_close_matches(column, known, n=1)
        told = say(
            "the rule {rule} takes a column {column} that nothing else reads: each sheet must have "
            "it",
            rule=exclusion.rule,
            column=column,
        )
        yield say("{told}; did you mean {near}?", told=told, near=near[0]) if near else told


def _gates(trial: Trial) -> Iterator[Text]:
    """A slip in the name of a gate; a municipality may well have gates of its own."""
    for gate in trial.gates:
        near = get_close_matches(gate.id, GATE_NAMES, n=1) if gate.id not in GATE_NAMES else []
        if near:
            yield say("gate {id} is not known; did you mean {near}?", id=gate.id, near=near[0])


def _forecast(trial: Trial) -> Iterator[Text]:
    if trial.forecast is None or trial.forecast.relative_change == 0:
        return
    change = trial.forecast.relative_change
    if (change < 0) != (trial.primary.better == "lower"):
        yield say(
            "the forecast ({change}) is a change for the worse: better is {better}",
            change=relative(change),
            better=trial.primary.better,
        )
