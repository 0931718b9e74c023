"""A trial that was chosen stays chosen on the next page, for whoever may see it there."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboards import session
from htkeval.decision import Actor
from htkeval.rights import Identity
from htkeval.steps.case import read_workspace_store
from htkeval.text import LANGUAGES, render, say
from htkeval.workspace import find
from tests.dashboards import places
from tests.dashboards.pages_on_nouns import text_of
from tests.often import often

ACTOR = Actor(name="lone", known_by="proxy")
LEAD = Identity(actor=ACTOR, roles=("lead",), trials=("nr-001",))
OTHER = say("There is no trial by that name. This is another.")


@pytest.fixture(scope="module")
def three(tmp_path_factory) -> Path:
    """Three trials that are registered; nobody has measured them."""
    return places.many(tmp_path_factory.mktemp("stays") / "p", 3)


@pytest.fixture
def root(three, monkeypatch) -> Path:
    monkeypatch.chdir(three)
    return three


def arrived(path: str, who: Identity | None, monkeypatch: pytest.MonkeyPatch, **asked) -> AppTest:
    """The real app at an address."""
    monkeypatch.setattr(session, "who", lambda _: who)
    page = AppTest.from_file(str(places.PAGES), default_timeout=120)
    return onward(page, path, **asked)


def onward(page: AppTest, path: str, **asked: str) -> AppTest:
    """The next page by the navigation, which takes along nothing of the address."""
    page.query_params.clear()
    for name, value in asked.items():
        page.query_params[name] = value
    page._page_hash = calc_hash(path)  # as `st.Page` has it: AppTest itself knows pages by files
    page.run()
    assert not page.exception, page.exception
    return page


def trial(page: AppTest) -> tuple[str, str]:
    """The trial that the page shows, and the one that its address says."""
    label = {render(say(told), "da") for told in ("Choose a trial", "Which trial?")}
    (box,) = [one for one in page.selectbox if one.label.replace("\u00a0", " ") in label]
    return box.value, page.query_params.get("trial", "")


PATHS = ("trial", "progress", "queries", "corrections", "plan", "effects", "raw", "trace", "sheets")


@pytest.mark.parametrize("path", often(PATHS, ["plan", "queries", "corrections"]))
def test_a_trial_that_was_chosen_stays_chosen_on_the_next_page(path, root, monkeypatch):
    page = arrived("progress", None, monkeypatch)
    page.selectbox[0].set_value("nr-002").run()
    onward(page, path)
    shown, said = trial(page)
    assert shown == "nr-002"
    assert said in ("nr-002", ["nr-002"])


def test_the_address_comes_before_what_was_chosen(root, monkeypatch):
    page = arrived("progress", None, monkeypatch, trial="nr-002")
    onward(page, "plan")
    assert trial(page)[0] == "nr-002"
    page.query_params["trial"] = "nr-001"
    page.run()
    assert trial(page)[0] == "nr-001"
    onward(page, "queries")
    assert trial(page)[0] == "nr-001"


def test_a_chosen_trial_that_the_page_does_not_offer_gives_the_first_without_a_word(
    root, monkeypatch
):
    page = arrived("plan", LEAD, monkeypatch, trial="nr-002")
    onward(page, "time")
    assert trial(page)[0] == "nr-001"  # the only one of his own
    assert render(OTHER, "da") not in text_of(page).replace("\u00a0", " ")
    with read_workspace_store(find(root)) as store:
        assert store.events(kind="refusal") == ()  # nobody asked for another's rows
    onward(page, "plan")
    assert trial(page)[0] == "nr-002"  # a page that could not show it has not forgotten it


def test_a_trial_that_is_gone_gives_the_first_without_a_word(tmp_path, monkeypatch):
    here = places.many(tmp_path / "p", 3)
    monkeypatch.chdir(here)
    page = arrived("sheets", None, monkeypatch, trial="nr-002")
    (here / "experiments" / "nr-002" / "trial.toml").write_text("[", encoding="utf-8")
    onward(page, "sheets")
    assert trial(page)[0] == "nr-001"
    assert render(OTHER, "da") not in text_of(page).replace("\u00a0", " ")


@pytest.mark.parametrize("language", often(LANGUAGES, ["da"]))
def test_papers_are_of_all_trials_until_one_is_asked_for_there(language, root, monkeypatch):
    page = arrived("papers", None, monkeypatch, lang=language)
    assert page.selectbox[0].value is None
    page.selectbox[0].set_value("nr-002").run()
    onward(page, "plan")
    assert page.selectbox[0].value == "nr-002"
    onward(page, "papers")
    assert page.selectbox[0].value is None


def test_set_up_goes_on_with_the_chosen_trial_until_that_is_locked(tmp_path, monkeypatch):
    here = places.written(tmp_path / "p")
    monkeypatch.chdir(here)
    page = arrived("plan", None, monkeypatch, trial="proeve")
    onward(page, "setup")
    assert trial(page)[0] == "proeve"
    page.selectbox[0].set_value("").run()
    assert trial(page) == ("", "")
    assert trial(page.run()) == ("", "")
    onward(page, "plan")
    assert trial(page)[0] == "proeve"


def test_set_up_begins_a_new_trial_where_the_chosen_one_is_locked(root, monkeypatch):
    page = arrived("plan", None, monkeypatch, trial="nr-002")
    onward(page, "setup")
    assert trial(page)[0] == ""
    page.selectbox[0].set_value("nr-001").run()  # to read in it
    onward(page, "plan")
    assert trial(page)[0] == "nr-001"


def test_an_address_that_is_sent_shows_the_plan_as_it_was_turned(root, monkeypatch):
    page = arrived("plan", None, monkeypatch, trial="nr-002")
    assert "units" not in page.query_params
    page.slider[0].set_value(31).run()
    page.select_slider[0].set_value(0.07).run()
    said = {name: page.query_params[name] for name in ("trial", "units", "icc")}
    assert said == {"trial": "nr-002", "units": "31", "icc": "0.07"}
    sent = arrived("plan", None, monkeypatch, trial="nr-002", units="31", icc="0.07")
    assert (sent.slider[0].value, sent.select_slider[0].value) == (31, 0.07)
    sent.slider[0].set_value(30).run()
    assert sent.query_params["units"] == "30"
    sent.selectbox[0].set_value("nr-001").run()  # another trial begins where its own plan stands
    assert (sent.slider[0].value, sent.select_slider[0].value) != (30, 0.07)
    assert "units" not in sent.query_params


@pytest.mark.parametrize("said", often(["x", "-1", "1e9", "nan", "0.333", "31; DROP"], ["nan"]))
def test_what_no_slider_can_be_is_not_heeded(said, root, monkeypatch):
    own = arrived("plan", None, monkeypatch, trial="nr-002")
    page = arrived(
        "plan", None, monkeypatch, trial="nr-002", units=said, tasks=said, icc=said, log_sd=said
    )
    for kind in ("slider", "select_slider"):
        assert [one.value for one in getattr(page, kind)] == [
            one.value for one in getattr(own, kind)
        ]
    assert "units" not in page.query_params
