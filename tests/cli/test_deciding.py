"""A decision with all that goes with it: conditions, departure, booking, and later records."""

import csv
import io
import json

import jsonschema
import pytest

from htkeval.resources import PACKAGE
from tests.cli.test_business import WORTH, spoken  # noqa: F401
from tests.cli.test_deviations import events
from tests.cli.test_verify import failed

LATER = "2099-12-31"


def sign(call, outcome="go", *more):
    return call("decide", "proeve", "--outcome", outcome, "--reason", "Det virker", *more)


def asked(call):
    found = json.loads(call("condition", "proeve", "--format", "json").out)
    schema = json.loads((PACKAGE / "schemas" / "conditions.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    return [(one["condition"]["id"], one["state"]) for one in found["conditions"]]


@pytest.fixture
def closed(analysed, call):
    """Analysed, with the gate closed: the policy says go."""
    assert call("gate", "proeve", "dpia", "--state", "closed").code == 0
    return analysed


@pytest.fixture
def booked(ready, place, call):
    """The same with three assumptions, so that some of the business case is known."""
    return ready("booked", lambda: _booked(place, call))


def _booked(place, call):
    from tests.examples import sheet

    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(file.read_text("utf-8") + WORTH, encoding="utf-8")
    (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
    for step in (("register", "proeve"), ("add", "proeve", "maal.csv"), ("analyse", "proeve")):
        assert call(*step).code == 0
    assert call("gate", "proeve", "dpia", "--state", "closed").code == 0


def test_a_condition_has_an_owner_and_a_day_and_is_kept(closed, call):
    answer = sign(
        call, "go_with_conditions", "--condition", "Undervisning er holdt", "Afdelingschef", LATER
    )
    assert answer.code == 0, answer.err
    assert "Afdelingschef sees to it by 31 December 2099" in answer.out
    (kept,) = events(closed, "decision")[-1].payload["conditions"]
    assert (kept["text"], kept["owner"], kept["due"], kept["gate"]) == (
        "Undervisning er holdt",
        "Afdelingschef",
        LATER,
        None,
    )
    assert asked(call) == [("C1", "open")]
    assert failed(call) == set()


def test_a_go_on_conditions_without_any_is_refused_and_names_the_open_gate(analysed, call):
    before = len(events(analysed))
    answer = sign(call, "go_with_conditions")
    assert (answer.code, "dpia" in answer.err) == (1, True)
    other = sign(call, "go_with_conditions", "--condition", "Noget andet", "Chef", LATER)
    assert (other.code, "nothing of dpia" in other.err) == (1, True)
    assert len(events(analysed)) == before
    assert sign(call, "go_with_conditions", "--condition", "dpia", "DPO", LATER).code == 0


def test_a_condition_that_is_a_gate_follows_the_gate(analysed, call):
    assert sign(call, "go_with_conditions", "--condition", "dpia", "DPO", LATER).code == 0
    assert asked(call) == [("C1", "open")]
    refused = call("condition", "proeve", "C1", "--state", "met", "--why", "x")
    assert (refused.code, "htkeval gate proeve dpia" in refused.err) == (1, True)
    assert call("gate", "proeve", "dpia", "--state", "closed").code == 0
    assert asked(call) == [("C1", "met")]
    assert call("gate", "proeve", "dpia", "--state", "open").code == 0
    assert asked(call) == [("C1", "open")]


def test_what_became_of_a_condition_is_a_new_record_and_the_old_one_stays(closed, call):
    sign(call, "go", "--condition", "Undervisning er holdt", "Chef", LATER)
    signed = events(closed, "decision")[-1]
    assert call("condition", "proeve", "c1", "--state", "met", "--why", "Holdt").code == 0
    assert asked(call) == [("C1", "met")]
    again = call("condition", "proeve", "C1", "--state", "met", "--why", "Holdt")
    assert again.code == 1
    assert call("condition", "proeve", "C1", "--state", "open", "--why", "Aflyst").code == 0
    assert asked(call) == [("C1", "open")]
    assert [e.payload["state"] for e in events(closed, "condition")] == ["met", "open"]
    assert events(closed, "decision")[-1] == signed
    assert failed(call) == set()
    (row,) = csv.DictReader(io.StringIO(call("condition", "proeve", "--format", "csv").out))
    assert (row["condition"], row["state"], row["why"]) == ("C1", "open", "Aflyst")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--condition", "Noget", "Chef", "2020-01-01"), "a day that has passed"),
        (("--condition", " ", "Chef", LATER), "which role sees to it"),
        (("--condition", "Ring 21 34 56 78", "Chef", LATER), "telephone number"),
        (("--condition", "Noget", "M03 og M04", LATER), "the pseudonym itself"),
        (("--departure", "fordi"), "from which it does not"),
        (("--from", LATER), "a day without an amount"),
        (("--book", "0", "--from", LATER), "above nought"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(closed, call, more, says):
    before = len(events(closed))
    answer = sign(call, "go", *more)
    assert (answer.code, says in " ".join(answer.err.split())) == (1, True), answer.err
    assert len(events(closed)) == before


def test_what_is_no_condition_of_the_decision_is_refused(closed, call):
    sign(call)
    assert call("condition", "proeve", "C1", "--state", "met", "--why", "x").code == 1
    assert call("condition", "proeve", "C1", "--state", "met").code == 2
    assert "No decision" in call("condition", "proeve").out


def test_a_departure_is_explained_by_its_own_words_or_by_the_reason(closed, call):
    sign(call, "no_go", "--departure", "Leverandøren er gået konkurs")
    first = events(closed, "decision")[-1].payload
    assert (first["recommended"], first["departure"]) == ("go", "Leverandøren er gået konkurs")
    sign(call, "stop")
    assert events(closed, "decision")[-1].payload["departure"] == "Det virker"
    sign(call, "go")
    assert events(closed, "decision")[-1].payload["departure"] is None


def test_a_later_decision_is_a_new_record_that_takes_the_place_of_the_one_before(closed, call):
    sign(call, "prolong")
    answer = sign(call, "go")
    first, second = events(closed, "decision")
    assert (first.payload["replaces"], second.payload["replaces"]) == (None, first.seq)
    assert f"the decision of event {first.seq}" in answer.out
    assert json.loads(call("status", "--format", "json").out)["trials"][0]["decided"] == "go"


def test_the_record_says_on_which_policy_and_what_was_not_met(analysed, call):
    sign(call, "prolong")
    said = events(analysed, "decision")[-1].payload
    found = json.loads(call("recommend", "proeve", "--format", "json").out)
    assert said["policy_fingerprint"] == found["policy_fingerprint"]
    assert (
        said["unmet"] == ["gate_dpia"] == [r["id"] for r in found["requirements"] if not r["met"]]
    )
    assert (said["analysis"], said["outdated"]) == (found["analysis"], False)


def test_a_decision_on_an_outdated_analysis_says_so_for_good(closed, call):
    from tests.examples import sheet

    (closed / "flere.csv").write_text(sheet(60, year=2099), encoding="utf-8")
    call("add", "proeve", "flere.csv")
    assert sign(call).code == 1
    answer = sign(call, "go", "--outdated")
    assert "signed although something had come in" in answer.out
    assert events(closed, "decision")[-1].payload["outdated"] is True


def test_a_saving_is_booked_with_its_area_prices_and_what_was_expected(booked, call, spoken):  # noqa: F811
    spoken("da")
    answer = sign(call, "go", "--book", "50.000", "--from", "2099-07-01")
    assert answer.code == 0, answer.err
    told = " ".join(answer.out.split())
    assert "Booket: 50.000 kr. om året fra 1. juli 2099 i 2025-priser, i Social." in told
    said = events(booked, "decision")[-1].payload
    assert (said["books"]["kr_a_year"], said["books"]["area"]) == (50000, "Social")
    assert said["books"]["expected_kr"] is None  # nobody stated a cashable share
    steps = json.loads(call("business", "proeve", "--format", "json").out)["steps"]
    net = next(step["expected"] for step in steps if step["id"] == "net_hours")
    assert said["books"]["hours_a_year"] == pytest.approx(net)
    assert said["business_case"] is not None
    assert failed(call) == set()


def test_only_evidence_that_may_carry_a_saving_books_one(booked, call):
    assert sign(call, "no_go", "--book", "50000", "--from", LATER).code == 1
    file = booked / "experiments" / "proeve" / "trial.toml"
    file.write_text(file.read_text("utf-8").replace("worthwhile = -0.15", "worthwhile = -0.01"))
    assert call("analyse", "proeve").code == 0  # a change that nobody told of costs a level
    answer = sign(call, "go", "--book", "50000", "--from", LATER)
    assert (answer.code, "E4 or better" in " ".join(answer.err.split())) == (1, True), answer.err
    assert events(booked, "decision") == ()


def test_a_booking_without_a_day_is_refused(booked, call):
    answer = sign(call, "go", "--book", "50000")
    assert (answer.code, "--from" in answer.err) == (1, True)


def test_a_business_case_that_was_changed_afterwards_is_found(booked, call):
    sign(call, "go", "--book", "50000", "--from", LATER)
    name = events(booked, "decision")[-1].payload["business_case"]
    (file,) = (booked / ".htkeval" / "blobs").rglob(f"*{name}*")
    file.chmod(0o644)
    file.write_bytes(file.read_bytes().replace(b"Social", b"Teknik"))
    assert "files" in failed(call)


def test_open_conditions_stand_in_status_until_they_are_met(closed, call):
    sign(call, "go", "--condition", "Undervisning er holdt", "Chef", LATER)
    (row,) = json.loads(call("status", "--format", "json").out)["trials"]
    assert row["open_conditions"] == ["Undervisning er holdt (Chef): open, by 31 December 2099"]
    call("condition", "proeve", "C1", "--state", "dropped", "--why", "Ikke nødvendig")
    (row,) = json.loads(call("status", "--format", "json").out)["trials"]
    assert row["open_conditions"] == []


def test_a_decision_from_before_there_were_conditions_is_still_read(closed, call):
    """As an event of the version before keeps it."""
    from htkeval.decision import Decision

    sign(call, "go")
    payload = dict(events(closed, "decision")[-1].payload)
    older = {
        key: payload[key]
        for key in (
            "trial",
            "analysis",
            "policy",
            "recommended",
            "outcome",
            "reason",
            "signed_by",
            "recommendation",
        )
    }
    read = Decision.kept(older)
    assert (read.outcome, read.conditions, read.books, read.departure) == ("go", (), None, None)


def test_a_number_of_a_condition_is_never_given_twice(closed, call):
    sign(call, "go", "--condition", "Undervisning er holdt", "Chef", LATER)
    sign(call, "go", "--condition", "Sletning er aftalt", "Chef", LATER)
    assert asked(call) == [("C2", "open")]


def test_what_lapses_with_a_new_decision_is_said(booked, call):
    wanted = ("--book", "50000", "--from", LATER, "--condition", "Undervisning", "Chef", LATER)
    assert sign(call, "go", *wanted).code == 0
    answer = sign(call, "go")
    assert "the booking of 50,000 kr. a year lapses" in " ".join(answer.err.split())
    assert "the conditions C1 lapse" in " ".join(answer.err.split())
    again = sign(call, "go", *wanted)
    assert "lapse" not in again.err


def test_more_than_the_most_favourable_is_not_booked(place, call):
    from tests.cli.test_business import REST
    from tests.examples import sheet

    file = place / "experiments" / "proeve" / "trial.toml"
    file.write_text(file.read_text("utf-8") + WORTH + REST, encoding="utf-8")
    (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
    for step in (("register", "proeve"), ("add", "proeve", "maal.csv"), ("analyse", "proeve")):
        assert call(*step).code == 0
    call("gate", "proeve", "dpia", "--state", "closed")
    steps = json.loads(call("business", "proeve", "--format", "json").out)["steps"]
    most = next(step["high"] for step in steps if step["id"] == "net_kr")
    answer = sign(call, "go", "--book", str(int(most) + 1000), "--from", LATER)
    assert (answer.code, "the most favourable" in " ".join(answer.err.split())) == (1, True)
    assert sign(call, "go", "--book", str(int(most) - 1000), "--from", LATER).code == 0


def test_a_departure_names_what_was_not_met(analysed, call):
    answer = sign(call, "go")
    assert "Not met, or not known, on that day" in answer.out
    assert "DPIA" in answer.out


def test_days_and_kroner_are_taken_as_danes_write_them(booked, call):
    answer = sign(
        call, "go", "--book", "50.000 kr.", "--from", "1.7.2099",
        "--condition", "Undervisning", "Chef", "31/12-2099",
    )  # fmt: skip
    assert answer.code == 0, answer.err
    said = events(booked, "decision")[-1].payload
    assert (said["books"]["begins"], said["conditions"][0]["due"]) == ("2099-07-01", "2099-12-31")


def test_a_condition_that_waits_is_the_next_step(closed, call):
    sign(call, "go", "--condition", "Undervisning er holdt", "Chef", LATER)
    assert "its conditions wait: htkeval condition proeve" in call().out
    call("condition", "proeve", "C1", "--state", "met", "--why", "Holdt")
    assert "nothing waits" in call().out


@pytest.mark.parametrize("day", ["9998-06-01", "0001-01-01"])
def test_a_booking_lies_where_a_budget_does(booked, call, day):
    before = len(events(booked))
    answer = sign(call, "go", "--book", "1000", "--from", day)
    assert (answer.code, "from 2000 to 2100" in answer.err) == (1, True), answer.err
    assert len(events(booked)) == before
