"""Who uses this session, asked anew for each page that is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from htkeval.decision import Actor
from htkeval.errors import NotAllowed, Problem
from htkeval.rights import Identity
from htkeval.roles import Oidc, Roles
from htkeval.steps.protect import Protection
from htkeval.text import say

_SETTLED: list[Protection] = []
"""How the server was started; it stays so, whatever roles.toml says later. Empty: a test of a page,
which no door stands before."""
LONGEST = 200
"""Letters of an account."""


class LogIn(NotAllowed):
    """Nobody has logged in yet, or long ago."""


def settle(protection: Protection) -> None:
    """Remember how the server was started."""
    _SETTLED[:] = [protection]


def settled() -> Protection | None:
    """How the server was started."""
    return _SETTLED[0] if _SETTLED else None


def who(now_given: Roles) -> Identity | None:
    """Who asks, with the roles that the rules give him now; None: whoever sits at this computer.

    Raises:
        LogIn: Nobody has logged in, or too long ago.
        NotAllowed: The server was started without its door.
    """
    protection = settled()
    if protection is None:
        _refuse_without_a_door()
    if protection is None or protection.way == "local":
        return None
    if protection.way == "oidc":
        account, groups = logged_in(st.user.to_dict(), protection.roles.oidc or Oidc(), _now())
        known_by = Actor(name=account, known_by="oidc")
    else:
        header = protection.roles.proxy.header if protection.roles.proxy else None
        account, groups = (st.context.headers.get(header or "") or "").strip(), ()
        if not account or len(account) > LONGEST:
            raise _log_in()
        known_by = Actor(name=account, known_by="proxy")
    roles, trials = now_given.of(account, groups)
    found = Identity(actor=known_by, roles=roles, trials=trials)
    _begin_anew(found)
    return found


def _refuse_without_a_door() -> None:
    """A server that runs the pages alone, without the app and its door, would let in anybody.

    Raises:
        NotAllowed: There is such a server; a test of a page has none.
    """
    if st.runtime.exists() and isinstance(st.runtime.get_instance(), st.runtime.Runtime):
        started, how = say("a server started by itself"), say("`htkeval dashboard`")
        raise NotAllowed(Problem(say("the dashboard"), started, how), reason="setup")


def logged_in(claims: Mapping[str, Any], oidc: Oidc, now: datetime) -> tuple[str, tuple[str, ...]]:
    """The account and its groups, as a login told them.

    Raises:
        LogIn: It told none, or too long ago.
    """
    account, told_at = claims.get(oidc.account), claims.get("iat")
    if claims.get("is_logged_in") is not True or not isinstance(account, str):
        raise _log_in()
    account = account.strip()
    if not account or len(account) > LONGEST:
        raise _log_in()
    if isinstance(told_at, bool) or not isinstance(told_at, int | float):
        raise _log_in()
    if not -300 <= now.timestamp() - told_at <= oidc.hours * 3600:
        raise _log_in()
    groups = claims.get(oidc.groups)
    listed = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    return account, tuple(one for one in listed if isinstance(one, str))


def _begin_anew(found: Identity) -> None:
    """Nothing that another left in a session is shown to whoever has it now."""
    kept = st.session_state.get("identity")
    if kept is not None and kept != found:
        st.session_state.clear()
    st.session_state["identity"] = found


def _log_in() -> LogIn:
    return LogIn(Problem(say("Your rights"), say("you have not logged in")), reason="login")


def _now() -> datetime:
    return datetime.now(UTC)
