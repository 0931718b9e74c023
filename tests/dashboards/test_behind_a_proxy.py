"""The dashboard behind a real reverse proxy: who is believed, and who is not."""

from __future__ import annotations

import socket
import zipfile
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from htkeval.steps.case import open_workspace_store, read_workspace_store
from htkeval.steps.start import make_workspace
from htkeval.steps.tell import tell
from htkeval.store.verify import verify
from htkeval.workspace import ROLES
from tests.dashboards.in_a_browser import PHONE, WAIT, chromium, free_port, served
from tests.dashboards.reverse_proxy import FROM, HOST, nginx
from tests.dashboards.test_browser import DESKTOP, OUTPUT

pytestmark = pytest.mark.service

RULES = f"""
[proxy]
peers = ["{FROM}"]
host = "{HOST}"
header = "X-Remote-User"
[[roles]]
role = "reader"
accounts = ["rie"]
[[roles]]
role = "lead"
accounts = ["lone"]
trials = ["tale-til-tekst"]
[[roles]]
role = "analyst"
accounts = ["anders"]
"""
PEOPLE = ("rie", "lone", "anders", "ukendt")
FLAGS = (f"--host-resolver-rules=MAP {HOST} 127.0.0.1",)


class Site:
    """The dashboard, and a door of nginx for each person."""

    def __init__(self, place: Any, app: int, doors: dict[str, int]) -> None:
        self.place, self.app, self.doors = place, app, doors

    def of(self, who: str, path: str = "") -> str:
        return f"http://{HOST}:{self.doors[who]}/{path}"

    def watched(self, kind: str) -> list[Any]:
        with read_workspace_store(self.place) as store:
            return list(store.events(kind=kind))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    place = make_workspace(folder / "place")
    (place.root / ROLES).write_text(RULES, encoding="utf-8")
    with open_workspace_store(place) as store:
        tell(place, store, before=lambda *_: None)
    app, doors = free_port(), {who: free_port() for who in PEOPLE}
    with (
        served(place.root, app),
        nginx(folder / "nginx", app, {port: who for who, port in doors.items()}),
    ):
        yield Site(place, app, doors)


@pytest.fixture
def browse(tmp_path):
    """Opens an address, waits for its heading, and returns the page."""
    with chromium(tmp_path / "profile", DESKTOP, FLAGS) as context:

        def go(address: str, heading: str, view: dict[str, int] = DESKTOP) -> Any:
            page = context.pages[0]
            page.set_viewport_size(view)
            page.set_default_timeout(WAIT)
            page.goto(address)
            page.get_by_role("heading", name=heading).first.wait_for()
            return page

        yield go


def status(address: str, **headers: str) -> tuple[int, str]:
    try:
        with urlopen(Request(address, headers=headers), timeout=20) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except HTTPError as refused:
        return refused.code, refused.read().decode("utf-8", "replace")


def shake_hands(port: int, *headers: str) -> str:
    """The first line of the answer to somebody who asks for a WebSocket."""
    lines = (
        "GET /_stcore/stream HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", *headers,
    )  # fmt: skip
    with socket.create_connection(("127.0.0.1", port), timeout=20) as asking:
        asking.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return asking.recv(400).decode("latin-1").splitlines()[0]


def test_round_the_proxy_nothing_is_answered_whatever_is_claimed(site):
    around = f"http://127.0.0.1:{site.app}"
    for path in ("/", "/time", "/app/static/IBMPlexSans-Regular.woff2", "/_stcore/host-config"):
        code, words = status(around + path, **{"X-Remote-User": "anders"}, Host=HOST)
        assert code == 403
        assert "påstår, hvem nogen er" in words
        assert "claims who somebody is" in words
        assert status(around + path, Host=HOST)[0] == 403
    assert status(around + "/healthz")[0] == 200
    assert status(around + "/", **{"X-Forwarded-For": FROM}, Host=HOST)[0] == 403


def test_round_the_proxy_no_socket_opens(site):
    for claim in ((), ("X-Remote-User: anders",), (f"X-Forwarded-For: {FROM}",)):
        line = shake_hands(site.app, f"Host: {HOST}", *claim)
        assert " 403 " in line, line
    assert " 101 " in shake_hands(site.doors["rie"], f"Host: {HOST}")
    reasons = {event.payload["reason"] for event in site.watched("refusal")}
    assert {"header", "peer", "forwarded"} <= reasons
    assert {e.actor.name for e in site.watched("refusal") if e.payload["what"] == "door"} == {"?"}


