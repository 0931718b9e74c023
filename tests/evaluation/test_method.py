"""Which method is meant, before there is any measurement and where nobody promised anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from htkeval.evaluation import evaluate, planned
from htkeval.evaluation.data.rows import read
from htkeval.evaluation.draw import lots as lots_module
from htkeval.evaluation.draw.lots import DRAWS, Lots, read_lots
from htkeval.trial import Trial
from tests.oracles.sheets import columns

MakeTrial = Callable[..., Trial]
MakeTable = Callable[..., pa.Table]


@pytest.fixture(scope="module")
def few_draws() -> None:
    """All 9,999: what they answer is asked here."""


@pytest.mark.parametrize(
    ("kind", "design", "analysis", "method"),
    [
        ("within", {}, {}, "rerandomisation"),
        ("parallel", {}, {}, "rerandomisation"),
        ("crossover", {}, {}, "rerandomisation"),
        ("cluster", {}, {}, "rerandomisation"),
        ("stepped_wedge", {}, {}, "rerandomisation"),
        ("before_after", {}, {}, "cr2"),
        ("difference_in_differences", {"randomised": False}, {}, "cr2"),
        ("interrupted_time_series", {"randomised": False}, {}, "reml"),
        ("cluster", {"randomised": False}, {}, "cr2"),
        ("cluster", {"clusters": 8}, {}, "rerandomisation"),  # 2 of 70 is .029
        ("cluster", {"clusters": 6}, {}, "cr2"),  # 2 of 20 is .1
        ("cluster", {"clusters": 6}, {"level": 0.9}, "rerandomisation"),
        ("cluster", {"clusters": 5}, {"level": 0.9}, "rerandomisation"),  # 1 of 10
        ("cluster", {"clusters": 250}, {}, "cr2"),
        # of a free draw the allocation, its mirror and the two with an empty arm always count
        ("parallel", {"clusters": 6, "allocation": "bernoulli"}, {}, "cr2"),  # 4 of 64
        ("parallel", {"clusters": 7, "allocation": "bernoulli"}, {}, "rerandomisation"),
        ("crossover", {"clusters": 6, "allocation": "bernoulli"}, {}, "cr2"),  # all in one order
        ("parallel", {"clusters": 5, "allocation": "bernoulli", "ratio": (1, 2)}, {}, "cr2"),
        ("cluster", {"clusters": 8, "strata": ["s"]}, {}, "cr2"),  # 2 of 6 x 6
        ("cluster", {"clusters": 12, "strata": ["s"]}, {}, "rerandomisation"),  # 2 of 20 x 20
        ("cluster", {"clusters": 8, "allocation": "blocks", "block": 4}, {}, "cr2"),  # 2 of 36
        ("cluster", {"clusters": 12, "allocation": "blocks", "block": 4}, {}, "rerandomisation"),
        ("cluster", {"clusters": 5, "ratio": (1, 2)}, {"level": 0.9}, "cr2"),  # 4 of 5, not 3
        ("cluster", {"clusters": 8, "allocation": "minimisation"}, {}, "cr2"),  # 2 x .4^4
        ("cluster", {"clusters": 9, "allocation": "minimisation"}, {}, "rerandomisation"),
        ("cluster", {"clusters": 9, "allocation": "minimisation", "strata": ["s"]}, {}, "cr2"),
        ("stepped_wedge", {"clusters": 4, "steps": 2}, {}, "cr2"),  # 2 of 6
        ("stepped_wedge", {"clusters": 6, "steps": 2}, {}, "cr2"),  # 2 of 20
        ("stepped_wedge", {"clusters": 6, "steps": 3}, {}, "rerandomisation"),  # 1 of 90
        ("stepped_wedge", {"clusters": 6}, {"level": 0.99}, "cr2"),  # 1 of 90, three starts taken
        ("stepped_wedge", {"clusters": 6, "steps": 6}, {"level": 0.99}, "rerandomisation"),
        ("stepped_wedge", {"clusters": 4, "steps": 4}, {}, "rerandomisation"),  # 1 of 24
        ("within", {"clusters": 3}, {}, "rerandomisation"),
        ("stepped_wedge", {"clusters": 4}, {}, "rerandomisation"),  # 1 of 24
        ("stepped_wedge", {"clusters": 3}, {}, "cr2"),  # 1 of 6
        ("within", {}, {"weights": "unit"}, "cr2"),
        ("cluster", {}, {"weights": "unit"}, "rerandomisation"),
        ("within", {}, {"method": "cr2"}, "cr2"),
        ("cluster", {"clusters": 6}, {"method": "rerandomisation"}, "rerandomisation"),
        ("parallel", {}, {"method": "welch"}, "welch"),
    ],
)
def test_the_plan_alone_says_which_method_counts(
    make_trial: MakeTrial,
    kind: str,
    design: dict[str, Any],
    analysis: dict[str, Any],
    method: str,
) -> None:
    assert planned(make_trial(kind, design=design, analysis=analysis)) == method


def test_a_promise_holds_though_the_data_would_have_chosen_otherwise(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    """Six teams cannot reach .05: the promised test is a gap and CR2 does not step in."""
    teams = {f"t{i:02d}" for i in range(1, 7)}
    table = columns("cluster")
    keep = [i for i, team in enumerate(table["team"]) if team in teams]
    few = make_table(**{name: [v[i] for i in keep] for name, v in table.items()})
    trial = make_trial("cluster")
    promised = evaluate(trial, few, snapshot="0" * 64, method="rerandomisation")
    assert not promised.effects
    assert all("too few ways" in str(gap.message) for gap in promised.gaps)
    sheet = evaluate(trial, few, snapshot="0" * 64)
    assert all("degrees of freedom 3." in str(gap.message) for gap in sheet.gaps), "CR2 was tried"
    assert {c.name: c.passed for c in promised.checks}["draw_reaches"] is False


def lots_of(trial: Trial, table: pa.Table) -> Lots:
    found = read_lots(trial, read(trial, table))
    assert isinstance(found, Lots)
    return found


def test_rows_that_do_not_count_were_drawn_all_the_same(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    """A team without a single value still could have had the other arm."""
    table = columns("cluster")
    rows = zip(table["team"], table["minutes"], strict=True)
    minutes = [None if team == "t01" else m for team, m in rows]
    trial = make_trial("cluster")
    lots = lots_of(trial, make_table(**{**table, "minutes": minutes}))
    assert len(lots.arms) == 924
    analysis = evaluate(trial, make_table(**{**table, "minutes": minutes}), snapshot="0" * 64)
    assert {e.inference[1].draws for e in analysis.effects} == {924}


def test_strata_are_drawn_apart(make_trial: MakeTrial, make_table: MakeTable) -> None:
    table = columns("cluster")
    size = ["big" if team < "t07" else "small" for team in table["team"]]
    trial = make_trial("cluster", design={"strata": ["size"]})
    lots = lots_of(trial, make_table(**{**table, "size": size}))
    by_team = dict(zip(table["team"], table["arm"], strict=True))
    big = sum(arm for team, arm in by_team.items() if team < "t07")
    assert len(lots.arms) < 924
    assert set(lots.arms[:, :6].sum(axis=1)) == {big}


def test_a_free_draw_of_tasks_is_free_and_a_fixed_one_keeps_each_persons_counts(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    table = make_table(**columns("within"))
    free = lots_of(make_trial("within", design={"allocation": "bernoulli"}), table)
    fixed = lots_of(make_trial("within", design={"allocation": "complete"}), table)
    assert (len(free.arms), len(fixed.arms)) == (DRAWS, DRAWS)
    assert len(set(free.arms.sum(axis=1).tolist())) > 10
    for person in set(fixed.cluster_of.tolist()):
        mine = fixed.cluster_of == person
        assert len(set(fixed.arms[:, mine].sum(axis=1).tolist())) == 1


def test_the_same_seed_draws_the_same_and_another_does_not(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    table = make_table(**columns("within"))
    one, same = (lots_of(make_trial("within"), table).arms for _ in range(2))
    other = lots_of(make_trial("within", analysis={"seed": 7}), table).arms
    assert (one == same).all()
    assert not (one == other).all()


def test_minimisation_is_run_again_in_the_order_of_entry(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    n = 16
    table = make_table(
        arm=[0, 1] * 8,
        participant=[f"p{i:02d}" for i in range(n)],
        unit=["a", "a", "b", "b"] * 4,
        minutes=[float(10 + (i * 7) % 11) for i in range(n)],
        date=[f"2026-02-{1 + i:02d}" for i in range(n)],
    )
    design = {"allocation": "minimisation", "strata": ["unit"], "date": "date", "favour": 0.9}
    trial = make_trial("parallel", design=design)
    lots = lots_of(trial, table)
    assert (lots.lottery.mechanism, len(lots.arms)) == ("minimisation", DRAWS)
    treated = lots.arms.sum(axis=1)
    assert treated.std() < 0.75 * (n / 4) ** 0.5, "more even than 16 coins"
    effects = evaluate(trial, table, snapshot="0" * 64).effects
    assert {effect.method for effect in effects} == {"rerandomisation"}


def test_a_deterministic_minimisation_is_refused(make_trial: MakeTrial) -> None:
    with pytest.raises(ValueError, match="less than 1"):
        make_trial("parallel", design={"allocation": "minimisation", "favour": 1.0})


def test_very_many_tasks_have_fewer_draws_and_beyond_that_none(
    make_trial: MakeTrial, make_table: MakeTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Limits are lowered here: the hundred tasks stand for a hundred thousand. A promise of `auto`
    has CR2 there, as the plan says; one of re-randomisation by its name is a gap."""
    table, trial = make_table(**columns("within")), make_trial("within")
    monkeypatch.setattr(lots_module, "MOST_MOVES", 200_000)
    fewer = evaluate(trial, table, snapshot="0" * 64)
    (drawn,) = (one for one in fewer.effects[0].inference if one.method == "rerandomisation")
    assert drawn.draws == 2000
    monkeypatch.setattr(lots_module, "MOST_CELLS", 99)
    sheet = evaluate(trial, table, snapshot="0" * 64)
    assert {effect.method for effect in sheet.effects} == {"cr2"}
    promised = evaluate(trial, table, snapshot="0" * 64, method="rerandomisation")
    assert {effect.method for effect in promised.effects} == {"cr2"}
    (said,) = (check for check in promised.checks if check.name == "draw_reaches")
    assert said.passed is True
    assert "takes the place of other draws" in str(said.message)
    named = make_trial("within", analysis={"method": "rerandomisation"})
    asked = evaluate(named, table, snapshot="0" * 64, method="rerandomisation")
    assert not asked.effects
    assert all("too many measurements" in str(gap.message) for gap in asked.gaps)
