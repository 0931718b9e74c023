"""Who is let in at all: a table of requests, and what the door answers."""

import asyncio

import pytest

from dashboards.door import DoorMiddleware, why_not
from htkeval.errors import EnvironmentFailed, Problem, StateError
from htkeval.roles import Given, Oidc, Proxy, Roles
from htkeval.steps.protect import Protection

ADMIN = (Given(role="admin", accounts=("a",)),)
BEHIND = Proxy(peers=("10.0.0.5", "fd00::/64"), host="ai.example.dk", header="X-Remote-User")
LOCAL = Protection("local", Roles())
PROXY = Protection("proxy", Roles(proxy=BEHIND, roles=ADMIN), host="ai.example.dk")
OIDC = Protection("oidc", Roles(oidc=Oidc(), roles=ADMIN), host="ai.example.dk")
TLS = Proxy(peers=("10.0.0.5",), host="ai.example.dk")
BOTH = Protection("oidc", Roles(oidc=Oidc(), proxy=TLS, roles=ADMIN), host="ai.example.dk")
HERE = (("host", "localhost:8501"),)
OUTSIDE = (("host", "ai.example.dk"),)
LONE = ("x-remote-user", "lone")
LOCAL_EVIL = (("host", "evil.example"),)


def scope(headers=HERE, *, peer="127.0.0.1", server="127.0.0.1", kind="http", path="/"):
    return {
        "type": kind,
        "method": "GET",
        "path": path,
        "query_string": b"",
        "scheme": "ws" if kind == "websocket" else "http",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
        "client": (peer, 5) if peer else None,
        "server": (server, 8501),
    }


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8501", "LOCALHOST", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8501"],
)
def test_this_computer_under_its_own_names_is_let_in(host, kind):
    assert why_not(scope((("host", host),), kind=kind), LOCAL) is None
    own = (("host", host), ("origin", f"http://{host}".lower()))
    assert why_not(scope(own, kind=kind), LOCAL) is None


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("headers", "more", "reason"),
    [
        ((("host", "evil.example"),), {}, "host"),
        ((("host", "localhost.evil.example"),), {}, "host"),
        ((("host", "localhost:8501@evil"),), {}, "host"),
        ((("host", "127.0.0.1:x"),), {}, "host"),
        ((("host", "::1"),), {}, "host"),
        ((("host", ""),), {}, "host"),
        ((), {}, "host"),
        ((("host", "localhost"), ("host", "evil")), {}, "host"),
        ((*HERE, ("forwarded", "for=1.2.3.4")), {}, "forwarded"),
        ((*HERE, ("x-forwarded-for", "1.2.3.4")), {}, "forwarded"),
        ((*HERE, ("X-Forwarded-Proto".lower(), "https")), {}, "forwarded"),
        ((*HERE, ("x-forwarded-user", "boss")), {}, "forwarded"),
        ((*HERE, ("x-forwarded-anything", "")), {}, "forwarded"),
        ((*HERE, ("via", "1.1 nginx")), {}, "forwarded"),
        ((*HERE, ("x-real-ip", "1.2.3.4")), {}, "forwarded"),
        ((*HERE, ("origin", "http://evil.example")), {}, "origin"),
        ((*HERE, ("origin", "http://localhost:9999")), {}, "origin"),
        ((*HERE, ("origin", "http://localhost:8501.evil.example")), {}, "origin"),
        ((*HERE, ("origin", "null")), {}, "origin"),
        ((*HERE, ("origin", "http://localhost:8501"), ("origin", "http://evil")), {}, "origin"),
        ((*HERE, LONE), {}, "header"),
        ((*HERE, ("x-role", "admin")), {}, "header"),
        (HERE, {"server": "0.0.0.0"}, "bound"),
        (HERE, {"server": "192.168.1.4"}, "bound"),
        (HERE, {"peer": "192.168.1.9"}, "peer"),
        (HERE, {"peer": ""}, "peer"),
    ],
)
def test_anything_else_is_not_let_in_where_there_is_no_login(headers, more, reason, kind):
    assert why_not(scope(headers, kind=kind, **more), LOCAL) == reason


