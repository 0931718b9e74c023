"""Who is here: the way in, the way out, and the foot of the sidebar."""

from __future__ import annotations

import streamlit as st

from dashboards import elements
from dashboards.navigation import ROLE_WORDS
from htkeval.errors import NotAllowed
from htkeval.rights import SENTENCES, Identity
from htkeval.text import Language, render, say


def log_in(language: Language) -> None:
    """What somebody sees who has not logged in: nothing but the way in."""
    elements.title(say("AI trials"), language)
    elements.sentence(say("Log in to see the trials. Your role decides what you see."), language)
    st.button(
        elements.words(say("Log in"), language), type="primary", on_click=st.login, key="log-in"
    )


def no_role(who: Identity | None, language: Language) -> None:
    """What somebody sees whom nobody has given a role."""
    elements.title(say("You have no role here"), language)
    elements.sentence(
        say("{place}: {found}.", place=say("Your rights"), found=SENTENCES["no_role"]), language
    )
    if who is not None:
        name = who.actor.name
        elements.sentence(say("You are logged in as {name}.", name=name), language)
        _log_out(who, language)


def refused(error: NotAllowed, language: Language) -> None:
    """What somebody sees of a page that is not for him, in place of the page."""
    elements.title(say("You have no access to this"), language)
    for line in error.message(language).splitlines():
        elements.sentence(line, language)


def foot(who: Identity | None, committee: str, language: Language) -> None:
    """The role, and whose it is."""
    if who is None:
        reader = say("Reader: {committee}", committee=committee)
        st.markdown(f":gray[{elements.words(reader, language)}]")
        elements.small(say("Role: every right, on this computer only"), language)
        return
    roles = ", ".join(render(ROLE_WORDS[role], language) for role in who.roles)
    st.markdown(f":gray[{elements.words(say('Role: {roles}', roles=roles), language)}]")
    elements.small(who.actor.name, language)
    _log_out(who, language)


def _log_out(who: Identity, language: Language) -> None:
    if who.actor.known_by == "oidc":
        st.button(elements.words(say("Log out"), language), on_click=st.logout, key="log-out")
