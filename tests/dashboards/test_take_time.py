"""The page on which tasks are timed, without a browser: what it asks and what it refuses."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event as when
from streamlit.testing.v1 import AppTest

from dashboards import clock, elements
from dashboards.views import desk
from htkeval.decision import Actor, Policy
from htkeval.errors import SheetError
from htkeval.intake.codebook import headed
from htkeval.steps import stopwatch
from htkeval.steps.case import Case
from htkeval.steps.next_lot import next_lot
from htkeval.steps.participation import record
from htkeval.steps.register import register
from htkeval.steps.stopwatch import Task, press
from htkeval.store.store import Store, open_store
from htkeval.text import render
from htkeval.timing import Press
from tests.dashboards import examples as x
from tests.dashboards.pages_on_nouns import text_of
from tests.intake.trials import build_trial

WHO = Actor(name="tester", known_by="os")
TODAY = date.today()  # noqa: DTZ011 - the day here
NOW = datetime.now(UTC)
POLICY = Policy(version="1", valid_from=date(2026, 1, 1), status="udkast")


def script(store, trial, person, names):
    from pathlib import Path

    from dashboards.views import take_time
    from htkeval.decision import Actor
    from htkeval.steps.case import Case

    blobs = Path(store.engine.url.database).parent
    take_time.show(
        (trial,),
        "da",
        opened=lambda _: Case(store=store, blobs=blobs, file=trial, names=names),
        actor=Actor(name="tester", known_by="os"),
        asked=trial.id,
        chose=lambda _: None,
        person=person,
        was=lambda _: None,
    )


@contextmanager
def open_case(place: Path, *, first: date, **design: str):
    """A registered trial of ninety days from a day."""
    trial = build_trial(
        design={"task": "sag", "status": "status", "allocation": "bernoulli", **design},
        starts=str(first),
        ends=str(first + timedelta(days=90)),
    )
    with open_store(f"sqlite:///{(place / 'store.db').as_posix()}") as store:
        case = Case(store=store, blobs=place, file=trial)
        register(case, policy=POLICY, actor=WHO, now=NOW)
        yield case


@pytest.fixture
def case(tmp_path: Path):
    with open_case(tmp_path, first=TODAY - timedelta(days=1)) as case:
        yield case


def page(store: Store, trial, person: str | None = "M-07", names=frozenset()) -> AppTest:
    told = (store, trial, person, names)
    shown = AppTest.from_function(script, args=told, default_timeout=30).run()
    assert not shown.exception, shown.exception
    return shown


def timed(case: Case, *kinds: str, now: datetime = NOW) -> None:
    """A task of M-07 that was pressed so, a minute apart."""
    made = next_lot(case, ("M-07", "sag 1"), {}, actor=WHO, now=now)
    arm = ("baseline", "treatment")[made.listed.drawn[0]]
    for n, kind in enumerate(kinds):
        one = Press(
            id=f"{kind}" + "x" * (20 - len(kind)),
            timing="t" * 20,
            kind=kind,
            life="l" * 20,
            monotonic=60_000 * n,
            clock=1000 * NOW.timestamp() + 60_000 * n,
        )
        press(case, one, Task("M-07", arm, {"sag": "sag 1"}), actor=WHO, now=NOW)


def test_nobody_is_asked_for_a_task_before_it_is_known_whose_it_is(case):
    shown = page(case.store, case.file, None)
    assert "Skriv dit medarbejdernummer" in text_of(shown)
    assert len(shown.text_input) == 1


def test_the_arm_is_text_once_it_is_drawn_and_never_a_choice(case):
    shown = page(case.store, case.file)
    shown.text_input(key="sag-referater-M-07-0").set_value("sag 1").run()
    (draw,) = [one for one in shown.button if "Træk lod" in one.label]
    draw.click().run()
    assert not shown.exception
    listed = case.store.allocated(case.trial.id)
    assert listed is not None
    label = ("uden", "med")[listed.drawn[0]]
    assert f"{label}" in text_of(shown)
    assert "Kan ikke ændres." in text_of(shown)
    assert not [one for one in shown.button_group if one.label == "Hvordan laves den?"]


def test_a_page_is_read_at_one_moment(case):
    """One transaction, however much it asks; each press and each save is felt with it."""
    timed(case, "start")
    begun = []
    when.listen(case.store.engine, "begin", begun.append)
    assert "sag 1" in text_of(page(case.store, case.file))
    assert len(begun) == 1


def test_a_name_of_a_citizen_is_refused_at_once_and_not_repeated(case):
    shown = page(case.store, case.file)
    shown.text_input(key="sag-referater-M-07-0").set_value("010190-1234").run()
    assert "CPR" in text_of(shown)
    assert "010190-1234" not in text_of(shown)
    assert not [one for one in shown.button if "Træk lod" in one.label]


def test_before_a_trial_is_registered_it_is_said_before_the_clock_that_the_promise_is_missing(
    case, tmp_path
):
    told = "Forsøget er ikke registreret"
    assert told not in text_of(page(case.store, case.file))
    with open_store(f"sqlite:///{(tmp_path / 'other.db').as_posix()}") as store:
        shown = page(store, case.file)
        assert told in text_of(shown)
        assert "sag-referater-M-07-0" in [one.key for one in shown.text_input]


def test_a_screen_reader_is_told_no_signs_of_markdown(case):
    next_lot(case, ("M-08", "sag 1"), {}, actor=WHO, now=NOW)
    shown = page(case.store, case.file, "M-08")
    shown.text_input(key="sag-referater-M-08-0").set_value("sag 1").run()
    labels = [one.label for one in (*shown.text_input, *shown.button_group)]
    assert "Hvor længe det tog (minutter)" in labels
    assert not [label for label in labels if "\\" in label]


@pytest.mark.parametrize("text", ["[a](http://b.dk)", "1. a", "- a", "**a**", ":red[a]", "![a](b)"])
def test_a_label_of_a_trial_still_formats_nothing(text):
    assert elements.label_of(text, "da") == elements.words(text, "da")


def test_a_name_of_the_list_is_refused_as_a_number_as_a_task_and_from_a_crafted_message(case):
    case = replace(case, names=frozenset({"mette", "holm"}))
    for person, keys in (("Mette", {}), ("M-07", {"sag": "sag om Holm"})):
        with pytest.raises(SheetError) as refused:
            stopwatch.read_task(case.trial, person, "baseline", keys, listed=case.names)
        assert "mette" not in refused.value.message("da").lower()
        assert "holm" not in refused.value.message("da").lower()
    shown = page(case.store, case.file, "Mette", case.names)
    assert "navn fra navnelisten" in text_of(shown)
    assert "sag-referater" not in str([one.key for one in shown.text_input])
    timed(case, "start", "stop")
    with pytest.raises(SheetError):
        stopwatch.save(
            case, Task("M-07", "baseline", {}), {"status": "Mette var syg"}, client="t" * 20,
            time=None, actor=WHO, now=NOW,
        )  # fmt: skip


PRESS = {"id": "i" * 20, "timing": "t" * 20, "kind": "start", "life": "l" * 20,
         "monotonic": 1.0, "clock": 1.7e12}  # fmt: skip
TASK = {"participant": "M-07", "arm": "baseline", "keys": {"sag": "sag 1"}}


@pytest.mark.parametrize(
    "told",
    [
        None,
        "start",
        {},
        PRESS,
        PRESS | {"task": None},
        PRESS | {"task": TASK | {"arm": "third"}},
        PRESS | {"task": TASK | {"keys": ["sag 1"]}},
        PRESS | {"task": TASK | {"participant": {"x": 1}}},
        PRESS | {"task": TASK, "id": "010190-1234"},
        PRESS | {"task": TASK, "monotonic": float("nan")},
        PRESS | {"task": TASK, "kind": "erase"},
        PRESS | {"task": TASK, "id": PRESS["timing"]},
        PRESS | {"task": TASK, "kind": "saved", "id": PRESS["timing"]},
    ],
)
def test_what_is_no_press_is_let_go(told):
    assert clock.read(told) is None


def test_a_press_is_read_as_the_browser_told_it():
    press, task = clock.read(PRESS | {"task": TASK, "more": 1})
    assert (press.id, task) == ("i" * 20, Task("M-07", "baseline", {"sag": "sag 1"}))


def test_what_waits_on_a_shared_device_has_a_place_for_each_person_that_names_nobody():
    def whose(person, trial="referater"):
        return clock._data(trial, Task(person, "baseline", {}), None, "da")["whose"]

    places = {whose("M-07"), whose("M-08"), whose(None), whose("M-07", "svar")}
    assert len(places) == 4
    assert all("m-07" not in place.lower() for place in places)
    assert whose("m-07 ") == whose("M-07")


@pytest.mark.parametrize("keys", [{"sag": "010190-1234"}, {"sag": "1", "note": "010190-1234"}])
def test_a_name_that_a_browser_sends_is_read_as_one_that_is_typed(tmp_path, monkeypatch, keys):
    """Where nothing is drawn no list stands against it, and a press is kept for good."""
    trial = build_trial(
        design={"kind": "before_after", "randomised": False, "task": "sag", "period": "uge"},
        starts=str(TODAY - timedelta(days=1)), ends=str(TODAY + timedelta(days=90)),
    )  # fmt: skip
    monkeypatch.setattr(desk.st, "session_state", {})
    with open_store(f"sqlite:///{(tmp_path / 'store.db').as_posix()}") as store:
        case = Case(store=store, blobs=tmp_path, file=trial)
        register(case, policy=POLICY, actor=WHO, now=NOW)
        told = clock.read(PRESS | {"task": TASK | {"keys": {"uge": "1"} | keys}})
        assert desk.Desk(case, "da", WHO).heard(*told)
        assert store.events(trial.id, "press") == ()
    assert b"010190-1234" not in b"".join(p.read_bytes() for p in tmp_path.iterdir() if p.is_file())


def test_a_stopped_task_is_a_form_with_its_time_and_saving_it_gives_the_next(case):
    timed(case, "start", "stop")
    shown = page(case.store, case.file)
    assert "sag 1: 1 min. 0 sek." in text_of(shown)
    (save,) = [one for one in shown.button if "Gem og" in one.label]
    save.click().run()
    assert not shown.exception
    assert "Gemt kl." in text_of(shown)
    (row,) = case.store.measurements(case.trial.id)
    assert row.values["task_time"] == 1.0


def test_a_clock_that_was_forgotten_leaves_no_time_unless_one_is_written(case):
    timed(case, "start", "stop")
    shown = page(case.store, case.file)
    (mend,) = [one for one in shown.toggle if one.label == "Ret tiden"]
    mend.set_value(True).run()
    assert "et gæt er værre end et hul" in text_of(shown)
    (save,) = [one for one in shown.button if "Gem og" in one.label]
    save.click().run()
    assert not shown.exception
    (row,) = case.store.measurements(case.trial.id)
    assert row.values["task_time"] is None


def test_what_the_analysis_needs_and_nobody_filled_in_is_told_at_once():
    trial = x.trial(covariates=[{"column": "meeting_minutes", "label": "Mødets længde"}])
    told = [render(headed(one), "da") for one in stopwatch.lacking(trial, {"meeting_minutes": " "})]
    assert len(told) == 1
    assert told[0].startswith("Mødets længde")
    assert stopwatch.lacking(trial, {"meeting_minutes": "35"}) == ()


def test_a_time_that_was_thrown_away_leaves_no_row(case):
    timed(case, "start", "stop")
    shown = page(case.store, case.file)
    assert "Så er tiden væk" in text_of(shown)
    (drop,) = [one for one in shown.button if one.label == "Ja, smid den væk"]
    drop.click().run()
    assert not shown.exception
    assert case.store.measurements(case.trial.id) == ()
    assert shown.text_input(key="sag-referater-M-07-0").value == ""


def test_a_number_in_another_spelling_is_the_same_persons(case):
    timed(case, "start", "stop")
    shown = page(case.store, case.file, "m-07")
    assert "Gem og tag næste" in [one.label for one in shown.button]
    assert case.store.people(case.file.id) == ("M-07",)


@pytest.mark.parametrize(("days", "told"), [(-100, "sluttede"), (3, "begynder")])
def test_outside_the_trials_days_no_clock_can_be_started(tmp_path, days, told):
    with open_case(tmp_path, first=TODAY + timedelta(days=days), date="dato") as case:
        shown = page(case.store, case.file)
        assert f"Forsøget {told} den" in text_of(shown)
        assert "sag-referater-M-07-0" not in [one.key for one in shown.text_input]


def test_what_was_timed_within_them_can_still_be_saved(tmp_path):
    with open_case(tmp_path, first=TODAY - timedelta(days=100), date="dato") as case:
        timed(case, "start", "stop", now=NOW - timedelta(days=50))
        shown = page(case.store, case.file)
        assert "Gem og tag næste" in [one.label for one in shown.button]


def test_whoever_withdrew_is_told_before_the_clock_without_a_command(case):
    next_lot(case, ("M-07", "sag 1"), {}, actor=WHO, now=NOW)
    record(case, ("M-07",), "withdrawn", on=TODAY, actor=WHO, now=NOW)
    shown = page(case.store, case.file)
    assert "tal med forsøgslederen" in text_of(shown)
    assert "htkeval " not in text_of(shown)
    other = page(case.store, case.file, "M-08")
    assert "sag-referater-M-08-0" in [one.key for one in other.text_input]


def test_a_locked_trial_takes_no_time(case, monkeypatch):
    monkeypatch.setattr(Store, "locked", lambda *_: object())
    assert "endelige" in text_of(page(case.store, case.file))


def test_a_number_that_nobody_had_is_asked_about_once_others_are_known(case):
    asked = "Nummeret er nyt i forsøget."
    assert asked not in text_of(page(case.store, case.file))
    record(case, ("M-07",), "informed", on=TODAY, actor=WHO, now=NOW)
    assert asked not in text_of(page(case.store, case.file))
    assert asked in text_of(page(case.store, case.file, "M-70"))


def typed_afterwards(case, minutes: str):
    """A task of M-08 that is entered afterwards with this time."""
    next_lot(case, ("M-08", "sag 1"), {}, actor=WHO, now=NOW)
    shown = page(case.store, case.file, "M-08")
    shown.text_input(key="sag-referater-M-08-0").set_value("sag 1").run()
    (time,) = [one for one in shown.text_input if one.label.startswith("Hvor længe")]
    time.set_value(minutes)
    (save,) = [one for one in shown.button if "Gem og" in one.label]
    save.click().run()
    assert not shown.exception
    return shown


@pytest.mark.parametrize(("written", "minutes"), [("12,5", 12.5), ("0:35", 35), ("12.5", 12.5)])
def test_a_time_is_read_as_a_sheets_cell_whatever_language_the_device_speaks(
    case, written, minutes
):
    typed_afterwards(case, written)
    assert [row.values["task_time"] for row in case.store.measurements(case.trial.id)] == [minutes]


@pytest.mark.parametrize("written", ["1.234", "-3"])
def test_a_time_that_can_be_read_in_two_ways_or_is_none_is_refused_in_words(case, written):
    shown = typed_afterwards(case, written)
    assert f'Minutter pr. referat: fandt "{written}"' in text_of(shown)
    assert case.store.measurements(case.trial.id) == ()
