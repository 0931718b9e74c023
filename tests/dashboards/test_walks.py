"""The committee's main path in a real browser: in both languages, on a desktop and a telephone.

What is seen is held against what the steps of the command line answer of the same workspace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from dashboards.views.neighbours import NOTHING_YET
from htkeval.portfolio import Portfolio, TrialState
from htkeval.reporting import papers as paper_words
from htkeval.reporting import result, wording
from htkeval.reporting.labels import VERDICTS
from htkeval.steps.case import open_workspace_store
from htkeval.steps.start import make_demo
from htkeval.steps.states import portfolio
from htkeval.steps.tell import tell
from htkeval.text import LANGUAGES, Language, Text, render, say
from htkeval.workspace import Workspace
from tests.dashboards.in_a_browser import PHONE, WAIT, chromium, free_port, served
from tests.dashboards.test_browser import DESKTOP, OUTPUT, WIDEST_TABLE, Visit

pytestmark = pytest.mark.service

WALKS = OUTPUT / "walks"
SIZES = {"1280": DESKTOP, "390": PHONE}
TRIAL = "tale-til-tekst"


@pytest.fixture(scope="module")
def place(tmp_path_factory: Any) -> Workspace:
    """The demo's three trials, measured and weighed."""
    made = make_demo(tmp_path_factory.mktemp("walks") / "demo")
    with open_workspace_store(made) as store:
        tell(made, store, before=lambda *_: None)
    return made


@pytest.fixture(scope="module")
def known(place: Workspace) -> Portfolio:
    """What the command line tells of it."""
    return portfolio(place)


@pytest.fixture(scope="module")
def address(place: Workspace) -> Iterator[str]:
    port = free_port()
    with served(place.root, port):
        yield f"http://127.0.0.1:{port}"


@dataclass
class Walk:
    """Somebody who goes from page to page."""

    visit: Visit
    role: str
    language: Language
    size: str
    steps: int = 0

    @property
    def page(self) -> Any:
        return self.visit.page

    def open(self, path: str, *, charts: int = 0) -> None:
        mark = "&" if "?" in path else "?"
        self.visit.open(f"{path}{mark}lang={self.language}", charts=charts)

    def told(self, words: Text) -> str:
        """A sentence as it is read."""
        return flat(render(words, self.language))

    def sees(self, *wanted: Text | str) -> str:
        """Each stands on the page, closed sections apart; returns all that does."""
        each = [flat(one) if isinstance(one, str) else self.told(one) for one in wanted]
        seen, waited = "", 0
        while waited < WAIT:
            seen = flat(self.page.locator(".stMain").inner_text())
            if all(one in seen for one in each):
                return seen
            self.page.wait_for_timeout(250)
            waited += 250
        missing = [one for one in each if one not in seen]
        pytest.fail(f"not on {self.page.url}: {missing}\n{seen}")

    def keeps(self, step: str) -> None:
        """A picture of where somebody stands; nothing is broken or beside the screen."""
        self.steps += 1
        WALKS.mkdir(parents=True, exist_ok=True)
        name = f"{self.role}-{self.language}-{self.size}-{self.steps:02}-{step}"
        self.visit.picture(f"walks/{name}")
        assert self.page.evaluate("document.documentElement.lang") == self.language
        assert "Traceback" not in self.page.locator("body").inner_text()
        width = SIZES[self.size]["width"]
        assert self.page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
        assert self.page.evaluate(WIDEST_TABLE) <= width, name
        self.visit.is_well()

    def presses(self, label: Text) -> None:
        self.page.get_by_role("button", name=self.told(label), exact=True).click()

    def takes(self, label: Text) -> bytes:
        """The file behind a button."""
        button = self.page.get_by_role("button", name=self.told(label), exact=True)
        with self.page.expect_download(timeout=WAIT) as coming:
            button.click()
        return cast(Path, coming.value.path()).read_bytes()


def flat(text: str) -> str:
    """One line, one kind of space, the same dash."""
    return re.sub(r"\s+", " ", text.replace("\\", "").replace("**", "")).strip()


@pytest.fixture(params=[(one, size) for one in LANGUAGES for size in SIZES], ids="-".join)
def walk(request: Any, address: str, tmp_path: Path) -> Iterator[Walk]:
    language, size = request.param
    role = request.function.__name__.removeprefix("test_the_walk_of_")
    with chromium(tmp_path / "profile", SIZES[size]) as context:
        context.pages[0].set_default_timeout(WAIT)
        yield Walk(Visit(context, address), role, language, size)


def state_of(known: Portfolio) -> TrialState:
    return next(one for one in known.trials if one.trial.id == TRIAL)


def test_the_walk_of_committee(walk: Walk, known: Portfolio) -> None:
    """Overview, a trial from top to bottom, the neighbours, the method, the paper."""
    walk.open("/", charts=len(known.trials))
    seen = walk.sees(wording.lead(known), say("Simulated figures."))
    for one in known.trials:
        assert one.analysis is not None
        assert one.recommendation is not None
        gave = result.finding(one.trial, one.analysis)
        walk.sees(gave.headline, gave.uncertainty, VERDICTS[one.recommendation.verdict])
    assert not re.search(r"\bE[0-5]\b|\bp ?[=<]", seen)
    walk.keeps("overview")

    state = state_of(known)
    assert state.analysis is not None
    link = f'a[href*="trial?"][href*="{TRIAL}"]'
    walk.page.locator(link).first.click()
    walk.page.wait_for_url(f"**/trial?*trial={TRIAL}*", timeout=WAIT)
    order = [say("What did it give?"), say("How well is it measured?"),
             say("Did quality become worse?"), say("What is it worth?"),
             say("Are law, security and co-operation in place?"),
             say("What has happened on the way?")]  # fmt: skip
    seen = walk.sees(*order, result.finding(state.trial, state.analysis).headline)
    stands = [seen.index(walk.told(one)) for one in order]
    assert stands == sorted(stands)
    assert not re.search(r"\bE[0-5]\b|\bp ?[=<]", seen)
    walk.visit.drawn(2)
    walk.keeps("trial")

    walk.open("/neighbours")
    asked = any(one.trial.question_id for one in known.trials)
    walk.sees(say("Choose a question") if asked else NOTHING_YET)
    walk.keeps("neighbours")

    walk.open("/method")
    walk.sees(say("How often do the methods alarm for nothing?"), say("What do the words mean?"))
    walk.keeps("method")

    walk.open(f"/papers?trial={TRIAL}")
    walk.presses(say("Make the paper"))
    pdf = walk.takes(say("Download as {format}", format="PDF"))
    assert pdf.startswith(b"%PDF-")
    html = walk.takes(say("Download as {format}", format="HTML")).decode()
    assert f'lang="{walk.language}' in html
    assert walk.told(result.finding(state.trial, state.analysis).headline) in flat(html)
    walk.sees(paper_words.HEADING)
    walk.keeps("paper")
