"""Informed, consented, objected, withdrew: recorded by token, seen by the lead, kept to."""

import csv
import io
import json
import re
import time
from datetime import UTC, date, datetime

import pytest

from htkeval.cli.options import who
from htkeval.errors import Refused
from htkeval.resources import PACKAGE
from htkeval.steps.case import open_case
from htkeval.steps.participation import record
from htkeval.workspace import at
from tests.cli.test_corrections import listed, rows_of
from tests.cli.test_deviations import events
from tests.cli.test_verify import failed
from tests.examples import TRIAL, sheet, write_trial, write_workspace

PAST = TRIAL.replace("2026-", "2020-")
NAME = "Kastanje77"


@pytest.fixture
def work(tmp_path, monkeypatch, call):
    """A trial in days gone by with 48 measurements of six people, M00 to M05."""
    root = write_workspace(tmp_path / "place", PAST)
    monkeypatch.chdir(root)
    (root / "maal.csv").write_text(sheet(year=2020), encoding="utf-8")
    assert call("add", "proeve", "maal.csv").code == 0
    return root


def say(call, state, *people, day="2020-02-10", more=()):
    return call("participant", "proeve", *people, "--state", state, "--date", day, *more)


def stands(call):
    answer = call("participants", "proeve", "--format", "json")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


def line(person, day, minutes="33"):
    return f"{person};uden;{day};{minutes};0\n"


def deliver(root, call, *lines, name="mere.csv"):
    head = sheet(year=2020).splitlines()[0] + "\n"
    (root / name).write_text(head + "".join(lines), encoding="utf-8")
    return call("add", "proeve", name)


def test_who_was_informed_consented_and_withdrew_is_seen_with_dates_and_no_counts(work, call):
    assert say(call, "informed", "M00", "M01", "M02", day="2020-01-02").code == 0
    assert say(call, "consented", "M01", day="2020-01-05").code == 0
    answer = say(call, "withdrawn", "M01", more=("--why", "travlhed", "--as", "Ida"))
    assert answer.code == 0, answer.err
    assert "M01 withdrew on 10 February 2020" in answer.out
    found = stands(call)
    assert found["counts"] is None  # who has the list can count it; nobody copies a number of few
    assert [one["participant"] for one in found["participants"]] == [f"M0{k}" for k in range(6)]
    assert found["participants"][1] == {
        "participant": "M01",
        "state": "withdrawn",
        "since": "2020-02-10",
        "informed": "2020-01-02",
        "consented": "2020-01-05",
        "out": "2020-02-10",
        "why": "travlhed",
        "measured": True,
        "uninformed": False,
    }
    table = call("participants", "proeve").out
    assert "Measured without having been informed first: M03, M04, M05." in table
    assert (
        re.search(r"(?<![-\d])\d+ (?:of|participants|informed|withdrew|consented)", table) is None
    )
    flat = list(csv.DictReader(io.StringIO(call("participants", "proeve", "--format", "csv").out)))
    assert [one["state"] for one in flat] == ["informed", "withdrawn", "informed", "", "", ""]
    assert failed(call) == set()


def test_the_document_keeps_its_schema_and_tells_no_times(work, call):
    import jsonschema

    schema = json.loads((PACKAGE / "schemas" / "participants.schema.json").read_text("utf-8"))
    found = stands(call)
    jsonschema.validate(found, schema)
    assert not any(
        isinstance(value, float) for one in found["participants"] for value in one.values()
    )


def test_the_event_knows_the_token_and_never_the_pseudonym(work, call):
    assert say(call, "informed", NAME).code == 0
    (event,) = events(work, "participation")
    assert set(event.payload) == {"subject", "state", "date", "why"}
    with open_case(at(work, {}), "proeve") as case, case.store.reading() as connection:
        from htkeval.store import subjects

        assert subjects.People(connection, "proeve").known([NAME]) == {
            NAME: event.payload["subject"]
        }
        assert NAME not in event.model_dump_json()


def test_a_person_who_was_new_keeps_the_token_when_rows_come(work, call):
    assert "New here" in say(call, "informed", "Ny1", day="2020-02-01").out
    assert "New here" not in say(call, "consented", "Ny1", day="2020-02-02").out
    assert deliver(work, call, line("Ny1", "03-02-2020")).code == 0
    (mine,) = (one for one in stands(call)["participants"] if one["participant"] == "Ny1")
    assert (mine["measured"], mine["uninformed"], mine["consented"]) == (True, False, "2020-02-02")
    assert failed(call) == set()


def test_work_from_before_the_information_is_told(work, call):
    assert say(call, "informed", "M00", day="2020-02-10").code == 0
    (mine,) = (one for one in stands(call)["participants"] if one["participant"] == "M00")
    assert mine["uninformed"] is True  # the sheet's first row is of 1 February


