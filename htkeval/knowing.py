"""Is more trial worth its price? What it is worth to know more before deciding."""

from typing import ClassVar, Literal

from pydantic import Field

from htkeval.frozen import Finite, Frozen, Share, Spoken
from htkeval.money import Year
from htkeval.prior import Prior

From = Literal["more_people", "same_people", "plan"]


class Sample(Frozen):
    """What further tasks would be worth, and what they would cost."""

    of: From
    """By more people in the same way, by the same people, or as the trial is planned."""
    tasks: int = Field(ge=1)
    """How many tasks."""
    error_after: Finite
    """Standard error of the logarithm of the ratio once they are in, of the data alone."""
    value_kr: Finite = Field(ge=0)
    """Kroner over the years that are left: how much better the choice is expected to be."""
    simulation_error_kr: Finite = Field(ge=0)
    """How far chance in the draws may have moved that: its standard error."""
    days: Finite | None
    """Days they take at the pace so far; None: not known, and then not counted."""
    delay_kr: Finite | None
    """Kroner lost by waiting so long: what the best choice is expected to give today, less what it
    still gives then."""
    cost_kr: Finite | None
    """Kroner they cost, as the trial cost so far by task; None: not stated."""
    net_kr: Finite | None
    """What is left: above nought, more trial is worth its price. None: not known."""


class Knowing(Spoken):
    """The value of information for one trial; its sentence says what it comes to."""

    word: ClassVar[str] = "summary"

    schema_: Literal[1] = Field(default=1, alias="schema")
    """Version of the document's form."""
    trial: str
    """The trial's id."""
    simulated: bool
    """Whether it rests on invented measurements."""
    price_level: Year
    """The year in whose prices its kroner are."""
    prior: Prior
    """What was believed before."""
    prior_registered: bool
    """Whether that was frozen with the registration, before anything was measured."""
    horizon_years: Finite
    """Years over which the choice counts."""
    partial: Literal[True] = True
    """Only the minutes vary here; what else is uncertain would make the values larger."""
    minutes: Finite | None
    """Minutes a task without the tool, from which the change is reckoned."""
    believed_minutes: Finite | None
    """Minutes saved a task as believed now, drawn toward the prior."""
    gain: Share | None
    """Chance that it pays, all else as expected: kroner over the horizon less training, above
    nought."""
    net_kr: Finite | None
    """Net kroner a year, as expected of that belief."""
    perfect_kr: Finite | None
    """Kroner that certainty about the minutes would be worth over the whole horizon: no more tasks
    are worth more by it."""
    samples: tuple[Sample, ...] = ()
    """Further tasks, of more people first."""
    missing: tuple[str, ...] = ()
    """What is not stated, by its name in files, so that the values are not known."""
