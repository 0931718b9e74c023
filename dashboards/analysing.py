"""The analyst's pages, with what they read: figures, what lies behind them, and plans."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from dashboards import address, evidence, working
from dashboards.leading import Page
from dashboards.views import analyst, corrections, plan, raw, traced
from htkeval.portfolio import Portfolio
from htkeval.rights import why_not_see_people
from htkeval.text import Language, say
from htkeval.workspace import Workspace


def pages(page: Page, read: Callable[[], Portfolio], language: Language) -> None:
    """Make the analyst's pages.

    Args:
        page: Makes a page.
        read: Reads where every trial stands.
        language: Of every word.
    """

    def of_groups(draw: Callable[..., None]) -> None:
        place = evidence.workspace()
        draw(
            read(),
            language,
            found=partial(working.in_groups, place),
            files=partial(working.figures_file, place),
            asked=address.asked("trial"),
            chose=address.trial,
        )

    def of_prints() -> None:
        place = evidence.workspace()
        traced.show(
            read(),
            language,
            known=partial(working.trace, place),
            prove=partial(working.proof, place),
            asked=address.asked("trial"),
            chose=address.trial,
        )

    page(lambda: _corrected(read(), language), say("Corrections"), "corrections")
    page(lambda: _planned(read(), language), say("Plan a trial"), "plan")
    page(lambda: of_groups(analyst.show), say("Effects and checks"), "effects")
    page(lambda: of_groups(raw.show), say("Raw data in groups"), "raw")
    page(of_prints, say("Trace and fingerprints"), "trace")


def _planned(portfolio: Portfolio, language: Language) -> None:
    place = evidence.workspace()
    plan.show(
        portfolio,
        place.policy,
        language,
        known=lambda name: working.known(place, name),
        asked=address.asked("trial"),
        chose=address.trial,
        said={name: address.asked(name) for name in ("units", "tasks", "icc", "log_sd")},
        turned=address.keep,
    )


def _corrected(portfolio: Portfolio, language: Language) -> None:
    place = evidence.workspace()
    mine = tuple(state for state in portfolio.trials if is_mine(place, state.trial.id))
    corrections.show(
        replace(portfolio, trials=mine),
        language,
        known=lambda name: working.row_history(place, name),
        asked=address.asked("trial"),
        chose=address.trial,
    )


def is_mine(place: Workspace, trial: str) -> bool:
    """Whether rows of a trial may be shown here; that one was asked for by hand is kept."""
    reason = why_not_see_people(place.who, trial) if place.who else None
    if reason is not None and address.asked("trial") == trial:
        evidence.refused(place, reason, what="rows", trial=trial)
    return reason is None
