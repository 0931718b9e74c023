"""A login provider of the tests' own: OpenID Connect, as small as a browser can log in by it."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "htkeval", "a-secret-of-the-tests"


class Provider:
    """Knows a few people, and tells who of them somebody says he is."""

    def __init__(self, port: int, people: dict[str, list[str]]) -> None:
        from joserfc.jwk import RSAKey

        self.port, self.people = port, people
        self.issuer = f"http://localhost:{port}"
        self.key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
        self.codes: dict[str, dict[str, str]] = {}
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.about),
                Route("/jwks", self.keys),
                Route("/authorize", self.ask),
                Route("/chosen", self.chosen),
                Route("/token", self.token, methods=["POST"]),
            ]
        )

    async def about(self, request: Request) -> Response:
        del request
        return JSONResponse({
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        })  # fmt: skip

    async def keys(self, request: Request) -> Response:
        del request
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def ask(self, request: Request) -> Response:
        """Who are you?"""
        asked = dict(request.query_params)
        links = [
            f'<a href="/chosen?{escape(urlencode({**asked, "who": who}))}">{escape(who)}</a>'
            for who in self.people
        ]
        return HTMLResponse("<br>".join(links))

    async def chosen(self, request: Request) -> Response:
        asked = dict(request.query_params)
        code = secrets.token_hex(8)
        self.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}")

    async def token(self, request: Request) -> Response:
        from joserfc import jwt

        form = await request.form()
        asked = self.codes.pop(str(form["code"]))
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer, "aud": CLIENT, "sub": asked["who"], "iat": now, "exp": now + 3600,
            "preferred_username": asked["who"], "groups": self.people[asked["who"]],
        }  # fmt: skip
        if "nonce" in asked:
            claims["nonce"] = asked["nonce"]
        told = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)
        return JSONResponse({
            "access_token": "x", "token_type": "Bearer", "expires_in": 3600, "id_token": told
        })  # fmt: skip


@contextmanager
def provider(port: int, people: dict[str, list[str]]) -> Iterator[Provider]:
    """The provider, on this computer, until it is left."""
    import uvicorn

    made = Provider(port, people)
    server = uvicorn.Server(
        uvicorn.Config(made.app, host="127.0.0.1", port=port, log_level="warning", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        for _ in range(200):
            if server.started:
                break
            time.sleep(0.05)
        yield made
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def secrets_file(port: int, made: Provider) -> str:
    """What a municipality writes into the file that HTKEVAL_SECRETS names."""
    return f"""[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "{secrets.token_hex(32)}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{made.issuer}/.well-known/openid-configuration"
"""
