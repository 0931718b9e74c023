"""What to take for true before anything is measured, and where each number comes from."""

from __future__ import annotations

from dataclasses import dataclass

from htkeval.text import Text, say


@dataclass(frozen=True)
class Taken:
    """A number that a plan needs and nobody has measured here yet, as a span with its source."""

    low: float
    """The least it may well be."""
    expected: float
    """What a plan takes it to be."""
    high: float
    """The most it may well be."""
    measured: bool
    """Whether the span comes from published measurements; otherwise it is assumed."""
    source: Text
    """Where it comes from, or why it was chosen."""


LOG_SD = Taken(
    low=0.55,
    expected=0.60,
    high=0.64,
    measured=True,
    source=say(
        "Spread of a task's log minutes in two published trials of AI among programmers: 0.55 "
        "(arXiv 2507.00788, 151 participants) and 0.64 with the forecast taken into account (arXiv "
        "2507.09089, 246 tasks by 16 people); without the forecast it was 0.87. The expected value "
        "lies between the two. Local measurements before the start are better."
    ),
)
"""Standard deviation of one task's natural log of minutes, about its arm and covariates, with the
differences between people in it: the `sd` of `spread_of`."""

ICC_OF_PEOPLE = Taken(
    low=0.05,
    expected=0.14,
    high=0.33,
    measured=True,
    source=say(
        "How alike one person's tasks are, computed from a published trial (arXiv 2507.09089): log "
        "minutes of 246 tasks by 16 people, with the forecast taken into account; the span is the "
        "95 per cent interval."
    ),
)
"""Intraclass correlation of log minutes where the cluster is a person."""

ICC_OF_TEAMS = Taken(
    low=0.02,
    expected=0.05,
    high=0.10,
    measured=False,
    source=say(
        "Assumed: none of the published trials that were read tells how alike tasks of one team "
        "are. 0.10 is what our own test of the methods uses; different people of one team are "
        "taken to be less alike than one person's own tasks."
    ),
)
"""Intraclass correlation of log minutes of two people of one team."""

AUTOCORRELATION = Taken(
    low=0.5,
    expected=0.8,
    high=1.0,
    measured=False,
    source=say(
        "Assumed: none of the published trials that were read tells how much of what sets a team "
        "apart lasts from one period to the next. 1 says that all of it lasts and makes a plan "
        "too hopeful."
    ),
)
"""Cluster autocorrelation of a roll-out, as `autocorrelation` of `spread_of`."""

REACTION_SD = Taken(
    low=0.0,
    expected=0.1,
    high=0.3,
    measured=False,
    source=say(
        "Assumed: none of the published trials that were read tells how differently people react "
        "to the tool. 0.1 means that two in three come within some ten per cent of the average; "
        "0.3 is what our own test of the methods uses."
    ),
)
"""Standard deviation between people of the effect on log minutes: `reaction_sd` of `spread_of`."""

SERIAL = Taken(
    low=0.0,
    expected=0.2,
    high=0.4,
    measured=False,
    source=say(
        "Assumed: none of the published trials that were read gives the correlation of "
        "neighbouring periods. 0.4 is what our own test of the methods uses."
    ),
)
"""Correlation of neighbouring periods' errors in a series: `rho` of `interruption`."""

ASSUMPTIONS = {
    "log_sd": LOG_SD,
    "icc_of_people": ICC_OF_PEOPLE,
    "icc_of_teams": ICC_OF_TEAMS,
    "autocorrelation": AUTOCORRELATION,
    "reaction_sd": REACTION_SD,
    "serial_correlation": SERIAL,
}
"""All of them by name, for a page or a table."""
