"""Which paper is asked for: of all trials, of one, or of what is new."""

from __future__ import annotations

from datetime import date

from htkeval.paper import Behind
from htkeval.reporting.paper.content import Paper
from htkeval.reporting.paper.of_news import of_news
from htkeval.reporting.paper.of_portfolio import of_portfolio
from htkeval.reporting.paper.of_trial import of_trial


def make(
    behind: Behind,
    *,
    trial: str | None = None,
    since: date | None = None,
    public: bool = False,
) -> Paper:
    """Make a paper.

    Args:
        behind: What it is made from.
        trial: The id of the trial that it is about; None: all.
        since: What came after this day is told of; None: where everything stands.
        public: Whether closed parts are left out.
    """
    if trial is not None:
        state = next(one for one in behind.portfolio.trials if one.trial.id == trial)
        return of_trial(behind, state, public=public)
    if since is not None:
        return of_news(behind, since, public=public)
    return of_portfolio(behind, public=public)
