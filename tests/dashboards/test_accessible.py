"""Every page of the navigation as a machine tries it, and as somebody without a mouse has it."""

from __future__ import annotations

import re
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dashboards.evidence import statement
from htkeval.cli.root import run
from htkeval.text import LANGUAGES
from tests.dashboards.in_a_browser import PHONE, WAIT, chromium, free_port, served, told_of_one

KNOWN = {"list", "listitem", "presentation-role-conflict"}
"""Streamlit's own, by axe-core's id; the accessibility statement names the same."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
DESKTOP = {"width": 1280, "height": 900}
NEW = "nyt-forsoeg"
"""A trial that is not registered, so that it can be set up."""
STEPS = ("question", "measures", "people", "money", "write")
OWN = ".stMain"
"""Where our pages are; the rest is Streamlit's frame."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_statement_names_what_the_test_knows_of(language):
    assert set(re.findall(r"^- `([a-z-]+)`:", statement(language), re.M)) == KNOWN


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A dashboard on one simulated trial, and one that nobody has registered yet."""
    place = told_of_one(tmp_path_factory.mktemp("place"))
    asked = ["new", NEW, "--kind", "other", "--title", "Nyt forsøg"]
    assert run([*asked, "--workspace", str(place.root)]) == 0
    port = free_port()
    with served(place.root, port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def page(request, tmp_path):
    """A page of a fresh browser, of a size."""
    with chromium(tmp_path / "profile", getattr(request, "param", DESKTOP)) as context:
        found = context.pages[0]
        found.set_default_timeout(WAIT)
        yield found


def settled(page: Any, address: str) -> None:
    """Open a page and wait until it has stood still for a while."""
    page.goto(address)
    page.wait_for_selector("h1")
    before, still = None, 0
    for _ in range(WAIT // 250):
        now = page.evaluate(
            "document.body.innerText.length + '/' + document.querySelectorAll('*').length"
            " + '/' + document.querySelectorAll('[data-testid=stSkeleton], .stSpinner').length"
        )
        still = still + 1 if now == before else 0
        if still == 4:
            return
        before = now
        page.wait_for_timeout(250)
    pytest.fail(f"{address} never stands still")


def every_page(page: Any, address: str) -> list[str]:
    """The pages that the navigation has, as the app itself says it."""
    settled(page, address + "/")
    more = page.locator("[data-testid=stSidebarNavViewButton]")
    if more.count():
        more.click()
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stSidebarNavLink]')]"
        ".map(one => new URL(one.href).pathname)"
    )
    assert {"/", "/trial", "/time", "/setup", "/sheets", "/accessibility"} <= set(found)
    return found


def violations(page: Any) -> dict[str, list[str]]:
    """What axe-core finds, closed sections opened: by rule the places."""
    page.evaluate(
        f"document.querySelectorAll('{OWN} details:not([open]) > summary').forEach(s => s.click())"
    )
    page.wait_for_timeout(400)
    found: dict[str, list[str]] = page.evaluate(
        """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"]}).then(
            found => Object.fromEntries(found.violations.map(
                one => [one.id, one.nodes.map(node => node.html.slice(0, 160))])))""",
        RULES,
    )
    return found


@pytest.fixture(scope="module")
def axe():
    """The script, which goes in beside the page's own policy: that stays as strict as it is."""
    package = find_spec("axe_playwright_python")
    if package is None or package.origin is None:
        pytest.skip("no axe-core on this machine")
    return (Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.service
@pytest.mark.parametrize("page", [DESKTOP, PHONE], indirect=True, ids=["desktop", "phone"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_machine_finds_nothing_on_any_page_but_what_is_streamlits_own(
    address, page, language, axe
):
    paths = [f"{path}?trial=tale-til-tekst" for path in every_page(page, address)]
    paths += ["/setup?trial="]  # a new one
    paths += [f"/setup?trial={NEW}&step={step}" for step in STEPS]
    found: dict[str, set[str]] = {}
    for path in paths:
        settled(page, f"{address}{path}&lang={language}")
        page.evaluate(axe)
        for rule, places in violations(page).items():
            theirs = rule in KNOWN
            if not theirs or _ours(page, rule):
                found.setdefault(f"{rule} on {path}", set()).update(places)
        assert page.evaluate("document.documentElement.lang") == language
        assert _levels(page) == [], path
    assert found == {}


def _ours(page: Any, rule: str) -> bool:
    """Whether a list of our own is wrong too: only those of the frame are known."""
    if rule not in ("list", "listitem"):
        return False
    inside: int = page.evaluate(
        """async ([where, rule]) => (await axe.run(where,
            {runOnly: {type: "rule", values: [rule]}})).violations.length""",
        [OWN, rule],
    )
    return inside > 0


def _levels(page: Any) -> list[str]:
    """Headings that skip a level, and a page without its one h1."""
    levels: list[int] = page.evaluate(
        f"[...document.querySelectorAll('{OWN} :is(h1, h2, h3, h4, h5, h6)')]"
        ".filter(one => one.checkVisibility()).map(one => Number(one.tagName[1]))"
    )
    wrong = [] if levels.count(1) == 1 else [f"{levels.count(1)} h1"]
    steps = pairwise(levels)
    return wrong + [f"h{one} to h{other}" for one, other in steps if other > one + 1]


CONTROLS = """() => {
    const all = "a[href], button, input, textarea, select, summary, [role=slider], [tabindex]";
    const wanted = [...document.querySelectorAll("%s")].flatMap(
        root => [...root.querySelectorAll(all)]).filter(one =>
            one.tabIndex >= 0 && !one.disabled && one.checkVisibility({visibilityProperty: true})
            && one.getAttribute("aria-hidden") !== "true");
    wanted.forEach((one, n) => one.setAttribute("data-tried", n));
    return wanted.map(one => [one.tagName, one.type || "", one.name || one.getAttribute("role"),
        (one.getAttribute("aria-label") || one.innerText || "").slice(0, 40)].join(" "));
}""".replace("%s", OWN)
"""Everything of a page that somebody can press or fill in, in the order of the document."""

STANDS = """() => {
    const one = document.activeElement;
    const shown = node => {
        const style = getComputedStyle(node);
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
            || style.boxShadow !== "none";
    };
    const box = one.getBoundingClientRect();
    let seen = shown(one);
    // a radio or a tick is drawn beside its hidden input
    for (const near of one.matches("input") ? one.parentElement.children : [])
        seen ||= shown(near);
    return [one.getAttribute("data-tried"), seen, Math.round(box.top + box.height / 2),
        one.outerHTML.slice(0, 200)];
}"""
"""Where the focus is, and whether it is seen."""

WALKED = (
    "/",
    "/trial?trial=tale-til-tekst",
    "/time?trial=tale-til-tekst&participant=P01",
    f"/time?trial={NEW}",
    "/setup?trial=",
    f"/setup?trial={NEW}&step=people",
    f"/setup?trial={NEW}&step=money",
    f"/sheets?trial={NEW}",
    "/queries?trial=tale-til-tekst",
)


@pytest.mark.service
@pytest.mark.parametrize("path", WALKED)
def test_the_keyboard_alone_reaches_every_control_in_the_order_of_the_page(address, page, path):
    settled(page, address + path)
    controls = page.evaluate(CONTROLS)
    assert controls
    reached: list[int] = []
    unseen: list[str] = []
    page.evaluate("document.activeElement.blur()")
    for _ in range(3 * len(controls) + 60):
        page.keyboard.press("Tab")
        which, seen, _, html = page.evaluate(STANDS)
        if which is None:
            if reached:
                break  # past the last one
            continue
        if reached and int(which) == reached[0]:
            break
        reached.append(int(which))
        if not seen:
            unseen.append(html)
    radios = {n for n, one in enumerate(controls) if " radio " in f" {one.lower()} "}
    missed = set(range(len(controls))) - set(reached)
    assert {controls[n] for n in missed - radios} == set()  # of radios one is a stop, arrows go on
    assert reached == sorted(reached)
    assert unseen == []
