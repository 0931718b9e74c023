"""The municipality's pool: what was applied for, granted and spent. Money in whole kroner."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from htkeval.frozen import Finite, Frozen
from htkeval.text import Text, say

ApplicationState = Literal["waiting", "granted", "refused", "spent"]

STATES: Mapping[ApplicationState, Text] = {
    "waiting": say("waiting for an answer"),
    "granted": say("granted"),
    "refused": say("turned down"),
    "spent": say("all of it spent"),
}
"""What each is called."""

_GROUPED = re.compile(r"[1-9][0-9]{0,2}([. \u00a0\u2009\u202f])[0-9]{3}(?:\1[0-9]{3}){0,2}")
_PLAIN = re.compile(r"[0-9]{1,12}")
_SIGNS = ("-", "−", "–")
LARGEST = 10**12 - 1
"""Kroner of one amount: more is a slip of the pen, and more digits than `kroner` reads."""


def kroner(text: str) -> int:
    """A whole number of kroner as people write it; below nought where money comes back.

    Raises:
        ValueError: It is none, or could be read in another way: `150,000` is 150 in Danish.

    Example:
        >>> kroner("150.000"), kroner("-1500")
        (150000, -1500)
    """
    said = re.sub(r"\s*kr\.?$", "", text.strip(), flags=re.IGNORECASE)
    back = said.startswith(_SIGNS)
    digits = said[1:] if back else said
    if _GROUPED.fullmatch(digits):
        digits = re.sub("[^0-9]", "", digits)
    if not _PLAIN.fullmatch(digits):
        raise ValueError("no whole number of kroner")
    return -int(digits) if back else int(digits)


class Pool(Frozen):
    """What there is to grant. Mirrors `configs/fund.toml`."""

    name: str = Field(min_length=1)
    """What it is called."""
    amount_kr: int = Field(gt=0, le=LARGEST, strict=True)
    """Kroner that may be granted in all."""
    price_level: int = Field(ge=2000, le=2100, strict=True)
    """The year whose prices the amount is in."""
    source: str = Field(min_length=1)
    """Who decided it, and where that stands."""
    date: date
    """When this was last looked through."""


class Grant(Frozen):
    """What was granted to an application, at once or in part."""

    amount_kr: int = Field(gt=0)
    """Kroner."""
    why: str
    """Why, in the words of whoever granted it."""
    by: str
    """Who."""
    at: datetime
    """When, in UTC."""
    event: int
    """The event that keeps it."""


class Spending(Frozen):
    """What was spent of a grant."""

    amount_kr: int
    """Kroner; below nought where money came back."""
    text: str
    """What for, in the words of whoever recorded it."""
    date: date
    """The day on which it was spent."""
    by: str
    """Who recorded it."""
    at: datetime
    """When, in UTC."""
    event: int
    """The event that keeps it."""


class Application(Frozen):
    """Money that an area asks for, for one trial."""

    id: str
    """`A1`, `A2`, …: its number among all applications of the workspace."""
    trial: str
    """The trial's id."""
    area: str
    """Who asks: the area of the municipality."""
    amount_kr: int = Field(gt=0)
    """Kroner that are asked for."""
    purpose: str
    """What for."""
    by: str
    """Who recorded it."""
    at: datetime
    """When, in UTC."""
    event: int
    """The event that keeps it."""
    simulated: bool = False
    """Whether the trial rested on invented measurements already."""
    value_kr: Finite | None = None
    """Expected value, in kroner, of the information that is asked for; None: not known yet."""
    refused: str | None = None
    """Why it was refused; None where it was not."""
    grants: tuple[Grant, ...] = ()
    """What was granted, oldest first."""
    spendings: tuple[Spending, ...] = ()
    """What was spent, in the order in which it was recorded."""

    @property
    def number(self) -> int:
        """Its place among all applications, from 1."""
        return int(self.id[1:])

    @property
    def granted_kr(self) -> int:
        """Kroner granted so far."""
        return sum(one.amount_kr for one in self.grants)

    @property
    def spent_kr(self) -> int:
        """Kroner spent so far, less what came back."""
        return sum(one.amount_kr for one in self.spendings)

    @property
    def remaining_kr(self) -> int:
        """Kroner that are granted and not spent."""
        return self.granted_kr - self.spent_kr

    @property
    def state(self) -> ApplicationState:
        """How far it has come; what is granted in part is granted."""
        if self.refused is not None:
            return "refused"
        if not self.grants:
            return "waiting"
        return "granted" if self.remaining_kr else "spent"


class Fund(Frozen):
    """The pool with all its applications."""

    pool: Pool
    """What there is to grant."""
    applications: tuple[Application, ...]
    """Each, in the order in which they came."""

    @property
    def granted_kr(self) -> int:
        """Kroner granted in all."""
        return sum(one.granted_kr for one in self.applications)

    @property
    def spent_kr(self) -> int:
        """Kroner spent in all."""
        return sum(one.spent_kr for one in self.applications)

    @property
    def remaining_kr(self) -> int:
        """Kroner that can still be granted; below nought where the pool became smaller."""
        return self.pool.amount_kr - self.granted_kr

    @property
    def ranked(self) -> tuple[Application, ...]:
        """The applications by the expected value of what they ask to know, unknown ones last."""
        return tuple(
            sorted(
                self.applications,
                key=lambda one: (one.value_kr is None, -(one.value_kr or 0), one.number),
            )
        )
