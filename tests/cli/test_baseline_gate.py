"""The tool waits until the planned baseline is measured; going on all the same is a deviation."""

import json

import pytest

from tests.cli.test_registration import rows, written
from tests.examples import TO_COME

GATED = TO_COME.replace('date = "dato"', 'date = "dato"\nbaseline_tasks = 6')


@pytest.fixture
def gated(place, call):
    (place / "experiments" / "proeve" / "trial.toml").write_text(GATED, encoding="utf-8")
    assert call("register", "proeve").code == 0
    return place


def counts(call):
    """Row by row: of an arm of one to four people no status tells how many there are."""
    arms = [
        row["arm"] for row in json.loads(call("rows", "proeve", "--format", "json").out)["rows"]
    ]
    return arms.count("baseline"), arms.count("treatment")


BEFORE, AFTER = "01-02-2099", "02-02-2099"


def test_the_tool_is_held_back_while_the_baseline_is_too_small(gated, call):
    assert call("add", "proeve", written(gated, "b.csv", rows("uden", 4, day=BEFORE))).code == 0
    answer = call("add", "proeve", written(gated, "t.csv", rows("med", 2, day=AFTER)))
    assert answer.code == 1
    assert answer.err == (
        "trial proeve: found 4 tasks without the tool before the first with it; expected at least "
        "6, as planned: 2 are missing. Measure 2 more without the tool first. To go on all the "
        "same, say why: htkeval deviate proeve --what baseline --why TEXT.\n"
    )
    assert counts(call) == (4, 0)
    more = written(gated, "b2.csv", rows("uden", 2, day=BEFORE, start=40))
    assert call("add", "proeve", more).code == 0
    assert call("add", "proeve", "t.csv").code == 0
    assert counts(call) == (6, 2)


def test_a_baseline_in_the_same_delivery_counts(gated, call):
    both = written(gated, "s.csv", rows("uden", 6, day=BEFORE), rows("med", 2, day=AFTER))
    assert call("add", "proeve", both).code == 0


def test_a_baseline_in_another_sheet_of_the_same_delivery_counts_in_either_order(gated, call):
    tool = written(gated, "t.csv", rows("med", 2, day=AFTER))
    base = written(gated, "b.csv", rows("uden", 6, day=BEFORE))
    assert call("add", "proeve", tool, base).code == 0
    assert counts(call) == (6, 2)


def test_a_delivery_that_is_held_back_is_held_back_whole(gated, call):
    tool = written(gated, "t.csv", rows("med", 2, day=AFTER))
    base = written(gated, "b.csv", rows("uden", 5, day=BEFORE))
    assert call("add", "proeve", base, tool).code == 1
    assert counts(call) == (0, 0)


def test_work_done_on_or_after_the_first_day_with_the_tool_is_no_baseline(gated, call):
    for name, day in (("same.csv", AFTER), ("late.csv", "03-02-2099")):
        sheet = written(gated, name, rows("uden", 6, day=day), rows("med", 1, day=AFTER))
        assert "found 0 tasks without the tool" in call("add", "proeve", sheet).err


def test_undated_rows_count_by_their_arrival(gated, call):
    both = written(gated, "s.csv", rows("uden", 6), rows("med", 2))
    assert call("add", "proeve", both).code == 0


def test_rows_that_came_before_count_once(gated, call):
    """The sheet grew: its first five rows are in the record already."""
    assert call("add", "proeve", written(gated, "b.csv", rows("uden", 5, day=BEFORE))).code == 0
    grown = written(gated, "g.csv", rows("uden", 5, day=BEFORE), rows("med", 1, day=AFTER))
    answer = call("add", "proeve", grown)
    assert answer.code == 1
    assert "1 are missing" in answer.err


def test_an_earlier_day_with_the_tool_that_comes_late_is_held_back_too(gated, call):
    both = written(gated, "s.csv", rows("uden", 6, day="05-02-2099"), rows("med", 2,
                   day="06-02-2099"))  # fmt: skip
    assert call("add", "proeve", both).code == 0
    later = written(gated, "l.csv", rows("med", 1, day="07-02-2099"))
    assert call("add", "proeve", later).code == 0
    early = written(gated, "e.csv", rows("med", 1, day=BEFORE, start=70))
    assert "found 0 tasks without the tool" in call("add", "proeve", early).err


def test_a_deviation_lets_it_in_and_is_told_ever_after(gated, call):
    tool = written(gated, "t.csv", rows("med", 2, day=AFTER))
    assert call("add", "proeve", tool).code == 1
    told = call("deviate", "proeve", "--what", "baseline", "--why", "chefen vil ikke vente")
    assert told.code == 0
    assert "the tool was taken into use before the planned baseline was in" in told.out
    assert call("add", "proeve", tool).code == 0
    assert counts(call) == (0, 2)
    assert "chefen vil ikke vente" in " ".join(call("status", "proeve").out.split())


def test_an_unregistered_trial_is_held_back_too_and_told_to_register_first(place, call):
    (place / "experiments" / "proeve" / "trial.toml").write_text(GATED, encoding="utf-8")
    answer = call("add", "proeve", written(place, "t.csv", rows("med", 2, day=AFTER)))
    assert answer.code == 1
    assert "register the trial, then say why" in answer.err


def test_without_the_key_nothing_is_held_back(place, call):
    assert call("register", "proeve").code == 0
    assert call("add", "proeve", written(place, "t.csv", rows("med", 2, day=AFTER))).code == 0
    answer = call("deviate", "proeve", "--what", "baseline", "--why", "x")
    assert answer.code == 1
    assert "no baseline_tasks" in answer.err


def test_invented_measurements_wait_as_well(place, call):
    from htkeval.resources import bundled

    folder = place / "experiments" / "fagbot"
    folder.mkdir()
    for name in ("trial.toml", "scenario.toml"):
        text = (bundled("experiments") / "fagbot" / name).read_text(encoding="utf-8")
        (folder / name).write_text(
            text.replace("clusters = 16", "baseline_tasks = 99999\nclusters = 16"),
            encoding="utf-8",
        )
    answer = call("simulate", "fagbot")
    assert answer.code == 1
    assert "99,999, as planned" in answer.err
