"""Which pages there are for whom. The one table: what is not in it is for an admin alone."""

from __future__ import annotations

from dataclasses import dataclass

from htkeval.rights import Identity
from htkeval.roles import Role
from htkeval.text import Text, say

FIRST = say("{text}", text="")
MINE = say("My trial")
ANALYSIS = say("Analysis")
BACKGROUND = say("Background")


@dataclass(frozen=True)
class Row:
    """One page."""

    section: Text
    """Under which heading it stands."""
    roles: tuple[Role, ...]
    """Who has it, beside an admin; the service layer refuses beside this what a role may not."""
    of_a_lead: Text | None = None
    """Under which heading it stands for somebody who is a lead alone."""


_READERS: tuple[Role, ...] = ("reader", "decider", "analyst")

PAGES: dict[str, Row] = {
    "": Row(FIRST, _READERS),
    "trial": Row(FIRST, _READERS),
    "neighbours": Row(FIRST, _READERS),
    "time": Row(MINE, ("lead",), FIRST),
    "sheets": Row(MINE, ("lead",), FIRST),
    "progress": Row(MINE, ("lead",), FIRST),
    "queries": Row(MINE, ("lead",), FIRST),
    "corrections": Row(MINE, ("lead", "analyst"), FIRST),
    "setup": Row(MINE, ("lead",)),
    "plan": Row(ANALYSIS, ("lead", "analyst"), MINE),
    "effects": Row(ANALYSIS, ("analyst",)),
    "raw": Row(ANALYSIS, ("analyst",)),
    "trace": Row(ANALYSIS, ("analyst",)),
    "papers": Row(BACKGROUND, _READERS),
    "method": Row(BACKGROUND, (*_READERS, "lead")),
    "accessibility": Row(BACKGROUND, (*_READERS, "lead")),
}
"""By address; the empty one is where everybody arrives."""

OF_THE_TOOL = ("method", "accessibility")
"""Pages that tell of the tool itself and read no evidence."""

ROLE_WORDS: dict[Role, Text] = {
    "reader": say("reader"),
    "lead": say("trial lead"),
    "analyst": say("analyst"),
    "decider": say("decider"),
    "admin": say("administrator"),
}
"""What a role is called."""

HOME_OF_A_LEAD = "time"
"""Where somebody lands who may not see the overview."""


def allowed(path: str, who: Identity | None) -> bool:
    """Whether a page is for somebody; None: whoever sits at this computer."""
    if who is None or "admin" in who.roles:
        return True
    row = PAGES.get(path)
    return row is not None and any(role in row.roles for role in who.roles)


def section(path: str, who: Identity | None) -> Text:
    """Under which heading a page stands."""
    row = PAGES.get(path, Row(BACKGROUND, ()))
    if who is not None and row.section == MINE and not {"lead", "admin"} & set(who.roles):
        return ANALYSIS
    lead_alone = who is not None and who.roles == ("lead",)
    return row.of_a_lead if lead_alone and row.of_a_lead is not None else row.section
