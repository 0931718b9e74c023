"""The stored list held against the sheet, and the lottery that it tells of."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from htkeval.allocation_list import AllocationList
from htkeval.design.allocation import chance_of
from htkeval.design.entrants import Entrants
from htkeval.design.listing import draw_list, patterns
from htkeval.design.lottery import every
from htkeval.effect import Check
from htkeval.evaluation import evaluate
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.checks.rows import missing_values
from htkeval.evaluation.data.rows import read
from htkeval.evaluation.draw.listed import hold
from htkeval.evaluation.draw.lots import Lots, read_lots
from htkeval.evaluation.level import judged
from htkeval.text import render
from htkeval.trial import Trial
from tests.often import often

MakeTrial = Callable[..., Trial]
MakeTable = Callable[..., pa.Table]


@pytest.fixture(scope="module")
def few_draws() -> None:
    """All 9,999: what they answer is asked here."""


def listed_of(
    trial: Trial, n: int, *, seed: int = 1, lists: tuple[int, ...] = ()
) -> AllocationList:
    """People p00, p01, … in the order of the numbers, drawn as `allocate` draws them."""
    design, strata = trial.design, {name: tuple("xy"[i % 2] for i in range(n)) for name in
                                    trial.design.strata}  # fmt: skip
    codes = tuple(np.arange(n) % 2 for _ in strata)
    entry = np.repeat(np.arange(1, len(lists or (n,)) + 1), lists or (n,))
    given, drawn = patterns(design, n), np.zeros(0, dtype=np.int64)
    rng = np.random.default_rng(seed)
    for end in np.cumsum(lists or (n,)):
        who = Entrants(tuple(c[:end] for c in codes), np.zeros(end, dtype=np.int64), entry[:end])
        new = draw_list(design, who, drawn, patterns=len(given), rng=rng)
        drawn = np.concatenate([drawn, new])
    return AllocationList(
        columns=("participant",),
        units=(tuple(f"p{i:02d}" for i in range(n)),),
        strata=strata,
        patterns=given,
        drawn=tuple(drawn.tolist()),
        entry=tuple(entry.tolist()),
    )


def sheet(listed: AllocationList, *, without: tuple[int, ...] = (), **more: Any) -> dict[str, Any]:
    """A row a person (two where there are periods), in the arm that was drawn."""
    rng, slots = np.random.default_rng(7), len(listed.patterns[0])
    who = [i for i in range(len(listed)) if i not in without for _ in range(slots)]
    when = [s for i in range(len(listed)) if i not in without for s in range(slots)]
    table: dict[str, Any] = {
        "participant": [listed.units[0][i] for i in who],
        "arm": [listed.patterns[listed.drawn[i]][s] for i, s in zip(who, when, strict=True)],
        "period": [str(s + 1) for s in when],
        "minutes": np.exp(3 + 0.3 * rng.normal(size=len(who))).round(2).tolist(),
        **{name: [values[i] for i in who] for name, values in listed.strata.items()},
    }
    return table | more


def lots_of(trial: Trial, table: pa.Table, listed: AllocationList | None) -> Lots:
    rows = read(trial, table)
    found = read_lots(trial, rows, None if listed is None else hold(trial, rows, listed))
    assert isinstance(found, Lots)
    return found


def check_of(trial: Trial, table: pa.Table, listed: AllocationList | None) -> Check:
    found = evaluate(trial, table, snapshot="0" * 64, allocation=listed).checks
    return next(check for check in found if check.name == "allocation")


def test_rows_that_follow_the_list_pass(make_trial: MakeTrial, make_table: MakeTable) -> None:
    trial = make_trial("parallel", design={"allocation": "complete"})
    listed = listed_of(trial, 12)
    assert check_of(trial, make_table(**sheet(listed)), listed).passed is True
    pair = [listed.drawn.index(arm) for arm in (0, 1)]
    check = check_of(trial, make_table(**sheet(listed, without=tuple(pair))), listed)
    assert check.passed is True
    told_ = render(check.message, "en")
    assert "Some that were drawn have no rows so far: too few to count" in told_
    assert "12" not in told_  # the result says that ten have rows


PROMISE = {"snapshot": "0" * 64, "registration": "f" * 64, "in_time": True}


def told(analysis: Any, name: str) -> tuple[bool | None, str]:
    check = next(check for check in analysis.checks if check.name == name)
    return check.passed, render(check.message, "en")


@pytest.mark.parametrize(
    ("lost", "passed", "level"),
    often(
        [((0, 0), True, "E4"), ((2, 2), True, "E4"), ((0, 2), True, "E4"), ((0, 3), False, "E3"),
         ((5, 5), False, "E3"), ((0, 12), False, "E3")],
        [((0, 0), True, "E4"), ((0, 2), True, "E4"), ((0, 3), False, "E3"), ((0, 12), False, "E3")],
    ),
)  # fmt: skip
def test_units_that_were_drawn_and_never_measured_count_as_withdrawn(
    make_trial: MakeTrial, make_table: MakeTable, lost: tuple[int, int], passed: bool, level: str
) -> None:
    """Of twenty in each arm: 2 of 20 against none are 10 points, 3 are 15; 10 of 40 are 25 %."""
    trial = make_trial("parallel", {"source": "timed"}, design={"allocation": "complete"})
    listed = listed_of(trial, 40)
    by_arm = [[i for i, one in enumerate(listed.drawn) if one == arm] for arm in (0, 1)]
    without = tuple(i for arm in (0, 1) for i in by_arm[arm][: lost[arm]])
    table = make_table(**sheet(listed, without=without))
    analysis = evaluate(trial, table, allocation=listed, **PROMISE)
    assert told(analysis, "missing")[0] is passed
    assert analysis.evidence_level == level
    assert told(analysis, "allocation")[0] is (abs(lost[0] - lost[1]) <= 2)
    if any(0 < n < 5 for n in lost):
        assert "too few to count" in told(analysis, "allocation")[1]
        assert "too few to count" in told(analysis, "missing")[1]
        assert not any(word in told(analysis, "allocation")[1] for word in (" 20", " 40"))
    elif any(lost):
        counts = f"{lost[0]} of 20 that drew work without the tool, {lost[1]} of 20"
        assert counts in told(analysis, "allocation")[1]
        assert f"{sum(lost)} ({100 * sum(lost) / 40:.1f} %)" in told(analysis, "missing")[1]
    assert evaluate(trial, table, **PROMISE).evidence_level == "E4"  # nobody knows without a list


def test_before_the_last_planned_look_units_without_rows_are_told_and_not_judged(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    trial = make_trial("parallel", {"source": "timed"}, design={"allocation": "complete"})
    listed = listed_of(trial, 40)
    table = make_table(**sheet(listed, without=tuple(range(20))))
    rows = read(trial, table)
    for under_way, bearable in ((True, None), (False, False)):
        held = hold(trial, rows, listed, under_way=under_way)
        basis = Basis(trial, rows, None, "cr2", held=held)
        gone = judged(basis)
        assert (None if gone is None else gone.bearable) is bearable
        assert "20 (50.0 %) have no rows so far" in render(missing_values(basis).message, "en")


def test_tasks_drawn_again_until_the_lot_suits_leave_a_trace(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    """Each person's task has a lot, and so have 1b and 1c of whoever did not like it."""
    trial = make_trial("within", {"source": "timed"}, design={"task": "task"})
    people = tuple(f"p{i:02d}" for i in range(20))
    names = [(who, task) for who in people for task in ("1", "2", "2b")]
    listed = AllocationList(
        columns=("participant", "task"),
        units=tuple(zip(*names, strict=True)),
        strata={},
        patterns=((0,), (1,)),
        drawn=(0, 0, 1) * 20,
        entry=(0,) * 60,
    )
    liked = [i for i in range(60) if i % 3 != 1]
    table = make_table(
        participant=[names[i][0] for i in liked],
        task=[names[i][1] for i in liked],
        arm=[listed.drawn[i] for i in liked],
        minutes=[20.0 + i % 7 for i in liked],
    )
    analysis = evaluate(trial, table, allocation=listed, **PROMISE)
    passed, text = told(analysis, "allocation")
    assert passed is False
    assert "20 of 40 that drew work without the tool, 0 of 20" in text
    assert analysis.evidence_level == "E3"


