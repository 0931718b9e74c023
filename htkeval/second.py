"""The same tasks timed by two observers, and how far they agree."""

from htkeval.frozen import Finite, Frozen


class Timed(Frozen):
    """A task that two observers are to time."""

    row: int | None
    """The row's number, as `htkeval rows` shows it; None where it is not measured yet."""
    keys: dict[str, str | None]
    """By the sheet's own column name: what tells the task from others."""
    second: bool
    """Whether the second observer's time is in."""


class Agreement(Frozen):
    """How far two observers agree on how long a task took; both arms together."""

    pairs: int
    """Tasks that both timed."""
    revised: int
    """How many of them have another second time than was delivered first."""
    ratio: Finite
    """The second time over the first, typically: the geometric mean."""
    ratio_ci: tuple[Finite, Finite]
    """Its confidence interval."""
    limits: tuple[Finite, Finite]
    """Limits of agreement: between these lies the ratio of 95 of 100 tasks."""
    limits_ci: tuple[tuple[Finite, Finite], tuple[Finite, Finite]]
    """The confidence interval of each limit."""
    icc: Finite | None
    """ICC(A,1) of the logarithms: the part of all differences that lies between tasks, where every
    disagreement of observers counts; None where tasks do not differ."""
    icc_ci: tuple[Finite, Finite] | None
    """Its confidence interval; None where observers never disagree."""
    level: Finite
    """Confidence level."""
