"""A random tenth is timed twice: drawn so that nobody chooses, kept apart, and compared."""

import json

import pytest

from htkeval.intake.second import _plain
from htkeval.steps import second as steps
from htkeval.steps.case import open_case
from htkeval.steps.snapshot import current_table
from htkeval.workspace import at
from tests.cli.test_deviations import events
from tests.cli.test_verify import failed
from tests.examples import sheet


@pytest.fixture
def many(ready, place, call):
    """A registered trial and 600 measurements."""
    return ready("many", lambda: _many(place, call))


def _many(place, call):
    (place / "maal.csv").write_text(sheet(600, year=2099), encoding="utf-8")
    assert call("register", "proeve").code == 0
    assert call("add", "proeve", "maal.csv").code == 0


def told(call):
    answer = call("second", "proeve", "--format", "json")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


def filled(place, call, *, times=1.1, name="anden.csv"):
    """The sheet that the second fills in: each time so many times the first."""
    assert call("second", "proeve", "-o", "tom.csv").code == 0
    rows = {row["id"]: row for row in json.loads(
        call("rows", "proeve", "--format", "json").out)["rows"]}  # fmt: skip
    lines = (place / "tom.csv").read_text(encoding="utf-8-sig").splitlines()
    out = [lines[0]]
    for place_, line in enumerate(lines[1:]):
        first = rows[int(line.split(";")[0])]["values"]["minutter"]
        minutes = first * times * (1 + 0.02 * (place_ % 3 - 1))
        out.append(line + f"{minutes:.3f}".replace(".", ","))
    (place / name).write_text("\n".join(out) + "\n", encoding="utf-8")
    return len(out) - 1


def test_about_a_tenth_is_drawn_and_the_draw_stays(many, call):
    """600 tasks by a hash below a tenth: 60, and 37 to 83 but for one draw in a thousand."""
    first = told(call)
    assert 37 <= len(first["tasks"]) <= 83
    assert told(call) == first
    assert first["agreement"] is None
    assert "at least 3" in first["reason"]


def test_more_rows_leave_the_draw_of_those_that_are_here(many, call):
    before = {one["row"] for one in told(call)["tasks"]}
    (many / "mere.csv").write_text(
        "medarbejder;arm;dato;minutter;fejl\nM00;uden;02-03-2099;21,5;0\n", encoding="utf-8"
    )
    assert call("add", "proeve", "mere.csv").code == 0
    assert {one["row"] for one in told(call)["tasks"]} - {601} == before


def test_another_registration_draws_others():
    names = [["M01", str(n)] for n in range(500)]
    one, other = ([n for n in names if steps._drawn(seed, n)] for seed in ("a" * 64, "b" * 64))
    assert one != other
    assert 20 < len(one) < 85


def test_the_sheet_for_the_second_observer_holds_no_first_time(many, call):
    assert call("second", "proeve", "-o", "tom.csv").code == 0
    head, *lines = (many / "tom.csv").read_text(encoding="utf-8-sig").splitlines()
    assert head == "row;medarbejder;dato;minutter"
    assert len(lines) == len(told(call)["tasks"])
    assert all(line.endswith(";") for line in lines)


def test_second_times_are_compared_and_no_measurement(many, call):
    """Each second time is 1.1 times the first, give or take two per cent."""
    with open_case(at(many, {}), "proeve") as case:
        before = current_table(case)
    n = filled(many, call)
    assert call("second", "proeve", "anden.csv", "--as", "Bo").code == 0
    found = told(call)["agreement"]
    assert found["pairs"] == n
    assert found["ratio"] == pytest.approx(1.1, rel=0.01)
    assert found["limits"][0] < 1.1 < found["limits"][1]
    assert 0.5 < found["icc"] < 1
    assert all(one["second"] for one in told(call)["tasks"])
    with open_case(at(many, {}), "proeve") as case:
        assert current_table(case).equals(before)
    assert failed(call) == set()
    out = " ".join(call("second", "proeve", "--lang", "en").out.split())
    assert "The second time is typically 1.10 times the first" in out
    assert json.loads(call("query", "proeve", "--format", "json").out)["queries"] is not None


def test_of_four_people_it_is_not_told_how_far_two_observers_agree(place, call):
    (place / "maal.csv").write_text(sheet(400, year=2099, people=4), encoding="utf-8")
    assert call("register", "proeve").code == 0
    assert call("add", "proeve", "maal.csv").code == 0
    assert filled(place, call) > 20
    assert call("second", "proeve", "anden.csv").code == 0
    found = told(call)
    assert all(task["second"] for task in found["tasks"])
    assert found["agreement"] is None
    assert "at least 5 participants" in found["reason"]


def test_what_the_first_said_then_is_what_is_compared(many, call):
    """Putting the first right afterwards makes no agreement."""
    filled(many, call, times=2)
    assert call("second", "proeve", "anden.csv").code == 0
    row = str(told(call)["tasks"][0]["row"])
    before = told(call)["agreement"]
    assert call("correct", "proeve", "--row", row, "--set", "minutter=35", "--why", "x").code == 0
    assert told(call)["agreement"] == before


def test_the_same_sheet_again_is_found_and_what_is_new_in_it_is_stored(many, call):
    n = filled(many, call)
    assert call("second", "proeve", "anden.csv").code == 0
    again = call("second", "proeve", "anden.csv")
    assert again.code == 0, again.err
    assert f"Here already, and not stored again: {n}." in again.out
    assert len(events(many, "query")) == 1
    assert told(call)["agreement"]["revised"] == 0


