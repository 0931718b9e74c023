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
    reversible: bool = True
    """Whether a person can go back to the old way."""


_TASK = ('task = "task"',)
KINDS: dict[ToolKind, Kind] = {
    "speech_to_text": Kind(("within", "crossover", *UNDONE), ('task = "meeting"',), 18),
    "domain_chatbot": Kind(
        ("within", "crossover", *UNDONE),
        ('task = "question"', 'task_type = "question_type"'),
        20,
    ),
    "chatbot": Kind(
        ("cluster", "parallel", "stepped_wedge", *UNDONE[3:]),
        (*_TASK, 'task_type = "task_type"'),
        9,
        reversible=False,
    ),
    "other": Kind(("parallel", "within", "crossover", *UNDONE[1:]), _TASK, 12),
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


SIZES: dict[DesignKind, Size] = {
    "within": Size(24),
    "crossover": Size(24, periods=2),
    "parallel": Size(40),
    "cluster": Size(128, teams=16),
    "stepped_wedge": Size(72, teams=12, periods=5, steps=4, weeks=15),
    "before_after": Size(24, periods=2),
    "difference_in_differences": Size(72, teams=12, periods=4),
    "interrupted_time_series": Size(24, periods=24, weeks=24),
}
"""By design: large enough for the draw to tell an effect from chance."""
