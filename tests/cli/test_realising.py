"""What was realised of a booked saving: said, replaced, followed up, and asked for later."""

import csv
import io
import json

import jsonschema
import pytest

from htkeval.resources import PACKAGE
from tests.cli.test_business import WORTH, spoken  # noqa: F401
from tests.cli.test_deciding import sign
from tests.cli.test_deviations import events
from tests.cli.test_verify import failed

BEGINS = "2024-01-01"
"""Long ago, and of a leap year: all three days of follow-up have come whenever this is run."""


@pytest.fixture
def booking(place, call, ready):
    """120,000 kr. a year from January 2024, in the area Social."""
    from tests.examples import sheet

    def steps():
        file = place / "experiments" / "proeve" / "trial.toml"
        file.write_text(file.read_text("utf-8") + WORTH, encoding="utf-8")
        (place / "maal.csv").write_text(sheet(year=2099), encoding="utf-8")
        for step in (("register", "proeve"), ("add", "proeve", "maal.csv"), ("analyse", "proeve")):
            assert call(*step).code == 0
        assert call("gate", "proeve", "dpia", "--state", "closed").code == 0
        answer = sign(call, "go", "--book", "120.000", "--from", BEGINS)
        assert answer.code == 0, answer.err

    return ready("booking", steps)


def say_it(call, kr="48.000", begins=BEGINS, until="2024-06-30", *more):
    period = ("--from", begins, "--until", until)
    return call("realise", "proeve", *period, "--kr", kr, "--source", "Kontoudtog", *more)


