"""Each rule asks about what is odd, says what to do, and is silent where nothing is."""

from __future__ import annotations

import math
import random
import re

import pytest

from htkeval.queries import findings
from htkeval.queries.digits import digit_preference
from htkeval.queries.repeats import duplicate
from htkeval.queries.times import identical_times, impossible_duration, unit_suspected
from htkeval.queries.told import told
from htkeval.queries.values import missing, out_of_range
from htkeval.text import render
from tests.intake.trials import ERRORS
from tests.often import often
from tests.queries.rows import change, row, trial, usual


def asked(rule, of, rows):
    """Rule, row and column of what is found."""
    return [(one.row, one.column) for one in rule(of, rows)]


def test_nothing_is_asked_about_usual_rows_and_about_none():
    assert findings(trial(), usual()) == []
    assert findings(trial(), []) == []


def test_a_time_above_the_cap_is_asked_about_unless_the_task_was_given_up():
    capped = trial({"cap": 60})
    rows = [row(1, 60.5), row(2, 60), row(3, 90, status="abandoned"), row(4, 90, status="refused")]
    assert asked(out_of_range, capped, rows) == [(1, "task_time")]
    assert asked(out_of_range, trial(), rows) == []


def test_a_day_outside_the_trial_is_asked_about():
    days = ("2026-01-11", "2026-01-12", "2026-04-10", "2026-04-11", None, "i går")
    rows = [row(n, 30, dato=day) for n, day in enumerate(days, start=1)]
    assert asked(out_of_range, trial(), rows) == [(1, "dato"), (4, "dato")]


@pytest.mark.parametrize(
    ("value", "found"), [(-0.1, 1), (0.0, 0), (1.0, 0), (1.1, 1), (None, 0), ("x", 0)]
)
def test_a_share_outside_nought_to_one_is_asked_about(value, found):
    share = {"id": "part", "label": "Andel", "kind": "share", "column": "del", "role": "guardrail"}
    of = trial({}, {**share, "unit": None})
    assert len(asked(out_of_range, of, [row(1, 30, values={"del": value})])) == found


def test_something_is_divided_by_so_nought_of_it_is_asked_about():
    of = trial({}, ERRORS)
    rows = [row(1, 30, values={"errors": 0, "words": 0}), row(2, 30, values={"words": 1})]
    assert asked(out_of_range, of, rows) == [(1, "words")]


@pytest.mark.parametrize("times", [60, 45, 1 / 60, 1 / 45])
def test_seconds_for_minutes_and_hours_for_minutes_are_asked_about(times):
    rows = [*usual(), row(1, 35 * times)]
    assert asked(unit_suspected, trial(), rows) == [(1, "task_time")]


@pytest.mark.parametrize("times", [10, 0.1, 0])
def test_ten_times_the_usual_is_not_taken_for_another_unit(times):
    assert asked(unit_suspected, trial(), [*usual(), row(1, 35 * times)]) == []


def test_whoever_always_writes_seconds_is_asked_about_each_row_and_nobody_else():
    rows = [*usual(30), *usual(6, minutes=1800, first=200, person="B")]
    found = asked(unit_suspected, trial(), rows)
    assert [one for one, _ in found] == [200, 201, 202, 203, 204, 205]


def test_a_person_is_held_against_what_is_usual_for_that_person():
    """90 times quicker than B's own times, and only 9 times quicker than the trial's."""
    rows = [*usual(30), *usual(6, minutes=300, first=200, person="B"), row(1, 3.4, person="B")]
    assert asked(unit_suspected, trial(), rows) == [(1, "task_time")]


def test_four_values_tell_nothing_of_what_is_usual():
    assert asked(unit_suspected, trial(), [*usual(3), row(1, 3000)]) == []


def test_the_same_factor_of_every_time_changes_nothing():
    """What is odd is odd in hours too: no rule of units rests on a figure of minutes."""
    rows = [*usual(), row(1, 2100)]
    hours = [one.model_copy(update={"values": {"task_time": (one.values["task_time"]) / 60}})
             for one in rows]  # fmt: skip
    assert asked(unit_suspected, trial(), rows) == asked(
        unit_suspected, trial({"unit": "h"}), hours
    )


def test_an_empty_required_cell_is_asked_about_once_a_row_unless_the_task_was_given_up():
    of = trial({}, ERRORS)
    full = {"errors": 1, "words": 100}
    rows = [
        row(1, 30, values=full),
        row(2, None),
        row(3, None, status="abandoned"),
        row(4, 30, values=full, opgave=None),
    ]
    found = list(missing(of, rows))
    assert {one.row: one.value for one in found} == {
        2: ["task_time", "errors", "words"],
        4: ["opgave"],
    }


def test_a_column_that_nobody_filled_in_is_one_query():
    rows = [row(n, 30, values={"errors": 1}) for n in range(1, 9)]
    assert asked(missing, trial({}, ERRORS), rows) == [(None, "words")]


