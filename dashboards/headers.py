"""What every answer of the server carries: where content may come from, and in which language.

Streamlit sends no security headers of its own and always says `lang="en"`.
"""

from __future__ import annotations

import logging
import re
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from htkeval.text import LANGUAGES, Language, render, say

LOG = logging.getLogger("htkeval.dashboard")

FIXED = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

SOON = ("ArrowVegaLiteChart", "embed", "vega-interpreter", "Html", "purify.es", "PageLink")
"""Parts of Streamlit that nearly every page of ours needs, and that it asks for when the first of
them is to be drawn: charts, tables, links."""

HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")
"""A host that may be repeated in a header; anything else is left out."""

PRERENDER = re.compile(rb"<script>\s*window\.prerenderReady = false\s*</script>")
"""A flag for search engines, written in the page: the one script that the policy would block."""


@cache
def preloaded() -> bytes:
    """Links by which a browser fetches those parts while the app starts; none where Streamlit has
    other names for them."""
    folder = Path(streamlit.__file__).parent / "static" / "static" / "js"
    files = (file.name for name in SOON for file in sorted(folder.glob(f"{name}.*.js")))
    link = '<link rel="modulepreload" crossorigin href="./static/js/{}">'
    return "".join(map(link.format, files)).encode()


def content_policy(host: str, *, secure: bool) -> str:
    """The Content-Security-Policy: everything from this server, nothing from anywhere else.

    Styles in the page are what Streamlit's components are made of; scripts in it are refused.
    """
    socket = f" {'wss' if secure else 'ws'}://{host}" if HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self'{socket}",
            "frame-ancestors 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )


def language_of(query: str, default: Language) -> Language:
    """The language that the address asks for, else the municipality's own."""
    asked = parse_qs(query).get("lang", [""])[0]
    return next((language for language in LANGUAGES if language == asked), default)


class HeaderMiddleware:
    """Adds the headers to every answer, and rewrites the first page."""

    def __init__(self, app: ASGIApp, *, language: Language, title: str) -> None:
        self.app = app
        self.language = language
        self.title = title

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = _headers(scope)
        answer = _Answer(send, self._rewriting(scope), headers)
        try:
            await self.app(_uncompressed(scope), receive, answer)
        except Exception:
            if answer.begun:
                raise
            LOG.exception("a request could not be answered")
            told = PlainTextResponse(render(say("This cannot be answered."), self.language), 500)
            told.headers.update({**headers, "Cache-Control": "no-store"})
            await told(scope, receive, send)

    def _rewriting(self, scope: Scope) -> tuple[tuple[re.Pattern[bytes], bytes], ...]:
        language = language_of(scope.get("query_string", b"").decode("latin-1"), self.language)
        return (
            (re.compile(rb'<html lang="en"'), f'<html lang="{language}"'.encode()),
            (re.compile(rb"<title>Streamlit</title>"), f"<title>{self.title}</title>".encode()),
            (PRERENDER, preloaded()),
        )


def _headers(scope: Scope) -> dict[str, str]:
    host = Headers(scope=scope).get("host", "")
    policy = content_policy(host, secure=scope.get("scheme") == "https")
    return {"Content-Security-Policy": policy, **FIXED}


def _uncompressed(scope: Scope) -> Scope:
    """A page must arrive as text to be rewritten; only pages are asked for as HTML."""
    if "text/html" not in Headers(scope=scope).get("accept", ""):
        return scope
    kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": kept}


class _Answer:
    """Passes an answer on with its headers; a page is held back until it is whole."""

    def __init__(
        self,
        send: Send,
        rewriting: tuple[tuple[re.Pattern[bytes], bytes], ...],
        headers: dict[str, str],
    ) -> None:
        self.send = send
        self.rewriting = rewriting
        self.headers = headers
        self.begun = False
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(self.headers)
            page = headers.get("content-type", "").startswith("text/html")
            if page and "content-encoding" not in headers:
                self.start = message
                return
            self.begun = True
        elif message["type"] == "http.response.body" and self.start is not None:
            await self._page(message)
            return
        await self.send(message)

    async def _page(self, message: Message) -> None:
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        for pattern, words in self.rewriting:
            found = pattern.search(self.body)
            if found:  # as it is: a backslash in a name is a backslash
                self.body = self.body[: found.start()] + words + self.body[found.end() :]
        self.begun = True
        start = self.start or {}
        headers = MutableHeaders(scope=start)
        headers["content-length"] = str(len(self.body))
        for name in ("etag", "last-modified"):  # they are those of the page as it was
            if name in headers:
                del headers[name]
        await self.send(start)
        await self.send({"type": "http.response.body", "body": self.body, "more_body": False})
