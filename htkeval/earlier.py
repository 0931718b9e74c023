"""What another trial's booking really gave, to be shown beside what is assumed of this one."""

from htkeval.frozen import Finite, Frozen, Share
from htkeval.money import Year


class Earlier(Frozen):
    """What another trial's booking really gave: shown beside what is assumed, in no sum."""

    trial: str
    """The trial's id."""
    title: str
    """What it is called."""
    area: str
    """Where it was booked."""
    technology: str
    """What kind of tool it is."""
    same_area: bool
    """Whether that is the area of the trial it is shown beside; else its kind of tool is."""
    simulated: bool
    """Whether it rests on invented measurements."""
    price_level: Year
    """The year in whose prices its kroner are."""
    booked_kr: Finite
    """Kroner booked on the days of which somebody said what was realised."""
    realised_kr: Finite
    """Kroner realised on them, in the booking's own area."""
    share: Finite
    """Realised of booked."""
    covered: Share
    """Share of the days since it began of which somebody said so."""
