"""A technical measurement of the tool in: figures to the record, the file nowhere."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from htkeval.attachment import Attachment, Measured, Tool
from htkeval.decision import Actor
from htkeval.errors import Problem, SheetError, UsageError
from htkeval.intake.free_text import refuse
from htkeval.intake.sheet import refuse_large
from htkeval.intake.technical import eval_log, word_errors
from htkeval.intake.technical.utterances import read_utterances
from htkeval.steps.case import Case
from htkeval.text import say


@dataclass(frozen=True)
class Attached:
    """What became of a file."""

    attachment: Attachment
    """The measurement as it stands in the record."""
    duplicate: bool
    """Whether it was there already, so that nothing new was stored."""


def attach(
    case: Case, file: Path, *, tool: Tool, reference: Path | None, actor: Actor, now: datetime
) -> Attached:
    """Keep what a file says of the tool. No analysis and no evidence level reads it.

    Args:
        case: The trial, registered or not.
        file: Recognised text, or a log.
        tool: What kind of file.
        reference: What was really said; only for `wer`.
        actor: Who attaches it.
        now: When, in UTC.

    Raises:
        UsageError: A file is missing, or `reference` is given for a log.
        SheetError: A file cannot be taken as it is.
        Refused: A name in it looks like a CPR number or an e-mail address; nothing was stored.
        EnvironmentFailed: The library that reads it is not installed.
    """
    known = case.store.newest(case.file.id, "attachment")
    found = measured(file, tool=tool, reference=reference)
    for event in case.store.events(case.file.id, "attachment"):
        kept = Attachment.of(event)
        if all(getattr(kept, name) == getattr(found, name) for name in Measured.model_fields):
            return Attached(kept, duplicate=True)
    payload = found.model_dump(mode="json")
    event = case.store.append(
        case.file.id, "attachment", payload, actor=actor, now=now, known=known
    )
    return Attached(Attachment.of(event), duplicate=False)


LARGEST = 64 * 2**20
"""Bytes of a file; a text of so many has ten million words."""


def measured(file: Path, *, tool: Tool, reference: Path | None) -> Measured:
    """What a file says of the tool; every name that will be kept is searched first."""
    for path in filter(None, (file, reference)):
        if not path.is_file():
            raise UsageError(Problem(str(path), say("no such file"), say("a file")))
        refuse_large(path, LARGEST)
    refuse({"FILE": file.name})
    if tool == "wer":
        return _word_errors(file, reference)
    if reference is not None:
        found = say("a reference for a log")
        raise UsageError(Problem("--reference", found, say("it with --tool wer only")))
    return _log(file)


def _word_errors(file: Path, reference: Path | None) -> Measured:
    from htkeval.evaluation.recognition import rate_interval

    utterances = read_utterances(file, reference)
    counts = word_errors.count(utterances)
    if not counts.words:
        raise SheetError(Problem(file.name, say("no word that was said"), say("some")))
    speakers = word_errors.speakers(utterances)
    return Measured(
        tool="wer",
        file=file.name,
        sha256=_digest(file),
        reference_sha256=_digest(reference) if reference else None,
        software=word_errors.software(),
        scores=word_errors.scores(counts),
        complete=True,
        normalisation=word_errors.NORMALISATION,
        interval=rate_interval([one.errors for one in speakers], [one.words for one in speakers]),
        speakers=speakers,
    )


def _log(file: Path) -> Measured:
    found = eval_log.read_header(file)
    names = {"eval.task": found.task, "eval.model": found.model}
    for place, score in enumerate(found.scores):
        names[f"results.scores.{place}"] = f"{score.scorer} {score.name}"
    refuse(names)
    return Measured(
        tool="inspect_ai",
        file=file.name,
        sha256=_digest(file),
        software=eval_log.software(),
        scores=found.scores,
        complete=found.complete,
        flags=found.flags,
        status=found.status,
        task=found.task,
        model=found.model,
    )


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def attachments(case: Case) -> tuple[Attachment, ...]:
    """What was attached to a trial, oldest first."""
    return tuple(Attachment.of(event) for event in case.store.events(case.file.id, "attachment"))