@pytest.mark.parametrize("state", ["withdrawn", "objected"])
def test_rows_done_after_the_day_are_refused_by_name_and_rows_from_before_come_in(
    work, call, state
):
    assert say(call, state, "M01").code == 0
    before = len(rows_of(work))
    assert before == 48  # to withdraw is not to be erased
    answer = deliver(
        work, call, line("M00", "11-02-2020"), line("M01", "11-02-2020"), line("M01", "12-02-2020")
    )
    assert answer.code == 1
    assert "mere.csv, M01, measurement no. 2, 3: found somebody who" in answer.err
    assert answer.err.count("mere.csv") == 1
    assert "htkeval erase proeve" in " ".join(answer.err.split())
    assert len(rows_of(work)) == before
    on_the_day = deliver(work, call, line("M01", "10-02-2020"), line("M00", "11-02-2020"))
    assert (on_the_day.code, len(rows_of(work))) == (0, before + 2)
    assert failed(call) == set()


def test_a_preview_says_what_add_would_refuse(work, call):
    assert say(call, "withdrawn", "M01").code == 0
    assert deliver(work, call, line("M01", "11-02-2020")).code == 1
    answer = call("add", "proeve", "mere.csv", "--preview")
    assert (answer.code, "M01, measurement no. 1:" in answer.out + answer.err) == (1, True)


def test_the_same_sheet_again_holds_no_new_rows(work, call):
    """Its rows of late February are here already, though they are of days after the withdrawal."""
    assert say(call, "withdrawn", "M01").code == 0
    again = call("add", "proeve", "maal.csv")
    assert (again.code, "already here" in again.out) == (0, True)


def test_a_name_written_otherwise_is_the_same_person(work, call):
    assert say(call, "withdrawn", "M01").code == 0
    assert deliver(work, call, line("m01", "11-02-2020")).code == 1
    assert "written" in say(call, "informed", "m01").err


def test_a_new_consent_opens_again_from_its_day(work, call):
    assert say(call, "withdrawn", "M01").code == 0
    assert say(call, "consented", "M01", day="2020-02-20").code == 0
    assert deliver(work, call, line("M01", "15-02-2020")).code == 1
    assert deliver(work, call, line("M01", "21-02-2020")).code == 0
    (mine,) = (one for one in stands(call)["participants"] if one["participant"] == "M01")
    assert (mine["state"], mine["out"]) == ("consented", None)


