"""The Streamlit script: which pages there are, in which language, on whose evidence."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import cast
from xml.sax.saxutils import escape

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboards import elements, evidence, garbage
from dashboards.views import (
    analyst,
    corrections,
    method,
    neighbours,
    overview,
    plan,
    raw,
    take_time,
    traced,
    trial,
)
from htkeval.business_case import BusinessCase
from htkeval.errors import HtkevalError
from htkeval.fund import Fund
from htkeval.municipality import Municipality
from htkeval.portfolio import Portfolio
from htkeval.progress import Progress
from htkeval.steps.actor import actor
from htkeval.steps.case import open_case
from htkeval.supported import Supported
from htkeval.text import LANGUAGES, Language, Text, render, say


def chosen_language(default: Language) -> Language:
    """The language in the address; it stays for the session when pages are changed."""
    asked = st.query_params.get("lang")
    if asked in LANGUAGES:
        st.session_state["language"] = asked
    language = cast(Language, st.session_state.get("language", default))
    if language not in (default, asked):
        st.query_params["lang"] = language
    return language


def main() -> None:
    """Draw the app; what cannot be read is told in words."""
    language: Language = "da"
    try:
        place = evidence.workspace()
        language = chosen_language(place.municipality.language)
    except HtkevalError as error:
        st.set_page_config(page_title="htkeval", layout="wide")
        elements.look()
        elements.problem(error, language)
        return
    run(lambda: evidence.load(place), place.municipality, language)


def run(read: Callable[[], Portfolio], whose: Municipality, language: Language) -> None:
    """Navigation, the foot of the sidebar, and the chosen page.

    Args:
        read: Reads where every trial stands; a page that does not ask for it is drawn at once.
        whose: The municipality.
        language: Of every word.
    """
    st.set_page_config(
        page_title=f"{render(say('AI trials'), language)} – {whose.name}",
        layout="wide",
        initial_sidebar_state=256,
    )
    elements.look()
    st.logo(name_plate(whose.name), size="large")

    def page(draw: Callable[[], None], title: Text, path: str | None = None) -> StreamlitPage:
        def drawn() -> None:
            try:
                draw()
            except HtkevalError as error:
                elements.problem(error, language)

        return st.Page(drawn, title=render(title, language), url_path=path, default=path is None)

    one_page = page(
        lambda: trial.show(
            read(),
            language,
            asked=_asked("trial"),
            chose=partial(_keep, "trial"),
            progress_of=_how_far,
            worth_of=_worth,
        ),
        say("Trials"),
        "trial",
    )
    every_page = page(
        lambda: overview.show(read(), language, trial_page=one_page, money=_money(), fund=_fund()),
        say("Overview"),
    )
    others_page = page(lambda: _others(language), say("Other municipalities"), "neighbours")
    words_page = page(
        lambda: method.show(evidence.campaign(), language), say("Method and words"), "method"
    )
    plan_page = page(lambda: _planned(read(), language), say("Plan a trial"), "plan")
    time_page = page(lambda: _timed(language), say("Take time"), "time")
    rows_page = page(lambda: _corrected(read(), language), say("Corrections"), "corrections")
    analysing = _analysing(page, read, language)
    background = render(say("Background"), language)
    mine = render(say("My trial"), language)
    chosen = st.navigation(
        {
            "": [every_page, one_page, others_page],
            mine: [time_page, rows_page],
            render(say("Analyse"), language): analysing,
            background: [plan_page, words_page],
        }
    )
    chosen.run()
    with st.sidebar:
        reader = say("Reader: {committee}", committee=whose.committee)
        st.markdown(f":gray[{elements.words(reader, language)}]")
        others = {key: value for key, value in st.query_params.to_dict().items() if key != "lang"}
        elements.languages(language, others)
    garbage.spare_what_is_loaded()


def _analysing(
    page: Callable[[Callable[[], None], Text, str], StreamlitPage],
    read: Callable[[], Portfolio],
    language: Language,
) -> list[StreamlitPage]:
    """The analyst's pages."""

    def of_groups(draw: Callable[..., None]) -> None:
        place = evidence.workspace()
        draw(
            read(),
            language,
            found=partial(evidence.in_groups, place),
            files=partial(evidence.figures_file, place),
            asked=_asked("trial"),
            chose=partial(_keep, "trial"),
        )

    def of_prints() -> None:
        place = evidence.workspace()
        traced.show(
            read(),
            language,
            known=partial(evidence.trace, place),
            prove=partial(evidence.proof, place),
            asked=_asked("trial"),
            chose=partial(_keep, "trial"),
        )

    return [
        page(lambda: of_groups(analyst.show), say("Effects and checks"), "effects"),
        page(lambda: of_groups(raw.show), say("Raw data in groups"), "raw"),
        page(of_prints, say("Trace and fingerprints"), "trace"),
    ]


def _asked(name: str) -> str | None:
    """What the address says."""
    return st.query_params.get(name)


def _keep(name: str, value: str) -> None:
    """Have the address say it, so that it can be sent, and stays when the page is loaded again."""
    if st.query_params.get(name) != value:
        st.query_params[name] = value


def _how_far(name: str) -> Progress | None:
    """How far a trial is; None where it cannot be told, for the rest of the page can."""
    try:
        return evidence.progress(evidence.workspace(), name)
    except HtkevalError:
        return None


def _money() -> Supported | None:
    """What of the budget is carried; None where that cannot be told, for the rest can."""
    try:
        return evidence.money(evidence.workspace())
    except HtkevalError:
        return None


def _fund() -> Fund | None:
    """The pool; None likewise."""
    try:
        return evidence.fund(evidence.workspace())
    except HtkevalError:
        return None


def _others(language: Language) -> None:
    neighbours.show(
        evidence.questions(evidence.workspace()),
        language,
        asked=_asked("question"),
        chose=partial(_keep, "question"),
    )


def _worth(name: str) -> BusinessCase | None:
    """What a trial is worth; None likewise."""
    try:
        return evidence.worth(evidence.workspace(), name)
    except HtkevalError:
        return None


def _planned(portfolio: Portfolio, language: Language) -> None:
    place = evidence.workspace()
    plan.show(
        portfolio,
        place.policy,
        language,
        known=lambda name: evidence.known(place, name),
        asked=_asked("trial"),
        chose=partial(_keep, "trial"),
    )


def _corrected(portfolio: Portfolio, language: Language) -> None:
    place = evidence.workspace()
    corrections.show(
        portfolio,
        language,
        known=lambda name: evidence.row_history(place, name),
        asked=_asked("trial"),
        chose=partial(_keep, "trial"),
    )


def _timed(language: Language) -> None:
    place = evidence.workspace()
    with ExitStack() as opened:
        take_time.show(
            place.readable_trials,
            language,
            opened=lambda name: opened.enter_context(open_case(place, name)),
            actor=actor(None),
            asked=_asked("trial"),
            chose=partial(_keep, "trial"),
            person=_asked("participant"),
            was=partial(_keep, "participant"),
        )


def name_plate(municipality: str) -> str:
    """The name at the top of the sidebar, as a picture of text."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="224" height="46" viewBox="0 0 224 46">'
        '<g font-family="IBM Plex Sans, Segoe UI, system-ui, sans-serif">'
        '<text x="0" y="18" font-size="19" font-weight="700" fill="#00478F">htkeval</text>'
        f'<text x="0" y="40" font-size="15" fill="#465362">{escape(municipality[:30])}</text>'
        "</g></svg>"
    )


if __name__ == "__main__":
    main()
