"""What a log of inspect_ai says of a model: its header only, never a sample."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from htkeval.attachment import Flag, Score, flag
from htkeval.errors import Problem, SheetError
from htkeval.intake.technical.extra import needed
from htkeval.text import Text, say


@dataclass(frozen=True)
class Header:
    """The part of a log that is kept."""

    status: str
    """How it ended: `success`, `cancelled`, `error`, `started`."""
    task: str
    """The evaluation's name."""
    model: str
    """The model."""
    scores: tuple[Score, ...]
    """Every metric of every scorer."""
    complete: bool
    """Whether it ended by itself with all its samples."""
    flags: tuple[Flag, ...]
    """What a reader must know."""


def read_header(file: Path) -> Header:
    """Read a log by inspect_ai's own API.

    Args:
        file: The log, `.eval` or `.json`, on this machine.

    Raises:
        EnvironmentFailed: inspect_ai is not installed.
        SheetError: The file is not such a log.
    """
    api = needed("inspect_ai.log", extra="inspect")
    try:
        log = api.read_eval_log(str(file.resolve()), header_only=True)
    except Exception as failed:  # each version fails in its own way
        step = say("Give the log as inspect_ai wrote it, .eval or .json.")
        raise SheetError(
            Problem(
                file.name,
                say("something that inspect_ai cannot read ({kind})", kind=type(failed).__name__),
                say("a log of inspect_ai"),
                step,
            )
        ) from failed
    return header(log)


def header(log: Any) -> Header:
    """What of an `EvalLog` is kept, and what must be said of it."""
    scored = [
        (one.scorer or one.name, metric.name, float(metric.value))
        for one in (log.results.scores if log.results else ())
        for metric in one.metrics.values()
    ]
    known = [one for one in scored if math.isfinite(one[2])]
    flags = (*_ended(log), *_covered(log), *_scored(len(scored), len(known)))
    return Header(
        status=str(log.status),
        task=log.eval.task,
        model=log.eval.model,
        scores=tuple(Score(scorer=who, name=name, value=value) for who, name, value in known),
        complete=all(one.name == "limited" for one in flags),
        flags=flags,
    )


def software() -> str:
    """inspect_ai with its version."""
    return f"inspect_ai {needed('inspect_ai', extra='inspect').__version__}"


_ENDED: dict[str, tuple[str, Text]] = {
    "cancelled": (
        "cancelled",
        say("The evaluation was cancelled before its end: its scores are incomplete."),
    ),
    "error": ("error", say("The evaluation ended in an error: its scores are incomplete.")),
}
_NOT_ENDED = ("unfinished", say("The evaluation has not ended: its scores are incomplete."))


def _ended(log: Any) -> Iterator[Flag]:
    if log.status != "success":
        yield flag(*_ENDED.get(log.status, _NOT_ENDED))


def _covered(log: Any) -> Iterator[Flag]:
    """How many samples the scores rest on, of those that were planned and of those there are."""
    if log.results and log.results.completed_samples < log.results.total_samples:
        n, of = log.results.completed_samples, log.results.total_samples
        yield flag(
            "samples",
            say("Only {n:#,##0} of {of:#,##0} planned samples were completed.", n=n, of=of),
        )
    limit, there = log.eval.config.limit, log.eval.dataset.samples
    if isinstance(limit, int) and there and limit < there:
        yield flag(
            "limited",
            say(
                "Only the first {n:#,##0} of the data set's {of:#,##0} samples were to be used.",
                n=limit,
                of=there,
            ),
        )


def _scored(scored: int, known: int) -> Iterator[Flag]:
    if not scored:
        yield flag("no_scores", say("The log holds no scores."))
    if known < scored:
        n = scored - known
        yield flag("no_value", say("Scores that are no number are left out ({n:#,##0}).", n=n))
