"""Trials of one question as one figure: against metafor, by hand, and what is never mixed."""

from __future__ import annotations

import json
import math
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.effect import Effect
from htkeval.evaluation.together import log_error, pooled
from htkeval.evidence_pool import SHOWN_FROM, USABLE_FROM, PooledQuestion, Stratum
from tests.oracles.sheets import HERE
from tests.packages import QUESTION, figure, not_drawn, package

BCG = json.loads((HERE / "pooling.json").read_text("utf-8"))["bcg"]


def the_one(found: PooledQuestion) -> Stratum:
    (stratum,) = found.strata
    return stratum


def several(n: int, **more):
    return [package(i, -0.2 - 0.01 * i, 0.05, **more) for i in range(n)]


def test_thirteen_packages_with_the_ratios_of_dat_bcg_give_metafors_answer():
    """R: `rma(y, sei = s, method = "REML", test = "adhoc")`, `predict`, `leave1out`; pooling.R."""
    trials = [
        package(i, y, s) for i, (y, s) in enumerate(zip(BCG["effect"], BCG["error"], strict=True))
    ]
    found = the_one(pooled(QUESTION, trials)).pooled
    assert found is not None
    assert found.prediction is not None
    r = BCG["adhoc"]
    assert math.log(found.estimate) == pytest.approx(r["estimate"], abs=1e-9)
    assert [math.log(x) for x in found.ci] == pytest.approx([r["low"], r["high"]], abs=1e-9)
    ahead = [r["ahead_low"], r["ahead_high"]]
    assert [math.log(x) for x in found.prediction] == pytest.approx(ahead, abs=1e-9)
    assert found.tau**2 == pytest.approx(BCG["all"]["tau2"], abs=1e-9)
    assert (found.i2, found.q) == pytest.approx((BCG["all"]["i2"], BCG["all"]["q"]), rel=1e-8)
    assert found.p_value == pytest.approx(r["p"], rel=1e-8)
    order = [one.origin for one in the_one(pooled(QUESTION, trials)).trials]
    by_origin = {one.origin: one for one in found.without}
    for i, trial in enumerate(trials):
        left = by_origin[trial.origin]
        assert math.log(left.estimate) == pytest.approx(BCG["without"]["estimate"][i], abs=1e-9)
        assert left.tau**2 == pytest.approx(BCG["without"]["tau2"][i], abs=1e-8)
    assert [one.origin for one in found.without] == order
    # as it is printed in the issue's own figures
    assert round(math.log(found.estimate), 5) == -0.71453
    assert [round(x, 4) for x in found.prediction] == [0.1359, 1.7629]


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_the_error_of_a_trial_comes_back_from_its_interval(level):
    effect = Effect.model_validate(figure(-0.3, 0.07, level=level))
    assert log_error(effect) == pytest.approx(0.07, rel=1e-12)


def test_at_a_planned_look_the_repeated_intervals_own_level_counts():
    """Limit of p 0.005: the interval is of 99.5 %, whatever level the plan states."""
    half = NormalDist().inv_cdf(1 - 0.005 / 2) * 0.07
    ci = (math.exp(-0.3 - half), math.exp(-0.3 + half))
    look = {"k": 1.0, "of": 2.0, "nominal_level": 0.005}
    effect = Effect.model_validate(figure(-0.3, ci=ci, look=look))
    assert log_error(effect) == pytest.approx(0.07, rel=1e-12)


def test_few_degrees_of_freedom_widen_the_error():
    """A t interval with 4 degrees of freedom: 2.776 errors wide where a normal one has 1.96."""
    ci = (math.exp(-0.3 - 2.776445 * 0.07), math.exp(-0.3 + 2.776445 * 0.07))
    effect = Effect.model_validate(figure(-0.3, ci=ci))
    assert log_error(effect) == pytest.approx(0.07 * 2.776445 / 1.959964, rel=1e-6)


@pytest.mark.parametrize(
    ("n", "shown", "usable"),
    [(1, False, False), (2, False, False), (3, True, False), (5, True, True)],
)
def test_shown_from_three_usable_from_five(n, shown, usable):
    stratum = the_one(pooled(QUESTION, several(n)))
    assert (stratum.pooled is not None) is shown is (stratum.reason is None)
    assert (stratum.pooled is not None and stratum.pooled.usable) is usable
    assert (SHOWN_FROM, USABLE_FROM) == (3, 5)
    assert len(stratum.trials) == n