def test_without_a_column_of_days_any_new_row_is_refused_and_old_ones_are_known(
    tmp_path, monkeypatch, call
):
    root = write_workspace(tmp_path / "place", PAST.replace('date = "dato"\n', ""))
    monkeypatch.chdir(root)
    head, *lines = ["medarbejder;arm;minutter;fejl", "M01;uden;20;0", "M02;uden;21;0"]
    (root / "a.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    assert call("add", "proeve", "a.csv").code == 0
    assert say(call, "withdrawn", "M01").code == 0
    assert call("add", "proeve", "a.csv").code == 0
    (root / "b.csv").write_text(f"{head}\nM02;uden;25;0\nM01;uden;24;0\n", encoding="utf-8")
    answer = call("add", "proeve", "b.csv")
    assert (answer.code, "b.csv, M01, measurement no. 2:" in answer.err) == (1, True)
    assert len(rows_of(root)) == 2


def test_rows_from_before_can_be_put_right_and_none_is_given_to_whoever_withdrew(work, call):
    ids = {row["keys"]["medarbejder"]: row["id"] for row in listed(call)}
    assert say(call, "withdrawn", "M01").code == 0

    def put(person, setting):
        row = str(ids[person])
        return call("correct", "proeve", "--row", row, "--set", setting, "--why", "slåfejl")

    assert put("M01", "minutter=35").code == 0
    assert put("M01", "dato=09-02-2020").code == 0
    refused = put("M01", "dato=11-02-2020")
    assert (refused.code, "withdrew on 10 February 2020" in refused.err) == (1, True)
    late = next(row for row in listed(call) if row["keys"]["dato"] > "2020-02-10")
    assert late["keys"]["medarbejder"] != "M01"
    ids["late"] = late["id"]
    assert put("late", "medarbejder=M01").code == 1
    assert len(events(work, "correction")) == 2


def test_rows_that_are_here_already_from_after_the_day_are_told(work, call):
    answer = say(call, "withdrawn", "M01", day="2020-02-10")
    after = sum(
        row.keys["medarbejder"] == "M01" and row.keys["dato"] > "2020-02-10"
        for row in rows_of(work)
    )
    assert after > 0
    assert f"M01: {after} measurements that are here already" in answer.err


def test_today_is_that_of_the_wall_calendar(work, monkeypatch):
    """Half past midnight in Denmark is still yesterday in UTC; nobody dates by that."""
    monkeypatch.setenv("TZ", "Europe/Copenhagen")
    time.tzset()
    try:
        with open_case(at(work, {}), "proeve") as case:
            told = {"actor": who("Ida"), "now": datetime(2026, 6, 1, 22, 30, tzinfo=UTC)}
            stored = record(case, ("M01",), "informed", on=date(2026, 6, 2), **told)
            with pytest.raises(Refused, match="a day to come"):
                record(case, ("M02",), "informed", on=date(2026, 6, 3), **told)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert stored[0].said.date == date(2026, 6, 2)


@pytest.mark.parametrize(
    ("state", "who", "day", "why", "said"),
    [
        ("informed", "M01", "2099-01-01", None, "a day to come"),
        ("informed", "M01", "2010-01-01", None, "long before the trial"),
        ("withdrawn", "M77", "2020-02-01", None, "nobody of this pseudonym"),
        ("informed", "010203-1234", "2020-02-01", None, "names a citizen"),
        ("withdrawn", "M01", "2020-02-01", "m01 er syg", "the pseudonym itself"),
        ("withdrawn", "M01", "2020-02-01", "skriv til bo@eksempel.dk", "an e-mail address"),
        ("withdrawn", "M01", "2020-02-01", "x" * 101, "at most 100 characters"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(work, call, state, who, day, why, said):
    answer = say(call, state, who, "M02", day=day, more=("--why", why) if why else ())
    assert (answer.code, events(work, "participation")) == (1, ())
    assert said in answer.err
    assert "010203-1234" not in answer.err


def since(call, person="M01"):
    (mine,) = (one for one in stands(call)["participants"] if one["participant"] == person)
    return mine["since"], mine["out"]


def test_the_same_again_is_found_with_who_recorded_it_and_nothing_is_stored(work, call):
    assert say(call, "withdrawn", "M01", more=("--as", "Ida")).code == 0
    for again in (
        say(call, "withdrawn", "M01", more=("--as", "Bo")),
        call("participant", "proeve", "M01", "--state", "withdrawn", "--as", "Bo"),  # today
    ):
        assert again.code == 0, again.err
        told = " ".join(again.out.split())
        assert "M01 withdrew on 10 February 2020: recorded already, by Ida on" in told
    assert len(events(work, "participation")) == 1
    assert since(call) == ("2020-02-10", "2020-02-10")
    assert say(call, "informed", "M01", "M02").code == 0
    both = call("participant", "proeve", "M01", "M02", "M03", "--state", "informed")
    assert both.code == 0, both.err
    assert both.out.count("recorded already") == 1 + 1
    assert len(events(work, "participation")) == 4


def test_a_second_day_is_stored_and_the_first_withdrawal_stays_what_counts(work, call):
    assert say(call, "withdrawn", "M01").code == 0
    again = say(call, "withdrawn", "M01", day="2020-03-20", more=("--why", "på skrift"))
    assert again.code == 0, again.err
    told = " ".join(again.out.split())
    assert "the first time stays what counts, 10 February 2020" in told
    assert len(events(work, "participation")) == 2
    assert since(call) == ("2020-02-10", "2020-02-10")
    assert say(call, "withdrawn", "M01", day="2020-02-05").code == 0  # entered late
    assert since(call) == ("2020-02-05", "2020-02-05")
    refused = deliver(work, call, line("M01", "06-02-2020"))
    assert "who withdrew on 5 February 2020" in refused.err


def test_the_same_after_something_else_is_new(work, call):
    for state, day in (("consented", "05"), ("withdrawn", "10"), ("consented", "15")):
        assert say(call, state, "M01", day=f"2020-02-{day}").code == 0
    again = say(call, "withdrawn", "M01", day="2020-02-20")
    assert "recorded already" not in again.out
    assert since(call) == ("2020-02-20", "2020-02-20")
    assert say(call, "consented", "M01", day="2020-02-20").code == 0
    assert "recorded already" not in say(call, "withdrawn", "M01", day="2020-02-20").out
    assert since(call) == ("2020-02-20", "2020-02-20")


def test_a_state_that_is_none_and_a_plan_without_people(work, call):
    assert call("participant", "proeve", "M01", "--state", "glad").code == 2
    assert call("participant", "proeve", "--state", "informed").code == 2
    text = PAST.replace('kind = "within"', 'kind = "interrupted_time_series"')
    text = text.replace("randomised = true", "randomised = false")
    text = text.replace('participant = "medarbejder"', 'period = "uge"')
    write_trial(work / "experiments" / "serie", text.replace('id = "proeve"', 'id = "serie"'))
    answer = call("participant", "serie", "M01", "--state", "informed", "--date", "2020-02-01")
    assert (answer.code, "a plan that names no participants" in answer.err) == (1, True)
    assert "nobody is known yet" in call("participants", "serie").out


def test_whoever_is_erased_is_not_shown_and_the_chain_verifies(work, call):
    assert say(call, "withdrawn", "M01").code == 0
    assert call("erase", "proeve", "--participant", "M01", "--why", "bedt om det").code == 0
    assert "M01" not in [one["participant"] for one in stands(call)["participants"]]
    assert failed(call) == set()


def test_a_record_of_somebody_unknown_is_found(work, call):
    assert say(call, "informed", "Ny1").code == 0
    from sqlalchemy import text

    with open_case(at(work, {}), "proeve") as case, case.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM subject WHERE pseudonym = 'Ny1'"))
    assert "subjects" in failed(call)
