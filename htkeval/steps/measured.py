"""What a file, or a run in MLflow, says of a tool; its names are searched before they are kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from htkeval.attachment import Measured, Score, Tool
from htkeval.canonical import fingerprint
from htkeval.errors import Problem, SheetError, UsageError
from htkeval.intake.free_text import refuse, texts_of
from htkeval.intake.sheet import refuse_large
from htkeval.intake.technical import eval_log, mlflow_run, word_errors
from htkeval.intake.technical.digest import digest
from htkeval.intake.technical.utterances import read_utterances
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.workspace import Workspace

LARGEST = 512 * 2**20
"""Bytes of a file, whatever its kind."""
MOST_FIGURES = 1_000
"""Figures of one attachment: an event is read whenever a trial is looked at."""

_RUN = re.compile(r"(?:.*/)?(?:runs/|runs:/)?([0-9a-f]{32})(?:[/?#].*)?")


@dataclass(frozen=True)
class Beside:
    """What may be given beside the file; each belongs to one tool."""

    reference: Path | None = None
    """`wer`: what was really said."""
    cap: float | None = None
    """`banded`: the upper end of an open top band, in minutes."""
    workspace: Workspace | None = None
    """`mlflow`: whose MLflow holds the run; `forms`: whose list of names no answer may hold."""


def measured(source: str, *, tool: Tool, beside: Beside) -> Measured:
    """What a file or a run says of the tool.

    Args:
        source: A file; for `mlflow` also a run's number or address.
        tool: What kind of measurement.
        beside: What was given with it.

    Raises:
        UsageError: No such file or run, or something beside it that belongs to another tool.
        SheetError: It cannot be taken as it is.
        Refused: A name in it looks like a CPR number, an e-mail address or a telephone number.
        EnvironmentFailed: A library is missing, or MLflow is away.
    """
    if beside.reference is not None and tool != "wer":
        other = say("a reference for a log")
        raise UsageError(Problem("--reference", other, say("it with --tool wer only")))
    if beside.cap is not None and tool != "banded":
        other = say("an upper end for what is no survey in bands")
        raise UsageError(Problem("--cap", other, say("it with --tool banded only")))
    run = _RUN.fullmatch(source) if tool == "mlflow" and not Path(source).is_file() else None
    found = _of_run(run[1], beside) if run else _of_file(Path(source), tool, beside)
    if len(found.scores) > MOST_FIGURES:
        many = say("{n:#,##0} figures", n=len(found.scores))
        most = say("at most {n:#,##0}", n=MOST_FIGURES)
        raise SheetError(Problem(found.file, many, most))
    refuse(dict(texts_of(found.model_dump(mode="json"))))
    return found


def _of_file(file: Path, tool: Tool, beside: Beside) -> Measured:
    for path in (file, beside.reference):
        if path is None:
            continue
        if not path.is_file():
            expected = say("a file, or a run's number") if tool == "mlflow" else say("a file")
            raise UsageError(Problem(str(path), say("no such file"), expected))
        refuse_large(path, LARGEST)
    refuse({"FILE": file.name})
    return _READERS[tool](file, beside)


def _of_run(run_id: str, beside: Beside) -> Measured:
    from htkeval.tracking.evaluated_run import read_run

    if beside.workspace is None:
        raise UsageError(Problem(run_id, say("a run without a workspace"), say("a workspace")))
    where = beside.workspace
    read = read_run(where.tracking, where.root / ".htkeval" / "mlartifacts", run_id)
    found = mlflow_run.measured(
        read.run,
        tallies=read.tallies,
        file=run_id,
        sha256="",
        software=read.software,
        counted=read.counted,
    )
    return found.model_copy(update={"sha256": fingerprint(found.model_dump(mode="json"))})


def _word_errors(file: Path, beside: Beside) -> Measured:
    from htkeval.evaluation.recognition import rate_interval

    utterances = read_utterances(file, beside.reference)
    counts = word_errors.count(utterances)
    if not counts.words:
        raise SheetError(Problem(file.name, say("no word that was said"), say("some")))
    speakers = word_errors.speakers(utterances)
    return Measured(
        tool="wer",
        file=file.name,
        sha256=digest(file),
        reference_sha256=digest(beside.reference) if beside.reference else None,
        software=word_errors.software(),
        scores=word_errors.scores(counts),
        complete=True,
        normalisation=word_errors.NORMALISATION,
        interval=rate_interval([one.errors for one in speakers], [one.words for one in speakers]),
        speakers=speakers,
    )


def _log(file: Path, _beside: Beside) -> Measured:
    found = eval_log.read_header(file)
    names = {"eval.task": found.task, "eval.model": found.model}
    for place, score in enumerate(found.scores):
        names[f"results.scores.{place}"] = f"{score.scorer} {score.name}"
    refuse(names)
    return Measured(
        tool="inspect_ai",
        file=file.name,
        sha256=digest(file),
        software=eval_log.software(),
        scores=found.scores,
        complete=found.complete,
        flags=found.flags,
        status=found.status,
        task=found.task,
        model=found.model,
    )


def _export(file: Path, _beside: Beside) -> Measured:
    return mlflow_run.read_export(file)


def _promptfoo(file: Path, _beside: Beside) -> Measured:
    from htkeval.intake.technical.promptfoo import read_results

    return read_results(file)


def _ragas(file: Path, _beside: Beside) -> Measured:
    from htkeval.intake.technical.ragas import read_frame

    return read_frame(file)


def _forms(file: Path, beside: Beside) -> Measured:
    from htkeval.intake.names import listed
    from htkeval.intake.technical.forms import read_answers

    known = listed(beside.workspace.root, None) if beside.workspace else frozenset()
    return read_answers(file, known=known)


def _odk(file: Path, _beside: Beside) -> Measured:
    from htkeval.intake.technical.odk import read_audit

    return read_audit(file)


def _banded(file: Path, beside: Beside) -> Measured:
    from htkeval.evaluation.banded_answers import mean_bounds
    from htkeval.intake.technical.bands import read_bands

    found = read_bands(file, cap=beside.cap)
    answers = [Score(name="answers", value=sum(found.weights))] if found.counted else []
    caps = [Score(name="cap", value=beside.cap)] if beside.cap is not None else []
    bounds = mean_bounds(found.low, found.high, found.weights, cap=beside.cap)
    return Measured(
        tool="banded",
        evidence="self_reported",
        file=file.name,
        sha256=digest(file),
        software="htkeval",
        scores=(*bounds, *answers, *caps),
        complete=not found.is_open or beside.cap is not None,
        flags=tuple(found.flags),
    )


_READERS: Mapping[Tool, Callable[[Path, Beside], Measured]] = {
    "wer": _word_errors,
    "inspect_ai": _log,
    "mlflow": _export,
    "promptfoo": _promptfoo,
    "ragas": _ragas,
    "forms": _forms,
    "odk": _odk,
    "banded": _banded,
}