def read(call, *trial):
    answer = call("realise", *trial, "--format", "json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    schema = json.loads((PACKAGE / "schemas" / "follow_up.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    return found


def told(answer):
    return " ".join(answer.out.split())


def test_what_was_realised_is_an_event_and_stands_beside_what_was_booked(booking, call, spoken):  # noqa: F811
    more = ("--hours", "200", "--minutes", "4,5", "--low", "3", "--high", "6", "--tasks", "900")
    answer = say_it(
        call, "48.000", BEGINS, "2024-06-30", *more, "--adoption", "0.6", "--posts", "0"
    )
    assert answer.code == 0, answer.err
    assert "R1: 48,000 kr. in Social, from 1 January 2024 to 30 June 2024" in told(answer)
    (kept,) = events(booking, "realised")
    said = kept.payload
    assert (said["kr"], said["price_level"], said["area"], said["decision"]) == (
        48000, 2025, "Social", events(booking, "decision")[-1].seq
    )  # fmt: skip
    assert (said["hours"], said["tasks"], said["adoption"], said["posts"]) == (200, 900, 0.6, 0)
    found = read(call, "proeve")
    (one,) = found["bookings"]
    half = one["points"][0]
    assert (half["months"], half["booked_kr"], half["share"]) == (6, 60000, pytest.approx(0.8))
    assert half["lines"][0]["difference_kr"] == pytest.approx(-12000)
    assert half["leakage"]["expected"] == pytest.approx(1 - 48000 / (200 * 333.5))
    measured = one["booking"]["measured_minutes"]
    assert one["decay"][0]["ratio"] == pytest.approx(4.5 / measured)
    assert found["records"][0]["by"] == "tester"
    spoken("da")
    shown = told(call("realise", "proeve"))
    assert "120.000 kr. om året fra 1. januar 2024 i 2025-priser, i Social" in shown
    assert "er ikke taget ud af budgettet" in shown
    assert "12 måneder var gået 1. januar 2025" in shown
    assert "900 opgaver" in shown
    assert failed(call) == set()


def test_without_a_booking_there_is_nothing_to_realise(analysed, call):
    before = len(events(analysed))
    answer = say_it(call)
    assert (answer.code, "no decision that holds and booked a saving" in answer.err) == (1, True)
    assert "No decision that holds has booked a saving." in call("realise", "proeve").out
    assert "No decision that holds has booked a saving." in call("realise").out
    assert read(call)["price_level"] is None
    call("gate", "proeve", "dpia", "--state", "closed")
    assert sign(call, "go").code == 0
    assert say_it(call).code == 1
    assert len(events(analysed, "realised")) == 0
    assert len(events(analysed)) == before + 2


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (("--until", "2099-12-31"), "a day to come"),
        (("--from", "2023-12-31"), "when the booking begins"),
        (("--until", "2023-12-31"), "a day from 1 January 2024 on"),
        (("--low", "3"), "a part of an interval"),
        (("--minutes", "2", "--low", "3", "--high", "6"), "--minutes between"),
        (("--source", "Ring 21 34 56 78"), "telephone number"),
        (("--source", "M03 tog tid"), "the pseudonym itself"),
        (("--why", "Se skema fra M03"), "the pseudonym itself"),
        (("--area", "M03"), "the pseudonym itself"),
        (("--source", " "), "nothing"),
        (("--instead", "R7"), "no record of this name"),
        (("--adoption", "1,2"), "a share from 0 to 1"),
        (("--hours", "-1"), "a number from nought"),
        (("--posts", "-0,5"), "a number from nought"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(booking, call, changed, says):
    before = len(events(booking))
    answer = say_it(call, "48.000", BEGINS, "2024-06-30", *changed)
    assert (answer.code, says in " ".join(answer.err.split())) == (1, True), answer.err
    assert len(events(booking)) == before


@pytest.mark.parametrize(
    ("changed", "danish"),
    [
        (("--adoption", "60 %"), "et tal som 35 eller 35,5"),
        (("--hours", "1.649"), "et tal, der kun kan læses på én måde"),
        (("--kr", "1.234,5"), "et helt antal kroner"),
    ],
)
def test_what_is_no_such_number_is_told_in_danish(place, call, monkeypatch, changed, danish):
    from htkeval.cli import speech

    monkeypatch.setenv("HTKEVAL_LANG", "da")
    speech.language.cache_clear()
    answer = say_it(call, "48.000", BEGINS, "2024-06-30", *changed)
    speech.language.cache_clear()
    assert (answer.code, danish in " ".join(answer.err.split())) == (2, True), answer.err


def test_a_part_of_a_record_is_a_wrong_call(place, call):
    assert call("realise", "proeve", "--kr", "100").code == 2
    assert call("realise", "--kr", "0", "--source", "x").code == 2
    assert call("realise", "proeve", "--area", "Social").code == 2


def test_shares_hours_and_amounts_that_cannot_be_are_refused_by_the_step_too(booking, monkeypatch):
    from datetime import UTC, date, datetime

    from htkeval.decision import Actor
    from htkeval.errors import Refused
    from htkeval.steps.case import open_case
    from htkeval.steps.realise import realise
    from htkeval.workspace import find

    for wrong in ({"adoption": 1.1}, {"hours": -1.0}, {"kr": 10**12}, {"minutes": float("nan")}):
        with open_case(find(booking), "proeve") as case, pytest.raises(Refused):
            realise(
                case,
                **{
                    "begins": date(2024, 1, 1),
                    "until": date(2024, 6, 30),
                    "kr": 1,
                    "source": "Konto",
                    "actor": Actor(name="tester", known_by="declared"),
                    "now": datetime(2026, 1, 1, tzinfo=UTC),
                    **wrong,
                },
            )


def test_days_that_are_told_of_already_need_a_record_that_takes_the_place(booking, call):
    assert say_it(call).code == 0
    again = say_it(call, "50.000", "2024-06-30", "2024-07-31")
    assert (again.code, "--instead R1" in " ".join(again.err.split())) == (1, True)
    assert say_it(call, "50.000", BEGINS, "2024-06-30", "--area", " social ").code == 1
    answer = say_it(call, "50.000", BEGINS, "2024-06-30", "--instead", "1", "--why", "Regnefejl")
    assert (answer.code, "takes the place of R1" in answer.out) == (0, True), answer.err
    assert say_it(call, "1", BEGINS, "2024-06-30", "--instead", "R1").code == 1
    found = read(call, "proeve")
    assert [(one["id"], one["replaced_by"]) for one in found["records"]] == [
        ("R1", "R2"), ("R2", None)
    ]  # fmt: skip
    assert found["bookings"][0]["points"][0]["lines"][0]["realised_kr"] == 50000
    assert "Regnefejl" in told(call("realise", "proeve"))
    assert failed(call) == set()


def test_two_areas_may_tell_of_the_same_days_and_each_is_shown(booking, call):
    assert say_it(call, "30.000").code == 0
    assert say_it(call, "10.000", BEGINS, "2024-06-30", "--area", "Teknik").code == 0
    rows = list(csv.DictReader(io.StringIO(call("realise", "proeve", "--format", "csv").out)))
    half = [(r["area"], float(r["realised_kr"])) for r in rows if r["months"] == "6"]
    assert half == [("Social", 30000), ("Teknik", 10000)]
    areas = {one["area"]: one for one in read(call)["areas"]}
    assert (areas["Teknik"]["bookings"], areas["Teknik"]["realised_kr"]) == (0, 10000)
    shown = told(call("realise"))
    assert "In 2025 prices, as far as today." in shown
    assert "proeve: 10,000 kr. were realised in another area" in shown


def test_a_loss_is_said_to_be_one(booking, call, spoken):  # noqa: F811
    assert "−5,000 kr. (it cost)" in say_it(call, "-5000").out
    spoken("da")
    assert "−5.000 kr. (det kostede)" in told(call("realise", "proeve"))


def test_a_day_of_follow_up_without_a_record_stands_in_status(booking, call):
    (row,) = json.loads(call("status", "--format", "json").out)["trials"]
    assert row["follow_up_due"] == [
        "6 months were on 1 July 2024; nobody has said what was realised.",
        "12 months were on 1 January 2025; nobody has said what was realised.",
        "24 months were on 1 January 2026; nobody has said what was realised.",
    ]
    assert "6 months were on 1 July 2024" in told(call("status"))
    assert "say what was realised of what is booked: htkeval realise proeve" in call().out
    assert say_it(call, "1", BEGINS, "2024-12-31").code == 0
    (row,) = json.loads(call("status", "--format", "json").out)["trials"]
    assert row["follow_up_due"] == [
        "24 months were on 1 January 2026; nobody has said what was realised from 1 January 2025 "
        "to 31 December 2025."
    ]
    assert say_it(call, "1", "2025-01-01", "2025-12-31").code == 0
    assert "decided; nothing waits" in call().out
    assert json.loads(call("status", "--format", "json").out)["trials"][0]["follow_up_due"] == []
    (line,) = csv.DictReader(io.StringIO(call("status", "--format", "csv").out))
    assert line["follow_up_due"] == ""


def test_a_later_decision_is_followed_and_what_was_said_before_counts_for_its_days(booking, call):
    assert say_it(call, "36.400", BEGINS, "2024-06-30").code == 0
    assert sign(call, "go", "--book", "60.000", "--from", "2024-04-01").code == 0
    (one,) = read(call, "proeve")["bookings"]
    assert (one["booking"]["kr_a_year"], one["decision"]) == (
        60000, events(booking, "decision")[-1].seq
    )  # fmt: skip
    half = one["points"][0]
    assert half["due"] == "2024-10-01"
    assert half["lines"][0]["realised_kr"] == pytest.approx(36400 * 91 / 182)
    assert say_it(call, "1", "2024-03-01", "2024-03-31").code == 1, "before it begins"
    assert sign(call, "stop").code == 0
    assert read(call, "proeve")["bookings"] == []
    assert len(read(call, "proeve")["records"]) == 1


def test_a_void_decision_books_nothing_and_a_locked_trial_takes_records(booking, call, monkeypatch):
    from htkeval.steps import lock

    monkeypatch.setattr(lock, "may_end", lambda *_, **__: True)
    assert call("snapshot", "proeve", "--final").code == 0
    assert say_it(call).code == 0
    assert call("unlock", "proeve", "--why", "Fejl i data").code == 0
    answer = say_it(call, "1", "2024-07-01", "2024-07-31")
    assert (answer.code, "no decision that holds" in answer.err) == (1, True)
    assert read(call)["bookings"] == []
    assert failed(call) == set()


def test_a_policy_may_ask_that_what_was_booked_is_realised(booking, call):
    def asked():
        found = json.loads(call("recommend", "proeve", "--format", "json").out)
        met = {one["id"]: one["met"] for one in found["requirements"]}
        return found["verdict"], met.get("realised", "not asked")

    assert asked() == ("go", "not asked")
    file = booking / "configs" / "policy.toml"
    plain = file.read_text("utf-8")
    file.write_text(plain.replace("# realised = 0.8", "realised = 0.8"), encoding="utf-8")
    assert asked() == ("prolong", None)
    assert say_it(call, "239.000", BEGINS, "2025-12-31").code == 0
    assert asked() == ("go", True)
    assert say_it(call, "100.000", BEGINS, "2025-12-31", "--instead", "R1").code == 0
    assert asked() == ("prolong", False)
    answer = sign(call, "prolong")
    assert answer.code == 0
    assert events(booking, "decision")[-1].payload["unmet"] == ["realised"]
    file.write_text(plain.replace("# realised = 0.8", "realised = 1.2"), encoding="utf-8")
    assert call("recommend", "proeve").code == 1


def test_the_budget_tells_what_is_realised_of_a_year(booking, call, spoken):  # noqa: F811
    before = json.loads(call("budget", "--format", "json").out)["years"]
    assert {one["realised_kr"] for one in before} == {None}
    assert "Realised so far" not in call("budget").out
    assert say_it(call, "73.100", BEGINS, "2025-12-31").code == 0  # 731 days, 365 of them in 2025
    after = {
        one["year"]: one for one in json.loads(call("budget", "--format", "json").out)["years"]
    }
    assert after[2025]["realised_kr"] == pytest.approx(36500)
    assert after[2026]["realised_kr"] is None
    rows = list(csv.DictReader(io.StringIO(call("budget", "--format", "csv").out)))
    assert float(rows[0]["realised_kr"]) == pytest.approx(36500)
    spoken("da")
    assert "37.000 kr." in told(call("budget"))  # 36,500 exactly is in JSON and CSV
    assert "Realiseret" in call("budget").out


@pytest.mark.parametrize(("area", "near"), [("Social", True), ("Teknik", False)])
def test_another_trial_of_the_area_sees_what_was_realised_beside_what_it_assumes(
    booking,
    call,
    spoken,  # noqa: F811
    area,
    near,
):
    from tests.examples import TO_COME, sheet, write_trial

    own = json.loads(call("business", "proeve", "--format", "json").out)
    assert own["earlier"] == [], "a trial is not its own precedent"
    assert say_it(call, "48.000").code == 0
    text = TO_COME.replace('id = "proeve"', 'id = "anden"').replace('"En prøve"', '"En anden"')
    text = text.replace('area = "Social"', f'area = "{area}"')
    write_trial(booking / "experiments" / "anden", text)
    (booking / "anden.csv").write_text(sheet(year=2099), encoding="utf-8")
    for step in (("register", "anden"), ("add", "anden", "anden.csv"), ("analyse", "anden")):
        assert call(*step).code == 0
    before = call("business", "anden", "--format", "json").out
    (one,) = json.loads(before)["earlier"]
    assert (one["trial"], one["same_area"], one["realised_kr"]) == ("proeve", near, 48000)
    assert one["share"] == pytest.approx(one["realised_kr"] / one["booked_kr"])
    schema = json.loads((PACKAGE / "schemas" / "business.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(before))
    steps = [step for step in json.loads(before)["steps"] if step["given"]]
    assert all(step["expected"] != one["share"] for step in steps), "it is in no sum"
    spoken("da")
    shown = told(call("business", "anden"))
    assert "Hvad tidligere bookinger har givet, indgår ikke i nogen sum" in shown
    assert "En prøve, booket i Social:" in shown


def test_a_simulated_booking_carries_its_mark(place, call):
    from htkeval.measurement import SIMULATED_COLUMN
    from tests.examples import sheet

    head, *rows = sheet(year=2099).splitlines()
    text = "\n".join((f"{head};{SIMULATED_COLUMN}", *(f"{row};1" for row in rows)))
    (place / "maal.csv").write_text(text, encoding="utf-8")
    assert call("register", "proeve").code == 0
    assert call("add", "proeve", "maal.csv", "--simulated").code == 0
    assert call("analyse", "proeve").code == 0
    assert call("gate", "proeve", "dpia", "--state", "closed").code == 0
    assert sign(call, "go", "--book", "120.000", "--from", BEGINS).code == 0
    assert say_it(call).code == 0
    found = read(call)
    assert (found["simulated"], found["bookings"][0]["simulated"]) == (True, True)
    assert call("realise").out.startswith("SIMULATED")


def test_bookings_in_the_prices_of_two_years_are_in_no_one_sum(booking, call):
    """The same trial twice would replace its booking; so the record of another is made here."""
    from htkeval.business.areas import by_area
    from htkeval.errors import Refused
    from htkeval.steps.case import read_case
    from htkeval.steps.following import follow_up
    from htkeval.workspace import find

    with read_case(find(booking), "proeve") as case:
        one = follow_up(case)
    other = one.model_copy(update={"booking": one.booking.model_copy(update={"price_level": 2024})})
    with pytest.raises(Refused, match="index of the prices"):
        by_area([one, other], find(booking).rates)


def test_what_waits_stands_on_the_overview(booking, call):
    from datetime import date

    from htkeval.reporting.overview import agenda
    from htkeval.steps.states import portfolio
    from htkeval.text import render
    from htkeval.workspace import find

    found = portfolio(find(booking), today=date(2024, 7, 1))
    waits = [render(one, "da") for one in agenda(found, date(2024, 7, 1))[1][1]]
    assert any("6 måneder var gået 1. juli 2024" in one for one in waits)
    assert not any("12 måneder" in one for one in waits)
    early = portfolio(find(booking), today=date(2024, 6, 30))
    assert not any("måneder" in render(one, "da") for one in agenda(early, date(2024, 6, 30))[1][1])


def test_a_booking_outlives_the_folder_of_its_trial(booking, call):
    import shutil

    shutil.rmtree(booking / "experiments" / "proeve")
    assert [one["trial"] for one in read(call)["bookings"]] == ["proeve"]


def test_without_an_hours_price_what_leaked_is_not_known_and_the_rest_is(booking, call):
    assert say_it(call, "48.000", BEGINS, "2024-06-30", "--hours", "200").code == 0
    (booking / "configs" / "economics.toml").unlink()
    half = read(call, "proeve")["bookings"][0]["points"][0]
    assert (half["leakage"], half["share"]) == (None, pytest.approx(0.8))
