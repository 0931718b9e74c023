"""Somebody logs in with his organisation's account, and sees what his role allows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from htkeval.steps.case import open_workspace_store, read_workspace_store
from htkeval.steps.start import make_workspace
from htkeval.steps.tell import tell
from htkeval.workspace import ROLES
from tests.dashboards.in_a_browser import WAIT, chromium, free_port, served
from tests.dashboards.oidc_provider import provider, secrets_file
from tests.dashboards.test_browser import DESKTOP, OUTPUT

pytestmark = pytest.mark.service

RULES = """
[oidc]
[[roles]]
role = "analyst"
groups = ["Analyse"]
[[roles]]
role = "lead"
accounts = ["lone@example.dk"]
trials = ["tale-til-tekst"]
"""
PEOPLE = {
    "anders@example.dk": ["Analyse", "Alle"],
    "lone@example.dk": ["Alle"],
    "gæst@example.dk": ["analyse"],
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    pytest.importorskip("authlib")
    folder = tmp_path_factory.mktemp("login")
    place = make_workspace(folder / "place")
    (place.root / ROLES).write_text(RULES, encoding="utf-8")
    with open_workspace_store(place) as store:
        tell(place, store, before=lambda *_: None)
    port = free_port()
    with provider(free_port(), PEOPLE) as made, pytest.MonkeyPatch.context() as patch:
        file = folder / "secrets.toml"
        file.write_text(secrets_file(port, made), encoding="utf-8")
        patch.setenv("HTKEVAL_SECRETS", str(file))
        with served(place.root, port):
            yield place, f"http://localhost:{port}"


@pytest.fixture
def page(tmp_path):
    with chromium(tmp_path / "profile", DESKTOP) as context:
        context.pages[0].set_default_timeout(WAIT)
        yield context.pages[0]


def log_in(page: Any, address: str, who: str) -> None:
    page.goto(f"{address}/?lang=da")
    page.get_by_role("button", name="Log ind").click()
    page.get_by_role("link", name=who).click()


def test_before_the_login_nothing_is_shown_but_the_way_in(site, page):
    _, address = site
    page.goto(f"{address}/corrections?trial=fagbot&lang=da")
    page.get_by_role("button", name="Log ind").wait_for()
    shown = page.locator("body").inner_text()
    assert "Fagbot" not in shown
    assert page.get_by_test_id("stSidebarNavLink").count() == 0
    OUTPUT.mkdir(exist_ok=True)
    page.screenshot(path=str(OUTPUT / "log-in.png"))


def test_a_group_gives_a_role_and_the_record_knows_the_account(site, page):
    place, address = site
    log_in(page, address, "anders@example.dk")
    page.get_by_text("Rolle: analytiker").wait_for()
    page.screenshot(path=str(OUTPUT / "role-analyst.png"))
    page.goto(f"{address}/corrections?trial=fagbot&lang=da")
    page.get_by_role("heading", name="Hvad er rettet eller udeladt?").wait_for()
    page.goto(f"{address}/time?trial=fagbot&lang=da")
    page.get_by_text("denne side er ikke for din rolle").wait_for()
    with read_workspace_store(place) as store:
        (read,) = store.events(kind="access")
        refused = [event.payload["what"] for event in store.events(kind="refusal")]
    assert (read.actor.name, read.actor.known_by) == ("anders@example.dk", "oidc")
    assert refused == ["time"]
    page.get_by_role("button", name="Log ud").click()
    page.get_by_role("button", name="Log ind").wait_for()


def test_a_file_is_given_to_the_account_that_it_was_offered_to(site, page, tmp_path):
    _, address = site
    log_in(page, address, "anders@example.dk")
    page.goto(f"{address}/papers?trial=fagbot&lang=da")
    page.get_by_role("button", name="Lav papiret").click()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Hent som HTML").click()
    assert "<html" in Path(coming.value.path()).read_text("utf-8")
    mine = page.context.request.get(coming.value.url)
    assert mine.status == 200
    page.goto(f"{address}/?lang=da")
    page.get_by_role("button", name="Log ud").click()
    page.get_by_role("button", name="Log ind").wait_for()
    assert page.context.request.get(coming.value.url).status == 403
    log_in(page, address, "gæst@example.dk")
    page.get_by_role("heading", name="Du har ingen rolle her").wait_for()
    assert page.context.request.get(coming.value.url).status == 403


def test_an_account_gives_a_role_and_a_lead_lands_on_take_time(site, page):
    _, address = site
    log_in(page, address, "lone@example.dk")
    page.get_by_role("heading", name="Tag tid").wait_for()
    page.get_by_text("Rolle: forsøgsleder").wait_for()


def test_whoever_has_no_role_is_told_so(site, page):
    _, address = site
    log_in(page, address, "gæst@example.dk")
    page.get_by_role("heading", name="Du har ingen rolle her").wait_for()


def test_a_forged_cookie_logs_nobody_in(site, page):
    _, address = site
    forged = '"eyJpc19sb2dnZWRfaW4iOnRydWUsInByZWZlcnJlZF91c2VybmFtZSI6ImxvbmUifQ==.x.y"'
    page.context.add_cookies([{"name": "_streamlit_user", "value": forged, "url": address}])
    page.goto(f"{address}/?lang=da")
    page.get_by_role("button", name="Log ind").wait_for()
