"""What the rows of an analysis show beside its figures, in groups that show nobody alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from htkeval.evaluation.apart.curves import curves
from htkeval.evaluation.apart.followed import followed
from htkeval.evaluation.apart.paired import paired
from htkeval.evaluation.apart.residuals import residuals
from htkeval.evaluation.apart.times import teams, weeks
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.rows import read
from htkeval.evaluation.estimating import main_scale
from htkeval.in_groups import InGroups, Passed
from htkeval.text import Text
from htkeval.trial import Trial

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")


def in_groups(
    trial: Trial, table: pa.Table, *, snapshot: str, looks: tuple[Passed, ...] = ()
) -> InGroups:
    """How are the values spread, and how does the effect differ by week and team?

    Everything here is of the primary metric and descriptive: intervals are by CR2, whatever the
    registered method, as those of the analysis' own subgroups are.

    Args:
        trial: The definition that was followed, its level that of the look.
        table: The frozen rows, read back from their bytes.
        snapshot: SHA-256 of those bytes.
        looks: The planned looks that were taken.
    """
    basis = Basis(trial, read(trial, table), None, "cr2")
    shape, same_people, left = curves(basis), paired(basis), residuals(basis)
    by_week, by_team, course = weeks(basis), teams(basis), followed(basis)
    parts: dict[str, tuple[object, ...] | Text] = {
        "curves": shape,
        "paired": same_people,
        "weeks": by_week,
        "teams": by_team,
        "followed": course,
        "residuals": left,
    }
    return InGroups(
        trial=trial.id,
        snapshot=snapshot,
        metric=trial.primary.id,
        scale=main_scale(trial),
        curves=_of(shape),
        paired=_of(same_people),
        weeks=_of(by_week),
        teams=_of(by_team),
        followed=_of(course),
        looks=looks,
        residuals=_of(left),
        missing={name: one for name, one in parts.items() if isinstance(one, Text)},
    )


def _of(found: tuple[T, ...] | Text) -> tuple[T, ...]:
    return () if isinstance(found, Text) else found
