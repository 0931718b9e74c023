"""Files for download: nobody can work out an address, and whoever is told one must be who has it.

Streamlit's own address is a hash of the content, of large files even of a part of it: whoever can
guess what a sheet holds would have its address, and an answer to whether he guessed right. And it
gives a file to whoever asks for it, as long as the session lives for which it was made.
"""

from __future__ import annotations

import hmac
import json
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import PurePosixPath
from secrets import token_bytes

import streamlit as st
from starlette.requests import HTTPConnection
from starlette.types import Scope
from streamlit.runtime import memory_media_file_storage as storage
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.server_util import AUTH_COOKIE_NAME
from streamlit.web.server.starlette import starlette_websocket as socket

from dashboards import session
from dashboards.door import Reason
from htkeval.errors import HtkevalError
from htkeval.roles import Oidc

PATH = "/media/"
MOST = 10_000
"""Addresses that are remembered; who comes for an older one opens its page again."""
_SECRET = token_bytes(32)
_given: OrderedDict[str, set[str | None]] = OrderedDict()
"""By address: the accounts whose pages offer it."""
_asked_by: ContextVar[str | None] = ContextVar("asked_by", default=None)


def address(data: bytes, mimetype: str, filename: str | None = None) -> str:
    """The name of a file in its address: the same for the same file as long as the server lives."""
    told = f"{len(data)}:{mimetype}:{filename or ''}:".encode()
    name = hmac.new(_SECRET, told + data, sha256).hexdigest()
    _given.setdefault(name, set()).add(_reader())
    _given.move_to_end(name)
    while len(_given) > MOST:
        _given.popitem(last=False)
    return name


def when_asked(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """A file that is made when its button is pressed, for the account whose page is being drawn."""
    account = _reader()

    def made() -> bytes:
        _asked_by.set(account)  # Streamlit calls this, and then for the address, in one context
        return make()

    return made


def _reader() -> str | None:
    """The account whose page is being drawn, or whose button was pressed; None where nobody logs
    in."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return _asked_by.get()
    found = st.session_state.get("identity")
    return found.actor.name if found else None


def settle() -> None:
    """Have Streamlit call files so."""
    storage._calculate_file_id = address


def asking(scope: Scope) -> str | None:
    """The account that asks for a file; None where none is named, or nobody logs in."""
    protection, asked = session.settled(), HTTPConnection(scope)
    if protection is None or protection.way == "local":
        return None
    if protection.way == "proxy":
        proxy = protection.roles.proxy
        return asked.headers.get(proxy.header or "", "").strip() if proxy else None
    signed = socket._get_signed_cookie_with_chunks(dict(asked.cookies), AUTH_COOKIE_NAME)
    try:
        claims = json.loads(signed or b"{}")
        return session.logged_in(claims, protection.roles.oidc or Oidc(), datetime.now(UTC))[0]
    except (ValueError, HtkevalError):
        return None


def why_not(scope: Scope, account: Callable[[Scope], str | None] = asking) -> Reason | None:
    """Why a file is not given; None where it is, or where no file is asked for."""
    if scope["type"] != "http" or not scope["path"].startswith(PATH):
        return None
    name = PurePosixPath(scope["path"]).stem
    return None if account(scope) in _given.get(name, ()) else "closed"
