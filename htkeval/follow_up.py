"""Realised against booked: at each due point, by area; what wore off, and what was not taken
home."""

from datetime import date as Day

from htkeval.booking import Booking
from htkeval.business_case import Span
from htkeval.frozen import Finite, Frozen, Share

DUE_MONTHS = (6, 12, 24)
"""How many months after a booking begins it is followed up."""


class Period(Frozen):
    """Some days on end."""

    begins: Day
    """The first."""
    until: Day
    """The last."""


class AreaLine(Frozen):
    """What one area gave until a day, beside what was booked there."""

    area: str
    """Where it arose."""
    account: str | None
    """The account of the booking; None: not decided, or another area than the booking's."""
    booked_kr: Finite
    """Kroner booked until that day; nought where nothing was booked in this area."""
    told_booked_kr: Finite
    """How many of them fall on days of which somebody said what was realised."""
    realised_kr: Finite | None
    """Kroner realised on those days; None: nobody has said."""
    difference_kr: Finite | None
    """Realised less booked, of those days; None: nobody has said."""


class Point(Frozen):
    """One day on which a booking is followed up."""

    months: int | None
    """How many months after it begins; None: as far as today."""
    due: Day
    """That day; what is told goes up to the day before."""
    passed: bool
    """Whether it has come."""
    booked_kr: Finite
    """Kroner booked until then."""
    covered: Share | None
    """Share of the days until then of which somebody said what was realised; None: it has not
    come."""
    untold: tuple[Period, ...]
    """Days since the point before of which nobody has said anything."""
    lines: tuple[AreaLine, ...]
    """The booking's own area, then any other; none where it has not come."""
    share: Finite | None
    """Realised of booked in the booking's own area, of the days told of; None: not known."""
    elsewhere_kr: Finite
    """Kroner realised in other areas than the booking's."""
    leakage: Span | None
    """Share of the worth of the hours freed that was not taken out of the budget, where both are
    told; None: not known. `low` is the least favourable: most was lost. Below nought, more was
    taken out than the hours are worth."""

    @property
    def own(self) -> AreaLine | None:
        """The booking's own area."""
        return self.lines[0] if self.lines else None


class MinutesNow(Frozen):
    """What a task saves by a later measurement, beside the trial's own."""

    record: str
    """The record that tells it."""
    begins: Day
    """The first day of its period."""
    until: Day
    """The last."""
    minutes: Finite
    """Minutes saved a task."""
    low: Finite | None
    """Lower end of their interval; None: not known."""
    high: Finite | None
    """Upper end of it."""
    ratio: Finite | None
    """Of the minutes that the trial measured; None where it measured no saving."""
    ratio_low: Finite | None
    """The same of the lower end."""
    ratio_high: Finite | None
    """The same of the upper end."""


class FollowUp(Frozen):
    """A booking that holds, and what became of it."""

    trial: str
    """The trial's id."""
    title: str
    """What it is called."""
    technology: str
    """What kind of tool it is."""
    simulated: bool
    """Whether the trial rests on invented measurements."""
    decision: int
    """The event of the decision that holds."""
    booking: Booking
    """What it booked."""
    points: tuple[Point, ...]
    """At 6, 12 and 24 months."""
    so_far: Point | None
    """As far as today; None where it has not begun."""
    decay: tuple[MinutesNow, ...]
    """Minutes a task, by record in time."""
    other_prices: tuple[str, ...]
    """Records whose kroner are in the prices of another year than the booking's: in no sum."""

    @property
    def newest(self) -> Point | None:
        """The newest due point that has come."""
        return next((one for one in reversed(self.points) if one.passed), None)

    @property
    def untold(self) -> tuple[Period, ...]:
        """Days until the newest due point of which nobody has said anything."""
        return tuple(gap for one in self.points if one.passed for gap in one.untold)


class AreaSum(Frozen):
    """All bookings of one area together, as far as today."""

    area: str
    """Which."""
    bookings: int
    """How many bookings."""
    a_year_kr: Finite
    """Kroner a year that they book."""
    booked_kr: Finite
    """Kroner booked so far."""
    told_booked_kr: Finite
    """How many of them fall on days of which somebody said what was realised."""
    realised_kr: Finite | None
    """Kroner realised on those days, also of other areas' bookings; None: nobody has said."""
    difference_kr: Finite | None
    """Realised less booked, of those days; None: nobody has said."""
