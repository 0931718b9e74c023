"""What is told of a delivery that came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from htkeval.cli.output import line, warn
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.steps.case import Case
    from htkeval.store.store import Added


def tell(case: Case, file: str, added: Added) -> None:
    """What became of one sheet, and what somebody should look at in it."""
    from htkeval.steps.came_in import came_in

    line(came_in(case, file, added))
    for remark in added.remarks:
        warn(say("{file}: {remark}.", file=file, remark=remark))
