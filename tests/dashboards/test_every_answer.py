"""Every page in a real browser: what it carries, what it asks for, and what its address says."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from dashboards.headers import FIXED
from dashboards.navigation import PAGES
from tests.dashboards.test_browser import Visit, address, browser  # noqa: F401 - fixtures

pytestmark = pytest.mark.service

TRIAL = "tale-til-tekst"
WASM = "script-src wasm-eval"
"""Streamlit's own code tries whether the browser has WebAssembly, and goes on without."""
SETTLED = (
    "!document.querySelector('[data-testid=stStatusWidget]')"
    " && document.querySelectorAll('[data-testid=stSkeleton]').length === 0"
    " && document.fonts.status === 'loaded'"
)


def answer(url: str, **headers: str):
    """Status, headers and body of what the server says, whatever that is."""
    try:
        with urlopen(Request(url, headers=headers), timeout=30) as found:
            return found.status, found.headers, found.read()
    except HTTPError as refused:
        return refused.code, refused.headers, refused.read()


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 200),
        ("/trial?lang=en", {}, 200),
        ("/healthz", {}, 200),
        ("/_stcore/health", {}, 200),
        ("/_stcore/host-config", {}, 200),
        ("/favicon.png", {}, 200),
        ("/static/js/nothing.js", {}, 200),  # Streamlit answers with its page
        ("/app/static/nothing.woff2", {}, 404),
        ("/media/nothing.pdf", {}, 403),
        ("/", {"X-Forwarded-For": "10.0.0.1"}, 403),
        ("/_stcore/health", {"Host": "example.dk"}, 403),
    ],
)
def test_every_answer_carries_the_headers(address, path, headers, status):  # noqa: F811
    found, carried, body = answer(address + path, **headers)
    assert found == status
    for name, value in FIXED.items():
        assert carried[name] == value, name
    policy = carried["Content-Security-Policy"]
    if status == 403:
        assert "default-src 'none'" in policy
    else:
        assert "default-src 'self'; script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    if carried.get_content_type() == "text/html" and status == 200:
        assert f'<html lang="{"en" if "lang=en" in path else "da"}"'.encode() in body


def test_every_file_that_the_first_page_names_carries_the_headers(address):  # noqa: F811
    import re

    _, _, body = answer(address + "/")
    named = re.findall(r'(?:src|href)="\.?(/[^"]+)"', body.decode())
    assert len(named) >= 3
    for path in named:
        status, carried, _ = answer(address + path)
        assert status == 200, path
        assert carried["X-Frame-Options"] == "DENY", path
        assert "script-src 'self'" in carried["Content-Security-Policy"], path


@pytest.mark.parametrize("path", list(PAGES))
def test_no_page_is_blocked_or_asks_elsewhere(address, browser, path):  # noqa: F811
    visit = Visit(browser, address)
    browser.add_init_script(
        "window.blocked = []; document.addEventListener('securitypolicyviolation',"
        " one => window.blocked.push(one.violatedDirective + ' ' + one.blockedURI))"
    )
    visit.open(f"/{path}?trial={TRIAL}", charts=0)
    visit.until(SETTLED)
    visit.page.wait_for_timeout(700)
    visit.is_well()
    assert set(visit.page.evaluate("window.blocked")) <= {WASM}
    assert any(url.startswith("ws://") or "/_stcore/" in url for url in visit.asked)


def test_an_address_that_is_sent_shows_the_same_trial_in_the_same_language(
    address,  # noqa: F811
    browser,  # noqa: F811
):
    visit = Visit(browser, address)
    visit.open(f"/trial?trial={TRIAL}&lang=en", charts=1)
    visit.until(SETTLED)
    heading = visit.page.locator("h1").inner_text()
    assert {f"trial={TRIAL}", "lang=en"} <= set(visit.page.url.split("?")[1].split("&"))
    other = browser.new_page()
    other.goto(visit.page.url)
    other.wait_for_selector("h1")
    assert other.locator("h1").inner_text() == heading
    assert other.evaluate("document.documentElement.lang") == "en"
