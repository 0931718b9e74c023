"""What a run of an evaluation in MLflow says: its metrics and the names of its scorers.

`mlflow.genai.evaluate` leaves a metric `scorer/mean` each and, on every trace, an assessment by
each scorer; `mlflow.models.evaluate` leaves metrics and the table `eval_results_table.json`. A
scorer that failed is silently left out of its mean, so the assessments are counted beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from htkeval.attachment import Flag, Measured, Score, flag
from htkeval.errors import Problem, SheetError
from htkeval.intake.technical.digest import digest
from htkeval.intake.technical.json_file import figure, inside, name_in, read_json
from htkeval.text import Text, say

Tallies = Mapping[str, tuple[int, int]]
"""By scorer: how many values it gave, and how many it failed to give."""

OWN = "htk.key"
"""The tag of a run that this framework sent to MLflow itself."""

_A_RUN = say("a run of MLflow as JSON, with info and data")


def read_export(file: Path) -> Measured:
    """A run that was exported: `run.to_dictionary()` as JSON, or the answer of `runs/get`.

    Raises:
        SheetError: The file is not so.
    """
    document = read_json(file, _A_RUN)
    run = inside(document, "run") or (document if isinstance(document, dict) else {})
    return measured(run, tallies={}, file=file.name, sha256=digest(file), software="mlflow (JSON)")


def measured(
    run: Mapping[str, Any],
    *,
    tallies: Tallies,
    file: str,
    sha256: str,
    software: str,
    counted: bool = True,
) -> Measured:
    """What of a run is kept, and what must be said of it.

    Args:
        run: The run as `to_dictionary` gives it.
        tallies: What its assessments or its table count, where they could be read.
        file: What the run is called in the record.
        sha256: Fingerprint of what was read.
        software: What read it.
        counted: False where there was too much to count.

    Raises:
        SheetError: It is no run, or one that this framework made.
    """
    info, metrics = inside(run, "info"), _metrics(run)
    if not info or metrics is None:
        raise SheetError(Problem(file, say("no run of MLflow"), _A_RUN))
    if OWN in _pairs(inside(run, "data").get("tags")):
        found = say("a run that htkeval itself sent to MLflow")
        raise SheetError(Problem(file, found, say("a run that measured the tool")))
    known = {name: value for name, each in metrics.items() if (value := figure(each)) is not None}
    status = str(info.get("status") or "")
    scores = tuple(_score(file, name, known[name], tallies) for name in sorted(known))
    flags = (*_ended(status, info), *_scored(len(metrics), len(known)), *_failed(file, tallies))
    if not counted:
        text = say("The run has too many traces to count how many values each scorer gave.")
        flags = (*flags, flag("left_out", text))
    return Measured(
        tool="mlflow",
        file=file,
        sha256=sha256,
        software=software,
        scores=scores,
        complete=not flags,
        flags=flags,
        status=name_in(file, "info.status", status or "unknown"),
        task=name_in(file, "info.run_name", info.get("run_name") or info.get("run_id")),
    )


def _metrics(run: Mapping[str, Any]) -> dict[str, Any] | None:
    """By name; None where there is no place for them."""
    data = inside(run, "data")
    return _pairs(data.get("metrics")) if data else None


def _pairs(found: Any) -> dict[str, Any]:
    """Metrics and tags stand as an object, or as a list of keys and values."""
    if isinstance(found, list):
        pairs = (one for one in found if isinstance(one, dict))
        return {str(one.get("key")): one.get("value") for one in pairs}
    return found if isinstance(found, dict) else {}


def _score(file: str, metric: str, value: float, tallies: Tallies) -> Score:
    """`safety/mean` is the mean of the scorer `safety`; a metric without a stroke has none."""
    scorer, _, name = name_in(file, "data.metrics", metric).rpartition("/")
    n, missing = tallies.get(scorer, (None, None))
    return Score(name=name or metric, scorer=scorer or None, value=value, n=n, missing=missing)


_ENDED: dict[str, tuple[str, Text]] = {
    "FAILED": ("error", say("The evaluation ended in an error: its scores are incomplete.")),
    "KILLED": (
        "cancelled",
        say("The evaluation was cancelled before its end: its scores are incomplete."),
    ),
}
_NOT_ENDED = ("unfinished", say("The evaluation has not ended: its scores are incomplete."))


def _ended(status: str, info: Mapping[str, Any]) -> Iterator[Flag]:
    if status != "FINISHED":
        yield flag(*_ENDED.get(status, _NOT_ENDED))
    if info.get("lifecycle_stage") == "deleted":
        yield flag("cancelled", say("The run was deleted in MLflow."))


def _scored(there: int, known: int) -> Iterator[Flag]:
    if not there:
        yield flag("no_scores", say("The run holds no metrics."))
    if known < there:
        n = there - known
        yield flag("no_value", say("Scores that are no number are left out ({n:#,##0}).", n=n))


def _failed(file: str, tallies: Tallies) -> Iterator[Flag]:
    for scorer, (n, missing) in sorted(tallies.items()):
        if missing:
            yield flag(
                "failed_scorers",
                say(
                    "The scorer {scorer} gave no value for {missing:#,##0} of {n:#,##0}; its mean "
                    "is that of the others.",
                    scorer=name_in(file, "assessments", scorer),
                    missing=missing,
                    n=n + missing,
                ),
            )
