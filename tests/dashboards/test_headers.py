"""Headers on every answer, and the first page in the right language."""

import asyncio
import re
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from dashboards.headers import HeaderMiddleware, content_policy, language_of

PAGE = (
    '<!DOCTYPE html>\n<html lang="en">\n<head><title>Streamlit</title>'
    "<script>\n  window.prerenderReady = false\n</script></head><body>æøå</body></html>"
)


async def page(request):
    return HTMLResponse(PAGE, headers={"etag": '"as it was"'})


async def text(request):
    return PlainTextResponse('<html lang="en">')


async def fails(request):
    raise OSError("File name too long")


TITLE = "AI-forsøg – Høje-Taastrup"
APP = Starlette(
    routes=[Route("/", page), Route("/text", text), Route("/fails", fails)],
    middleware=[Middleware(HeaderMiddleware, language="da", title=TITLE)],
)


def get(path="/", query="", host="127.0.0.1:8501", scheme="http", app=APP):
    """One request, straight into the ASGI app."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "scheme": scheme,
        "headers": [
            (b"host", host.encode()),
            (b"accept", b"text/html"),
            (b"accept-encoding", b"gzip"),
        ],
        "server": ("127.0.0.1", 8501),
        "client": ("127.0.0.1", 1),
        "http_version": "1.1",
    }
    asyncio.run(app(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return headers, b"".join(message.get("body", b"") for message in sent[1:]).decode()


def test_every_answer_says_where_content_may_come_from():
    for path in ("/", "/text", "/nowhere", "/fails"):
        headers, _ = get(path)
        policy = headers["content-security-policy"]
        for rule in (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' ws://127.0.0.1:8501",
            "frame-ancestors 'none'",
            "object-src 'none'",
        ):
            assert rule in policy.split("; "), rule
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"


def test_what_cannot_be_answered_is_a_sentence():
    assert get("/fails")[1] == "Dette kan ikke besvares."


def test_a_name_is_written_as_it_is():
    name = r"A\1 og \g<0>"
    app = Starlette(
        routes=[Route("/", page)],
        middleware=[Middleware(HeaderMiddleware, language="da", title=name)],
    )
    assert f"<title>{name}</title>" in get(app=app)[1]


def test_behind_tls_the_socket_is_secure():
    headers, _ = get(scheme="https", host="ai.example.dk")
    assert "wss://ai.example.dk" in headers["content-security-policy"]


@pytest.mark.parametrize("host", ["evil; script-src *", "a b", "x'y", "", "a/b"])
def test_a_forged_host_does_not_reach_the_policy(host):
    policy = content_policy(host, secure=False)
    assert "connect-src 'self';" in policy
    assert policy.count("script-src") == 1


def test_the_page_says_its_language_and_title_and_holds_no_script():
    headers, body = get()
    assert '<html lang="da">' in body
    assert "<title>AI-forsøg – Høje-Taastrup</title>" in body
    assert "<script>" not in body
    assert "æøå" in body
    assert int(headers["content-length"]) == len(body.encode())
    assert "etag" not in headers


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("lang=en", "en"),
        ("trial=x&lang=en", "en"),
        ("lang=de", "da"),
        ("", "da"),
        ("lang=%22", "da"),
    ],
)
def test_the_language_follows_the_address(query, language):
    assert language_of(query, "da") == language
    assert f'<html lang="{language}">' in get(query=query)[1]


def test_what_is_not_a_page_is_left_as_it_is():
    assert get("/text")[1] == '<html lang="en">'


def test_a_socket_passes_untouched():
    seen = []

    async def inner(scope, receive, send):
        seen.append(scope)

    async def nothing(*_):
        return {}

    scope = {"type": "websocket", "path": "/"}
    asyncio.run(HeaderMiddleware(inner, language="da", title="x")(scope, nothing, nothing))
    assert seen == [scope]


def test_parts_that_nearly_every_page_needs_are_fetched_while_the_app_starts():
    links = re.findall(r'<link rel="modulepreload" crossorigin href="\./(.*?)">', get()[1])
    static = Path(streamlit.__file__).parent / "static"
    assert {Path(link).name.split(".")[0] for link in links} >= {"ArrowVegaLiteChart", "Html"}
    assert all((static / link).is_file() for link in links)