def test_the_later_row_of_a_task_is_asked_about_and_names_the_first():
    rows = [row(1, 30), row(2, 31, opgave="T1", dato=row(1, 0).keys["dato"]), row(3, 30)]
    (found,) = duplicate(trial(), rows)
    assert (found.row, found.beside) == (2, (1,))
    assert "row 1" in str(found.message)


def test_the_same_task_of_another_person_period_or_day_is_another_task():
    one = row(1, 30)
    others = [row(2, 30, person="B"), row(3, 30, uge="2"), row(4, 30)]
    same = [o.model_copy(update={"keys": {**o.keys, "opgave": "T1"}}) for o in others]
    assert list(duplicate(trial(period="uge"), [one, *same])) == []


def test_without_a_task_rows_are_the_same_where_they_say_the_same_and_a_day():
    of = trial(task=None)
    day = {"dato": "2026-02-02", "opgave": None}
    rows = [row(1, 30, **day), row(2, 30, **day), row(3, 31, **day)]
    assert asked(duplicate, of, rows) == [(2, None)]
    nameless = [row(n, 30, opgave=None, dato=None) for n in (1, 2)]
    assert asked(duplicate, trial(task=None, date=None), nameless) == []


@pytest.mark.parametrize(
    ("minutes", "found"), [(0, 1), (-5, 1), (444, 0), (444.1, 1), (0.1, 0), (None, 0)]
)
def test_no_task_takes_no_time_or_longer_than_a_working_day(minutes, found):
    """37 hours a week are 7.4 hours a day: 444 minutes."""
    assert len(asked(impossible_duration, trial(), [*usual(), row(1, minutes)])) == found


def test_a_working_day_is_as_long_in_every_unit():
    for unit, limit in (("s", 26640), ("min:s", 444), ("h", 7.4)):
        of = trial({"unit": unit})
        few = [row(n, limit * (10 + n) / 100, dato=None) for n in range(9)]
        rows = [*few, row(20, limit * 1.001), row(21, limit * 0.999)]
        assert [one for one, _ in asked(impossible_duration, of, rows)] == [20], unit


def test_where_tasks_take_days_a_day_is_no_limit():
    assert asked(impossible_duration, trial(), usual(minutes=900)) == []


def test_more_than_thirteen_hours_of_one_person_on_one_day_is_asked_about():
    day = {"dato": "2026-02-02"}
    rows = [*usual(20, person="B"), row(1, 400, **day), row(2, 380, **day)]
    assert asked(impossible_duration, trial(), rows) == []
    rows.append(row(3, 0.5, **day))
    assert asked(impossible_duration, trial(), rows) == [(3, "task_time")]
    others = [row(4, 400, person="C", **day), row(5, 400, person="D", **day)]
    assert asked(impossible_duration, trial(), [*usual(20, person="B"), *others]) == []


@pytest.mark.parametrize(
    ("minutes", "n", "found"), [(12.5, 3, 1), (12.5, 2, 0), (15, 5, 1), (15, 4, 0)]
)
def test_identical_times_that_follow_each_other_are_asked_about(minutes, n, found):
    rows = [row(i, minutes) for i in range(1, n + 1)]
    assert asked(identical_times, trial(), rows) == [(1, "task_time")] * found


def test_a_run_that_grows_is_the_same_query():
    rows = [row(i, 12.5) for i in range(1, 9)]
    first, later = (next(identical_times(trial(), rows[:n])) for n in (3, 8))
    assert first.id == later.id


def test_other_people_between_do_not_break_a_run_and_are_no_part_of_one():
    rows = [row(i, 12.5, person="AB"[i % 2]) for i in range(4)]
    assert asked(identical_times, trial(), rows) == []
    rows += [row(i, 12.5, person="AB"[i % 2]) for i in range(4, 6)]
    assert asked(identical_times, trial(), rows) == [(0, "task_time"), (1, "task_time")]


def test_rounded_times_are_asked_about_once_and_times_of_a_clock_are_not():
    rng = random.Random(1)
    clock = [row(n, rng.randrange(10, 90)) for n in range(200)]
    rounded = [row(n, 5 * rng.randrange(2, 18)) for n in range(60)]
    assert asked(digit_preference, trial(), clock) == []
    (found,) = digit_preference(trial(), rounded)
    assert (found.row, found.column, found.value) == (None, "task_time", "all")
    assert "100 %" in str(found.message)
    assert list(digit_preference(trial(), rounded[:49])) == []