@pytest.mark.parametrize(
    ("protection", "headers", "peer", "reason"),
    [
        (PROXY, (*OUTSIDE, LONE), "10.0.0.5", None),
        (PROXY, (*OUTSIDE, LONE, ("x-forwarded-for", "1.2.3.4")), "10.0.0.5", None),
        (PROXY, (*OUTSIDE, LONE), "::ffff:10.0.0.5", None),
        (PROXY, (*OUTSIDE, LONE), "fd00::7", None),
        (PROXY, (*OUTSIDE, LONE), "10.0.0.6", "header"),
        (PROXY, (*HERE, LONE), "127.0.0.1", "header"),
        (PROXY, (*OUTSIDE, ("x-forwarded-for", "10.0.0.5")), "10.0.0.6", "forwarded"),
        (PROXY, OUTSIDE, "10.0.0.6", "peer"),
        (PROXY, HERE, "127.0.0.1", "peer"),
        (PROXY, (("host", "other.example"), LONE), "10.0.0.5", "host"),
        (PROXY, OUTSIDE, "10.0.0.5", "account"),
        (PROXY, (*OUTSIDE, LONE, ("x-remote-user", "boss")), "10.0.0.5", "account"),
        (PROXY, (*OUTSIDE, ("x-remote-user", "  ")), "10.0.0.5", "account"),
        (OIDC, (("host", "ai.example.dk:8443"),), "192.168.1.9", None),
        (OIDC, (*OUTSIDE, ("via", "1.1 their-own")), "192.168.1.9", None),
        (OIDC, (*OUTSIDE, ("origin", "https://ai.example.dk:8443")), "192.168.1.9", None),
        (OIDC, (*OUTSIDE, ("origin", "https://evil.example")), "192.168.1.9", "origin"),
        (PROXY, (*OUTSIDE, LONE, ("origin", "https://ai.example.dk")), "10.0.0.5", None),
        (PROXY, (*OUTSIDE, LONE, ("origin", "https://ai.example.dk.evil")), "10.0.0.5", "origin"),
        (OIDC, HERE, "127.0.0.1", "host"),
        (OIDC, (*OUTSIDE, LONE), "192.168.1.9", "header"),
        (OIDC, (*OUTSIDE, ("forwarded", "for=x")), "192.168.1.9", "forwarded"),
        (BOTH, (*OUTSIDE, ("x-forwarded-proto", "https")), "10.0.0.5", None),
        (BOTH, (*OUTSIDE, ("x-forwarded-proto", "https")), "10.0.0.6", "forwarded"),
        (BOTH, OUTSIDE, "10.0.0.6", "peer"),
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_what_a_request_says_is_believed_from_the_proxy_alone(
    protection, headers, peer, reason, kind
):
    assert why_not(scope(headers, peer=peer, server="10.0.0.1", kind=kind), protection) == reason


@pytest.mark.parametrize("protection", [LOCAL, PROXY, OIDC, BOTH])
def test_whoever_watches_the_machine_may_ask_whether_it_answers(protection):
    asks = scope((("host", "127.0.0.1:8501"),), path="/healthz")
    assert why_not(asks, protection) is None
    for path in ("/healthz/../", "/healthz2", "/", "/_stcore/health"):
        elsewhere = scope((("host", "10.0.0.1"),), path=path, peer="10.9.9.9", server="10.0.0.1")
        assert why_not(elsewhere, protection) is not None


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/"])
def test_what_the_server_counts_of_its_caches_is_told_to_nobody(path):
    assert why_not(scope(path=path), LOCAL) == "closed"
    assert why_not(scope(path="/_stcore/health"), LOCAL) is None


def answered(protection, asked, *, keep=lambda _: None, **more):
    """What the door sends, and whether the app behind it was reached."""
    sent, reached = [], []

    async def app(inner, receive, send):
        reached.append(inner)

    async def receive():
        return {"type": f"{asked['type']}.connect"}

    async def send(message):
        sent.append(message)

    door = DoorMiddleware(app, protection=protection, keep=keep, **more)
    asyncio.run(door(asked, receive, send))
    return sent, reached


def test_a_refusal_is_403_with_the_reason_in_both_languages():
    asked = scope((*HERE, ("x-forwarded-for", "1.2.3.4")), path="/static/x.js")
    told = []
    (start, body), reached = answered(LOCAL, asked, keep=told.append)
    assert start["status"] == 403
    words = body["body"].decode()
    assert "proxy (Forwarded or X-Forwarded" in words
    assert "proxy (Forwarded eller X-Forwarded" in words
    assert "1.2.3.4" not in words
    assert reached == []
    assert told == ["forwarded"]


def test_a_socket_is_closed_before_it_opens():
    told = []
    asked = scope((*HERE, LONE), kind="websocket", path="/_stcore/stream")
    sent, reached = answered(LOCAL, asked, keep=told.append)
    assert sent == [{"type": "websocket.close", "code": 1008}]
    assert reached == []
    assert told == ["header"]


def test_a_socket_is_told_why_where_its_server_can():
    asked = {**scope(LOCAL_EVIL, kind="websocket"), "extensions": {"websocket.http.response": {}}}
    (start, body), reached = answered(LOCAL, asked)
    assert (start["type"], start["status"]) == ("websocket.http.response.start", 403)
    assert "ved et andet navn" in body["body"].decode()
    assert b"content-security-policy" in dict(start["headers"])
    assert reached == []


def test_a_flood_at_the_door_does_not_keep_the_store_busy():
    told = []

    async def quiet(*_):
        return {"type": "http.request"}

    door = DoorMiddleware(quiet, protection=LOCAL, keep=told.append)

    async def flood():
        for _ in range(50):
            await door(scope(peer="10.0.0.9"), quiet, quiet)
        await door(scope((("host", "evil"),)), quiet, quiet)

    asyncio.run(flood())
    assert told == ["peer", "host"]


def test_where_the_protection_is_not_in_order_nobody_gets_anything():
    wrong = StateError(Problem("roles.toml", "x", "y"))
    (start, body), reached = answered(wrong, scope())
    assert start["status"] == 403
    assert "roles.toml" in body["body"].decode()
    assert reached == []


def test_a_store_that_is_away_does_not_open_the_door():
    def keep(_):
        raise EnvironmentFailed(Problem("store", "locked"))

    (start, _), reached = answered(LOCAL, scope(peer="10.0.0.9"), keep=keep)
    assert start["status"] == 403
    assert reached == []


def test_the_proxy_alone_says_that_the_browser_speaks_tls():
    headers = (*OUTSIDE, LONE, ("x-forwarded-proto", "https"))
    for kind, scheme in (("http", "https"), ("websocket", "wss")):
        _, (inner,) = answered(PROXY, scope(headers, peer="10.0.0.5", kind=kind))
        assert inner["scheme"] == scheme


def test_starting_and_stopping_pass_the_door():
    _, reached = answered(LOCAL, {"type": "lifespan"})
    assert reached