def test_a_teams_start_is_no_arm_so_only_the_share_counts(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    trial = make_trial("stepped_wedge", design={"steps": 2})
    listed = AllocationList(
        columns=("team",),
        units=(tuple("ABCDEF"),),
        strata={},
        patterns=patterns(trial.design, 6),
        drawn=(0, 0, 0, 1, 1, 1),
        entry=(1,) * 6,
    )
    rows = [(t, s) for t in range(5) for s in range(3)]
    table = make_table(
        team=["ABCDEF"[t] for t, _ in rows],
        period=[str(s + 1) for _, s in rows],
        arm=[listed.patterns[listed.drawn[t]][s] for t, s in rows],
        minutes=[10.0 + t + s for t, s in rows],
    )
    check = check_of(trial, table, listed)
    assert check.passed is True
    assert "5 of the 6 units" in render(check.message, "en")


def test_of_whom_another_arm_than_the_drawn_is_no_number_is_told_where_they_are_few(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    trial = make_trial("parallel")
    listed = listed_of(trial, 12)
    table = sheet(listed)
    table["arm"][2] = 1 - table["arm"][2]
    check = check_of(trial, make_table(**table), listed)
    assert check.passed is False
    told = render(check.message, "en")
    assert "not told, for it would show fewer than five people" in told
    assert not any(one.isdigit() for one in told)


@pytest.mark.usefixtures("all_told")
def test_an_arm_that_was_not_drawn_and_a_stranger_are_counted(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    trial = make_trial("parallel")
    listed = listed_of(trial, 12)
    table = sheet(listed)
    table["arm"][2] = 1 - table["arm"][2]
    table["participant"][5] = "en anden"
    check = check_of(trial, make_table(**table), listed)
    assert check.passed is False
    assert "Of 12 rows 1 have another arm" in render(check.message, "en")
    assert "and 1 are of units that are not on the list" in render(check.message, "en")
    assert "Af 12 rækker har 1 en anden arm" in render(check.message, "da")


@pytest.mark.parametrize(("astray", "level"), [(1, "E4"), (3, "E3")])
def test_rows_that_no_lot_decided_cost_a_level_beyond_one_in_ten(
    make_trial: MakeTrial, make_table: MakeTable, astray: int, level: str
) -> None:
    """One of 20 is a slip; where three are strangers it is not the draw that decided."""
    trial = make_trial("parallel")
    listed = listed_of(trial, 20)
    table = sheet(listed)
    for n in range(astray):
        table["participant"][n] = f"en anden {n}"
    analysis = evaluate(trial, make_table(**table), allocation=listed, **PROMISE)
    passed, text = told(analysis, "allocation")
    assert passed is False
    assert ("costs a level" in text) == (level == "E3")
    assert analysis.evidence_level == level


def test_without_a_list_it_cannot_be_told_and_without_a_draw_it_is_not_asked(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    trial = make_trial("parallel")
    table = make_table(**sheet(listed_of(trial, 8)))
    assert check_of(trial, table, None).passed is None
    undrawn = make_trial("parallel", design={"randomised": False})
    names = {one.name for one in evaluate(undrawn, table, snapshot="0" * 64).checks}
    assert "allocation" not in names


def test_the_level_does_not_hang_on_the_list(make_trial: MakeTrial, make_table: MakeTable) -> None:
    trial = make_trial("parallel")
    listed = listed_of(trial, 12)
    table = sheet(listed)
    table["arm"][2] = 1 - table["arm"][2]
    promise = {"snapshot": "0" * 64, "registration": "f" * 64, "in_time": True}
    broken = evaluate(trial, make_table(**table), allocation=listed, **promise)
    alone = evaluate(trial, make_table(**table), **promise)
    assert broken.evidence_level == alone.evidence_level
    assert broken.effects == alone.effects
    assert (alone.allocation, len(broken.allocation or "")) == (None, 64)


@pytest.mark.parametrize("kind", ["crossover", "parallel"])
def test_the_list_tells_the_blocks_that_days_do_not(
    make_trial: MakeTrial, make_table: MakeTable, kind: str
) -> None:
    """Without days the rows tell nothing; the list of 12 in blocks of four tells 6^3 ways."""
    trial = make_trial(kind, design={"allocation": "blocks", "block": 4})
    listed = listed_of(trial, 12)
    table = make_table(**sheet(listed))
    assert lots_of(trial, table, None).untold == "blocks"
    lots = lots_of(trial, table, listed)
    assert (lots.untold, len(lots.arms)) == (None, 6**3)


def test_complete_lists_are_drawn_again_each_by_itself(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    """Six and four: 20 x 6 ways, where the ten of them together have 252."""
    trial = make_trial("parallel", design={"allocation": "complete"})
    listed = listed_of(trial, 10, lists=(6, 4))
    table = make_table(**sheet(listed))
    assert len(lots_of(trial, table, listed).arms) == 20 * 6
    assert len(lots_of(trial, table, None).arms) == 252


def test_rows_against_the_list_are_analysed_as_if_there_were_none(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    trial = make_trial("parallel", design={"allocation": "blocks", "block": 4})
    listed = listed_of(trial, 12)
    table = sheet(listed)
    table["participant"][5] = "en anden"
    lots = lots_of(trial, make_table(**table), listed)
    assert lots.untold == "blocks"


def test_a_minimisation_is_run_again_in_the_order_of_the_list(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    """Names against the order of entry: only the list tells who came first."""
    trial = make_trial("parallel", design={"allocation": "minimisation", "strata": ["by"]})
    listed = listed_of(trial, 10)
    names = tuple(reversed(listed.units[0]))
    turned = listed.model_copy(update={"units": (names,)})
    lottery = lots_of(trial, make_table(**sheet(turned)), turned).lottery
    assert lottery.drawn.tolist() == list(turned.drawn)
    assert [factor.tolist() for factor in lottery.factors] == [[0] * 10, [0, 1] * 5]
    factors = (np.zeros(10, dtype=np.int64), np.arange(10) % 2)
    mine = chance_of(np.array([turned.drawn], dtype=bool), factors, favour=0.8)
    assert lottery.even_chance is not None
    assert lottery.even_chance >= mine[0]


def test_the_p_value_under_the_list_is_that_of_every_list_it_could_have_been(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    """All 256 lists of eight, each as likely as its coins: the share of those whose statistic is
    as far from zero, held against the 9,999 draws of the analysis (standard error .005)."""
    trial = make_trial(
        "parallel",
        {"better": "lower"},
        design={"allocation": "minimisation", "strata": ["by"], "favour": 0.7},
        analysis={"method": "rerandomisation", "primary_scale": "difference"},
    )
    listed = listed_of(trial, 8, seed=3)
    table = sheet(listed)
    lots = lots_of(trial, make_table(**table), listed)
    minutes = np.array(table["minutes"])

    def gap(arms: Any) -> Any:
        arms = np.asarray(arms, dtype=float)
        with np.errstate(invalid="ignore"):
            treated, rest = arms @ minutes, (1 - arms) @ minutes
            return treated / arms.sum(axis=-1) - rest / (1 - arms).sum(axis=-1)

    lists = np.array(list(itertools.product([0, 1], repeat=8)))
    factors = (np.zeros(8, dtype=np.int64), np.arange(8) % 2)
    chances = chance_of(lists.astype(bool), factors, favour=0.7)
    observed = abs(gap(listed.drawn))
    gaps = np.abs(gap(lists))
    exact = chances[~(gaps < observed - 1e-9)].sum()
    # the cells follow the sheet's order of rows, which is that of the names here
    drawn = np.abs(gap(lots.arms))
    again = (~(drawn < observed - 1e-9)).mean()
    assert again == pytest.approx(exact, abs=4 * 0.005)


def test_units_without_rows_keep_their_place_in_a_minimisation(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    trial = make_trial("parallel", design={"allocation": "minimisation"})
    listed = listed_of(trial, 20)
    lots = lots_of(trial, make_table(**sheet(listed, without=(0, 7))), listed)
    assert len(lots.lottery.drawn) == 20
    assert lots.arms.shape[1] == 18
    expected = [arm for i, arm in enumerate(listed.drawn) if i not in (0, 7)]
    assert lots.lottery.observed.tolist() == expected
    assert lots.lottery.even_chance is None
    assert 0 < lots.floor < 0.05


def test_units_without_rows_leave_the_others_lots_as_likely(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    """Blocks of four of which one person has no row: 3 or 3 ways there, six in the other."""
    trial = make_trial("parallel", design={"allocation": "blocks", "block": 4})
    listed = listed_of(trial, 8)
    lots = lots_of(trial, make_table(**sheet(listed, without=(2,))), listed)
    assert len(every(lots.lottery)) == 3 * 6


def test_periods_by_number_or_by_order_tell_the_arm(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    trial = make_trial("crossover")
    listed = listed_of(trial, 8)
    table = sheet(listed)
    assert check_of(trial, make_table(**table), listed).passed is True
    weeks = [{"1": "uge 9", "2": "uge 10"}[one] for one in table["period"]]
    assert check_of(trial, make_table(**table | {"period": weeks}), listed).passed is True
    other = [{"uge 9": "uge 11", "uge 10": "uge 10"}[one] for one in weeks]
    assert check_of(trial, make_table(**table | {"period": other}), listed).passed is False
    three = ["uge 11", *weeks[1:]]
    assert check_of(trial, make_table(**table | {"period": three}), listed).passed is None


def test_a_roll_out_is_held_against_its_starts(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    trial = make_trial("stepped_wedge", design={"steps": 3})
    listed = AllocationList(
        columns=("team",),
        units=(tuple("ABCDEF"),),
        strata={},
        patterns=patterns(trial.design, 6),
        drawn=(0, 1, 2, 0, 1, 2),
        entry=(1,) * 6,
    )
    rows = [(t, s) for t in range(6) for s in range(4)]
    table = {
        "team": ["ABCDEF"[t] for t, _ in rows],
        "period": [str(s + 1) for _, s in rows],
        "arm": [listed.patterns[listed.drawn[t]][s] for t, s in rows],
        "minutes": [10.0 + t + s for t, s in rows],
    }
    assert check_of(trial, make_table(**table), listed).passed is True
    assert len(lots_of(trial, make_table(**table), listed).arms) == 90  # 6! / (2! 2! 2!)
    late = dict(table, arm=[0 if (t, s) == (0, 1) else a for (t, s), a in
                            zip(rows, table["arm"], strict=True)])  # fmt: skip
    assert check_of(trial, make_table(**late), listed).passed is False


def test_tasks_within_people_are_found_by_both_names(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    trial = make_trial("within", design={"task": "task"})
    people, tasks = zip(*itertools.product("PQR", "abcd"), strict=True)
    listed = AllocationList(
        columns=("participant", "task"),
        units=(people, tasks),
        strata={},
        patterns=((0,), (1,)),
        drawn=(0, 1, 1, 0) * 3,
        entry=(1,) * 12,
    )
    table = {"participant": people, "task": tasks, "arm": list(listed.drawn),
             "minutes": [10.0 + i for i in range(12)]}  # fmt: skip
    assert check_of(trial, make_table(**table), listed).passed is True
    assert len(lots_of(trial, make_table(**table), listed).arms) == 6**3
    moved = make_table(**table | {"task": ["a", *tasks[1:4], "e", *tasks[5:]]})
    assert check_of(trial, moved, listed).passed is False