def test_what_an_earlier_sheet_lacked_is_stored_beside_what_is_here(many, call):
    n = filled(many, call)
    head, *lines = (many / "anden.csv").read_text(encoding="utf-8").splitlines()
    (many / "halv.csv").write_text("\n".join([head, *lines[: n // 2]]) + "\n", encoding="utf-8")
    assert call("second", "proeve", "halv.csv").code == 0
    both = call("second", "proeve", "anden.csv")
    assert (both.code, f"not stored again: {n // 2}." in both.out) == (0, True), both.err
    assert [len(e.payload["seconds"]) for e in events(many, "query")] == [n // 2, n - n // 2]
    assert told(call)["agreement"]["pairs"] == n


def test_another_second_time_is_refused_and_with_a_reason_counted_as_revised(many, call):
    """Whoever has seen how far the two agree could make them agree."""
    n = filled(many, call)
    assert call("second", "proeve", "anden.csv").code == 0
    before = told(call)
    row = before["tasks"][0]["row"]
    (many / "igen.csv").write_text(f"row;minutter\n{row};99\n", encoding="utf-8")
    refused = call("second", "proeve", "igen.csv")
    assert refused.code == 1
    assert f"igen.csv, row {row}: found the second time 99; expected" in " ".join(
        refused.err.split()
    )
    assert "--why" in refused.err
    assert told(call) == before
    # the first time is put right meanwhile: it makes no other pair
    first = events(many, "query")[0].payload["seconds"][0]["first"]
    put = ("--row", str(row), "--set", "minutter=98", "--why", "x")
    assert call("correct", "proeve", *put).code == 0
    assert call("second", "proeve", "igen.csv", "--why", "læste forkert").code == 0
    after = told(call)["agreement"]
    assert (after["pairs"], after["revised"]) == (n, 1)
    assert after["limits"][1] > before["agreement"]["limits"][1]
    older, newer = events(many, "query")
    assert len(older.payload["seconds"]) == n
    assert newer.payload["seconds"] == [{"row": row, "first": first, "second": 99}]
    assert newer.payload["why"] == "læste forkert"
    assert f"put right after they were delivered: 1 of {n}" in " ".join(
        call("second", "proeve", "--lang", "en").out.split()
    )
    assert call("second", "proeve", "--why", "x").code == 2
    assert failed(call) == set()


@pytest.mark.parametrize(
    "line", ["{free};;;30", "{row};;;30\n{row};;;31", "{row};;;tredive", "x;;;30"]
)
def test_a_sheet_with_anything_wrong_is_refused_whole(many, call, line):
    drawn = [one["row"] for one in told(call)["tasks"]]
    free = next(n for n in range(1, 601) if n not in drawn)
    text = line.format(free=free, row=drawn[0])
    (many / "anden.csv").write_text(
        f"row;medarbejder;dato;minutter\n{drawn[1]};;;30\n{text}\n", encoding="utf-8"
    )
    answer = call("second", "proeve", "anden.csv")
    assert answer.code == 1, answer.err
    assert "anden.csv, row" in answer.err
    assert events(many, "query") == ()


def test_a_number_beside_another_rows_task_is_refused_and_an_empty_cell_is_not(many, call):
    first, other = told(call)["tasks"][:2]
    head = "row;medarbejder;dato;minutter\n"
    mine, day = first["keys"]["medarbejder"], first["keys"]["dato"]

    def given(person, on):
        text = f"{head}{first['row']};{person};{on};30\n{other['row']};;;31\n"
        (many / "anden.csv").write_text(text, encoding="utf-8")
        return call("second", "proeve", "anden.csv")

    wrong = given("M99", day)
    assert wrong.code == 1
    assert "anden.csv, row 2, column medarbejder" in wrong.err
    assert f'"{mine}", as row {first["row"]} has it' in wrong.err
    assert events(many, "query") == ()
    danish = "-".join(reversed(day.split("-")))
    assert given(f" {mine.lower()} ", danish).code == 0


def test_what_excel_does_to_a_name_of_digits_is_the_same_name():
    assert _plain("0012") == _plain("12")
    assert _plain("12") != _plain("120")
    assert _plain("M-012") != _plain("M-12")


def test_an_empty_sheet_a_missing_one_and_both_at_once_are_refused(many, call):
    assert call("second", "proeve", "-o", "tom.csv").code == 0
    assert call("second", "proeve", "tom.csv").code == 1
    assert call("second", "proeve", "ingen.csv").code == 2
    assert call("second", "proeve", "tom.csv", "-o", "to.csv").code == 2
    assert call("second", "proeve", "-o", "tom.csv").code == 1
    assert events(many, "query") == ()


def test_without_a_registration_nothing_is_drawn(place, call):
    answer = call("second", "proeve", "--lang", "en")
    assert answer.code == 1
    assert "no registration to draw from" in answer.err


def test_of_a_person_who_is_forgotten_no_pair_is_left(many, call):
    n = filled(many, call)
    assert call("second", "proeve", "anden.csv").code == 0
    assert call("erase", "proeve", "--participant", "M00", "--why", "Ønske.").code == 0
    found = told(call)
    assert len(found["tasks"]) == found["agreement"]["pairs"] < n
    assert failed(call) == set()
