"""What is proposed to somebody who begins a trial: a design for the kind of tool, and a size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from htkeval.trial import DesignKind

ToolKind = Literal["speech_to_text", "domain_chatbot", "chatbot", "other"]

UNDONE: tuple[DesignKind, ...] = (
    "parallel",
    "cluster",
    "stepped_wedge",
    "before_after",
    "difference_in_differences",
    "interrupted_time_series",
)
"""Designs in which nobody goes back: what was learnt in training cannot be un-learnt."""


@dataclass(frozen=True)
class Kind:
    """What a kind of tool decides about a new trial."""

    designs: tuple[DesignKind, ...]
    """Designs that make sense for it; the first is the one that is proposed."""
    columns: tuple[str, ...]
    """Lines of the design that name the columns of the task."""
    tasks_each: int
    """Tasks that a person is planned to do."""
    listed: bool = False
    """Whether everybody does the tasks of one list, so that no plan has more of them."""
    reversible: bool = True
    """Whether a person can go back to the old way."""


_TASK = ('task = "task"',)
KINDS: dict[ToolKind, Kind] = {
    "speech_to_text": Kind(("within", "crossover", *UNDONE), ('task = "meeting"',), 18),
    "domain_chatbot": Kind(
        ("within", "crossover", *UNDONE),
        ('task = "question"', 'task_type = "question_type"'),
        20,
        listed=True,
    ),
    "chatbot": Kind(
        ("cluster", "parallel", "stepped_wedge", *UNDONE[3:]),
        (*_TASK, 'task_type = "task_type"'),
        9,
        listed=True,
        reversible=False,
    ),
    "other": Kind(("parallel", "within", "crossover", *UNDONE[1:]), _TASK, 18),
}
"""The kinds of tool that a template is kept for."""


@dataclass(frozen=True)
class Size:
    """How large a new trial is proposed to be; the plan's own arithmetic comes later."""

    people: int
    """Participants."""
    teams: int | None = None
    """Teams that they come from, where teams are the units."""
    periods: int = 1
    """Periods of the plan."""
    steps: int = 1
    """Starts of a roll-out."""
    weeks: int = 12
    """From the first day of measurement to the last."""
    tasks_each: int = 0
    """Tasks that a person is planned to do, where the kind of tool leaves that open."""


SIZES: dict[DesignKind, Size] = {
    "within": Size(28),
    "crossover": Size(28, periods=2),
    "parallel": Size(40),
    "cluster": Size(128, teams=16),
    "stepped_wedge": Size(96, teams=16, periods=5, steps=4, weeks=15, tasks_each=30),
    "before_after": Size(28, periods=2),
    "difference_in_differences": Size(96, teams=16, periods=4, tasks_each=30),
    "interrupted_time_series": Size(40, periods=24, weeks=24, tasks_each=30),
}
"""By design: large enough to see a saving of 15 % four times in five, where a municipality can have
so many (some 40 people, 16 teams, 30 tasks each); else as large, and `new` says what that sees."""


def tasks_each(kind: ToolKind, design: DesignKind) -> int:
    """Tasks that a person is planned to do: a list's, or what the plan takes."""
    own = KINDS[kind]
    return own.tasks_each if own.listed else max(own.tasks_each, SIZES[design].tasks_each)
