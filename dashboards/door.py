"""Who is let in at all: asked of every request and every socket, before anything else is.

For this computer only, a request must come from it, be meant for it by name, and have come by
nobody else. Behind a proxy it must come from that proxy, and only then is believed what it says.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Literal

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboards.headers import FIXED
from htkeval.errors import HtkevalError
from htkeval.roles import Proxy
from htkeval.steps.protect import Protection, loopback
from htkeval.text import Text, render, say

LOG = logging.getLogger("htkeval.dashboard")
Reason = Literal[
    "setup", "bound", "peer", "host", "origin", "forwarded", "header", "account", "closed",
    "upload", "too_much",
]  # fmt: skip

SENTENCES: dict[Reason, Text] = {
    "setup": say("The dashboard is not protected as it must be, so it shows nothing:"),
    "bound": say("The dashboard listens where others can reach it, and nobody asks who they are."),
    "peer": say("The dashboard does not answer the computer that this came from."),
    "host": say("The dashboard was called by another name than it answers to."),
    "origin": say("The request comes from a page of another site."),
    "forwarded": say(
        "The request was passed on by a proxy (Forwarded or X-Forwarded-…) that is not known here."
    ),
    "header": say("The request claims who somebody is, and comes from nobody who is believed."),
    "account": say("The proxy did not say who asks."),
    "closed": say("There is nothing to be read at this address."),
    "upload": say("No page that is open here asks for a file."),
    "too_much": say("More files came than can be held. Close the page, and open it again."),
}
"""Why not."""

CLAIMS = frozenset({
    "remote-user", "x-remote-user", "x-remote-groups", "x-webauth-user", "x-auth-user",
    "x-auth-request-user", "x-auth-request-email", "x-authenticated-user", "x-user", "x-role",
    "x-roles", "x-htkeval-role", "x-htkeval-user", "x-ms-client-principal-name",
})  # fmt: skip
"""Headers in which proxies say who asks. Nothing else sends them, so they are a sign of one."""

PASSED_ON = frozenset({
    "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "x-original-host", "true-client-ip",
    "cf-connecting-ip",
})  # fmt: skip
"""Headers by which a proxy shows itself that says neither Forwarded nor X-Forwarded-…."""

AGAIN = 60.0
"""Seconds before a refusal for the same reason is taken to the record again: whoever floods the
door must not keep the store busy."""
HEALTH = "/healthz"
CLOSED = frozenset({"/_stcore/metrics"})
"""Of Streamlit's own: which caches there are, and when they were read."""
_NAMES = ("localhost", "127.0.0.1", "[::1]")


def why_not(scope: Scope, protection: Protection) -> Reason | None:
    """Why a request or a socket is not let in; None where it is."""
    headers = Headers(scope=scope)
    proxy, peer = protection.roles.proxy, _peer(scope)
    passed_on = any(n == "forwarded" or n.startswith("x-forwarded") for n in headers)
    if protection.way == "local":  # elsewhere somebody's own firm may have such a proxy
        passed_on = passed_on or any(name in PASSED_ON for name in headers)
    own = {proxy.header.lower()} if proxy and proxy.header else set()
    claimed = any(name in CLAIMS | own for name in headers)
    if proxy and proxy.trusts(peer):
        passed_on = claimed = False
    elif proxy and not (passed_on or claimed):
        return None if _asks_health(scope, peer) else "peer"
    if claimed:
        return "header"
    if passed_on:
        return "forwarded"
    if _asks_health(scope, peer):
        return None
    if protection.way == "local" and not loopback(str((scope.get("server") or ("",))[0])):
        return "bound"
    if protection.way == "local" and not loopback(peer):
        return "peer"
    if not _called_right(headers, protection.host):
        return "host"
    if not _from_own_page(headers, protection.host):
        return "origin"
    if scope["path"].rstrip("/") in CLOSED:
        return "closed"
    return _named(headers, proxy) if protection.way == "proxy" and proxy else None


