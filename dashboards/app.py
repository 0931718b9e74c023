"""The dashboard as an ASGI app: Streamlit with our headers, a health route, and no tracebacks.

`htkeval dashboard` serves it; so does `streamlit run dashboards/app.py` or any ASGI server.
"""

from __future__ import annotations

import logging
import sys
from html import escape
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:  # where the folder travels in a wheel
    sys.path.insert(0, str(HERE.parent))

from dashboards.headers import HeaderMiddleware  # noqa: E402 - found only after the line above
from htkeval.errors import HtkevalError  # noqa: E402
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


LANGUAGE, TITLE = first_language()

app = st.App(
    HERE / "pages.py",
    routes=[Route("/healthz", healthy)],
    middleware=[Middleware(HeaderMiddleware, language=LANGUAGE, title=escape(TITLE))],
    on_script_error=told,
)
