"""The dashboard as an ASGI app: Streamlit with our headers, a health route, and no tracebacks.

`htkeval dashboard` serves it; so does `streamlit run dashboards/app.py` or any ASGI server.
"""

from __future__ import annotations

import logging
import os
import sys
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Scope

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:  # where the folder travels in a wheel
    sys.path.insert(0, str(HERE.parent))

from dashboards import media, session, uploads  # noqa: E402 - found only after the line above
from dashboards.door import DoorMiddleware, Reason  # noqa: E402
from dashboards.headers import HeaderMiddleware  # noqa: E402
from dashboards.serve import FORWARDS  # noqa: E402
from htkeval.errors import HtkevalError, Problem, StateError  # noqa: E402
from htkeval.roles import Roles  # noqa: E402
from htkeval.steps.protect import Protection, loopback, protection  # noqa: E402
from htkeval.store import watch  # noqa: E402
from htkeval.text import LANGUAGES, Language, render, say  # noqa: E402
from htkeval.workspace import find  # noqa: E402

LOG = logging.getLogger("htkeval.dashboard")


async def healthy(request: Request) -> JSONResponse:
    """Whether the server answers; says nothing of the evidence."""
    del request
    return JSONResponse({"status": "ok"})


def told(error: Exception) -> bool:
    """An error of our own making: logged in full, told in one sentence."""
    LOG.error("the page could not be drawn", exc_info=error)
    asked = st.query_params.get("lang")
    language = next((one for one in LANGUAGES if one == asked), LANGUAGE)
    text = say("This page cannot be shown. The fault is written in the log.")
    st.markdown(render(text, language))
    return True


def first_language() -> tuple[Language, str]:
    """The municipality's language and name, for the page before Streamlit fills it."""
    try:
        municipality = find(Path.cwd()).municipality
    except HtkevalError:
        return "da", "htkeval"
    title = render(say("AI trials"), municipality.language)
    return municipality.language, f"{title} – {municipality.name}"


def protected() -> Protection | HtkevalError:
    """How requests are told apart; what is wrong with that, where something is."""
    address = st.get_option("server.address") or "0.0.0.0"
    try:
        place = find(Path.cwd())
    except HtkevalError as error:  # nothing can be shown; to whoever sits here it is told why
        return Protection("local", Roles()) if loopback(address) else error
    try:
        found = protection(place, address)
    except HtkevalError as error:
        return error
    asked = {name: os.environ.get(name) for name in FORWARDS}
    if found.roles.proxy and asked != FORWARDS:
        started, how = say("a server started by itself"), say("`htkeval dashboard`")
        return StateError(Problem(say("the dashboard"), started, how))
    return found


def keep(reason: Reason) -> None:
    """Keep that somebody was not let in; a name that was only claimed is not kept."""
    try:
        place = find(Path.cwd())
    except HtkevalError:
        return
    now = datetime.now(UTC)
    watch.refused(place.store, watch.NOBODY, reason, trial=None, what="door", now=now)


def files(scope: Scope) -> Reason | None:
    """Why a file is not taken, or not given."""
    return uploads.why_not(scope) or media.why_not(scope)


media.settle()
LANGUAGE, TITLE = first_language()
PROTECTION = protected()
session.settle(
    PROTECTION if isinstance(PROTECTION, Protection) else Protection("proxy", Roles())
)  # where the door lets nobody in, nobody has a right either

app = st.App(
    HERE / "pages.py",
    routes=[Route("/healthz", healthy)],
    middleware=[
        Middleware(DoorMiddleware, protection=PROTECTION, keep=keep, also=files),
        Middleware(HeaderMiddleware, language=LANGUAGE, title=escape(TITLE)),
    ],
    on_script_error=told,
)
