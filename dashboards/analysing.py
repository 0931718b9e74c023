"""The analyst's pages, with what they read: figures, what lies behind them, and plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from streamlit.navigation.page import StreamlitPage

from dashboards import address, evidence, working
from dashboards.leading import Page
from dashboards.views import analyst, corrections, plan, raw, traced
from dashboards.views.put_right import Mending
from htkeval.decision import Actor
from htkeval.intake.cells import Raw
from htkeval.portfolio import Portfolio
from htkeval.reporting.row_history import put_right
from htkeval.rights import why_not_see_people, why_not_write
from htkeval.steps.case import open_case
from htkeval.text import Language, Text, say
from htkeval.workspace import Workspace


def pages(
    page: Page,
    read: Callable[[], Portfolio],
    language: Language,
    *,
    who: Callable[[], Actor],
) -> StreamlitPage:
    """Make the analyst's pages.

    Args:
        page: Makes a page.
        read: Reads where every trial stands.
        language: Of every word.
        who: Says who acts, when something is kept.

    Returns:
        The page on which rows are put right.
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

    mend = page(lambda: _corrected(read(), language, who), say("Corrections"), "corrections")
    page(lambda: _planned(read(), language), say("Plan a trial"), "plan")
    page(lambda: of_groups(analyst.show), say("Effects and checks"), "effects")
    page(lambda: of_groups(raw.show), say("Raw data in groups"), "raw")
    page(of_prints, say("Trace and fingerprints"), "trace")
    return mend


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


def _corrected(portfolio: Portfolio, language: Language, who: Callable[[], Actor]) -> None:
    place = evidence.workspace()
    mine = tuple(state for state in portfolio.trials if is_mine(place, state.trial.id))
    corrections.show(
        replace(portfolio, trials=mine),
        language,
        known=lambda name: working.row_history(place, name),
        asked=address.asked("trial"),
        chose=address.trial,
        mending=partial(_mending, place, who),
        row=address.asked("row"),
    )


def _mending(place: Workspace, who: Callable[[], Actor], name: str) -> Mending | None:
    """What puts the rows of a trial right; None for whoever may not, and where it is locked."""
    if place.who and why_not_write(place.who, "correction", name, place.who.actor) is not None:
        return None

    def correct(row: int, cells: Mapping[str, Raw], why: str) -> tuple[Text, ...]:
        from htkeval.steps.correct import Which, correct, kept_rows

        which = Which(row=row)
        settings = {column: str(cell) for column, cell in cells.items()}
        with open_case(place, name) as case:
            event = correct(case, which, settings, why=why, actor=who(), now=datetime.now(UTC))
            (line,) = kept_rows(case, which)
            return put_right(case.trial, line.row, event.seq)

    rows, drawn = working.rows_to_mend(place, name)
    return Mending(rows, drawn, correct)


def is_mine(place: Workspace, trial: str) -> bool:
    """Whether rows of a trial may be shown here; that one was asked for by hand is kept."""
    reason = why_not_see_people(place.who, trial) if place.who else None
    if reason is not None and address.asked("trial") == trial:
        evidence.refused(place, reason, what="rows", trial=trial)
    return reason is None