def _peer(scope: Scope) -> str:
    return str((scope.get("client") or ("",))[0])


def _asks_health(scope: Scope, peer: str) -> bool:
    """Whoever watches over the machine may ask whether the server answers; nothing else is told."""
    return scope["type"] == "http" and scope["path"] == HEALTH and loopback(peer)


def _called_right(headers: Headers, outside: str | None) -> bool:
    """Whether it was called by one name, and that is its own; a port may stand behind it."""
    (host,) = headers.getlist("host") if len(headers.getlist("host")) == 1 else ("",)
    return _name(host) in ((outside.lower(),) if outside else _NAMES)


def _from_own_page(headers: Headers, outside: str | None) -> bool:
    """Whether no other site's page asks through somebody's browser: not even one of this computer
    at another port. What is no browser says nothing of where it comes from."""
    for said in headers.getlist("origin"):
        place = said.partition("://")[2].lower()
        own = _name(place) == outside.lower() if outside else place == headers["host"].lower()
        if not own:
            return False
    return True


def _name(host: str) -> str:
    """Without a port; what has no port where one should be has no name either."""
    name, colon, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    if not colon:
        return host.lower()
    return name.lower() if port.isascii() and port.isdecimal() else ""


def _named(headers: Headers, proxy: Proxy) -> Reason | None:
    """Whether the proxy names one account: two headers may be one of its own and one forged."""
    said = headers.getlist(proxy.header or "")
    return None if len(said) == 1 and said[0].strip() else "account"


class WordsOnly(PlainTextResponse):
    """An answer that is a sentence and nothing else, to a socket as to a page."""

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        """All that a sentence needs is refused, and it is kept nowhere."""
        closed = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
        super().init_headers({**(headers or {}), **closed, "Cache-Control": "no-store", **FIXED})


class DoorMiddleware:
    """Answers 403, in words, to whoever is not let in; a socket is closed before it opens."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        protection: Protection | HtkevalError,
        keep: Callable[[Reason], None],
        also: Callable[[Scope], Reason | None] = lambda scope: None,
    ) -> None:
        self.app, self.protection, self.keep, self.also = app, protection, keep, also
        self._kept_at: dict[Reason, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        settled = self.protection if isinstance(self.protection, Protection) else None
        reason = (why_not(scope, settled) if settled else "setup") or self.also(scope)
        if reason is None:
            await self.app(self._as_called(scope), receive, send)
            return
        now = monotonic()
        if now - self._kept_at.get(reason, -AGAIN) >= AGAIN:
            self._kept_at[reason] = now
            await asyncio.to_thread(self._kept, reason)
        if scope["type"] == "websocket":
            await receive()
            if "websocket.http.response" not in scope.get("extensions", {}):
                await send({"type": "websocket.close", "code": 1008})  # 403, without words
                return
        answer = WordsOnly(self._words(reason), status_code=403)
        await answer(scope, receive, send)

    def _as_called(self, scope: Scope) -> Scope:
        """Whether the browser speaks TLS is known to the proxy alone; it was believed already."""
        if isinstance(self.protection, Protection) and self.protection.roles.proxy:
            secure = Headers(scope=scope).get("x-forwarded-proto") == "https"
            if secure and scope["scheme"] in ("http", "ws"):
                return {**scope, "scheme": scope["scheme"] + "s"}
        return scope

    def _words(self, reason: Reason) -> str:
        more = self.protection if isinstance(self.protection, HtkevalError) else None
        lines = []
        for language in ("da", "en"):
            lines.append(render(SENTENCES[reason], language))
            lines += [more.message(language)] if more else []
        return "\n".join(lines) + "\n"

    def _kept(self, reason: Reason) -> None:
        try:
            self.keep(reason)
        except HtkevalError as failed:  # the answer is 403 all the same
            LOG.warning("a refusal (%s) could not be kept: %s", reason, failed)
