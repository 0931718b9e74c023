"""A question about a row that looks odd: what is odd, and how far the question has come."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from htkeval.canonical import fingerprint
from htkeval.frozen import Frozen, Spoken
from htkeval.text import Text, say

QueryRule = Literal[
    "out_of_range",
    "unit_suspected",
    "missing",
    "duplicate",
    "impossible_duration",
    "identical_times",
    "digit_preference",
    "clocks_differ",
    "resumed",
]
QueryAction = Literal["answered", "closed", "reopened"]
QueryStatus = Literal["open", "answered", "closed", "reopened", "settled"]
WAITING: tuple[QueryStatus, ...] = ("open", "reopened", "answered")
"""What somebody still has to do something about: answer it, or close it."""

STATUSES: Mapping[QueryStatus, Text] = {
    "open": say("unanswered"),
    "answered": say("answered"),
    "closed": say("done with"),
    "reopened": say("asked again"),
    "settled": say("settled"),
}
"""What each is called."""


class QueryStep(Frozen):
    """What somebody did about a query."""

    action: QueryAction
    """What was done."""
    text: str | None = None
    """In whose own words; None where nothing was said."""
    at: datetime
    """When, in UTC."""
    by: str
    """Who."""
    event: int
    """The event that keeps it."""


class Query(Spoken):
    """One question. Its sentence says what is odd and what to do."""

    id: str
    """The same as long as row, rule and value are the same, so that it is asked once."""
    rule: QueryRule
    """What raised it."""
    row: int | None
    """The row's number, as `htkeval rows` shows it; None where it is about many rows."""
    column: str | None
    """The column; None where it is about the whole row."""
    status: QueryStatus
    """`settled`: it is not odd any more."""
    settled_by: Literal["correction", "exclusion", "other_rows"] | None = None
    """What settled it: the row was put right or left out, or others show that it is usual."""
    history: tuple[QueryStep, ...] = ()
    """What was done about it, oldest first."""

    @property
    def waiting(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status in WAITING


def query_id(rule: QueryRule, row: int | None, column: str | None, value: object) -> str:
    """What a query is known by: the same for the same rule, row and value, and only then."""
    return fingerprint([rule, row, column, value])[:10]
