"""The papers that are kept, as the terminal and the page list them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from htkeval.local_day import local_day
from htkeval.paper import KeptPaper, PaperKind
from htkeval.reporting.plain import shortened
from htkeval.reporting.sentences import quoted
from htkeval.reporting.tables import Table
from htkeval.text import Text, say

KINDS: Mapping[PaperKind, Text] = {
    "portfolio": say("All trials"),
    "trial": say("One trial"),
    "status": say("What is new"),
}
"""What each kind is called."""

HEADING = say("Papers for the committee")
LEAD = say(
    "Two pages and an annex, from the same sentences as these pages. What is made here is for "
    "download and is kept nowhere; whoever prepares the item keeps one, and a decision on the same "
    "analysis then takes it along."
)
NONE = say("No paper is kept yet.")
LONGEST = 90


def name(one: KeptPaper) -> Text:
    """A paper in a line."""
    return say(
        "{id}: {title}, {day:d MMMM y} ({format}, {language})",
        id=one.id, title=quoted(shortened(one.title, LONGEST)), day=one.day,
        format=one.format.upper(), language=one.language,
    )  # fmt: skip


def table(found: Sequence[KeptPaper]) -> Table:
    """Every paper that is kept, the newest first."""
    head = (say("Paper"), say("Meeting"), say("Fingerprint"), say("Kept"))
    body = tuple(
        (
            say("{id}: {title}. {kind}, {format}, {language}{public}", id=one.id,
                title=quoted(shortened(one.title, LONGEST)), kind=KINDS[one.kind],
                format=one.format.upper(), language=one.language,
                public=say(", without closed parts") if one.public else quoted("")),
            say("{day:d MMMM y}", day=one.day),
            quoted(one.content[:12]),
            say("{day:d MMMM y}, {by}", day=local_day(one.at), by=one.by),
        )
        for one in reversed(found)
    )  # fmt: skip
    return Table(HEADING, head, body)
