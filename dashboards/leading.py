"""The lead's pages, with what they read and write: set-up, sheets, progress and queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from streamlit.navigation.page import StreamlitPage

from dashboards import address, evidence, plans, uploads, working
from dashboards.views import asked, how_far, set_up, sheets
from dashboards.views.set_up_work import Bench
from htkeval.decision import Actor
from htkeval.local_day import local_day
from htkeval.portfolio import Portfolio
from htkeval.query import Query, QueryAction
from htkeval.steps.actor import actor
from htkeval.steps.case import open_case, open_workspace_store
from htkeval.steps.draft import Draft, files
from htkeval.steps.hand_in import Sheet, look, take
from htkeval.steps.preview import Preview
from htkeval.text import Language, Text, say
from htkeval.trial import Trial
from htkeval.workspace import Workspace


class Page(Protocol):
    """Makes a page of the app."""

    def __call__(self, draw: Callable[[], None], title: Text, path: str) -> StreamlitPage:
        """Of what draws it, its name in the navigation, and its address."""


def pages(
    page: Page,
    read: Callable[[], Portfolio],
    language: Language,
    *,
    time_page: StreamlitPage,
    mend_page: StreamlitPage | None = None,
    who: Callable[[], Actor] = lambda: actor(None),
) -> list[StreamlitPage]:
    """The lead's pages in the order of the navigation.

    Args:
        page: Makes a page.
        read: Reads where every trial stands.
        language: Of every word.
        time_page: Where one task at a time is measured.
        mend_page: Where a row is put right.
        who: Says who acts, when something is kept.
    """
    queries = page(lambda: _queries(language, who, mend_page), say("Queries"), "queries")
    sheets_page = page(lambda: _sheets(language, who, time_page), say("Sheets"), "sheets")
    measure = ((say("Take time"), time_page), (sheets.TITLE, sheets_page))
    return [
        sheets_page,
        page(lambda: _how_far(read(), language, queries, measure), say("Progress"), "progress"),
        queries,
        page(lambda: _set_up(language), say("Set up"), "setup"),
    ]


def _queries(language: Language, who: Callable[[], Actor], mend_page: StreamlitPage | None) -> None:
    place = evidence.workspace()

    def settle(name: str, query: str, action: QueryAction, said: str) -> Query:
        from htkeval.steps.queries import settle

        with open_case(place, name) as case:
            now = datetime.now(UTC)
            return settle(case, query, action, text=said, actor=who(), now=now)[1]

    asked.show(
        place.readable_trials,
        language,
        known=lambda name: working.queries(place, name),
        settle=settle,
        simulated=lambda name: working.simulated(place, name),
        mend_page=mend_page,
        asked=address.asked("trial"),
        chose=address.trial,
    )


def _sheets(language: Language, who: Callable[[], Actor], time_page: StreamlitPage) -> None:
    place = evidence.workspace()

    def looked(name: str, sheet: Sheet) -> tuple[Trial, Preview]:
        with open_case(place, name) as case:
            return case.trial, look(case, sheet)

    def taken(name: str, sheet: Sheet, seen: str) -> Sequence[Text]:
        from htkeval.steps.came_in import came_in

        with open_case(place, name) as case:
            added = take(case, sheet, seen=seen, actor=who(), now=datetime.now(UTC))
            file = sheet.plain_name
            remarks = [say("{file}: {remark}.", file=file, remark=one) for one in added.remarks]
            return (came_in(case, file, added), *remarks)

    uploads.expect()
    sheets.show(
        place.readable_trials,
        language,
        empty=lambda name, ending: working.empty_sheet(place, name, ending, language),
        look=looked,
        take=taken,
        asked=address.asked("trial"),
        chose=address.trial,
        time_page=time_page,
    )


def _how_far(
    portfolio: Portfolio,
    language: Language,
    queries: StreamlitPage,
    measure: Sequence[tuple[Text, StreamlitPage]],
) -> None:
    place = evidence.workspace()
    how_far.show(
        portfolio,
        language,
        progress_of=lambda name: working.progress(place, name),
        today=local_day(datetime.now(UTC)),
        asked=address.asked("trial"),
        chose=address.trial,
        queries_page=queries,
        measure_pages=[(label, one) for label, one in measure if one is not None],
    )


def _set_up(language: Language) -> None:
    place = evidence.workspace()

    set_up.show(
        place.readable_trials,
        language,
        _bench(place, language),
        asked=address.asked("trial"),
        chose=address.trial,
        step=address.asked("step"),
        went=partial(address.keep, "step"),
    )


def _bench(place: Workspace, language: Language) -> Bench:
    from htkeval.cli.commands import COMMANDS  # names alone: a step that needs another is left out
    from htkeval.intake.names import listed
    from htkeval.steps import set_up as steps

    def templates(draft: Draft) -> dict[str, str]:
        return files(draft, language, commands=COMMANDS)

    def make(draft: Draft, made: dict[str, str]) -> Path:
        with open_workspace_store(place) as store:
            return steps.make(place, store, draft, made, names=listed(place.root, None))

    def change(name: str, text: str, seen: str) -> Path:
        with open_workspace_store(place) as store:
            names = listed(place.root, None)
            return steps.change(place, store, name, text, seen=seen, names=names)

    return Bench(
        templates=templates,
        written=lambda name: steps.written(place, name),
        registered=lambda name: working.promised(place, name),
        read=steps.read,
        remarks=lambda trial, file: working.remarks(place, trial, file),
        glance=lambda trial: plans.plan_of(place, trial),
        make=make,
        change=change,
        experiments=place.root / "experiments",
        today=local_day(datetime.now(UTC)),
    )
