"""The Streamlit script: which pages there are, in which language, on whose evidence."""

from __future__ import annotations

from typing import cast
from xml.sax.saxutils import escape

import streamlit as st

from dashboards import elements, evidence
from dashboards.views import method, overview, plan, trial
from htkeval.errors import HtkevalError
from htkeval.portfolio import Portfolio
from htkeval.progress import Progress
from htkeval.text import LANGUAGES, Language, render, say


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
        portfolio = evidence.load(place)
    except HtkevalError as error:
        st.set_page_config(page_title="htkeval", layout="wide")
        elements.look()
        elements.problem(error, language)
        return
    run(portfolio, language)


def run(portfolio: Portfolio, language: Language) -> None:
    """Navigation, the foot of the sidebar, and the chosen page."""
    st.set_page_config(
        page_title=f"{render(say('AI trials'), language)} – {portfolio.municipality}",
        layout="wide",
        initial_sidebar_state=256,
    )
    elements.look()
    st.logo(name_plate(portfolio.municipality), size="large")

    def one() -> None:
        asked = st.query_params.get("trial")
        trial.show(portfolio, language, asked=asked, chose=keep, progress_of=how_far)

    def how_far(name: str) -> Progress | None:
        try:
            return evidence.progress(evidence.workspace(), name)
        except HtkevalError:
            return None

    def keep(name: str) -> None:
        if st.query_params.get("trial") != name:
            st.query_params["trial"] = name

    one_page = st.Page(one, title=render(say("Trials"), language), url_path="trial")

    def every() -> None:
        overview.show(portfolio, language, trial_page=one_page)

    def words() -> None:
        method.show(evidence.campaign(), language)

    def planned() -> None:
        try:
            place = evidence.workspace()
            policy = place.policy
        except HtkevalError as error:
            elements.problem(error, language)
            return
        plan.show(
            portfolio,
            policy,
            language,
            known=lambda name: evidence.known(place, name),
            asked=st.query_params.get("trial"),
            chose=keep,
        )

    every_page = st.Page(every, title=render(say("Overview"), language), default=True)
    words_page = st.Page(words, title=render(say("Method and words"), language), url_path="method")
    plan_page = st.Page(planned, title=render(say("Plan a trial"), language), url_path="plan")
    background = render(say("Background"), language)
    page = st.navigation({"": [every_page, one_page], background: [plan_page, words_page]})
    page.run()
    with st.sidebar:
        reader = say("Reader: {committee}", committee=portfolio.committee)
        st.markdown(f":gray[{elements.words(reader, language)}]")
        others = {key: value for key, value in st.query_params.to_dict().items() if key != "lang"}
        elements.languages(language, others)


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
