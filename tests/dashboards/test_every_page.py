"""Every page of the one table, on workspaces in every state, in both languages, at hostile
addresses: the sentence that is due, never a traceback, never somebody else's data."""

from __future__ import annotations

import re
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest

from dashboards import evidence, navigation
from dashboards.door import why_not
from dashboards.pages import _not_here
from htkeval.decision import Actor
from htkeval.errors import HtkevalError, NotAllowed
from htkeval.rights import Identity
from htkeval.steps import case
from htkeval.steps.register import register
from htkeval.store import store as stores
from htkeval.store import watch
from htkeval.text import LANGUAGES, render, say
from htkeval.workspace import find
from tests.dashboards import places
from tests.dashboards.pages_on_nouns import at_this_computer, text_of
from tests.dashboards.test_door import HERE, LOCAL, LONE, scope
from tests.often import often

PAGES = tuple(navigation.PAGES)
HEADED = {
    "": "What was tried, and what did it give?",
    "trial": "Are law, security and co-operation in place?",
    "neighbours": "Other municipalities",
    "time": "Take time",
    "sheets": "Fetch or hand in a sheet",
    "progress": "How far is it?",
    "queries": "Queries",
    "corrections": "Corrections",
    "setup": "Set up a trial",
    "plan": "What could the plan see?",
    "effects": "Effects and checks",
    "raw": "Raw data in groups",
    "trace": "Trace and fingerprints",
    "papers": "Papers for the committee",
    "method": "Method and words",
    "accessibility": "Accessibility",
}
"""What a page of that address says wherever it can be drawn."""
NO_TRIAL, A_FOLDER = (
    "There is no trial yet.",
    "A trial is a folder with a trial.toml under experiments.",
)
UNMEASURED, UNKNOWN = "No trial is measured yet", "What it gave cannot be told yet."
UNANALYSED = "The trial is not analysed yet, so nothing of its rows is shown."
SAYS: dict[str, dict[str, str]] = {
    "empty": {
        **dict.fromkeys(("", "trial"), "No trial has been set up yet"),
        **dict.fromkeys(("time", "sheets", "queries"), NO_TRIAL),
        **dict.fromkeys(("progress", "corrections", "plan", "effects", "raw", "trace"), A_FOLDER),
        "papers": "No paper is kept yet.",
    },
    "written": {"": UNMEASURED, "effects": UNANALYSED, "raw": UNANALYSED},
    "no data": {"": UNMEASURED, "effects": UNANALYSED, "raw": UNANALYSED},
    "one arm": {"": UNKNOWN, "trial": UNKNOWN, "effects": "What cannot be told"},
    "only gaps": {"": UNKNOWN, "trial": UNKNOWN},
    "full": {"trial": "What can change the recommendation?", "effects": "By team"},
}
"""What is due beside the heading, by state and page."""
NO_HEADING = {("empty", ""), ("empty", "trial")}
ADDRESSES = {
    "up": "../../../etc/passwd",
    "empty": "",
    "absolute": "/etc/passwd",
    "nul": "proeve\x00.toml",
    "long": "a" * 20_000,
    "repeated": ["proeve", "../proeve"],
    "markup": "<b onmouseover=alert(1)>[x](http://evil.example)",
}
ASKED = (
    *("trial", "participant", "question", "step", "lang", "public"),
    *("units", "tasks", "icc", "log_sd", "row"),
)
"""Every parameter of the address that some page reads; a test finds what lacks."""
NOT_THERE = "There is no trial by that name. This is another."
OF_THEM_ALL = "There is no trial by that name. This is of them all."


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A workspace by its state, made once for all pages."""
    made: dict[str, Path] = {}

    def of(state: str) -> Path:
        if state not in made:
            made[state] = places.STATES[state](tmp_path_factory.mktemp("place") / "p")
        return made[state]

    return of


@pytest.fixture
def impatient(monkeypatch):
    """Nobody waits half a minute in a test."""
    for opening in (stores.read_store, stores.open_store):
        monkeypatch.setitem(opening.__kwdefaults__, "wait", 0.05)
    monkeypatch.setattr(watch, "WAIT", 0.05)
    monkeypatch.setattr(evidence, "PATIENCE", 0.05)
    watch._HERE.clear()


def told(template, language):
    """A sentence of the app as a reader reads it."""
    return render(say(template), language).replace("\u00a0", " ")


def test_every_page_of_the_table_has_its_words_here():
    assert set(HEADED) == set(navigation.PAGES)


def test_every_parameter_that_a_page_reads_is_tried_here():
    folder = Path(navigation.__file__).parent
    text = "\n".join(file.read_text("utf-8") for file in folder.rglob("*.py"))
    found = set(re.findall(r"query_params(?:\.get\(|\.pop\(|\[)\"(\w+)\"", text))
    for told in re.findall(r"address\.(?:asked|keep), \"(\w+)\"|address\.asked\(\"(\w+)\"\)", text):
        found |= {one for one in told if one}
    sliders = re.findall(r"address\.asked\(name\) for name in \((.*)\)", text)
    found |= set(re.findall(r"\w+", sliders[0]))
    assert found == set(ASKED)


CASES = [(s, p, lang) for s in places.STATES for p in PAGES for lang in LANGUAGES]
EVERY_DAY = {
    *(("empty", path, "da") for path in ("", "trial", "time", "plan", "papers")),
    *(("only gaps", path, "da") for path in ("", "trial", "raw")),
    ("script", "", "en"),
    ("script", "trial", "en"),
    ("one arm", "", "da"),
    ("one arm", "effects", "da"),
    ("a few", "", "da"),
    ("no data", "", "en"),
    ("full", "trial", "da"),
}


@pytest.mark.parametrize(("state", "path", "language"), often(CASES, EVERY_DAY))
def test_a_page_says_what_is_due(state, path, language, place, monkeypatch):
    root = place(state)
    monkeypatch.chdir(root)
    page = places.opened(path, monkeypatch, lang=language)
    text = text_of(page)
    if (state, path) not in NO_HEADING:
        assert told(HEADED[path], language) in text
    assert told(SAYS.get(state, {}).get(path, ""), language) in text
    assert told("The figures cannot be shown now", language) not in text
    assert state != "full" or told(UNKNOWN, language) not in text
    assert not any("<script" in one.proto.body.lower() for one in page.get("html"))
    assert max(map(len, text.splitlines())) < 1000, "a title without an end"


@pytest.mark.parametrize("title", [places.LONG, places.TURNED], ids=["long", "turned"])
def test_a_title_that_no_screen_can_carry_is_never_promised(title, tmp_path, actor):
    root = places.only_written(title)(tmp_path / "p")
    here = find(root)
    with pytest.raises(HtkevalError) as refused, places.open_case(here, "proeve") as case:
        register(case, policy=here.policy, actor=actor, now=places.BEFORE)
    assert "trial.toml, title" in refused.value.message("en")


BROKEN = {
    "missing": "no store, though files of one are there",
    "newer": "made by a newer htkeval",
    "locked": "that others are writing to it all the time",
}
BROKEN_DA = {"missing": "intet lager, selv om", "newer": "nyere htkeval", "locked": "andre skriver"}


@pytest.mark.parametrize(
    ("sort", "path", "language"),
    often(
        [(sort, path, lang) for sort in BROKEN for path in PAGES for lang in LANGUAGES],
        {
            *(("missing", path, "da") for path in PAGES),
            *(
                (sort, path, "da")
                for sort in ("newer", "locked")
                for path in ("", "time", "method")
            ),
        },
    ),
)
def test_a_store_that_cannot_be_read_is_told(
    sort, path, language, place, tmp_path, monkeypatch, impatient
):
    # a promise alone leaves no file to miss a store by
    root = copytree(place("one arm"), tmp_path / "p")
    monkeypatch.chdir(root)
    if sort != "locked":
        getattr(places, sort)(root)
    with places.locked(root) if sort == "locked" else nullcontext():
        text = text_of(places.opened(path, monkeypatch, lang=language, trial="proeve"))
    if path in navigation.OF_THE_TOOL or (path == "setup" and sort == "newer"):
        assert told(HEADED[path], language) in text  # they read no evidence
        return
    assert told("The figures cannot be shown now", language) in text
    assert (BROKEN_DA if language == "da" else BROKEN)[sort] in text
    if sort == "missing":
        assert not places.store_of(root).exists()


@pytest.mark.parametrize(
    ("sort", "roles"),
    often(
        [(sort, roles) for sort in BROKEN for roles in ((), ("reader",))],
        [("newer", ()), ("locked", ("reader",))],
    ),
)
def test_who_is_refused_is_refused_too_where_that_cannot_be_kept(
    sort, roles, tmp_path, monkeypatch, impatient
):
    root = places.no_data(tmp_path / "p")
    monkeypatch.chdir(root)
    if sort != "locked":
        getattr(places, sort)(root)
    who = Identity(actor=Actor(name="lone", known_by="proxy"), roles=roles)
    with places.locked(root) if sort == "locked" else nullcontext():
        page = places.opened("time", monkeypatch, who, lang="da")
    assert "En prøve" not in text_of(page)
    assert told("The figures cannot be shown now", "da") not in text_of(page)
    assert [one.value for one in page.title] == ["Det har du ikke adgang til"] or not roles


@pytest.mark.parametrize("sort", often(["newer", "locked"], ["newer"]))
def test_the_watch_of_a_broken_store_ends_in_our_own_words_or_in_silence(
    sort, tmp_path, monkeypatch, impatient
):
    root = places.no_data(tmp_path / "p")
    if sort == "newer":
        places.newer(root)
    where, now = find(root).store, datetime.now(UTC)
    with places.locked(root) if sort == "locked" else nullcontext():
        for language in LANGUAGES:
            said = (BROKEN_DA if language == "da" else BROKEN)[sort]
            with nullcontext() if sort == "newer" else pytest.raises(HtkevalError) as told:
                watch.refused(where, watch.NOBODY, "host", trial=None, what="door", now=now)
            assert sort == "newer" or said in told.value.message(language)
        with pytest.raises(HtkevalError) as told:  # rows are not read where it cannot be kept
            watch.read(where, watch.NOBODY, trial="proeve", now=now)
        assert said in told.value.message(language)


def test_a_page_waits_for_others_as_long_as_it_says_and_no_longer(tmp_path, monkeypatch):
    monkeypatch.chdir(places.no_data(tmp_path / "p"))
    at_this_computer(monkeypatch)
    waited = []
    reading = case.read_store

    def read_store(address, *, wait, **more):
        waited.append(wait)
        return reading(address, wait=wait, **more)

    monkeypatch.setattr(case, "read_store", read_store)
    evidence.load(evidence.workspace())
    assert set(waited) == {evidence.PATIENCE}


@pytest.mark.parametrize("path", PAGES)
def test_a_forged_header_opens_no_page(path):
    for header in (LONE, ("x-role", "admin"), ("x-htkeval-role", "admin")):
        assert why_not(scope((*HERE, header), path=f"/{path}"), LOCAL) == "header"


ROLES = ("reader", "lead", "analyst", "decider")
SHUT = [
    (role, path)
    for role in ROLES
    for path in PAGES
    if role not in navigation.PAGES[path].roles and (role, path) != ("lead", "")
]


@pytest.mark.parametrize(
    ("role", "path"), often(SHUT, [("reader", "raw"), ("lead", "effects"), ("decider", "setup")])
)
def test_a_page_of_another_role_is_refused(role, path, place, monkeypatch):
    monkeypatch.chdir(place("full"))
    who = Identity(actor=Actor(name="lone", known_by="proxy"), roles=(role,))
    page = places.opened(path, monkeypatch, who, lang="da", trial="proeve")
    assert [one.value for one in page.title] == ["Det har du ikke adgang til"]
    assert "En prøve" not in text_of(page)


@pytest.mark.parametrize(
    ("path", "sort", "language"),
    often(
        [(path, sort, lang) for path in PAGES for sort in ADDRESSES for lang in LANGUAGES],
        {
            *((path, "up", "da") for path in ("time", "neighbours", "papers")),
            *(("trial", sort, "en") for sort in ("nul", "repeated")),
        },
    ),
)
def test_what_stands_in_an_address_is_only_a_name(path, sort, language, place, monkeypatch):
    monkeypatch.chdir(place("full"))
    value = ADDRESSES[sort]
    asked = dict.fromkeys(ASKED, value) | {"lang": language}
    page = places.opened(path, monkeypatch, **asked)
    text = text_of(page)
    assert told(HEADED[path], language) in text
    assert "root:" not in text
    reads_a_trial = path not in ("", "neighbours", *navigation.OF_THE_TOOL)
    if reads_a_trial and not (path == "setup" and not value):
        assert told(OF_THEM_ALL if path == "papers" else NOT_THERE, language) in text


@pytest.mark.parametrize("sort", often(ADDRESSES, ["nul"]))
def test_a_language_that_there_is_not_is_the_municipalitys_own(sort, place, monkeypatch):
    monkeypatch.chdir(place("empty"))
    text = text_of(places.opened("", monkeypatch, lang=ADDRESSES[sort]))
    assert told("No trial has been set up yet", "da") in text


def test_a_refusal_is_one_even_without_a_place(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotAllowed):
        _not_here("raw", {}, "da")
