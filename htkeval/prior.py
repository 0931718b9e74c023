"""What is believed of a tool before anybody has measured it."""

from pydantic import Field

from htkeval.frozen import Finite, Frozen


class Prior(Frozen):
    """A normal belief about the logarithm of minutes with the tool over minutes without it."""

    mean: Finite = 0.0
    """Its mean: 0 is no change."""
    sd: Finite = Field(default=0.2, gt=0, le=2)
    """Its standard deviation: 0.2 takes two of three tools to change the minutes by a fifth at
    most."""


SCEPTICAL = Prior()
"""Where the trial states none: no change is likeliest, and a halving all but ruled out."""
