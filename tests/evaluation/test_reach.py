"""Whether the draw can fall in enough ways: its smallest p-value, and what is said of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from htkeval.analysis import Analysis
from htkeval.effect import Check
from htkeval.evaluation import evaluate, planned
from htkeval.evaluation.basis import Basis
from htkeval.evaluation.checks.reach import draw_reaches
from htkeval.evaluation.data.rows import read
from htkeval.evaluation.draw.lots import read_lots
from htkeval.text import render
from htkeval.trial import Trial

MakeTrial = Callable[..., Trial]
MakeTable = Callable[..., pa.Table]


@pytest.fixture(scope="module")
def few_draws() -> None:
    """All 9,999: what they answer is asked here."""


def teams(arms: list[int], strata: list[str] | None = None) -> dict[str, list[Any]]:
    """Ten tasks a team, a large effect."""
    rng = np.random.default_rng(1)
    team = np.repeat(np.arange(len(arms)), 10)
    arm = np.array(arms)[team]
    table = {
        "team": [f"t{i:02d}" for i in team],
        "participant": [f"t{i:02d}" for i in team],
        "arm": arm.tolist(),
        "minutes": np.exp(3 + 0.1 * rng.normal(size=len(team)) - 2 * arm).tolist(),
    }
    return table if strata is None else table | {"s": [strata[i] for i in team]}


def reach(analysis: Analysis) -> Check:
    (check,) = (check for check in analysis.checks if check.name == "draw_reaches")
    return check


def smallest(check: Check) -> float:
    """The smallest p-value that the check names, whatever else it says."""
    values = check.message.values
    return float(values["p"] if "p" in values else values["text"].values["p"])


PAIRS = [s for s in "abcd" for _ in (0, 1)]


@pytest.mark.parametrize(
    ("arms", "design", "floor", "ways"),
    [
        ([0, 0, 0, 1, 1, 1], {"allocation": "bernoulli"}, 4 / 64, "64 ways"),
        ([0, 0, 1, 1, 1], {"allocation": "bernoulli", "ratio": (1, 2)}, 45 / 243, "32 ways"),
        ([0, 1] * 4, {"strata": ["s"]}, 2 / 16, "16 ways"),
        ([0, 1] * 4, {"allocation": "minimisation"}, 2 * 0.4**4, "256 ways"),
    ],
)
def test_a_draw_that_is_too_small_is_red_and_the_promise_of_the_plan_knows_it(
    make_trial: MakeTrial,
    make_table: MakeTable,
    arms: list[int],
    design: dict[str, Any],
    floor: float,
    ways: str,
) -> None:
    """Of five free teams, 1:2, in 243rds: the draw 8, its mirror 4, all 32, none 1."""
    trial = make_trial("cluster", design={"clusters": len(arms), **design})
    table = make_table(**teams(arms, PAIRS if "strata" in design else None))
    promised = evaluate(trial, table, snapshot="0" * 64, method="rerandomisation")
    assert not promised.effects, "no interval at all"
    found = reach(promised)
    assert found.passed is False
    assert smallest(found) == pytest.approx(floor, abs=0.012)
    text = render(found.message, "en")
    assert ways in text
    assert "100,000" not in text
    sheet = evaluate(trial, table, snapshot="0" * 64)
    assert {effect.method for effect in sheet.effects} <= {"cr2"}


@pytest.mark.parametrize(
    ("arms", "design"),
    [
        ([0, 1] * 4, {}),
        ([0, 1] * 4, {"allocation": "bernoulli"}),
        ([0, 1, 1] * 4, {"allocation": "bernoulli", "ratio": (1, 2)}),
        ([0, 1] * 10, {"allocation": "bernoulli"}),
        ([0, 1] * 6, {"allocation": "minimisation"}),
    ],
)
def test_where_the_check_is_not_red_an_effect_as_large_as_can_be_has_the_smallest_p_value(
    make_trial: MakeTrial, make_table: MakeTable, arms: list[int], design: dict[str, Any]
) -> None:
    analysis = evaluate(
        make_trial("cluster", design=design),
        make_table(**teams(arms)),
        snapshot="0" * 64,
        method="rerandomisation",
    )
    (ratio,) = (effect for effect in analysis.effects if effect.scale == "ratio")
    assert reach(analysis).passed is not False
    p = smallest(reach(analysis))
    luck = 4 * math.sqrt(p / 9_999) if design.get("allocation") == "minimisation" else 0.0
    assert ratio.p_value == pytest.approx(p, abs=luck or None)


def test_what_was_drawn_is_told_with_number_and_seed(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    design = {"allocation": "bernoulli"}
    free = evaluate(
        make_trial("cluster", design=design, analysis={"seed": 42}),
        make_table(**teams([0, 1] * 10)),
        snapshot="0" * 64,
    )
    assert render(reach(free).message, "en").startswith(
        "The draw could have fallen in 1,048,576 ways; it was made again 9,999 times from seed 42,"
    )
    many = evaluate(
        make_trial("cluster", design=design), make_table(**teams([0, 1] * 20)), snapshot="0" * 64
    )
    assert "in more than 1,000,000,000 ways; it was made again 9,999 times" in render(
        reach(many).message, "en"
    )
    assert "over 1.000.000.000 måder; den er gentaget 9.999 gange" in render(
        reach(many).message, "da"
    )


def test_blocks_that_cannot_be_told_do_not_excuse_a_draw_that_is_too_small(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    trial = make_trial("cluster", design={"allocation": "blocks", "block": 2})
    found = reach(evaluate(trial, make_table(**teams([0, 1] * 3)), snapshot="0" * 64))
    assert found.passed is False
    assert "blocks cannot be told" in render(found.message, "en")


def test_where_nothing_was_drawn_nothing_is_said_and_one_arm_is_red(
    make_trial: MakeTrial, make_table: MakeTable
) -> None:
    undrawn = make_trial("cluster", design={"randomised": False})
    rows = read(undrawn, make_table(**teams([0, 1] * 3)))
    assert draw_reaches(Basis(undrawn, rows, read_lots(undrawn, rows), "cr2")) is None
    drawn = make_trial("cluster")
    rows = read(drawn, make_table(**teams([1, 1, 1])))
    found = draw_reaches(Basis(drawn, rows, read_lots(drawn, rows), "cr2"))
    assert found is not None
    assert (found.passed, found.message.values["p"]) == (False, 1.0)


def test_no_seed_decides_the_method_of_a_minimisation(make_trial: MakeTrial) -> None:
    """Eight teams: the likeliest list and its mirror fall in 2 x (.5 x .8)^4 = 5.1 % of draws."""
    methods = {
        planned(
            make_trial(
                "cluster",
                design={"clusters": 8, "allocation": "minimisation"},
                analysis={"seed": seed},
            )
        )
        for seed in range(12)
    }
    assert methods == {"cr2"}


def test_the_number_of_ways_does_not_say_that_one_who_was_drawn_is_not_in_the_result(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    """Sixteen people fall in C(16, 8) = 12,870 ways: beside 8 and 7 in the result one misses."""
    table = teams([0, 1] * 8)
    trial = make_trial("parallel", design={"randomised": True, "allocation": "complete"})

    def said() -> str:
        return render(reach(evaluate(trial, make_table(**table), snapshot="0" * 64)).message, "en")

    assert "12,870 ways" in said()
    lost = ("t15",)
    table["minutes"] = [
        None if who in lost else minutes
        for who, minutes in zip(table["participant"], table["minutes"], strict=True)
    ]
    assert "12,870" not in said()
    assert "not told" in said()
