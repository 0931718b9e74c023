"""A lead puts a value right on a page: the old one stays, and whoever may not finds no form."""

from __future__ import annotations

import pytest

from htkeval.cli.root import run
from htkeval.decision import Actor
from htkeval.rights import Identity
from htkeval.steps.case import read_case
from htkeval.steps.correct import Which, kept_rows
from htkeval.workspace import find
from tests.dashboards import places
from tests.dashboards.pages_on_nouns import text_of
from tests.examples import TO_COME, sheet, write_workspace


def somebody(*roles, trials=()):
    return Identity(actor=Actor(name="lone", known_by="proxy"), roles=roles, trials=trials)


LEAD = somebody("lead", trials=("proeve",))


@pytest.fixture
def place(tmp_path, monkeypatch):
    root = write_workspace(tmp_path / "place", TO_COME)
    monkeypatch.chdir(root)
    (root / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
    for said in (("register", "proeve"), ("add", "proeve", "maal.csv")):
        assert run(list(said)) == 0
    return find(root, given=str(root))


def row(place, number):
    with read_case(place, "proeve") as case:
        return kept_rows(case, Which(row=number))[0].row


def opened(monkeypatch, who=LEAD, **asked):
    return places.opened("corrections", monkeypatch, who=who, trial="proeve", lang="da", **asked)


def filled(page, value, why):
    (column,) = [one for one in page.selectbox if one.label == "Hvilken værdi?"]
    column.set_value("minutter").run()
    (cell,) = [one for one in page.text_input if one.label.startswith("Minutter")]
    cell.set_value(value)
    page.text_area[0].set_value(why)
    (keep,) = [one for one in page.button if one.label == "Gem rettelsen"]
    keep.click().run()
    assert not page.exception
    return page


def test_a_lead_puts_the_row_right_that_the_address_names(place, monkeypatch):
    before = row(place, 7)
    page = filled(opened(monkeypatch, row="7"), "35,5", "Slåfejl")
    after = row(place, 7)
    assert after.values["minutter"] == 35.5
    assert before.values["minutter"] != 35.5
    (change,) = after.history
    assert (change.by, change.why, change.before) == ("lone", "Slåfejl", before.values["minutter"])
    told = text_of(page)
    assert "Gemt. Række 7: minutter fra" in told
    assert "til 35,5" in told
    assert "Rettede værdier: 1" in told or "Række 7: minutter" in told


@pytest.mark.parametrize(
    ("value", "why", "told"),
    [
        ("35,5", "", "»Hvorfor rettes det?«: fandt ingenting"),
        ("mange", "Slåfejl", "minutter"),
        ("35,5", "ring til 010190-1234", "Hvorfor"),
    ],
)
def test_what_cannot_be_kept_is_told_in_the_pages_words_and_stays_in_the_form(
    place, monkeypatch, value, why, told
):
    page = filled(opened(monkeypatch, row="7"), value, why)
    assert row(place, 7).history == ()
    assert told in text_of(page)
    assert "--why" not in text_of(page)
    assert "010190" not in text_of(page)
    (cell,) = [one for one in page.text_input if one.label.startswith("Minutter")]
    assert cell.value == value


@pytest.mark.parametrize("who", [somebody("analyst"), somebody("lead", trials=("andet",))])
def test_who_may_not_write_to_the_trial_finds_no_form(place, monkeypatch, who):
    page = opened(monkeypatch, who=who)
    assert [one.label for one in page.button if one.label == "Gem rettelsen"] == []


@pytest.mark.parametrize("wanted", ["99999", "-1", "<script>", "7"])
def test_an_address_of_no_row_begins_with_the_first(place, monkeypatch, wanted):
    page = opened(monkeypatch, row=wanted)
    (chosen,) = [one for one in page.selectbox if one.label == "Hvilken opgave?"]
    assert chosen.value == (7 if wanted == "7" else chosen.options and row(place, chosen.value).id)


def test_whoever_sits_at_the_computer_may_and_a_locked_trial_says_so(place, monkeypatch):
    assert run(["snapshot", "proeve", "--final"]) == 0
    page = filled(opened(monkeypatch, who=None, row="7"), "35,5", "Slåfejl")
    assert row(place, 7).history == ()
    assert "låst" in text_of(page)
