"""The lottery of an invented trial is the one that its list would leave, and that floors count."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from htkeval.allocation_list import AllocationList
from htkeval.design.entrants import entrants
from htkeval.design.listing import draw_list, patterns
from htkeval.design.scenario import Group
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.data.rows import read
from htkeval.evaluation.draw.listed import hold
from htkeval.evaluation.draw.lots import Lots, read_lots
from htkeval.planning.closed_form import closed_form, layout_of
from htkeval.planning.floors import floor
from htkeval.planning.outlook import Question
from htkeval.planning.schedule import schedule
from htkeval.planning.trials import trials
from htkeval.planning.weighing import weigh
from htkeval.trial import ARMS, Trial

Make = Callable[..., Trial]
Ask = Callable[..., Question]

PLANS = [
    ("parallel", {"allocation": "blocks", "block": 2}, 12, 3),
    ("parallel", {"allocation": "blocks", "block": 4, "strata": ("a",)}, 16, 3),
    ("parallel", {"strata": ("a", "b")}, 16, 2),
    ("cluster", {"allocation": "complete", "strata": ("a",)}, 10, 4),
    ("cluster", {"allocation": "blocks", "block": 6, "ratio": (1, 2)}, 12, 4),
    ("crossover", {"allocation": "blocks", "block": 2}, 8, 4),
    ("stepped_wedge", {"steps": 3, "strata": ("a",)}, 12, 8),
    ("within", {"allocation": "complete"}, 4, 6),
    ("within", {"allocation": "complete", "tasks_each": 6, "ratio": (1, 2)}, 4, 6),
    ("within", {"allocation": "blocks", "block": 2}, 6, 4),
    ("within", {"allocation": "blocks", "block": 2, "strata": ("a",)}, 4, 8),
    ("within", {"allocation": "complete", "strata": ("a",)}, 6, 4),
    ("within", {"allocation": "bernoulli"}, 4, 4),
]


def invented(question: Question, *, number: int = 4, **truth: Any) -> Iterator[Basis]:
    """So many trials of a plan, at their end."""
    task = question.task(0.0)
    task = replace(task, scenario=task.scenario.model_copy(update=truth))
    stages = schedule(task.trial, task.scenario, None, seed=1)
    rng = np.random.default_rng(5)
    for looks in trials(
        task.trial,
        task.scenario,
        method="rerandomisation",
        stages=stages,
        rng=rng,
        number=number,
        draws=99,
    ):
        yield from looks


@pytest.mark.parametrize(("kind", "design", "units", "tasks"), PLANS)
def test_floor_and_invented_trials_count_the_same_ways(
    make_trial: Make, ask: Ask, kind: str, design: dict[str, Any], units: int, tasks: int
) -> None:
    trial = make_trial(kind, **design)
    counted = floor(trial, units=units, tasks_each=tasks)
    for basis in invented(ask(trial=trial, units=units, tasks_each=tasks)):
        assert isinstance(basis.lots, Lots)
        assert basis.lots.untold is None
        if counted.allocations is None:
            assert not basis.lots.lottery.enumerable
        else:
            assert round(math.exp(basis.lots.lottery.log_count)) == counted.allocations


LISTED = [
    ({"strata": ("a",)}, 6, 2, 1.0),  # one task of each person and level: nothing is drawn
    ({"strata": ("a", "b")}, 4, 4, 1.0),
    ({"allocation": "blocks", "block": 2}, 4, 3, 1 / 16),  # a pair each, and one left over
    ({"allocation": "blocks", "block": 2}, 3, 3, 1 / 8),
    ({"allocation": "blocks", "block": 2}, 3, 4, 2 / 64),  # with a mirror
    ({"allocation": "complete"}, 3, 4, 2 / 216),
]


@pytest.mark.parametrize(("design", "people", "tasks", "least"), LISTED)
def test_a_floor_within_people_is_that_of_a_list_that_was_drawn(
    make_trial: Make, design: dict[str, Any], people: int, tasks: int, least: float
) -> None:
    trial = make_trial("within", task="task", **design)
    assert floor(trial, units=people, tasks_each=tasks).least == pytest.approx(least)
    assert drawn(trial, people, tasks, seed=3).floor == pytest.approx(least)


def test_the_floor_of_a_minimisation_within_people_is_its_likeliest_list(make_trial: Make) -> None:
    """By hand: of four tasks in turn from two strata the first is a tie, the others favoured: so
    (.5 x .95^3)^4 for 16, twice for the mirror; and one of 9,999 draws more."""
    trial = make_trial("within", task="task", allocation="minimisation", favour=0.95, strata=("a",))
    likeliest = 2 * (0.5 * 0.95**3) ** 4
    found = floor(trial, units=4, tasks_each=4)
    assert found.least == pytest.approx((1 + likeliest * 9_999) / 10_000, abs=1e-6)
    assert found.refusals
    lists = [drawn(trial, 4, 4, seed=seed).floor for seed in range(40)]
    assert max(lists) == pytest.approx(found.least, abs=1e-6)


def drawn(trial: Trial, people: int, tasks: int, *, seed: int) -> Lots:
    """The lottery of a real list and a sheet that follows it."""
    who, what = np.divmod(np.arange(people * tasks), tasks)
    design = trial.design
    names = tuple(f"P{n}" for n in who), tuple(f"{p}-{t}" for p, t in zip(who, what, strict=True))
    strata = {name: tuple(str(n) for n in what >> j & 1) for j, name in enumerate(design.strata)}
    blank = AllocationList(
        columns=("participant", "task"),
        units=names,
        strata=strata,
        patterns=patterns(design, people),
        drawn=(0,) * len(who),
        entry=(1,) * len(who),
    )
    rng, none = np.random.default_rng(seed), np.zeros(0, dtype=np.int64)
    arms = draw_list(design, entrants(design, blank), none, patterns=2, rng=rng)
    listed = blank.model_copy(update={"drawn": tuple(arms.tolist())})
    columns = {"participant": names[0], "task": names[1], **strata}
    table = pa.table({**columns, "arm": [ARMS[arm] for arm in arms], "minutes": [1.0] * len(who)})
    rows = read(trial, table)
    lots = read_lots(trial, rows, hold(trial, rows, listed))
    assert isinstance(lots, Lots)
    return lots


@pytest.mark.campaign
def test_a_plan_in_blocks_sees_what_its_own_ways_to_fall_let_it_see(
    make_trial: Make, ask: Ask
) -> None:
    """An own brute force: all 64 ways in which six pairs can be drawn, in 4,000 invented trials."""
    trial = make_trial("parallel", allocation="blocks", block=2, primary={"worthwhile": -0.4})
    asked = ask(
        trial=trial, units=12, tasks_each=40, trials=400, log_sd=0.6, icc=0.15, reaction_sd=0.1
    )
    seen, alarms = by_brute_force(math.log(0.6), np.random.default_rng(8), trials=4_000)
    found = weigh(asked.task(0.0))
    # three and a half standard errors of a share of 400 trials; by 924 ways it would be .88
    assert found.seen(math.log(0.6)) == pytest.approx(seen, abs=3.5 * 0.0245)
    assert found.alarmed() == pytest.approx(alarms, abs=3.5 * 0.009)
    assert seen < 0.7


def by_brute_force(effect: float, rng: np.random.Generator, *, trials: int) -> tuple[float, float]:
    """How often the mean log minutes of 12 people in pairs differ by more than in 95 % of the ways:
    with the effect and to its side, and without it to either side."""
    signs = np.array(list(itertools.product([1, -1], repeat=6)))
    own = rng.normal(0, 0.6 * math.sqrt(0.15), (trials, 6, 2))
    noise = rng.normal(0, 0.6 * math.sqrt(0.85 / 40), (trials, 6, 2))
    reaction = rng.normal(0, 0.1, (trials, 6, 2))
    first = np.where(rng.random((trials, 6)) < 0.5, 1, 0)
    tool = np.stack([first, 1 - first], axis=2)
    found = []
    for moved in (effect, 0.0):
        mean = own + noise + tool * (moved + reaction)
        difference = np.where(first == 1, mean[..., 0] - mean[..., 1], mean[..., 1] - mean[..., 0])
        every = difference @ signs.T
        real = difference.sum(axis=1)
        p = (np.abs(every) >= np.abs(real)[:, None] - 1e-12).mean(axis=1)
        found.append((p <= 0.05) & ((real < 0) | (moved == 0.0)))
    return float(found[0].mean()), float(found[1].mean())


def test_trials_with_other_strata_do_not_share_their_draws(make_trial: Make, ask: Ask) -> None:
    """Strata are given out by lot: as many teams in each, in every trial other ones."""
    asked = ask(trial=make_trial("cluster", strata=("a",)), units=8, tasks_each=2)
    by_lot = {"a": Group(shares={"x": 0.5, "y": 0.5}, of="team")}
    for basis in invented(asked, number=6, groups=by_lot):
        assert isinstance(basis.lots, Lots)
        lottery = basis.lots.lottery
        by_group = [basis.lots.arms[:, lottery.group == code].sum(axis=1) for code in (0, 1)]
        for code, sums in enumerate(by_group):
            assert set(sums.tolist()) == {int(lottery.drawn[lottery.group == code].sum())}


def test_trials_with_the_same_lottery_look_at_the_same_draws(make_trial: Make, ask: Ask) -> None:
    trial = make_trial("parallel", allocation="blocks", block=4)
    found = [one.lots for one in invented(ask(trial=trial, units=12, tasks_each=2))]
    assert all(isinstance(one, Lots) and one.arms is found[0].arms for one in found)  # type: ignore[union-attr]


def test_a_minimisation_is_run_again_in_the_order_of_entry(make_trial: Make, ask: Ask) -> None:
    """So no draw is likelier than the rule lets it be, and the arms never drift apart."""
    trial = make_trial("within", allocation="minimisation", favour=0.9)
    for basis in invented(ask(trial=trial, units=5, tasks_each=8)):
        assert isinstance(basis.lots, Lots)
        assert basis.lots.lottery.mechanism == "minimisation"
        assert basis.lots.untold is None
        drawn = basis.lots.lottery.drawn
        apart = np.abs(np.cumsum(2 * drawn - 1))
        assert apart.max() <= 6  # a free draw of 40 passes that in a third of trials


def test_orders_are_drawn_evenly_whatever_the_ratio_of_arms(make_trial: Make, ask: Ask) -> None:
    trial = make_trial("crossover", ratio=(1, 3), allocation="complete")
    for basis in invented(ask(trial=trial, units=12, tasks_each=4)):
        assert isinstance(basis.lots, Lots)
        assert np.bincount(basis.lots.lottery.drawn).tolist() == [6, 6]
    even = make_trial("crossover")
    layouts = [layout_of(one, units=12, tasks_each=4) for one in (trial, even)]
    assert layouts[0] is not None
    assert layouts[1] is not None
    assert np.array_equal(layouts[0].arm, layouts[1].arm)
    powers = [
        closed_form(one, ask(trial=one).assumed, units=12, tasks_each=4, effect=-0.2)
        for one in (trial, even)
    ]
    assert powers[0] == powers[1]
