"""The texts of the gates as they can be relied on today."""

from __future__ import annotations

from datetime import date

from htkeval.errors import Problem, Refused
from htkeval.law import Law
from htkeval.text import say
from htkeval.workspace import LAW, Workspace


def law(workspace: Workspace, today: date) -> Law | None:
    """What `configs/law.toml` says; None in a workspace that has none.

    Raises:
        Refused: It is wrong, or something was read on a day to come.
    """
    found = workspace.law
    if found is None:
        return None
    wrong = [
        Problem(
            say("{file}, {key}", file=str(workspace.root / LAW), key=key),
            say("{day:d MMMM y}, a day to come", day=day),
            say("the day on which it was read"),
        )
        for key, day in found.days()
        if day > today
    ]
    if wrong:
        raise Refused(wrong)
    return found
