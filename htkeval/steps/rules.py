"""Which rows do the rules that were stated beforehand leave out?"""

from __future__ import annotations

from htkeval.kept_row import RuleApplied
from htkeval.steps.case import Case


def applied(case: Case) -> tuple[RuleApplied, ...]:
    """What each rule of the definition that counts leaves out of the rows that count now.

    Every analysis applies the rules by itself; here they are only shown, and nothing is stored.
    Days of wash-in are no rule.

    Args:
        case: The trial.
    """
    from htkeval.evaluation.data.rows import hits
    from htkeval.store import snapshots

    trial = case.trial
    rows = [
        line.row for line in case.store.lines(trial.id, arm=trial.design.arm) if line.row.counts
    ]
    table = snapshots.in_order(trial, tuple(row.measurement for row in rows))
    before: set[int] = set()
    found = []
    for rule in trial.exclusions:
        met = hits(rule, table) if rows else None
        these = (
            () if met is None else tuple(row.id for row, hit in zip(rows, met, strict=True) if hit)
        )
        found.append(
            RuleApplied(
                rule=rule.rule,
                reason=rule.reason,
                read=met is not None or not rows,
                rows=these,
                new=len(set(these) - before),
            )
        )
        before |= set(these)
    return tuple(found)
