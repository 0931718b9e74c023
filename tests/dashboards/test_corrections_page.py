"""Each value's history on a page: who, when, old, new, why; never a look that nobody counts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dashboards import evidence, working
from htkeval.cli.root import run
from htkeval.kept_row import KeptRow, RowChange, RowHistory
from htkeval.reporting.row_history import worded
from htkeval.steps.case import open_case
from htkeval.steps.history import values_seen
from htkeval.text import render
from htkeval.workspace import find
from tests.dashboards import examples as x
from tests.dashboards.pages_on_nouns import app, corrections, tables, text_of
from tests.examples import TO_COME, TRIAL, sheet, write_trial, write_workspace

DAY = datetime(2026, 2, 10, 9, tzinfo=UTC)
STATE = x.full().trials[0]
PERSON = STATE.trial.design.participant


def change(kind="corrected", **fields):
    told = {"at": DAY, "by": "Ida", "why": "Uret gik forkert.", "event": 9}
    return RowChange(kind=kind, **{**told, **fields})


def row(*history, number=14):
    return KeptRow(
        id=number,
        event=2,
        number=number,
        counts=all(one.kind == "corrected" for one in history),
        arm="baseline",
        keys={},
        values={},
        history=history,
    )


PUT = change(column="tid", before=12.0, after=35.5)
OUT = change("excluded", at=DAY.replace(day=12), by="Bo", why="prøverække")
MOVED = change(column=PERSON, before="P007", after="P017")
ARM = change(column=STATE.trial.design.arm, before="baseline", after="treatment")


def page(*rows, seen=True, language="da"):
    history = RowHistory(rows=rows, seen=seen)
    return corrections(x.portfolio(STATE), history, language, STATE.trial.id)


def test_it_says_who_when_old_new_and_why_in_order_of_time():
    shown = page(row(OUT, number=3), row(PUT))
    table = tables(shown)[0]
    assert [day[:2] for day in table.index] == ["10", "12"]
    assert "Række 14: tid fra 12 til 35,5. Hvorfor: Uret gik forkert." in text_of(shown)
    assert "Række 3 udeladt. Hvorfor: prøverække" in text_of(shown)
    assert [line[-1] for line in table.itertuples(index=False)] == ["Ida", "Bo"]
    assert "Værdier rettet: 1. Rækker udeladt: 1." in text_of(shown)


def test_before_a_look_values_are_kept_back_and_it_says_why():
    text = text_of(page(row(PUT, ARM), seen=False))
    assert "35,5" not in text
    assert "Række 14: tid rettet. Hvorfor: Uret gik forkert." in text
    assert "et kig, som ingen tæller med" in text
    assert "Række 14: arm fra baseline til treatment." in text  # no measured value


def test_where_no_value_is_kept_back_nothing_is_said_of_it():
    assert "tæller med" not in text_of(page(row(OUT), seen=False))
    assert "tæller med" not in text_of(page(row(PUT)))


@pytest.mark.parametrize("seen", [True, False])
def test_no_pseudonym_stands_on_the_page(seen):
    text = text_of(page(row(MOVED), seen=seen))
    assert ("P007" in text, "P017" in text) == (False, False)
    assert "Pseudonymer vises ikke her" in text


def test_a_trial_without_any_says_so():
    shown = page(language="en")
    assert "No value was put right, and no row was left out." in text_of(shown)
    assert not tables(shown)


def test_a_reason_never_becomes_markup():
    shown = page(row(change(column="tid", why="<b>[klik](http://x.dk)</b>")))
    assert "&lt;b&gt;[klik](http://x.dk)&lt;/b&gt;" in shown.get("html")[0].value


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A registered trial with 48 rows, one of them put right; how its promise is, is told."""

    def made(text):
        root = write_workspace(tmp_path / "place", text)
        monkeypatch.chdir(root)
        (root / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
        for said in (
            ("register", "proeve"),
            ("add", "proeve", "maal.csv"),
            ("correct", "proeve", "--row", "7", "--set", "minutter=35,5", "--why", "slåfejl"),
        ):
            assert run(list(said)) == 0
        return root

    return made


def seen(root, *, now=DAY):
    with open_case(find(root, given=str(root)), "proeve") as case:
        return values_seen(case, now=now)


SIZED = 'kind = "within"\nclusters = 6\ntasks_each = {n}'


def test_a_plan_without_a_size_has_nothing_to_keep_back(work):
    assert seen(work(TO_COME)) is True


@pytest.mark.parametrize(("each", "after"), [(8, True), (16, False)])
def test_a_plan_with_looks_keeps_values_back_until_its_last_look_is_taken(work, each, after):
    """Of 48 planned tasks all are in, so the first look is the last; of 96 it is not."""
    text = TO_COME.replace('kind = "within"', SIZED.format(n=each))
    root = work(text + "\n[analysis]\nlooks = [0.5, 1.0]\n")
    assert seen(root) is False
    assert seen(root, now=DAY.replace(year=2100)) is False  # the end alone is no look
    assert run(["analyse", "proeve", "--look", "1"]) == 0
    assert seen(root) is after


def test_looks_that_a_deviation_takes_out_open_nothing_by_that(work):
    text = TO_COME.replace('kind = "within"', SIZED.format(n=16))
    root = work(text + "\n[analysis]\nlooks = [0.5, 1.0]\n")
    assert run(["analyse", "proeve", "--look", "1"]) == 0
    write_trial(root / "experiments" / "proeve", text)
    assert run(["deviate", "proeve", "--what", "analysis.looks", "--why", "færre kig"]) == 0
    assert run(["analyse", "proeve"]) == 0
    assert seen(root) is False


def test_a_planned_size_keeps_values_back_until_it_is_in_or_the_trial_is_over(work):
    root = work(TO_COME.replace('kind = "within"', SIZED.format(n=40)))
    assert seen(root) is False
    assert run(["analyse", "proeve"]) == 0
    assert seen(root) is False  # 48 of 240 tasks
    assert seen(root, now=DAY.replace(year=2100)) is True


def test_an_analysis_as_planned_opens_them(work):
    root = work(TO_COME.replace('kind = "within"', SIZED.format(n=8)))
    assert seen(root) is False
    assert run(["analyse", "proeve"]) == 0
    assert seen(root) is True


def test_a_trial_that_is_not_registered_promised_no_look(tmp_path):
    root = write_workspace(tmp_path / "place", TRIAL)
    assert seen(root) is True


def test_the_page_reads_the_store_and_has_an_address_that_keeps_the_trial(work, monkeypatch):
    import streamlit as st

    root = work(TO_COME)
    place = find(root, given=str(root))
    (one,) = working.row_history(place, "proeve").rows
    assert (one.id, one.history[0].after) == (7, 35.5)
    assert run(["exclude", "proeve", "--row", "9", "--why", "prøverække"]) == 0
    assert [one.id for one in working.row_history(place, "proeve").rows] == [7, 9]
    monkeypatch.setattr(evidence, "workspace", lambda: place)
    pages, real = {}, st.Page

    def noted(function, **options):
        pages[options.get("url_path")] = function
        return real(function, **options)

    monkeypatch.setattr(st, "Page", noted)
    whole = app(evidence.load(place)).run()
    assert not whole.exception
    asked = {}
    from dashboards.views import corrections as view

    monkeypatch.setattr(view, "show", lambda *given, **more: asked.update(more))
    monkeypatch.setattr(st, "query_params", {"trial": "proeve"})
    pages["corrections"]()
    assert asked["asked"] == "proeve"
    assert [one.id for one in asked["known"]("proeve").rows] == [7, 9]


def test_what_became_of_a_task_is_told_in_the_reader_s_words():
    design = STATE.trial.design.model_copy(update={"status": "status"})
    trial = STATE.trial.model_copy(update={"design": design})
    assert render(worded(trial, "status", "abandoned"), "da") == "afbrudt"
    assert worded(trial, "tid", "abandoned") == "abandoned"
