"""The Streamlit script: which pages there are, in which language, on whose evidence."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial
from typing import Concatenate, cast
from xml.sax.saxutils import escape

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboards import (
    address,
    analysing,
    elements,
    evidence,
    garbage,
    leading,
    navigation,
    session,
    working,
)
from dashboards.keeping import Answer, Asked, or_none
from dashboards.views import (
    accessible,
    account,
    method,
    neighbours,
    overview,
    papers,
    take_time,
    trial,
)
from htkeval.decision import Actor
from htkeval.errors import HtkevalError, NotAllowed
from htkeval.municipality import Municipality
from htkeval.portfolio import Portfolio
from htkeval.rights import Identity, refusal
from htkeval.steps.actor import actor
from htkeval.steps.case import open_case
from htkeval.text import LANGUAGES, Language, Text, render, say
from htkeval.workspace import Workspace


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
        language = chosen_language(evidence.language())
        place = evidence.workspace()
    except session.LogIn:
        _alone(lambda: account.log_in(language))
        return
    except HtkevalError as error:
        _alone(partial(elements.problem, error, language))
        return
    if place.who is not None and not place.who.roles:
        with suppress(HtkevalError):  # who has no role is shown nothing, kept or not
            evidence.refused(place, "no_role", what="page")
        _alone(lambda: account.no_role(place.who, language))
        return
    run(
        lambda: evidence.load(place),
        place.municipality,
        language,
        who=place.who,
        sound=lambda: evidence.refuse_a_lost_store(place),
    )


def _alone(draw: Callable[[], None]) -> None:
    """A page without navigation, for whoever is shown nothing else."""
    st.set_page_config(page_title="htkeval", layout="wide")
    elements.look()
    draw()


def run(
    read: Callable[[], Portfolio],
    whose: Municipality,
    language: Language,
    *,
    who: Identity | None = None,
    sound: Callable[[], None] = lambda: None,
) -> None:
    """Navigation, the foot of the sidebar, and the chosen page.

    Args:
        read: Reads where every trial stands; a page that does not ask for it is drawn at once.
        whose: The municipality.
        language: Of every word.
        who: Who asks; None: whoever sits at this computer.
        sound: Refuses pages of evidence that is not there any more.
    """
    st.set_page_config(
        page_title=f"{render(say('AI trials'), language)} – {whose.name}",
        layout="wide",
        initial_sidebar_state=256,
    )
    elements.look()
    st.logo(name_plate(whose.name), size="large")

    every: dict[str, StreamlitPage] = {}

    def page(draw: Callable[[], None], title: Text, path: str | None = None) -> StreamlitPage:
        mine = navigation.allowed(path or "", who)

        def drawn() -> None:
            try:
                if not mine:
                    _not_here(path, every, language)
                if path not in navigation.OF_THE_TOOL:
                    sound()
                draw()
            except NotAllowed as error:
                account.refused(error, language)
            except HtkevalError as error:
                elements.problem(error, language)

        every[path or ""] = st.Page(
            drawn,
            title=render(title, language),
            url_path=path,
            default=path is None,
            visibility="visible" if mine else "hidden",
        )
        return every[path or ""]

    one_page = page(
        lambda: trial.show(
            read(),
            language,
            asked=address.asked("trial"),
            chose=address.trial,
            progress_of=_here(working.progress),
            worth_of=_here(evidence.worth),
        ),
        say("Trials"),
        "trial",
    )
    papers_page = page(lambda: _papers(language), say("Papers"), "papers")
    page(
        lambda: overview.show(
            read(),
            language,
            trial_page=one_page,
            papers_page=papers_page,
            money=_here(evidence.money)(),
            fund=_here(evidence.fund)(),
            ends=_here(evidence.ends_with)(),
            going_on=_here(evidence.going_on),
        ),
        say("Overview"),
    )
    page(lambda: _others(language), say("Other municipalities"), "neighbours")
    time_page = page(lambda: _timed(language), say("Take time"), "time")
    mend = analysing.pages(page, read, language, who=_acting)
    leading.pages(page, read, language, time_page=time_page, mend_page=mend, who=_acting)
    page(lambda: method.show(evidence.campaign(), language), say("Method and words"), "method")
    page(
        lambda: accessible.show(evidence.statement(language), language),
        accessible.TITLE,
        "accessibility",
    )
    chosen = st.navigation(_headed(every, who, language), expanded=True)
    chosen.run()
    with st.sidebar:
        account.foot(who, whose.committee, language)
        others = {key: value for key, value in st.query_params.to_dict().items() if key != "lang"}
        elements.languages(language, others)
    garbage.spare_what_is_loaded()


def _headed(
    every: dict[str, StreamlitPage], who: Identity | None, language: Language
) -> dict[str, list[StreamlitPage]]:
    """The pages under their headings, in the order of the one table."""
    known = [*navigation.PAGES, *(path for path in every if path not in navigation.PAGES)]
    found: dict[str, list[StreamlitPage]] = {}
    for path in known:
        if path in every:
            heading = render(navigation.section(path, who), language)
            found.setdefault(heading, []).append(every[path])
    return found


def _not_here(path: str | None, every: dict[str, StreamlitPage], language: Language) -> None:
    """A page that is not for this role: a sentence, and it is kept; from the front door on, a lead
    is led to his own.

    Raises:
        NotAllowed: It is not for this role.
    """
    home = every.get(navigation.HOME_OF_A_LEAD)
    if path is None and home is not None and home.visibility == "visible":
        st.switch_page(home, query_params={"lang": language})
    with suppress(HtkevalError):  # refused all the same, where it cannot be kept
        evidence.refused(evidence.workspace(), "page", what=path or "overview")
    raise refusal("page")


def _acting() -> Actor:
    """Who acts: whoever logged in, else whoever sits at this computer."""
    who = evidence.workspace().who
    return who.actor if who else actor(None)


def _here(
    ask: Callable[Concatenate[Workspace, Asked], Answer],
) -> Callable[Asked, Answer | None]:
    """Asks the workspace; None where it cannot be told, for the rest of a page can."""
    return or_none(lambda *args, **more: ask(evidence.workspace(), *args, **more))


def _others(language: Language) -> None:
    place = evidence.workspace()
    neighbours.show(
        evidence.questions(place),
        language,
        titles={one.trial.id: one.trial.title for one in evidence.load(place).trials},
        asked=address.asked("question"),
        chose=partial(address.keep, "question"),
    )


def _papers(language: Language) -> None:
    place = evidence.workspace()
    papers.show(
        place.readable_trials,
        working.papers(place),
        language,
        made=lambda name, form, public: working.paper(place, name, form, language, public=public),
        read=lambda one: working.kept_paper(place, one),
        asked=address.asked("trial"),
        chose=address.trial,
        public=address.asked("public") == "yes",
        left_out=lambda public: address.keep("public", "yes" if public else None),
    )


def _timed(language: Language) -> None:
    place = evidence.workspace()
    with ExitStack() as opened:
        take_time.show(
            tuple(one for one in place.readable_trials if analysing.is_mine(place, one.id)),
            language,
            opened=lambda name: opened.enter_context(open_case(place, name)),
            actor=_acting(),
            asked=address.asked("trial"),
            chose=address.trial,
            person=address.asked("participant"),
            was=partial(address.keep, "participant"),
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
