"""What another program measured, attached to a trial: no evidence of time saved."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar, Literal, Self, get_args

from pydantic import Field

from htkeval.event import Event
from htkeval.frozen import Finite, Frozen, Spoken
from htkeval.small_cells import FEWEST
from htkeval.text import Text

Tool = Literal["wer", "inspect_ai", "mlflow", "promptfoo", "ragas", "forms", "odk", "banded"]
"""Word error rates of recognised speech; a log of an evaluation by inspect_ai; a run of an
evaluation in MLflow; results of promptfoo; a frame of ragas; answers of a Microsoft form; an audit
of ODK; a survey that asked in bands."""

TOOLS: tuple[Tool, ...] = get_args(Tool)
"""All of them."""

Evidence = Literal["technical", "self_reported"]
"""What a program measured; what people said of themselves. Neither is time that was measured."""

LEVEL = 0.95
"""Confidence level of an attachment's interval."""

Name = Annotated[str, Field(min_length=1, max_length=2000)]


class NoInterval(Spoken):
    """The typed absence of an interval, with its reason."""

    word: ClassVar[str] = "reason"


class Flag(Spoken):
    """Something that a reader of the scores must know."""

    name: Literal[
        "cancelled",
        "error",
        "unfinished",
        "samples",
        "limited",
        "no_scores",
        "no_value",
        "failed_tests",
        "failed_scorers",
        "sums",
        "left_out",
        "repeated",
        "shares",
        "open_band",
    ]
    """Name in files."""


class Score(Frozen):
    """One figure."""

    name: Name
    """What it is: `word_error_rate`, `errors`, `accuracy`."""
    scorer: Name | None = None
    """Who gave it, where the log has several scorers; None of word error rates."""
    value: Finite
    """The figure; a rate is a share, and may exceed 1 where more was put in than was said."""
    n: int | None = None
    """How many values it is the mean of; None where the file does not say."""
    missing: int | None = None
    """How many values it lacks: scorers that failed, cells that are empty; None as above."""


class Speaker(Frozen):
    """The errors in what one person said, by a number instead of the person's name."""

    number: int
    """Place in the order in which the file first names speakers, from 1."""
    utterances: int
    """How many."""
    words: int
    """Words that were said."""
    errors: int
    """Substitutions, deletions and insertions."""
    rate: Finite | None
    """Errors by words; None where nothing was said."""


class Answer(Frozen):
    """An answer that at least five persons gave, and that as many did not, or nobody."""

    text: Name
    """The answer as the form offers it."""
    n: int = Field(ge=FEWEST)
    """How many persons gave it."""


class Question(Frozen):
    """A question of choice or rating; never what anybody wrote in words of his own."""

    number: int
    """Its place among the form's questions, from 1."""
    text: Name
    """The question."""
    several: bool
    """Whether a person could give several answers."""
    answers: tuple[Answer, ...]
    """The answers that are told."""
    others: int | None
    """Persons who gave none of them: another answer, or no answer; 0 or at least five. None where
    a person could give several."""


class Measured(Frozen):
    """What a file says of the tool: figures only, never a text that somebody said."""

    tool: Tool
    """What kind of measurement."""
    evidence: Evidence = "technical"
    """Whether a program measured it, or people said it of themselves."""
    file: Name
    """The file's own name; the run's number where it was read from MLflow."""
    sha256: str
    """SHA-256 of the file; of what was read from MLflow, where it was no file."""
    reference_sha256: str | None = None
    """SHA-256 of the file of what was really said, where it is one of its own."""
    software: str
    """What counted, or read the log, with its version."""
    scores: tuple[Score, ...]
    """The figures."""
    complete: bool
    """Whether they rest on all that was to be measured."""
    flags: tuple[Flag, ...] = ()
    """What a reader must know."""
    normalisation: tuple[str, ...] = ()
    """Of word error rates: what was done to both texts before words were compared, in order."""
    interval: tuple[Finite, Finite] | NoInterval | None = None
    """Of the word error rate: its confidence interval, by speakers, or why there is none; None of
    logs, whose own standard errors are among the scores."""
    level: Finite = LEVEL
    """Confidence level."""
    speakers: tuple[Speaker, ...] = ()
    """Of word error rates: each speaker, where the file names them. The record keeps them, for the
    interval rests on them; nothing that is printed or shown has them, for each is one person."""
    questions: tuple[Question, ...] = ()
    """Of forms: the questions of choice and rating."""
    status: str | None = None
    """Of logs and runs: how the evaluation ended, in the log's own word."""
    task: Name | None = None
    """Of logs and runs: the evaluation's name."""
    model: Name | None = None
    """Of logs: the model that was evaluated."""

    def score(self, name: str) -> float | None:
        """A figure by its name; None where there is none."""
        return next((one.value for one in self.scores if one.name == name), None)


class Attachment(Measured):
    """A technical measurement in the record."""

    event: int
    """Number of its event."""
    at: datetime
    """When it was attached, in UTC."""
    by: str
    """Who attached it."""

    @classmethod
    def of(cls, event: Event) -> Self:
        """Read back from the record."""
        kept = {"event": event.seq, "at": event.at, "by": event.actor.name}
        return cls.model_validate({**event.payload, **kept})

    @property
    def without_persons(self) -> Self:
        """As it may be printed: no figures of one speaker."""
        return self.model_copy(update={"speakers": ()})


class Withdrawal(Frozen):
    """That an attachment was taken back: it stays in the record, and is no evidence any more."""

    event: int
    """Number of its event."""
    withdraws: int
    """Number of the attachment's event."""
    file: Name
    """The attachment's file."""
    why: Name
    """Why, in the words of whoever did it."""
    at: datetime
    """When, in UTC."""
    by: str
    """Who."""

    @classmethod
    def of(cls, event: Event) -> Self:
        """Read back from the record."""
        kept = {"event": event.seq, "at": event.at, "by": event.actor.name}
        return cls.model_validate({**event.payload, **kept})


def flag(name: str, message: Text) -> Flag:
    """A flag by its name."""
    return Flag.model_validate({"name": name, "message": message})
