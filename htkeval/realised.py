"""What a booked saving really gave over a period: kroner out of the budget, hours, minutes."""

from datetime import date as Day
from datetime import datetime

from pydantic import Field

from htkeval.frozen import Finite, Frozen, Share
from htkeval.money import Year


class Realised(Frozen):
    """What somebody said was realised, over one period and in one area."""

    id: str
    """`R1`, `R2`, …: its number in the trial."""
    decision: int
    """The event of the decision that held when it was said, and booked the saving."""
    begins: Day
    """The first day that it tells of."""
    until: Day
    """The last."""
    kr: int
    """Kroner really taken out of the budget; below nought where it cost."""
    price_level: Year
    """The year in whose prices they are: the booking's."""
    area: str
    """Where it arose."""
    source: str = Field(min_length=1)
    """Which account, ledger or measurement says so."""
    posts: Finite | None = Field(default=None, ge=0)
    """Full-time posts fewer; None: not told."""
    hours: Finite | None = Field(default=None, ge=0)
    """Hours freed in the period; None: not told."""
    minutes: Finite | None = None
    """Minutes saved a task now; None: not measured again."""
    low: Finite | None = None
    """Lower end of their interval; None: none was measured."""
    high: Finite | None = None
    """Upper end of it."""
    tasks: int | None = Field(default=None, ge=0)
    """Tasks done in the period; None: not told."""
    adoption: Share | None = None
    """Share of employees who use the tool; None: not told."""
    why: str | None = None
    """What explains it, in the words of who said so."""
    instead: tuple[str, ...] = ()
    """Earlier records whose place it takes."""
    replaced_by: str | None = None
    """The later record that took its place; None while it counts."""
    by: str
    """Who said so."""
    at: datetime
    """When that was said, in UTC."""
    event: int
    """The event that keeps it."""

    @property
    def counts(self) -> bool:
        """Whether no later record took its place."""
        return self.replaced_by is None

    @property
    def days(self) -> int:
        """How many days it tells of."""
        return (self.until - self.begins).days + 1


def same_area(one: str, other: str) -> bool:
    """Whether two names are of one area: case and odd spaces make no difference."""
    return _plain(one) == _plain(other)


def _plain(area: str) -> str:
    return " ".join(area.split()).casefold()