def test_a_header_forged_through_the_proxy_is_not_believed(site, browse):
    page = browse(site.of("rie", "corrections?lang=da"), "Det har du ikke adgang til")
    page.context.set_extra_http_headers({"X-Remote-User": "anders", "X-Role": "admin"})
    page.goto(site.of("rie", "corrections?trial=tale-til-tekst&lang=da"))
    page.get_by_text("denne side er ikke for din rolle").wait_for()
    page.get_by_text("Rolle: læser").wait_for()


def test_a_reader_sees_sums_and_no_page_of_a_lead(site, browse):
    page = browse(site.of("rie", "?lang=da"), "AI-forsøg")
    page.get_by_text("Rolle: læser").wait_for()
    links = page.get_by_test_id("stSidebarNavLink")
    assert [one.inner_text() for one in links.all()] == [
        "Overblik", "Forsøg", "Andre kommuner", "Papirer", "Metode og ord", "Tilgængelighed",
    ]  # fmt: skip
    OUTPUT.mkdir(exist_ok=True)
    page.screenshot(path=str(OUTPUT / "role-reader.png"))
    page.goto(site.of("rie", "time?trial=tale-til-tekst&participant=P01&lang=da"))
    page.get_by_text("denne side er ikke for din rolle").wait_for()
    assert "P01" not in page.locator("main, [data-testid=stMain]").first.inner_text()


def test_a_lead_lands_on_take_time_and_finds_only_his_own_trial(site, browse):
    page = browse(site.of("lone", "?lang=da"), "Tag tid", PHONE)
    page.get_by_role("combobox").first.wait_for()
    page.screenshot(path=str(OUTPUT / "role-lead-phone.png"))
    page.goto(site.of("lone", "corrections?trial=fagbot&lang=da"))
    page.get_by_text("Der er intet forsøg med det navn").wait_for()
    (told,) = [e for e in site.watched("refusal") if e.trial == "fagbot"]
    assert (told.actor.name, told.actor.known_by) == ("lone", "proxy")


def test_an_analyst_reads_rows_and_that_is_kept_once(site, browse):
    for _ in range(2):
        browse(
            site.of("anders", "corrections?trial=fagbot&lang=da"), "Hvad er rettet eller udeladt?"
        )
    (read,) = [e for e in site.watched("access") if e.actor.name == "anders"]
    assert read.trial == "fagbot"
    page = browse(site.of("rie", "corrections?trial=fagbot&lang=da"), "Det har du ikke adgang til")
    page.get_by_text("denne side er ikke for din rolle").wait_for()


def test_a_file_is_given_to_whom_it_was_offered_and_to_nobody_who_was_told_its_address(
    site, browse
):
    page = browse(site.of("anders", "raw?trial=tale-til-tekst&lang=da"), "Rådata i grupper")
    with page.expect_download() as coming:
        page.get_by_role("button", name="CSV og kodebog").click()
    path = urlsplit(coming.value.url).path.lstrip("/")
    assert path.startswith("media/")
    assert zipfile.is_zipfile(coming.value.path())
    doors = {who: f"http://127.0.0.1:{door}/{path}" for who, door in site.doors.items()}
    assert status(doors.pop("anders"), Host=HOST)[0] == 200
    for door in doors.values():
        code, words = status(door, Host=HOST)
        assert (code, "intet at læse" in words) == (403, True)


def test_somebody_without_a_role_gets_a_sentence(site, browse):
    page = browse(site.of("ukendt", "?lang=da"), "Du har ingen rolle her")
    page.get_by_text("ukendt", exact=False).first.wait_for()
    assert page.get_by_test_id("stSidebarNavLink").count() == 0


def test_afterwards_the_record_verifies(site, tmp_path):
    with read_workspace_store(site.place) as store:
        checks = verify(store, site.place.blobs)
    assert [check.name for check in checks if check.passed is False] == []
    assert Path(site.place.root).is_dir()
