"""How far a trial is: rows against the plan, and what became of each row."""

from collections.abc import Mapping
from typing import Literal

from htkeval.frozen import Finite, Frozen
from htkeval.query import QueryRule
from htkeval.text import Text, say

Withheld = Literal["under_5", "derivable"]
"""Why a figure is not told; it is always `derivable` now, and `under_5` in documents of before."""
Fate = Literal[
    "by_hand",
    "wash_in",
    "rule",
    "refused",
    "abandoned",
    "missing",
    "nobody",
    "no_period",
    "covariate",
    "analysed",
    "together",
]
"""What became of a row, in the order in which it is asked; each row has one. `together` is no fate
but the sum of those that are not told apart."""
FATES: Mapping[Fate, Text] = {
    "by_hand": say("Left out by hand"),
    "wash_in": say("In the first days of a period, which do not count"),
    "rule": say("Left out by a rule agreed beforehand"),
    "refused": say("Refused, and not done"),
    "abandoned": say("Given up"),
    "missing": say("Without the main figure"),
    "nobody": say("Not told whose it is"),
    "no_period": say("Not told in which period"),
    "covariate": say("Without what the analysis takes into account"),
    "analysed": say("Counts in the analysis"),
    "together": say("The withheld together"),
}
"""What each is called."""


class Part(Frozen):
    """Rows against the plan: of the whole trial, of an arm, a week or a team."""

    of: Literal["all", "arm", "week", "team"]
    """What it is a part by."""
    name: str | None
    """`baseline` or `treatment`; an ISO week such as `2026-W05`; the team. None: not told."""
    rows: int | None
    """Rows that count; None where they are withheld."""
    planned: Finite | None
    """Rows that are planned; None where the plan does not say."""
    people: int | None
    """How many people's they are; None where it is withheld, where one to four of all have no row
    in it, where rows name nobody, or where who was drawn and not measured would follow from it."""
    withheld: Withheld | None = None
    """Why rows and people are not told: they, or they with others, would give a small group away.
    Which of the parts is the small one is not told either."""

    @property
    def full(self) -> float | None:
        """Which part of what is planned is there, at most all of it; None where either is not
        told."""
        if self.rows is None or not self.planned:
            return None
        return min(1.0, self.rows / self.planned)


class ByArm(Frozen):
    """A count of rows by arm."""

    rows: int | None
    """In both arms; None where one to four people stand behind it, or it would tell of such."""
    baseline: int | None
    """Without the tool; None where an arm has one to four people."""
    treatment: int | None
    """With it; None likewise."""


class FlowStep(ByArm):
    """Rows with one fate."""

    fate: Fate
    """What became of them."""


class DrawnFlow(Frozen):
    """Units that drew the same."""

    drawn: str
    """The arm, the order or the start, in the sheet's own words."""
    units: int | None
    """How many drew it; None where it is withheld."""
    measured: int | None
    """How many of them have rows; None likewise."""
    unmeasured: int | None
    """How many have none; None likewise."""
    withheld: Withheld | None = None
    """Why they are not told; likewise."""


class Flow(Frozen):
    """What became of every unit and every row: the rows of all steps add up to those that came."""

    unit: str | None
    """By which columns units were drawn; None where nothing was drawn."""
    drawn: tuple[DrawnFlow, ...]
    """Units that were drawn, by what they drew."""
    came_in: ByArm
    """All rows but those of people who were forgotten."""
    steps: tuple[FlowStep, ...]
    """What became of them, a step for each fate that some row has. Of fates that are withheld the
    last step has the sum, so that what is told adds up; how many were left out by hand is always
    told, for each of those rows is told as a deviation."""


class Progress(Frozen):
    """How far one trial is."""

    open_queries: int | None
    """Queries that nobody has answered; None where they are about rows of one to four people."""
    open_by_rule: dict[QueryRule, int | None] = {}
    """How many of them each rule asks; None where it is of few, or would tell of such."""
    answered_queries: int | None
    """Queries that were answered and are not closed; None as above."""
    refused: int | None
    """Rows whose task somebody refused to do in its arm, whether or not it was done after all;
    None where one to four people stand behind it, or it would tell of such."""
    parts: tuple[Part, ...]
    """Rows against the plan."""
    flow: Flow
    """What became of them."""