def test_the_limit_is_that_of_an_exact_binomial_test():
    """scipy.stats.binomtest(k, 50, 0.2).pvalue: 0.0011 at k = 20, 0.0003 at k = 21."""
    from scipy.stats import binomtest

    for hits in (20, 21):
        rows = [row(n, (20 if n < hits else 21) + 20 * (n % 2)) for n in range(50)]
        expected = binomtest(hits, 50, 0.2).pvalue < 0.001
        assert bool(list(digit_preference(trial(), rows))) == expected
    assert binomtest(20, 50, 0.2).pvalue > 0.001 > binomtest(21, 50, 0.2).pvalue


def test_an_arm_is_asked_about_where_only_it_is_rounded():
    rng = random.Random(2)
    rows = [row(n, rng.randrange(10, 90), arm="treatment") for n in range(1200)]
    rows += [row(n, 5 * rng.randrange(2, 18)) for n in range(2000, 2060)]
    (found,) = digit_preference(trial(), rows)
    assert found.value == "baseline"


def test_half_hours_are_rounded_minutes():
    rows = [row(n, 0.5 * (1 + n % 5)) for n in range(60)]
    assert len(list(digit_preference(trial({"unit": "h"}), rows))) == 1


def test_a_clock_is_rarely_taken_for_a_guess():
    """1,000 trials of 60 lognormal times to the whole minute; at most 0.5 % are asked about."""
    alarms = 0
    for seed in range(1000):
        rng = random.Random(seed)
        minutes = [round(math.exp(rng.gauss(math.log(40), 0.55))) for _ in range(60)]
        hits, n = sum(m % 5 == 0 for m in minutes if m >= 10), sum(m >= 10 for m in minutes)
        if n >= 50 and hits / n >= 0.3:
            rows = [row(i, m) for i, m in enumerate(minutes)]
            alarms += bool(list(digit_preference(trial(), rows)))
    assert alarms <= 5


@pytest.mark.parametrize("typical", often([8, 9, 10, 11, 13, 15, 17, 25], [9, 15]))
@pytest.mark.parametrize("spread", often([0.1, 0.2, 0.3, 0.5, 0.7], [0.1, 0.5]))
def test_short_and_even_tasks_that_a_clock_timed_are_not_taken_for_guesses(typical, spread):
    """20 trials of 200 lognormal times to the whole minute each: at most one is asked about."""
    alarms = 0
    for seed in range(20):
        rng = random.Random(seed)
        minutes = [round(math.exp(rng.gauss(math.log(typical), spread))) for _ in range(200)]
        alarms += bool(list(digit_preference(trial(), [row(*one) for one in enumerate(minutes)])))
    assert alarms <= 1


def test_times_that_are_rounded_to_fives_are_asked_about_from_ten_minutes_on():
    rng = random.Random(4)
    minutes = [5 * round(math.exp(rng.gauss(math.log(14), 0.4)) / 5) for _ in range(200)]
    (found,) = digit_preference(trial(), [row(*one) for one in enumerate(minutes)])
    assert found.value == "all"


def test_what_came_with_a_row_is_asked_until_the_row_is_put_right():
    came = {(1, 7): ["clocks_differ", "resumed"]}
    assert [one.rule for one in told(came, [row(7, 30), row(8, 30)])] == list(came[1, 7])
    right = row(7, 30, history=(change(9, "task_time", 31, 30),))
    assert list(told(came, [right])) == []


def test_no_sentence_holds_a_pseudonym_or_tells_arms_apart():
    """Whatever is odd in one arm: the sentence is the same when the arms are turned round."""
    of = trial({"cap": 60}, ERRORS)
    odd = [row(1, 0), row(2, 500), row(3, 2100), row(4, None), row(5, 9.5, opgave="T1"),
           *[row(n, 12.25, person="Karen-7") for n in range(10, 14)]]  # fmt: skip
    rows = [*usual(), *odd]
    turned = [r.model_copy(update={"arm": "treatment"}) for r in rows]
    here, there = findings(of, rows), findings(of, turned)
    assert [str(one.message) for one in here] == [str(one.message) for one in there]
    assert {one.rule for one in here} >= {"unit_suspected", "missing", "identical_times"}
    for one in here:
        for language in ("da", "en"):
            assert not re.search("Karen|baseline|treatment", render(one.message, language))


def test_a_query_is_another_when_the_value_is_and_the_same_when_other_rows_come():
    (first,) = unit_suspected(trial(), [*usual(), row(1, 2100)])
    (more,) = unit_suspected(trial(), [*usual(25), row(1, 2100)])
    (other,) = unit_suspected(trial(), [*usual(), row(1, 2101)])
    assert first.id == more.id != other.id


def test_one_value_is_asked_about_once_by_the_rule_that_says_most():
    capped = trial({"cap": 60})
    (both,) = findings(capped, [*usual(), row(1, 2100.0)])
    assert both.rule == "unit_suspected"
    (one,) = findings(capped, [*usual(), row(1, 500.0)])
    assert one.rule == "impossible_duration"
    (least,) = findings(capped, [*usual(), row(1, 70.0)])
    assert least.rule == "out_of_range"