def test_what_was_drawn_what_nobody_drew_and_what_came_after_are_never_one_figure():
    concurrent = {
        "comparison": not_drawn("difference_in_differences")["comparison"],
    }
    said = {"measures": ({**several(1)[0].primary.model_dump(), "source": "self_reported"},)}
    kinds = [
        {},
        concurrent,
        not_drawn(),
        {**said, "evidence_level": "E2"},
        {**said, **not_drawn(), "evidence_level": "E2"},
    ]
    every = [
        package(f"{k} {i} {simulated}", -0.2 - 0.1 * i, simulated=simulated, **kind)
        for k, kind in enumerate(kinds) for i in range(3) for simulated in (False, True)
    ]  # fmt: skip
    found = pooled(
        QUESTION, [*every, package("series", -0.27, **not_drawn("interrupted_time_series"))]
    )
    keys = [(s.compared, s.self_reported, s.simulated) for s in found.strata]
    assert keys == [
        ("drawn", False, False), ("concurrent", False, False), ("over_time", False, False),
        ("drawn", True, False), ("over_time", True, False),
        ("drawn", False, True), ("concurrent", False, True), ("over_time", False, True),
        ("drawn", True, True), ("over_time", True, True),
    ]  # fmt: skip
    assert [len(s.trials) for s in found.strata] == [3, 3, 4, *[3] * 7]
    assert {s.pooled.trials for s in found.strata if s.pooled} == {3, 4}


def test_invented_trials_are_never_for_a_policy_however_many():
    stratum = the_one(pooled(QUESTION, several(7, simulated=True)))
    assert stratum.pooled is not None
    assert not stratum.pooled.usable


def test_trials_of_another_question_are_left_out():
    others = [package(f"x{i}", question_id="fagbot") for i in range(5)]
    assert len(the_one(pooled(QUESTION, [*several(2), *others])).trials) == 2
    assert pooled("nobody", others).strata == ()


UNFIT = {
    "no ratio": figure(scale="difference", estimate=-3.0, ci=(-5.0, -1.0)),
    "no width": figure(-0.2, 0.0),
}


@pytest.mark.parametrize("name", UNFIT)
def test_what_cannot_be_pooled_is_listed_with_its_reason(name):
    odd = package("odd", effects=(UNFIT[name],))
    stratum = the_one(pooled(QUESTION, [*several(3), odd]))
    (listed,) = [one for one in stratum.trials if one.reason is not None]
    assert (listed.origin, listed.error) == (odd.origin, None)
    assert name in str(listed.reason.message)
    assert stratum.pooled is not None
    assert stratum.pooled.trials == 3


def test_a_trial_without_a_figure_is_listed_too():
    found = the_one(pooled(QUESTION, [package("none", effects=())]))
    assert found.trials[0].estimate is None
    assert "no figure" in str(found.trials[0].reason.message)


def test_ratios_of_two_directions_are_refused_by_name():
    higher = {
        **several(1)[0].primary.model_dump(),
        "better": "higher",
        "label": "Svar pr. time",
        "worthwhile": None,
    }
    odd = package("odd", measures=(higher,), effects=(figure(better="higher"),))
    stratum = the_one(pooled(QUESTION, [*several(5), odd]))
    assert stratum.pooled is None
    assert "Svar pr. time" in str(stratum.reason.message)
    assert "Minutter pr. referat" in str(stratum.reason.message)


@settings(max_examples=25)
@given(st.permutations(range(6)))
def test_the_order_in_which_packages_came_changes_nothing(order):
    trials = several(6)
    assert pooled(QUESTION, [trials[i] for i in order]) == pooled(QUESTION, trials)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 1.5)), min_size=3, max_size=8, unique=True)
)
def test_turning_every_ratio_round_turns_the_answer_round(figures):
    one = the_one(pooled(QUESTION, [package(i, y, s) for i, (y, s) in enumerate(figures)])).pooled
    other = the_one(
        pooled(QUESTION, [package(i, -y, s) for i, (y, s) in enumerate(figures)])
    ).pooled
    assert one is not None
    assert other is not None
    assert math.log(one.estimate) == pytest.approx(-math.log(other.estimate), abs=1e-7)
    assert one.tau == pytest.approx(other.tau, abs=1e-6)
    low, high = one.ci
    assert low <= one.estimate <= high
    assert one.prediction is None or (one.prediction[0] <= low and high <= one.prediction[1])


def test_one_trial_that_carries_it_all_is_named():
    trials = [package("a", -0.5, 0.02), package("b", -0.4, 0.3), package("c", -0.55, 0.3)]
    found = the_one(pooled(QUESTION, trials)).pooled
    assert found is not None
    assert found.side == -1
    assert [one.origin for one in found.without if one.flips] == [
        one.origin for one in found.without if one.ci[1] >= 1 or one.ci[0] > 1
    ]
    assert any(one.flips for one in found.without)


def test_figures_too_far_apart_for_a_number_give_a_reason_and_no_number():
    far = [package(i, log, 1e-5 if i else 0.3) for i, log in enumerate((-6.0, 0.0, 6.8))]
    stratum = the_one(pooled(QUESTION, far))
    assert stratum.pooled is None or all(map(math.isfinite, stratum.pooled.ci))
    assert (stratum.pooled is None) is (stratum.reason is not None)


def test_the_very_figures_of_another_trial_count_once():
    """One analysis in five wrappers is no evidence from five places."""
    same = [package(i, -0.2, 0.05) for i in range(5)]
    stratum = the_one(pooled(QUESTION, same))
    assert stratum.pooled is None
    assert sum(one.reason is None for one in stratum.trials) == 1
