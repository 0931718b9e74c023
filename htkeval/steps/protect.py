"""How the dashboard is protected: for this computer only, by a login, or behind a proxy."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from htkeval.errors import HtkevalError, Problem, StateError
from htkeval.roles import Roles
from htkeval.text import Text, say
from htkeval.workspace import ROLES, Workspace

Way = Literal["local", "oidc", "proxy"]
SECRETS = "HTKEVAL_SECRETS"
LOCAL = "127.0.0.1"
NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
SHORTEST_SECRET = 32
"""Letters of the secret that cookies are signed with."""


@dataclass(frozen=True)
class Protection:
    """How requests are told apart, settled when the server starts."""

    way: Way
    """For this computer only, by a login, or by a proxy's word."""
    roles: Roles
    """The rules as they were at the start; who has which role is read anew for each page."""
    secrets: Path | None = None
    """The file with the secrets of the login."""
    host: str | None = None
    """The name by which the dashboard is called from outside; None: only as this computer."""


def protection(
    workspace: Workspace, address: str = LOCAL, environ: Mapping[str, str] = os.environ
) -> Protection:
    """How the dashboard of a workspace is protected at an address.

    Args:
        workspace: Whose `configs/roles.toml` is read.
        address: Where the server listens.
        environ: Names the file of secrets.

    Raises:
        Refused: `roles.toml` contradicts itself.
        StateError: The address can be reached by others and nobody would ask who they are; or a
            login is wanted whose secrets are not there.
    """
    roles = workspace.roles
    if roles.oidc:
        file, auth = _secrets(workspace, environ)
        outside = urlsplit(str(auth["redirect_uri"])).hostname
        return Protection("oidc", roles, file, roles.proxy.host if roles.proxy else outside)
    if roles.proxy:
        return Protection("proxy", roles, host=roles.proxy.host)
    if not loopback(address):
        raise _refused(
            say("the address {address}", address=address),
            say("an address that others can reach, and nobody who asks who they are"),
            say("{local}, or a login or a proxy in {file}", local=LOCAL, file=ROLES.as_posix()),
            say("README, “Who may see and do what”, says how."),
        )
    return Protection("local", roles)


def loopback(address: str) -> bool:
    """Whether only this computer reaches an address."""
    if address == "localhost":
        return True
    try:
        asked = ip_address(address)
    except ValueError:
        return False
    return (getattr(asked, "ipv4_mapped", None) or asked).is_loopback


def told(workspace: Workspace, environ: Mapping[str, str] = os.environ) -> Text:
    """The protection in words, for `htkeval doctor`. Raises as `protection` does."""
    found = protection(workspace, LOCAL, environ)
    n = len(found.roles.roles)
    if found.way == "oidc":
        return say("The dashboard asks for a login (OIDC); roles given: {n}.", n=n)
    if found.way == "proxy":
        peers = ", ".join(found.roles.proxy.peers) if found.roles.proxy else ""
        return say(
            "The dashboard answers the proxy at {peers} only; roles given: {n}.", peers=peers, n=n
        )
    return say("The dashboard answers this computer only, and whoever sits here has every right.")


def _secrets(workspace: Workspace, environ: Mapping[str, str]) -> tuple[Path, dict[str, Any]]:
    """The file of secrets and what it says of the login. No value of it is ever repeated."""
    place = say("the secrets of the login ({name})", name=SECRETS)
    named = environ.get(SECRETS, "").strip()
    if not named:
        raise _refused(
            place,
            say("nothing"),
            say("the path of a TOML file outside the workspace"),
            say("README, “Who may see and do what”, says what stands in it."),
        )
    file = Path(named).resolve()
    if file.is_relative_to(workspace.root.resolve()):
        raise _refused(
            place,
            say("a file inside the workspace, which is shared and kept"),
            say("a file outside {folder}", folder=str(workspace.root)),
        )
    if find_spec("authlib") is None:
        raise _refused(
            place,
            say("no Authlib, by which Streamlit logs people in"),
            say("what `pip install 'htkeval[oidc]'` installs"),
        )
    auth = _auth(file, place)
    missing = [key for key in NEEDED if not isinstance(auth.get(key), str) or not auth[key]]
    if missing:
        keys = ", ".join(missing)
        raise _refused(place, say("no {keys} under [auth]", keys=keys), ", ".join(NEEDED))
    if len(auth["cookie_secret"]) < SHORTEST_SECRET:
        raise _refused(
            place,
            say("a cookie_secret of {n} letters", n=len(auth["cookie_secret"])),
            say("{n} letters by chance or more", n=SHORTEST_SECRET),
        )
    if not str(auth["redirect_uri"]).endswith("/oauth2callback"):
        raise _refused(
            place,
            say("another redirect_uri"),
            say("the dashboard's address outside, with /oauth2callback behind"),
        )
    return file, auth


def _auth(file: Path, place: Text) -> dict[str, Any]:
    try:
        auth = tomllib.loads(file.read_text(encoding="utf-8-sig")).get("auth")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        auth = None
    if not isinstance(auth, dict):
        raise _refused(place, say("no table [auth] that can be read"), ", ".join(NEEDED))
    return auth


def _refused(place: Text, found: Text, expected: Text | str, step: Text | str = "") -> HtkevalError:
    return StateError(Problem(place, found, expected, step))
