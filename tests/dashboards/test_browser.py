"""The dashboard in a real browser, on measurements that went the whole way through the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dashboards.in_a_browser import PHONE, WAIT, chromium, free_port, served, told_of_one

pytestmark = pytest.mark.service

OUTPUT = Path(__file__).parents[2] / "test-output"
"""Screenshots, for people to look at; not kept in the repository."""

DESKTOP = {"width": 1280, "height": 900}
WIDEST_TABLE = """Math.max(...[...document.querySelectorAll('table')].map(
    one => one.getBoundingClientRect().left + Math.max(one.scrollWidth, one.offsetWidth)))"""
"""The right edge of the table that reaches furthest."""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A dashboard on one simulated trial, served as `htkeval dashboard` serves it."""
    place = told_of_one(tmp_path_factory.mktemp("place"))
    port = free_port()
    with served(place.root, port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def browser(tmp_path):
    """Debian's Chromium with an empty profile."""
    with chromium(tmp_path / "profile", DESKTOP) as context:
        yield context


class Visit:
    """One page of the browser, and all that it asked for and complained of."""

    def __init__(self, context, address: str) -> None:
        self.page, self.address = context.pages[0], address
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, message) -> None:
        # Streamlit looks for its server beside the page first, and finds it above: a 404 each.
        if message.type == "error" and "status of 404" not in message.text:
            self.complaints.append(message.text)

    def open(self, path: str, *, charts: int):
        answer = self.page.goto(self.address + path)
        self.page.wait_for_selector("h1", timeout=WAIT)
        self.drawn(charts)
        return answer

    def drawn(self, charts: int) -> None:
        """Until so many charts are drawn and the fonts are there."""
        self.until(
            f"document.querySelectorAll('svg.marks').length >= {charts}"
            " && document.fonts.status === 'loaded'"
        )

    def until(self, done: str) -> None:
        """Wait, but not for ever.

        Playwright's own waiting evaluates text as script, which our policy refuses.
        """
        for _ in range(WAIT // 200):
            if self.page.evaluate(done):
                return
            self.page.wait_for_timeout(200)
        pytest.fail(f"never on {self.page.url}: {done}")

    def picture(self, name: str) -> None:
        """The whole page, not only what fits the window; tables come last."""
        size = self.page.viewport_size
        height = "document.querySelector('.stMain').scrollHeight"
        for _ in range(2):
            self.until("document.querySelectorAll('[data-testid=stSkeleton]').length === 0")
            tall = self.page.evaluate(height) + 20
            self.page.set_viewport_size({"width": size["width"], "height": tall})
            self.page.wait_for_timeout(600)
        OUTPUT.mkdir(exist_ok=True)
        self.page.screenshot(path=OUTPUT / f"{name}.png")
        self.page.set_viewport_size(size)

    def is_well(self) -> None:
        """Nothing fetched from elsewhere, nothing refused, no error on the page."""
        elsewhere = [url for url in self.asked if not _local(url, self.address)]
        assert elsewhere == []
        assert self.complaints == []
        assert self.page.locator(".stException").count() == 0


def _local(url: str, address: str) -> bool:
    host = address.removeprefix("http://")
    return url.startswith((address, f"ws://{host}", "data:", f"blob:{address}"))


def test_the_overview_and_a_trial_on_a_desktop(address, browser):
    visit = Visit(browser, address)
    answer = visit.open("/", charts=1)
    page = visit.page
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY"
    assert page.evaluate("document.documentElement.lang") == "da"
    assert "AI-forsøg" in page.title()
    assert page.locator("h1").inner_text().startswith("AI-forsøget kan")
    assert page.locator(".st-key-simulated").get_by_text("Simulerede tal.").is_visible()
    said = page.locator(".stVegaLiteChart").first.get_attribute("aria-label")
    assert said.startswith("Ændring i tid pr. referat, pct.:")
    assert "mindste gevinst −15." in said
    assert page.locator("svg.marks").first.get_by_text("Simulerede tal.").count() == 1
    assert page.evaluate("document.fonts.check('16px \"IBM Plex Sans\"', 'æøåÆØÅ–−»«')")
    visit.picture("overview-desktop")

    page.get_by_role("link", name="Se hele forsøget").click()
    page.wait_for_url("**/trial?*trial=tale-til-tekst*", timeout=WAIT)
    page.get_by_role("heading", name="Blev kvaliteten dårligere?").wait_for(timeout=WAIT)
    visit.drawn(2)
    visit.picture("trial-desktop")
    visit.is_well()


def test_english_is_a_link_and_the_page_then_says_that_it_is_english(address, browser):
    visit = Visit(browser, address)
    visit.open("/trial?trial=tale-til-tekst", charts=2)
    visit.page.get_by_role("link", name="English").click()
    visit.page.get_by_role("heading", name="Did quality become worse?").wait_for(timeout=WAIT)
    assert visit.page.evaluate("document.documentElement.lang") == "en"
    assert "trial=tale-til-tekst" in visit.page.url
    visit.is_well()


def test_on_a_telephone_nothing_stands_beside_the_screen(address, browser):
    visit = Visit(browser, address)
    visit.page.set_viewport_size(PHONE)
    pages = (
        ("/", "overview", 1),
        ("/trial?trial=tale-til-tekst", "trial", 2),
        ("/plan?trial=tale-til-tekst", "plan", 1),
        ("/method", "method", 0),
        ("/corrections?trial=tale-til-tekst", "corrections", 0),
    )
    for path, name, charts in pages:
        visit.open(path, charts=charts)
        width = "document.querySelector('.stMain').scrollWidth"
        assert visit.page.evaluate(width) <= PHONE["width"]
        visit.picture(f"{name}-phone")
        assert visit.page.evaluate(WIDEST_TABLE) <= PHONE["width"], name
    visit.is_well()


def test_on_a_telephone_the_closed_sections_are_not_cut_off_when_they_are_opened(address, browser):
    visit = Visit(browser, address)
    visit.page.set_viewport_size(PHONE)
    for path, charts in (("/trial?trial=tale-til-tekst", 2), ("/method", 0)):
        visit.open(path, charts=charts)
        for section in visit.page.locator("details summary").all():
            section.click()
        visit.until("[...document.querySelectorAll('details')].every(one => one.open)")
        visit.picture(f"{path[1:7].rstrip('?')}-opened-phone")
        assert visit.page.evaluate(WIDEST_TABLE) <= PHONE["width"], path
    visit.is_well()


def test_on_a_slow_page_there_is_no_stop_but_that_of_the_clock(address, browser):
    """Streamlit shows one after half a second, above the page; here it is put there by hand."""
    visit = Visit(browser, address)
    visit.open("/time", charts=0)
    put = """() => {
        const box = document.body.appendChild(document.createElement("div"));
        box.className = "stStatusWidget";
        box.appendChild(document.createElement("button")).textContent = "Stop";
    }"""
    visit.page.evaluate(put)
    gone = """() => !document.querySelector("body > .stStatusWidget button").checkVisibility()"""
    visit.page.wait_for_function(gone, timeout=5_000)  # the look of a page comes with its content


def test_a_request_that_was_passed_on_is_answered_in_words(address):
    """By the server as it is started, for pages, files and sockets alike."""
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}  # fmt: skip
    font = "/app/static/IBMPlexSans-Regular.woff2"
    wrong = ({"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}, {"Host": "evil"},
             {"X-Remote-User": "admin"})  # fmt: skip
    for headers in wrong:
        for path, more in (("/", {}), (font, {}), ("/_stcore/stream", upgrade)):
            with pytest.raises(HTTPError) as refused:
                urlopen(Request(address + path, headers={**headers, **more}), timeout=20)
            assert refused.value.code == 403
            if not more:
                assert "Forespørgslen" in (told := refused.value.read().decode()) or "navn" in told
            refused.value.close()
    with urlopen(Request(address + font), timeout=20) as answer:
        assert answer.status == 200
