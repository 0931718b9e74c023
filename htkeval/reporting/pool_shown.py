"""The pool as the committee reads it: granted and spent by trial, and what is left."""

from __future__ import annotations

from collections.abc import Mapping

from htkeval.fund import Fund
from htkeval.reporting.numbers import ROUNDED, adds_up, whole
from htkeval.reporting.sentences import quoted
from htkeval.reporting.tables import NOTHING, Table
from htkeval.text import Text, say

NOT_STATED = say("What the pool holds is not stated here (configs/fund.toml).")
MOST = 12
"""Trials that have a row of their own; the rest are one row."""
THOUSAND = 1000


def heading(found: Fund) -> Text:
    """What there is."""
    return say("The pool of {n:kr} kr.", n=found.pool.amount_kr)


def table(found: Fund, titles: Mapping[str, str]) -> Table:
    """Granted and spent by trial, in thousands of kroner, all of it, and what is left to grant.

    Args:
        found: The pool with its applications.
        titles: By a trial's id, what it is called.
    """
    by_trial: dict[str, tuple[int, int]] = {}
    for one in found.applications:
        granted, spent = by_trial.get(one.trial, (0, 0))
        by_trial[one.trial] = granted + one.granted_kr, spent + one.spent_kr
    most = sorted(by_trial.items(), key=lambda of: (-of[1][0], of[0]))
    rows = [_row(quoted(titles.get(name, name)), *of) for name, of in most[:MOST]]
    if rest := most[MOST:]:
        label = say("{n} more trials", n=len(rest))
        rows.append(_row(label, *(sum(of[k] for _, of in rest) for k in (0, 1))))
    rows.append(_row(say("In all"), found.granted_kr, found.spent_kr))
    rows.append((say("Not granted yet"), _thousands(found.remaining_kr), NOTHING))
    head = (say("1,000 kr., {level} prices", level=str(found.pool.price_level)), say("Granted"),
            say("Spent"))  # fmt: skip
    return Table(say("The pool by trial"), head, tuple(rows), figures=True)


def rounded(found: Fund) -> Text | None:
    """That amounts are rounded each by itself, where they do not add up as they are shown."""
    asked = found.applications
    sums = (
        (found.granted_kr, [one.granted_kr for one in asked]),
        (found.spent_kr, [one.spent_kr for one in asked]),
        (found.pool.amount_kr, [found.granted_kr, found.remaining_kr]),
    )
    return None if all(adds_up(total, parts) for total, parts in sums) else ROUNDED


def _row(name: Text, granted: int, spent: int) -> tuple[Text, Text, Text]:
    return name, _thousands(granted), _thousands(spent)


def _thousands(kr: int) -> Text:
    return whole(kr / THOUSAND)


def waits(found: Fund) -> Text | None:
    """What is applied for and not settled; None where nothing is."""
    waiting = [one for one in found.applications if one.state == "waiting"]
    if not waiting:
        return None
    return say(
        "Waiting: {n} applications for {kr:kr} kr. in all.",
        n=len(waiting),
        kr=sum(one.amount_kr for one in waiting),
    )
