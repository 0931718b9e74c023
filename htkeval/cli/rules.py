"""exclude --rules: which rows the rules stated beforehand leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from htkeval.cli.output import paragraph, print_csv, print_json, print_table
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.kept_row import RuleApplied
    from htkeval.workspace import Workspace

MOST_NUMBERS = 20
"""Rows of one rule that a table numbers."""


def show_rules(workspace: Workspace, trial: str, form: str) -> None:
    """What each rule leaves out, with the numbers of the rows."""
    from htkeval.steps.case import read_case
    from htkeval.steps.rules import applied

    with read_case(workspace, trial) as case:
        found = applied(case)
        promised, total = case.fingerprint, sum(case.store.counts(case.file.id).values())
    out = len({row for one in found for row in one.rows})
    if form == "json":
        from htkeval.cli.printed.lists import Exclusions

        values = {"trial": case.file.id, "registration": promised, "rules": found}
        print_json(Exclusions(**values, rows=total, left_out=out))
    elif form == "csv":
        flat = [
            {"rule": one.rule, "reason": one.reason, "row": row}
            for one in found
            for row in one.rows
        ]
        print_csv(flat, ["rule", "reason", "row"])
    else:
        _rules_table(found)
        paragraph(_ruled(promised, out=out, total=total))


def _rules_table(found: tuple[RuleApplied, ...]) -> None:
    if found:
        print_table(
            [say("Rule"), say("Reason"), say("Rows"), say("Their numbers")],
            [[one.rule, one.reason, _count(one), _numbers(one.rows)] for one in found],
        )


def _count(one: RuleApplied) -> Text | str:
    return str(len(one.rows)) if one.read else say("cannot be told: no such column")


def _numbers(rows: tuple[int, ...]) -> str:
    """The first of them; all stand in JSON and CSV."""
    more = " …" if len(rows) > MOST_NUMBERS else ""
    return ", ".join(map(str, rows[:MOST_NUMBERS])) + more or "–"


def _ruled(promised: str | None, *, out: int, total: int) -> Text:
    values = {"n": out, "all": total}
    if promised is None:
        return say(
            "{n:#,##0} of {all:#,##0} rows are left out by every analysis. Nothing is registered "
            "yet: the rules can still be changed.",
            **values,
        )
    return say(
        "{n:#,##0} of {all:#,##0} rows are left out by every analysis, by rules that were "
        "registered ({hash}). To leave out any other row is a deviation.",
        **values,
        hash=promised[:16],
    )
