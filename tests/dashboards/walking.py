"""Somebody walks through the dashboard: by its links and fields, with a picture of every step."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from htkeval.text import Language, Text, render, say
from tests.dashboards.in_a_browser import PHONE, WAIT
from tests.dashboards.test_browser import OUTPUT, WIDEST_TABLE

SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": PHONE}
WALKS = OUTPUT / "walks"
"""Pictures of every step, for people to look at; not kept in the repository."""
WRONG = (
    say("The figures cannot be shown now"),
    say("How far the trial is cannot be told now."),
    say("The frozen rows cannot be read now."),
)
"""What a page says when it cannot be shown."""
A_TELEPHONE = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)
STANDS_STILL = """document.querySelectorAll('h1').length === 1
    && document.querySelector('.stApp').dataset.testScriptState !== 'running'
    && !document.querySelector('[data-testid=stSkeleton], .stSpinner, [data-stale=true]')
    && document.fonts.status === 'loaded'"""


class Walk:
    """One path through the pages, in one language, on one size of screen."""

    def __init__(self, context: Any, address: str, role: str, language: Language, size: str):
        self.page, self.address, self.language = context.pages[0], address, language
        self.name, self.size, self.steps = f"{role}-{language}-{size}", size, 0
        self.page.set_default_timeout(WAIT)
        if size == "phone":  # Streamlit closes its menu after a choice where a browser says so
            named = {"userAgent": A_TELEPHONE}
            context.new_cdp_session(self.page).send("Emulation.setUserAgentOverride", named)
        for old in WALKS.glob(f"{self.name}-*.png"):
            old.unlink()

    def word(self, text: Text | str) -> str:
        """A text of the program as it stands on the page."""
        return render(say(text) if isinstance(text, str) else text, self.language)

    def open(self, path: str) -> None:
        """By an address that somebody was sent."""
        joint = "&" if "?" in path else "?"
        self.page.goto(f"{self.address}{path}{joint}lang={self.language}")
        self.rest()

    def to(self, page: str) -> None:
        """By the navigation; on a phone it is opened first."""
        if self.size == "phone":
            self.page.locator("[data-testid=stExpandSidebarButton]").click()
        chosen = self.page.locator("[data-testid=stSidebarNavLink]")
        chosen.filter(has_text=re.compile(rf"^{re.escape(self.word(page))}$")).click()
        self.rest()

    def press(self, button: Text | str) -> None:
        self.page.get_by_role("button", name=self.word(button), exact=True).first.click()
        self.rest()

    def fill(self, label: Text | str, value: str) -> None:
        """Write in a field, and go on to the next."""
        field = self.page.get_by_label(self.word(label), exact=True).first
        field.fill(value)
        field.press("Tab")
        self.rest()

    def rest(self) -> None:
        """Until the page has stood still for a moment; bounded."""
        still = 0
        self.page.wait_for_timeout(150)
        for _ in range(WAIT // 100):
            still = still + 1 if self.page.evaluate(STANDS_STILL) else 0
            if still == 3:
                return
            self.page.wait_for_timeout(100)
        pytest.fail(f"never stands still: {self.page.url}")

    @property
    def text(self) -> str:
        """All that is seen of the page, with plain spaces and hyphens."""
        told: str = self.page.locator(".stMain").inner_text()
        return re.sub(r"[ \u00a0\u202f\u2011\u2060]+", " ", told.replace("\u2011", "-"))

    def says(self, *wanted: Text | str) -> None:
        """Each of these words or sentences is seen."""
        for one in wanted:
            told = one if isinstance(one, str) else self.word(one)
            self.until(told)

    def until(self, told: str) -> None:
        for _ in range(WAIT // 250):
            if told in self.text:
                return
            self.page.wait_for_timeout(250)
        pytest.fail(f"{self.name}: never on {self.page.url}: {told!r} in {self.text[:3000]}")

    def charts(self, fewest: int) -> None:
        """So many charts are drawn."""
        for _ in range(WAIT // 200):
            if self.page.locator("svg.marks").count() >= fewest:
                return
            self.page.wait_for_timeout(200)
        pytest.fail(f"{self.name}: fewer than {fewest} charts on {self.page.url}")

    def table(self, first: str) -> list[str]:
        """The cells of a row of any table, by its first one."""
        for row in self.page.locator(".stHtml table tr").all():
            cells: list[str] = [one.strip() for one in row.locator("th, td").all_inner_texts()]
            if cells and cells[0] == first:
                return cells
        pytest.fail(f"{self.name}: no row {first!r} on {self.page.url}")

    def well(self, step: str) -> None:
        """Nothing is wrong with what is seen, nor wider than the screen; and a picture of it."""
        self.rest()
        assert self.page.evaluate("document.documentElement.lang") == self.language
        assert self.page.locator(".stException").count() == 0
        told = self.text
        assert "Traceback" not in told
        for wrong in WRONG:
            assert self.word(wrong) not in told
        size = SIZES[self.size]
        for wide in ("document.querySelector('.stMain').scrollWidth", WIDEST_TABLE):
            assert (self.page.evaluate(wide) or 0) <= size["width"], (step, wide)
        self._picture(step, size)

    def _picture(self, step: str, size: dict[str, int]) -> None:
        """The whole page, not only what fits the window."""
        self.steps += 1
        tall = self.page.evaluate("document.querySelector('.stMain').scrollHeight") + 20
        self.page.set_viewport_size({"width": size["width"], "height": max(tall, size["height"])})
        self.page.wait_for_timeout(300)
        WALKS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=WALKS / f"{self.name}-{self.steps:02}-{step}.png")
        self.page.set_viewport_size(size)

    def download(self, button: Text | str) -> bytes:
        """What a button gives to take away."""
        with self.page.expect_download() as coming:
            self.page.get_by_role("button", name=self.word(button), exact=True).first.click()
        return Path(coming.value.path()).read_bytes()


__all__ = ["SIZES", "WALKS", "Walk"]
