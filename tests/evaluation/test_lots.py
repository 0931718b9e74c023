"""Which lottery the rows tell of: orders, starts, tasks, blocks; and what they do not tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from htkeval.evaluation import evaluate
from htkeval.evaluation.data.rows import read
from htkeval.evaluation.draw import entry
from htkeval.evaluation.draw.lots import Lots, read_lots
from htkeval.text import Text, render
from htkeval.trial import Trial

MakeTrial = Callable[..., Trial]
MakeTable = Callable[..., pa.Table]


def found(trial: Trial, table: pa.Table) -> Lots | Text | None:
    return read_lots(trial, read(trial, table))


def lots_of(trial: Trial, table: pa.Table) -> Lots:
    lots = found(trial, table)
    assert isinstance(lots, Lots), lots
    return lots


def refused(trial: Trial, table: pa.Table) -> str:
    lots = found(trial, table)
    assert isinstance(lots, Text)
    return render(lots, "en")


def in_periods(arms: dict[str, str], **more: dict[str, Any]) -> dict[str, list[Any]]:
    """One row a cell from a word for each unit: `.` not seen, 0 and 1 the arm of a period."""
    seen = [(u, p, int(a)) for u, w in arms.items() for p, a in enumerate(w) if a != "."]
    unit, period, arm = map(list, zip(*seen, strict=True))
    rng = np.random.default_rng(len(seen))
    table = {"participant": unit, "team": unit, "period": period, "arm": arm}
    table |= {"minutes": np.exp(3 + 0.3 * rng.normal(size=len(seen))).round(2).tolist()}
    return table | {name: [of.get(u) for u in unit] for name, of in more.items()}


# Starts of a roll-out


def drawn_starts(lots: Lots) -> list[int]:
    """The slot in which each team starts; the number of slots where it never does."""
    return [int((1 - lots.lottery.patterns[p]).sum()) for p in lots.lottery.drawn]


def test_a_team_without_rows_where_it_began_began_when_another_did(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    """Seen first in period 2 and last without in 0: period 1 or 2, and only 1 is a start."""
    table = make_table(**in_periods({"a": "0.111", "b": "01111", "c": "00011", "d": "00001"}))
    assert drawn_starts(lots_of(make_trial("stepped_wedge"), table)) == [1, 1, 3, 4]


def test_a_team_that_left_before_it_began_is_not_one_that_never_would(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    """Three starts stay three, so that the draw has 6!/(2! 2! 2!) orders."""
    arms = {"a": "0111", "b": "0111", "c": "0011", "d": "0011", "e": "0001", "f": "000."}
    lots = lots_of(make_trial("stepped_wedge"), make_table(**in_periods(arms)))
    assert drawn_starts(lots) == [1, 1, 2, 2, 3, 3]
    assert len(lots.arms) == 90


def test_a_team_seen_only_with_the_tool_began_when_the_only_start_that_fits_was(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    table = make_table(**in_periods({"a": "..11", "b": "0011", "c": "0011", "d": "0001"}))
    assert drawn_starts(lots_of(make_trial("stepped_wedge"), table)) == [2, 2, 2, 3]


@pytest.mark.parametrize(
    ("arms", "sentence"),
    [
        ({"a": "0..1", "b": "0111", "c": "0011", "d": "0011"}, "2 of the starts of other teams"),
        ({"a": "00..", "b": "0011", "c": "0011", "d": "0000"}, "2 of the starts of other teams"),
        ({"a": "0.11", "b": "0001", "c": "0001", "d": "0001"}, "no start of another team"),
        ({"a": "0.1", "b": "0.1", "c": ".0."}, "no start of another team"),
        ({"a": "0101", "b": "0011", "c": "0011"}, "do not follow the draw"),
    ],
)
def test_a_start_that_cannot_be_told_is_not_guessed(
    make_trial: MakeTrial, make_table: MakeTable, arms: dict[str, str], sentence: str
) -> None:
    trial, table = make_trial("stepped_wedge"), make_table(**in_periods(arms))
    assert sentence in refused(trial, table)
    analysis = evaluate(trial, table, snapshot="0" * 64)
    assert {c.name: c.passed for c in analysis.checks}["draw_reaches"] is False


def test_why_a_start_cannot_be_told_is_said_in_danish(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    table = make_table(**in_periods({"a": "0..1", "b": "0111", "c": "0011"}))
    lots = found(make_trial("stepped_wedge"), table)
    assert isinstance(lots, Text)
    assert "2 af de andre holds starter passer" in render(lots, "da")


def test_a_start_that_the_sheet_names_is_that_of_the_teams_with_the_same_word(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    """Starts in every period: a, without rows where it began, could be of two waves."""
    arms = {"a": "0.11", "b": "0111", "c": "0011", "d": "0011", "e": "0001", "f": "00.."}
    waves: dict[str, Any] = {"a": "I", "b": "I", "c": "II", "d": "II", "e": "III", "f": "III"}
    trial = make_trial("stepped_wedge", design={"sequence": "wave"})
    table = make_table(**in_periods(arms, wave=waves))
    assert drawn_starts(lots_of(trial, table)) == [1, 1, 2, 2, 3, 3]
    assert entry.starts(trial, read(trial, table)).tolist() == [1, 1, 2, 2, 3, 3]
    assert "2 of the starts" in refused(make_trial("stepped_wedge"), table)
    wrong = make_table(**in_periods(arms, wave={**waves, "b": "II"}))
    assert "do not follow the draw" in refused(trial, wrong)


def test_the_length_of_use_counts_from_the_start_and_not_from_the_first_measurement(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    """Team a's rows of its first period are missing. The effects of one to four periods of use are
    -10 to -40, so their mean is -25; with a's lengths one too short it is not."""
    start = {name: 1 + 2 * (i // 6) for i, name in enumerate("abcdefghijkl")}
    table = in_periods({name: "0" * n + "1" * (5 - n) for name, n in start.items()})
    keys = list(zip(table["team"], table["period"], strict=True))
    rng = np.random.default_rng(3)
    table["minutes"] = [
        100.0 + ord(t) - 10 * max(0, p - start[t] + 1) + rng.normal(0, 1e-3) for t, p in keys
    ]
    keep = [i for i, key in enumerate(keys) if key != ("a", 1)]
    fewer = make_table(**{name: [v[i] for i in keep] for name, v in table.items()})
    trial = make_trial("stepped_wedge")
    assert entry.starts(trial, read(trial, fewer)).tolist() == list(start.values())
    found = evaluate(trial, fewer, snapshot="0" * 64).effects
    (average,) = (e for e in found if (e.estimand, e.scale) == ("exposure_average", "difference"))
    assert average.estimate == pytest.approx(-25, abs=0.01)


def test_rows_that_do_not_count_say_when_a_team_began(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    """A value that is missing in the first period with the tool leaves the start where it was."""
    table = in_periods({"a": "0111", "b": "0011"})
    minutes = [
        None if t == "a" and p == 1 else 10.0
        for t, p in zip(table["team"], table["period"], strict=True)
    ]
    trial = make_trial("stepped_wedge")
    rows = read(trial, make_table(**{**table, "minutes": minutes}))
    assert entry.starts(trial, rows).tolist() == [1, 2]


def test_no_rows_have_no_start(make_trial: MakeTrial, make_table: MakeTable) -> None:
    table = make_table(**in_periods({"a": "01"}))
    trial = make_trial("stepped_wedge")
    empty = read(trial, table.slice(0, 0))
    assert not len(entry.starts(trial, empty))
    nobody = replace(read(trial, table), arm=np.full(2, -1))
    assert entry.starts(trial, nobody).tolist() == [-1]


# Orders of a crossover

FOUR = {"abb": "011", "baa": "100", "aba": "010", "bab": "101"}


def twelve(**changed: str) -> dict[str, str]:
    names = [f"p{i:02d}" for i in range(12)]
    return {n: changed.get(n, list(FOUR.values())[i % 4]) for i, n in enumerate(names)}


def words_of(arms: dict[str, str]) -> dict[str, Any]:
    return {name: list(FOUR)[i % 4] for i, name in enumerate(arms)}


def test_a_person_who_left_drew_the_order_that_the_sheet_states(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    """01. fits both 011 and 010; the word says which. 12!/(3!)^4 orders."""
    arms = twelve(p00="01.")
    table = make_table(**in_periods(arms, order=words_of(arms)))
    trial = make_trial("crossover", design={"sequence": "order"})
    lots = lots_of(trial, table)
    assert lots.lottery.patterns[lots.lottery.drawn[0]].tolist() == [0, 1, 1]
    assert round(np.exp(lots.lottery.log_count)) == 369_600
    effects = evaluate(trial, table, snapshot="0" * 64, method="rerandomisation").effects
    assert {effect.method for effect in effects} == {"rerandomisation"}
    assert "do not follow the draw" in refused(make_trial("crossover"), table)


def test_an_order_nobody_was_seen_in_whole_is_put_together_from_those_who_had_it(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    arms = twelve(p00="01.", p04=".11", p08="0.1")
    trial = make_trial("crossover", design={"sequence": "order"})
    lots = lots_of(trial, make_table(**in_periods(arms, order=words_of(arms))))
    drawn = lots.lottery.patterns[lots.lottery.drawn]
    assert [drawn[i].tolist() for i in (0, 4, 8)] == [[0, 1, 1]] * 3


def test_a_person_without_a_word_is_read_from_the_arms_as_before(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    arms = twelve(p01="1.0")
    words: dict[str, Any] = {**words_of(arms), "p01": None}
    trial = make_trial("crossover", design={"sequence": "order"})
    lots = lots_of(trial, make_table(**in_periods(arms, order=words)))
    assert lots.lottery.patterns[lots.lottery.drawn[1]].tolist() == [1, 0, 0]


def test_a_word_that_the_arms_contradict_is_not_believed(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    trial = make_trial("crossover", design={"sequence": "order"})
    arms = twelve(p00="100")
    assert "do not follow" in refused(trial, make_table(**in_periods(arms, order=words_of(arms))))
    arms = twelve()
    table = in_periods(arms, order=words_of(arms))
    table["order"][0] = "baa"  # one row of p00 says something else
    assert "do not follow" in refused(trial, make_table(**table))


def test_an_order_that_was_never_seen_whole_is_not_guessed(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    table = make_table(**in_periods({"a": "0.", "b": "1.", "c": ".0", "d": ".1"}))
    assert "do not follow the draw" in refused(make_trial("crossover"), table)


@pytest.mark.parametrize(("arms", "n"), [(twelve(), 4), ({"a": "01", "b": "01"}, 1)])
def test_a_minimisation_of_other_than_two_orders_is_refused(
    make_trial: MakeTrial, make_table: MakeTable, arms: dict[str, str], n: int
) -> None:
    trial = make_trial("crossover", design={"allocation": "minimisation"})
    assert f"tell of {n} orders" in refused(trial, make_table(**in_periods(arms)))


# Tasks within people


def within(people: int = 8, tasks: int = 6) -> dict[str, list[Any]]:
    n = people * tasks
    rng = np.random.default_rng(5)
    who = np.repeat(np.arange(people), 2 * tasks)
    task = np.tile(np.repeat(np.arange(tasks), 2), people)
    arm = ((np.repeat(np.arange(n), 2) // 1 + who) % 2).tolist()
    return {
        "participant": [f"p{i}" for i in who],
        "task": [f"t{i}" for i in task],
        "arm": arm,
        "minutes": np.exp(3 + 0.3 * rng.normal(size=2 * n)).round(2).tolist(),
    }


def test_one_mistyped_arm_leaves_everybody_elses_tasks_together(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    trial = make_trial("within", design={"task": "task"})
    table = within()
    whole = lots_of(trial, make_table(**table))
    assert (whole.apart, len(whole.cluster_of)) == (0, 48)
    table["arm"][0] = 1 - table["arm"][0]
    torn = lots_of(trial, make_table(**table))
    assert (torn.apart, len(torn.cluster_of)) == (1, 49)
    analysis = evaluate(trial, make_table(**table), snapshot="0" * 64)
    (check,) = (check for check in analysis.checks if check.name == "draw_reaches")
    assert "Some tasks stand in both arms" in render(check.message, "en")
    assert "Nogle opgaver står i begge arme" in render(check.message, "da")


def test_tasks_without_a_name_are_drawn_row_by_row(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    table = within()
    table["task"][:2] = [None, None]
    table["arm"][:2] = [0, 1]
    lots = lots_of(make_trial("within", design={"task": "task"}), make_table(**table))
    assert (lots.apart, len(lots.cluster_of)) == (0, 49)


def test_a_column_that_the_trial_does_not_know_moves_no_figure(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    table = within()
    del table["task"]
    trial = make_trial("within")
    noise = np.random.default_rng(6).permutation(len(table["arm"])).astype(str).tolist()
    plain = evaluate(trial, make_table(**table), snapshot="0" * 64)
    more = evaluate(trial, make_table(**table, aaa=noise, zzz=noise), snapshot="0" * 64)
    assert plain.effects
    assert plain.effects == more.effects


# Blocks and the order of entry

DAYS = [f"2026-02-{day:02d}" for day in range(1, 25)]
EVEN = [0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0]


def one_each(arms: list[int], days: list[str] | None) -> dict[str, list[Any]]:
    rng = np.random.default_rng(7)
    table: dict[str, list[Any]] = {
        "participant": [f"p{i:02d}" for i in range(len(arms))],
        "arm": arms,
        "minutes": np.exp(3 + 0.3 * rng.normal(size=len(arms))).round(2).tolist(),
    }
    return table if days is None else table | {"date": days}


def blocks(make_trial: MakeTrial, kind: str = "parallel", **more: Any) -> Trial:
    return make_trial(kind, design={"allocation": "blocks", "block": 4, "date": "date", **more})


def test_blocks_are_told_by_the_day_of_the_first_row(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    """The days run against the names; two enter each block on one day."""
    days = [DAYS[11 - i] for i in range(12)]
    lots = lots_of(blocks(make_trial), make_table(**one_each(EVEN, days)))
    assert (lots.untold, len(lots.arms)) == (None, 6**3)
    twos = [DAYS[(11 - i) // 2] for i in range(12)]
    assert len(lots_of(blocks(make_trial), make_table(**one_each(EVEN, twos))).arms) == 6**3


@pytest.mark.parametrize(
    ("arms", "days"),
    [
        (sorted(EVEN), DAYS[:12]),  # a block of one arm
        (EVEN, None),  # names alone, and so even a list is no rarity
        (EVEN, [DAYS[i // 3] for i in range(12)]),  # a day on both sides of an end
    ],
)
def test_blocks_that_rows_do_not_tell_are_left_out_and_nobody_says_it_is_fine(
    make_trial: MakeTrial, make_table: MakeTable, arms: list[int], days: list[str] | None
) -> None:
    trial, table = blocks(make_trial), make_table(**one_each(arms, days))
    lots = lots_of(trial, table)
    assert (lots.untold, len(lots.arms)) == ("blocks", 924)
    (check,) = (
        one
        for one in evaluate(trial, table, snapshot="0" * 64).checks
        if one.name == "draw_reaches"
    )
    assert check.passed is None
    assert "blocks cannot be told" in render(check.message, "en")


def test_blocks_so_even_that_it_is_no_luck_are_those_of_the_list(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    """Without days: 6^6 of the 2,704,156 choices of 12 of 24 are as even, 1.7 %; 6^7 of the
    40,116,600 of 14 of 28 are 0.7 %."""
    assert lots_of(blocks(make_trial), make_table(**one_each(EVEN * 2, None))).untold == "blocks"
    more = one_each(EVEN * 2 + [0, 1, 1, 0], None)
    assert lots_of(blocks(make_trial), make_table(**more)).untold is None


def test_blocks_of_more_than_two_orders_are_not_told(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    date = dict(zip(twelve(), DAYS, strict=False))
    table = make_table(**in_periods(twelve(), date=date))
    assert lots_of(blocks(make_trial, "crossover"), table).untold == "blocks"
    two = {f"p{i:02d}": ("01", "10")[arm] for i, arm in enumerate(EVEN)}
    lots = lots_of(blocks(make_trial, "crossover"), make_table(**in_periods(two, date=date)))
    assert (lots.untold, len(lots.arms)) == (None, 6**3)


def test_a_minimisation_without_days_says_that_its_order_is_not_told(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    design = {"allocation": "minimisation", "date": "date"}
    trial = make_trial("parallel", design=design)
    arms = [0, 1] * 8
    assert lots_of(trial, make_table(**one_each(arms, DAYS[:16]))).untold is None
    table = make_table(**one_each(arms, None))
    assert lots_of(trial, table).untold == "order"
    (check,) = (
        one
        for one in evaluate(trial, table, snapshot="0" * 64).checks
        if one.name == "draw_reaches"
    )
    assert check.passed is None
    assert "order of entry cannot be told" in render(check.message, "en")
    assert "Rækkefølgen" in render(check.message, "da")
