"""The queries of a trial as its lead meets them: listed, answered, closed, settled."""

import csv
import io
import json

import pytest

from htkeval.errors import StateError
from htkeval.measurement import CLIENT_ID, Batch, Measurement, Timed
from htkeval.steps.add import add
from htkeval.steps.case import open_case
from htkeval.workspace import at
from tests.cli.test_deviations import events
from tests.cli.test_verify import failed


@pytest.fixture
def odd(measured, call):
    """48 usual rows and one of 1,800 minutes: row 49."""
    lines = "medarbejder;arm;dato;minutter;fejl\nM00;uden;02-03-2099;1800,5;0\n"
    (measured / "mere.csv").write_text(lines, encoding="utf-8")
    assert call("add", "proeve", "mere.csv").code == 0
    return measured


def listed(call):
    answer = call("query", "proeve", "--format", "json", "--lang", "da")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


def first(call):
    return next(q["id"] for q in listed(call)["queries"] if q["rule"] == "unit_suspected")


def test_what_is_odd_is_listed_with_its_row_and_what_to_do(odd, call):
    answer = call("query", "proeve", "--lang", "en")
    assert answer.code == 0, answer.err
    found = listed(call)
    assert {q["rule"] for q in found["queries"]} == {"unit_suspected"}
    assert {q["row"] for q in found["queries"]} == {49}
    assert found["waiting"] == 1
    assert "Open: 1." in answer.out
    assert "49" in answer.out
    (told,) = (q["text"] for q in found["queries"] if q["rule"] == "unit_suspected")
    assert told.startswith("minutter is about 90 times what is usual")


def test_a_trial_without_anything_odd_says_so(measured, call):
    assert "Nothing looks odd." in call("query", "proeve", "--lang", "en").out
    assert listed(call)["queries"] == []


def test_an_answer_and_a_close_are_events_with_who_and_when(odd, call):
    name = first(call)
    said = call("query", "proeve", name, "--answer", "To møder i ét.", "--as", "Ida")
    assert said.code == 0, said.err
    assert call("query", "proeve", name, "--close", "--as", "Bo").code == 0
    stored = [(e.actor.name, e.payload["action"], e.payload["text"]) for e in events(odd, "query")]
    assert stored == [("Ida", "answered", "To møder i ét."), ("Bo", "closed", None)]
    one = next(q for q in listed(call)["queries"] if q["id"] == name)
    assert (one["status"], [s["by"] for s in one["history"]]) == ("closed", ["Ida", "Bo"])
    assert name not in call("query", "proeve").out
    shown = call("query", "proeve", "--all", "--lang", "en").out
    assert "Answered on" in shown
    assert "by Ida: To møder i ét." in shown
    assert failed(call) == set()


def test_a_query_is_found_by_its_name_and_opened_again(odd, call):
    name = first(call)
    assert call("query", "proeve", name, "--close", "--why", "Det passer.").code == 0
    assert call("query", "proeve", name, "--reopen").code == 0
    answer = call("query", "proeve", name, "--lang", "en")
    assert "asked again" in answer.out
    assert "Nothing" not in answer.out


def test_a_correction_settles_it_by_itself(odd, call):
    name = first(call)
    assert call("query", "proeve", name, "--answer", "Sekunder.").code == 0
    right = ("--row", "49", "--set", "minutter=30", "--why", "Sekunder.")
    assert call("correct", "proeve", *right).code == 0
    found = listed(call)
    assert found["waiting"] == 0
    assert {q["settled_by"] for q in found["queries"]} == {"correction"}
    assert "settled by correction" in call("query", "proeve", "--all", "--lang", "en").out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["0123456789", "--answer", "Ja."], 1),
        (["NAME", "--reopen"], 1),
        (["NAME", "--answer", "  "], 1),
        (["NAME", "--close"], 1),
        (["NAME", "--answer", "Ring til 51 23 45 67"], 1),
        (["NAME", "--answer", "m00 talte to møder."], 1),
        (["NAME", "--answer", "Ja.", "--close"], 2),
        (["NAME", "--answer", "Ja.", "--why", "Nej."], 2),
        (["NAME", "--why", "Derfor."], 2),
        (["--close"], 2),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_is_stored(odd, call, arguments, code):
    name = first(call)
    answer = call("query", "proeve", *[name if a == "NAME" else a for a in arguments])
    assert answer.code == code, answer.err
    assert events(odd, "query") == ()
    assert "51 23 45 67" not in answer.err


def test_what_is_closed_takes_no_answer_until_it_is_open_again(odd, call):
    name = first(call)
    assert call("query", "proeve", name, "--close", "--why", "Ja.").code == 0
    assert call("query", "proeve", name, "--answer", "Nej.").code == 1
    assert call("query", "proeve", name, "--reopen").code == 0
    assert call("query", "proeve", name, "--answer", "Nej.").code == 0


def test_of_a_person_who_is_forgotten_no_query_is_shown(odd, call):
    assert call("query", "proeve", first(call), "--answer", "Ja.").code == 0
    assert call("erase", "proeve", "--participant", "M00", "--why", "Ønske.").code == 0
    assert listed(call)["queries"] == []
    assert failed(call) == set()


def test_the_csv_has_a_line_for_each(odd, call):
    lines = list(csv.DictReader(io.StringIO(call("query", "proeve", "--format", "csv").out)))
    assert [line["row"] for line in lines] == ["49"]
    assert {"query", "status", "rule", "row", "text", "answer", "by"} <= set(lines[0])


def test_what_a_stopwatch_saw_comes_with_the_row(measured, call):
    with open_case(at(measured, {}), "proeve") as case:
        keys = {"medarbejder": "M00", "dato": "2099-03-03", CLIENT_ID: "a1"}
        values = {"minutter": 21.3, "fejl": 0.0}
        row = Measurement(arm="baseline", keys=keys, values=values)
        timed = Timed(timing="a1", seconds=1278, late=False, resumed=True, apart=12.5)
        batch = Batch(trial="proeve", name="stopur", measurements=(row,), timed=timed)
        from htkeval.cli.options import now, who

        add(case, batch, actor=who("Ida"), now=now(), simulated=False)
    found = listed(call)["queries"]
    assert {(one["rule"], one["row"]) for one in found} == {("clocks_differ", 49), ("resumed", 49)}
    assert failed(call) == set()


def test_two_at_the_same_moment_do_not_both_answer(odd, call, monkeypatch):
    """Somebody closes it while another's answer is on its way."""
    from htkeval.cli.options import now, who
    from htkeval.steps import queries as steps

    name, read = first(call), steps.kept_rows

    def meanwhile(case):
        rows = read(case)
        monkeypatch.setattr(steps, "kept_rows", read)
        steps.settle(case, name, "closed", text="Det passer.", actor=who("Bo"), now=now())
        monkeypatch.setattr(steps, "queries", lambda *_: standing)
        return rows

    with open_case(at(odd, {}), "proeve") as case:
        standing = steps.queries(case)
        monkeypatch.setattr(steps, "kept_rows", meanwhile)
        with pytest.raises(StateError, match="a moment ago by Bo"):
            steps.settle(case, name, "answered", text="Nej.", actor=who("Ida"), now=now())
    assert [e.payload["action"] for e in events(odd, "query")] == ["closed"]
