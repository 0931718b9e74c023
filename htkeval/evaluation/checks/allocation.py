"""The check of the stored list: is what was drawn what was done?"""

from __future__ import annotations

from htkeval.effect import Check
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.told import UNTOLD, told
from htkeval.evaluation.draw.listed import Held
from htkeval.evaluation.level import BEARABLE_GAP, judged, undrawn
from htkeval.evidence import BEARABLE
from htkeval.small_cells import small
from htkeval.text import Text, say


def allocation(basis: Basis) -> Check | None:
    """Whether the arms in the sheet are those that were drawn, and of all who drew them.

    False where a row has another arm than its unit drew, or is of a unit that nobody drew for; or
    where the arms' shares of units without rows lie more than 10 points apart. Cannot be told where
    no list is stored, or where a row's period is not one of the plan's.
    """
    if not basis.trial.design.randomised:
        return None
    held = basis.held
    if held is None:
        text = say("No list of the draw is stored, so the arms cannot be held against it.")
        return Check(name="allocation", passed=None, message=text)
    other, strange = held.differs(basis.rows.arm), held.strangers
    if other.any() or strange.any():
        each = told(basis.trial, basis.rows, other) and told(basis.trial, basis.rows, strange)
        text = (
            _not_followed(held, other=int(other.sum()), strange=int(strange.sum()))
            if each
            else say(
                "Some rows have another arm than the one that was drawn, or are of units that are "
                "not on the list. How many: {untold}. The arms of the sheet were used.",
                untold=UNTOLD,
            )
        )
        if undrawn(basis) > BEARABLE:
            text = say("{told} That is more than one row in ten and costs a level.", told=text)
        return Check(name="allocation", passed=False, message=text)
    if held.untold.any() or not held.rows.any():
        text = (
            say(
                "Of {n:#,##0} rows it cannot be told what was drawn for them: their periods are "
                "not those of the list.",
                n=int(held.untold.sum()),
            )
            if told(basis.trial, basis.rows, held.untold)
            else say(
                "Of some rows it cannot be told what was drawn for them: their periods are not "
                "those of the list. How many: {untold}.",
                untold=UNTOLD,
            )
        )
        return Check(name="allocation", passed=None, message=text)
    gone = judged(basis)
    alike = gone is None or gone.gap <= BEARABLE_GAP
    return Check(name="allocation", passed=alike, message=_followed(held))


def _not_followed(held: Held, *, other: int, strange: int) -> Text:
    return say(
        "Of {all:#,##0} rows {other:#,##0} have another arm than the one that was drawn, and "
        "{strange:#,##0} are of units that are not on the list. The arms of the sheet were used.",
        all=int(held.rows.sum()),
        other=other,
        strange=strange,
    )


def _followed(held: Held) -> Text:
    seen = int(held.seen.sum())
    text = say(
        "All {rows:#,##0} rows have the arm that was drawn for them ({seen:#,##0} of the "
        "{listed:#,##0} units on the list have rows).",
        rows=int(held.rows.sum()),
        seen=seen,
        listed=len(held.listed),
    )
    by_pattern = held.without_rows()
    if held.people and any(small(none) for none, _ in by_pattern):
        return say(
            "All {rows:#,##0} rows have the arm that was drawn for them. Some that were drawn have "
            "no rows so far: too few to count.",
            rows=int(held.rows.sum()),
        )
    periods = len(held.listed.patterns[0])
    if seen == len(held.listed) or len(by_pattern) != 2 or periods > 2:
        return text
    (none0, of0), (none1, of1) = by_pattern
    counts = {"text": text, "none0": none0, "of0": of0, "none1": none1, "of1": of1}
    if periods == 2:
        return say(
            "{text} Without rows so far: {none0:#,##0} of {of0:#,##0} that drew the order without "
            "the tool first, {none1:#,##0} of {of1:#,##0} that drew it with the tool first.",
            **counts,
        )
    return say(
        "{text} Without rows so far: {none0:#,##0} of {of0:#,##0} that drew work without the tool, "
        "{none1:#,##0} of {of1:#,##0} that drew work with it.",
        **counts,
    )
