"""The roads beside least squares, from a trial and a table to the document, against R's answers.

Which call gave a number stands in the script of the same name in tests/oracles.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from htkeval.analysis import Analysis
from htkeval.effect import Effect, Inference, Sensitivity
from htkeval.evaluation import evaluate
from htkeval.trial import Trial
from tests.oracles.sheets import answers, columns

ERRORS = {"id": "y", "kind": "rate", "column": "errors", "exposure": "words", "per": 1000}
SCORE = {"id": "y", "kind": "rating", "column": "score", "unit": None, "worthwhile": None}
APPROVED = {"id": "y", "kind": "binary", "column": "approved", "unit": None, "worthwhile": None}
LOG_WORDS = {"covariates": [{"column": "words", "scale": "log"}]}
WORDS = {"covariates": [{"column": "words"}]}

Weigh = Callable[..., Analysis]


@pytest.fixture(scope="module")
def weigh(make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]) -> Weigh:
    """Analyse one of the invented sets, some columns replaced."""

    def weigh(
        name: str,
        kind: str,
        *metrics: dict[str, Any],
        table: dict[str, Any] | None = None,
        **sections: Any,
    ) -> Analysis:
        trial = make_trial(kind, *(metrics or ({},)), **sections)
        return evaluate(trial, make_table(**{**columns(name), **(table or {})}), snapshot="0" * 64)

    return weigh


def one(analysis: Analysis, scale: str, method: str) -> tuple[Effect, Inference]:
    (effect,) = (e for e in analysis.effects if (e.scale, e.estimand) == (scale, "effect"))
    (inference,) = (answer for answer in effect.inference if answer.method == method)
    return effect, inference


def panel(analysis: Analysis, model: str, scale: str) -> Sensitivity:
    (row,) = (s for s in analysis.sensitivity if (s.model, s.scale) == (model, scale))
    return row


@pytest.mark.usefixtures("nothing_held_back")
@pytest.mark.parametrize(
    ("case", "name", "kind"),
    [
        ("parallel", "parallel", "parallel"),
        ("one_task_each", "one_task_each", "parallel"),
        ("cluster", "cluster", "cluster"),
        ("within", "within", "within"),
        ("rollout", "rollout", "stepped_wedge"),
    ],
)
def test_a_ratio_of_rates_is_glms_with_clubsandwichs_errors(
    weigh: Weigh, case: str, name: str, kind: str
) -> None:
    effect, cr2 = one(weigh(name, kind, ERRORS), "ratio", "cr2")
    found = {"estimate": cr2.estimate, "se": cr2.se, "df": cr2.df, "p_value": cr2.p_value}
    assert found == pytest.approx(answers("counts")[case], rel=1e-8)
    low, high = effect.baseline.adjusted_mean, effect.treatment.adjusted_mean
    assert high / low == pytest.approx(effect.estimate, rel=1e-12)


def test_two_groups_rates_are_their_own_where_nothing_is_adjusted(weigh: Weigh) -> None:
    effect, _ = one(weigh("one_task_each", "parallel", ERRORS), "ratio", "cr2")
    assert effect.baseline.adjusted_mean == pytest.approx(effect.baseline.mean, rel=1e-10)
    assert effect.treatment.adjusted_mean == pytest.approx(effect.treatment.mean, rel=1e-10)


def test_an_arm_without_an_error_has_no_ratio_but_a_difference(weigh: Weigh) -> None:
    table = columns("parallel")
    none = [0 if arm else n for n, arm in zip(table["errors"], table["arm"], strict=True)]
    analysis = weigh("parallel", "parallel", ERRORS, table={"errors": none})
    (gap,) = analysis.gaps
    assert (gap.scale, "did not happen once" in str(gap.message)) == ("ratio", True)
    assert [effect.scale for effect in analysis.effects] == ["difference"]


@pytest.mark.usefixtures("nothing_held_back")
@pytest.mark.parametrize(
    ("case", "name", "kind", "level"),
    [
        ("between.score", "one_task_each", "parallel", 0.95),
        ("between.units", "parallel", "parallel", 0.9),
        ("within.score", "within", "within", 0.95),
    ],
)
def test_the_probability_of_a_better_rating_is_brunner_and_munzels_on_units(
    weigh: Weigh, case: str, name: str, kind: str, level: float
) -> None:
    analysis = weigh(name, kind, SCORE, analysis={"level": level})
    effect, found = one(analysis, "probability", "brunner_munzel")
    shown = (found.estimate, found.se, found.df, found.p_value, *found.ci)
    assert shown == pytest.approx(tuple(answers("ranks")[case].values()), rel=1e-9)
    drawn = effect.inference[0] if effect.inference[0].draws else effect.inference[1]
    assert (effect.method, effect.null, effect.estimate) == (
        "rerandomisation",
        0.5,
        pytest.approx(drawn.estimate, rel=1e-12),
    )
    assert found.estimate == pytest.approx(drawn.estimate, rel=1e-12)


def test_a_rating_on_few_levels_has_proportional_odds_in_the_panel(weigh: Weigh) -> None:
    levels = [min(5, max(1, round(score))) for score in columns("parallel")["score"]]
    analysis = weigh("parallel", "parallel", SCORE, table={"score": levels})
    row = panel(analysis, "proportional_odds", "odds_ratio")
    assert row.ci is not None
    assert 0 < row.ci[0] < row.estimate < row.ci[1]


@pytest.mark.usefixtures("nothing_held_back")
@pytest.mark.parametrize(
    ("case", "name", "kind", "scale", "sections"),
    [
        ("within.words", "within", "within", "ratio", LOG_WORDS),
        ("parallel", "parallel", "parallel", "ratio", {}),
        ("parallel.words", "parallel", "parallel", "difference", WORDS),
        ("cluster", "cluster", "cluster", "ratio", {}),
        ("cluster.words", "cluster", "cluster", "difference", LOG_WORDS),
        ("rollout", "rollout", "stepped_wedge", "ratio", {}),
        ("rollout.words", "rollout", "stepped_wedge", "ratio", LOG_WORDS),
    ],
)  # fmt: skip
def test_mixed_models_stand_beside_the_reported_method(
    weigh: Weigh, case: str, name: str, kind: str, scale: str, sections: dict[str, Any]
) -> None:
    analysis = weigh(name, kind, **sections)
    expected = answers("mixed")[case]
    _, reml = one(analysis, scale, "reml")
    _, roger = one(analysis, scale, "kenward_roger")
    assert (reml.estimate, reml.se) == pytest.approx(
        (expected["estimate"], expected["se"]), rel=1e-6
    )
    assert (roger.se, roger.df) == pytest.approx((expected["kr_se"], expected["kr_df"]), rel=1e-3)
    assert reml.df == pytest.approx(expected["df"], rel=1e-3)


def test_yes_or_no_has_its_score_interval_and_an_exact_test(weigh: Weigh) -> None:
    analysis = weigh("one_task_each", "parallel", APPROVED)
    table = columns("one_task_each")
    arms = [
        [int(y) for y, arm in zip(table["approved"], table["arm"], strict=True) if arm == code]
        for code in (0, 1)
    ]
    hits = [sum(arm) for arm in arms]
    _, score = one(analysis, "difference", "score")
    assert score.estimate == pytest.approx(hits[1] / len(arms[1]) - hits[0] / len(arms[0]))
    outside = not score.ci[0] <= 0 <= score.ci[1]
    assert outside is (score.p_value < 0.05)
    row = panel(analysis, "boschloo", "difference")
    four = [[hits[1], hits[0]], [len(arms[1]) - hits[1], len(arms[0]) - hits[0]]]
    assert row.p_value == pytest.approx(stats.boschloo_exact(four).pvalue, rel=1e-9)
    assert row.ci is None


def test_secondary_metrics_are_held_against_each_other_by_holm(weigh: Weigh) -> None:
    secondaries = [
        {**APPROVED, "id": name, "role": "secondary", "column": column, "better": "higher"}
        for name, column in (("a", "approved"), ("b", "other"), ("c", "third"))
    ]
    rng = np.random.default_rng(1)
    n = len(columns("parallel")["arm"])
    more = {"other": rng.integers(0, 2, n).tolist(), "third": rng.integers(0, 2, n).tolist()}
    analysis = weigh("parallel", "parallel", {}, *secondaries, table=more)
    found = [effect for effect in analysis.effects if effect.role == "secondary"]
    order = sorted(found, key=lambda effect: effect.p_value)
    running = 0.0
    for place, effect in enumerate(order):
        running = max(running, min(1.0, (3 - place) * effect.p_value))
        assert effect.p_adjusted == pytest.approx(running, rel=1e-12)
    assert all(effect.p_adjusted is None for effect in analysis.effects if effect not in found)
    impossible = {**more, "third": [2] * n}
    fewer = weigh("parallel", "parallel", {}, *secondaries, table=impossible)
    held = {e.metric: e.p_adjusted for e in fewer.effects if e.role == "secondary"}
    plain = {e.metric: e.p_value for e in fewer.effects if e.role == "secondary"}
    assert set(held) == {"a", "b"}, "the third is a gap"
    least = min(plain, key=lambda name: plain[name])
    assert held[least] == pytest.approx(min(1.0, 3 * plain[least]), rel=1e-12), "and still counts"


@pytest.mark.parametrize("case", ["alternating", "year_four", "independent", "gaps"])
def test_an_interrupted_series_is_nlmes_with_errors_that_know_of_the_estimated_correlation(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table], case: str
) -> None:
    """One task a period, so that a period's mean is the stored value."""
    import csv

    from tests.oracles.sheets import HERE

    with (HERE / "series.csv").open(encoding="utf-8") as source:
        rows = [row for row in csv.DictReader(source) if row["series"] == case]
    trial = make_trial("interrupted_time_series", design={"randomised": False})
    table = make_table(
        arm=[int(float(row["after"])) for row in rows],
        period=[str(int(float(row["time"]))) for row in rows],
        minutes=[float(row["minutes"]) for row in rows],
        participant=[f"p{at % 5}" for at in range(len(rows))],
    )
    analysis = evaluate(trial, table, snapshot="0" * 64)
    effect, reml = one(analysis, "difference", "reml")
    expected = answers("series")[case]
    assert (reml.estimate, reml.se, reml.df) == pytest.approx(
        (expected["level"], expected["adjusted_level_se"], expected["adjusted_level_df"]), rel=1e-5
    )
    assert effect.method == "reml"
    rest = panel(analysis, "average_after", "difference")  # a series is gated by its length alone
    assert rest.estimate == pytest.approx(expected["average"], rel=1e-6)
    short = next(check for check in analysis.checks if check.name == "short_series")
    assert short.passed is (len(rows) >= 24)
    assert effect.treatment.adjusted_mean - effect.baseline.adjusted_mean == pytest.approx(
        effect.estimate, rel=1e-9
    )


def unfinished(set_: str) -> dict[str, list[Any]]:
    import csv

    from tests.oracles.sheets import HERE

    with (HERE / "survival.csv").open(encoding="utf-8") as source:
        rows = [row for row in csv.DictReader(source) if row["set"] == set_]
    return {
        "arm": [int(row["arm"]) for row in rows],
        "team": [row["team"] for row in rows],
        "minutes": [float(row["minutes"]) for row in rows],
        "status": ["done" if row["finished"] == "1" else "abandoned" for row in rows],
    }


def test_many_unfinished_tasks_are_counted_to_the_cap_by_jackknife(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    table = unfinished("nested")
    trial = make_trial("cluster", {"cap": 60.0}, design={"status": "status"})
    analysis = evaluate(trial, make_table(**table), snapshot="0" * 64)
    effect, found = one(analysis, "difference", "jackknife")
    assert effect.method == "rerandomisation", "the draw counts for minutes to the cap too"
    capped = [
        60.0 if status == "abandoned" else min(60.0, minutes)
        for minutes, status in zip(table["minutes"], table["status"], strict=True)
    ]
    means = [
        np.mean([m for m, arm in zip(capped, table["arm"], strict=True) if arm == code])
        for code in (0, 1)
    ]
    assert effect.estimate == pytest.approx(means[1] - means[0], rel=1e-12)
    assert found.estimate == pytest.approx(effect.estimate, rel=1e-12)
    assert effect.baseline.adjusted_mean == pytest.approx(means[0], rel=1e-12)
    assert found.se > 0
    censored = panel(analysis, "restricted_censored", "difference")
    expected = answers("survival")["nested.60.difference"]
    assert censored.estimate == pytest.approx(expected["estimate"], rel=1e-9)


def test_few_unfinished_tasks_stay_in_the_panel(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    table = unfinished("nested")
    first = table["status"].index("abandoned")
    table["status"] = [
        "abandoned" if place == first else "done" for place in range(len(table["status"]))
    ]
    trial = make_trial("cluster", {"cap": 60.0}, design={"status": "status"})
    analysis = evaluate(trial, make_table(**table), snapshot="0" * 64)
    effect = analysis.effect("minutes", "difference")
    assert effect is not None
    assert effect.method != "jackknife"
    assert panel(analysis, "restricted_mean", "difference").ci is not None


def from_file(name: str, words: tuple[str, ...]) -> dict[str, list[Any]]:
    import csv

    from tests.oracles.sheets import HERE

    with (HERE / f"{name}.csv").open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    return {c: [row[c] if c in words else float(row[c]) for row in rows] for c in rows[0]}


def test_the_complier_effect_is_ivregs_and_using_is_only_an_association(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    table = from_file("instrument", ("team",))
    trial = make_trial("cluster", design={"realised_arm": "used"}, **LOG_WORDS)
    arms = {0.0: "baseline", 1.0: "treatment"}
    table |= {"arm": [int(a) for a in table["arm"]], "used": [arms[u] for u in table["used"]]}
    analysis = evaluate(trial, make_table(**table), snapshot="0" * 64)
    expected = answers("instrument")
    row = panel(analysis, "complier", "ratio")
    assert math.log(row.estimate) == pytest.approx(expected["words"]["estimate"], rel=1e-8)
    assert row.p_value == pytest.approx(expected["words"]["p_value"], rel=1e-8)
    robust = panel(analysis, "complier_anderson_rubin", "ratio")
    assert robust.ci is not None
    assert np.log(robust.ci) == pytest.approx(
        (expected["set.words"]["low"], expected["set.words"]["high"]), rel=1e-8
    )
    assert panel(analysis, "per_protocol", "ratio").estimate != row.estimate


def test_a_draw_that_hardly_moved_the_use_has_no_complier_effect_with_two_ends(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    """Wherever the usual interval is shown, Anderson and Rubin's stands beside it."""
    shown = 0
    for seed in range(15):
        rng = np.random.default_rng(seed)
        arm, willing = np.repeat([0, 1], 6), rng.normal(size=12)
        used = (willing + 0.9 * arm > 0.5).astype(int)
        log = 3 + 0.4 * willing + 0.2 * rng.normal(size=12)
        table = make_table(
            participant=[f"p{i}" for i in range(12)],
            arm=arm.tolist(),
            minutes=np.exp(log).tolist(),
            used=np.where(used == 1, "treatment", "baseline").tolist(),
        )
        trial = make_trial("parallel", design={"realised_arm": "used"})
        models = [row.model for row in evaluate(trial, table, snapshot="0" * 64).sensitivity]
        assert models.count("complier") == models.count("complier_anderson_rubin")
        shown += models.count("complier")
    assert 0 < shown < 30, "some draws are strong enough on both scales, some are not"


def test_ranks_of_a_small_arm_that_nobody_drew_are_a_gap(weigh: Weigh) -> None:
    """Their own degrees of freedom would report the lucky samples."""
    table = columns("one_task_each")
    small = [int(i < 7) for i in range(len(table["arm"]))]
    undrawn = {"design": {"randomised": False}}
    analysis = weigh("one_task_each", "parallel", SCORE, table={"arm": small}, **undrawn)
    (gap,) = (one for one in analysis.gaps if one.scale == "probability")
    assert "no more than 7 participants" in str(gap.message)


def test_tasks_that_many_do_have_errors_by_both_and_effects_of_their_own(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    table = from_file("two_way", ("participant", "question"))
    table["arm"] = [int(a) for a in table["arm"]]
    metric = {"kind": "count", "column": "score", "unit": None, "worthwhile": None}
    trial = make_trial(
        "within",
        metric,
        design={"task": "question"},
        covariates=[{"column": "length", "scale": "log"}],
    )
    table["score"] = [score + 10 for score in table["score"]]
    analysis = evaluate(trial, make_table(**table), snapshot="0" * 64)
    row = panel(analysis, "two_way", "difference")
    expected = answers("two_way")["absorbed"]
    assert row.estimate == pytest.approx(expected["estimate"], rel=1e-8)
    assert row.ci is not None
    groups = min(len(set(table["participant"])), len(set(table["question"])))
    reach = stats.t.isf(0.025, groups - 1) * math.sqrt(expected["variance"])
    assert (row.ci[1] - row.ci[0]) / 2 == pytest.approx(reach, rel=1e-8)
    assert panel(analysis, "no_question_effects", "difference").ci is not None
    same = next(check for check in analysis.checks if check.name == "same_tasks")
    assert "holds for these tasks" in str(same.message)


def test_the_interval_of_the_likeness_holds_it(weigh: Weigh) -> None:
    for name, kind in (("cluster", "cluster"), ("within", "within"), ("rollout", "stepped_wedge")):
        for effect in weigh(name, kind).effects:
            assert effect.icc is not None
            assert effect.icc_ci is not None
            assert effect.icc_ci[0] < effect.icc < effect.icc_ci[1]


@pytest.mark.parametrize(("scale", "as_log"), [("ratio", True), ("difference", False)])
def test_a_value_before_the_trial_is_a_covariate_on_the_scale_of_the_comparison(
    weigh: Weigh, scale: str, as_log: bool
) -> None:
    table = columns("parallel")
    before = [20.0 + (7 * i) % 13 for i in range(len(table["arm"]))]
    own = weigh("parallel", "parallel", {"pre_period": "before"}, table={"before": before})
    kind = "log" if as_log else "linear"
    covariate = {"covariates": [{"column": "before", "scale": kind}]}
    same = weigh("parallel", "parallel", {}, table={"before": before}, **covariate)
    one_, other = one(own, scale, "cr2")[1], one(same, scale, "cr2")[1]
    assert (one_.estimate, one_.se, one_.df) == (other.estimate, other.se, other.df)


def test_whoever_has_no_value_before_the_trial_still_counts(weigh: Weigh) -> None:
    table = columns("parallel")
    before = [None if i % 5 == 0 else 20.0 + (7 * i) % 13 for i in range(len(table["arm"]))]
    analysis = weigh("parallel", "parallel", {"pre_period": "before"}, table={"before": before})
    effect, _ = one(analysis, "ratio", "cr2")
    assert effect.baseline.tasks + effect.treatment.tasks == len(table["arm"])


def test_unfinished_tasks_of_a_roll_out_keep_its_periods(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    """Work shortens by itself from period to period and the tool does nothing; one in eight is
    given up. Without periods it looked like 17 minutes saved."""
    rng = np.random.default_rng(21)
    rows = [(t, p) for t in range(8) for p in range(1, 6) for _ in range(8)]
    team, period = (np.array(part) for part in zip(*rows, strict=True))
    minutes = 70 - 8 * period + 5 * rng.normal(size=8)[team] + 6 * rng.normal(size=len(rows))
    table = {
        "arm": (period >= 2 + team % 4).astype(int).tolist(),
        "team": [f"t{t}" for t in team],
        "period": [str(p) for p in period],
        "minutes": minutes.tolist(),
        "status": ["abandoned" if i % 8 == 3 else "done" for i in range(len(rows))],
    }
    trial = make_trial("stepped_wedge", {"cap": 120.0}, design={"status": "status"})
    effect = evaluate(trial, make_table(**table), snapshot="0" * 64).effect("minutes", "difference")
    assert effect is not None
    assert effect.method == "rerandomisation"
    assert effect.ci[0] < 0 < effect.ci[1]
    assert abs(effect.estimate) < 6


def test_the_likeness_of_teams_does_not_count_the_calendar_as_noise(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    """A trend of ten minutes a period leaves the intraclass correlation where it was."""
    rng = np.random.default_rng(13)
    rows = [(t, p) for t in range(12) for p in range(1, 6) for _ in range(6)]
    team, period = (np.array(part) for part in zip(*rows, strict=True))
    level = 140 + 6 * rng.normal(size=12)[team] + 10 * rng.normal(size=len(rows))
    found = []
    for trend in (0.0, -10.0):
        table = {
            "arm": (period >= 2 + team % 4).astype(int).tolist(),
            "team": [f"t{t:02d}" for t in team],
            "period": [str(p) for p in period],
            "minutes": (level + trend * period).tolist(),
        }
        analysis = evaluate(make_trial("stepped_wedge"), make_table(**table), snapshot="0" * 64)
        effect = analysis.effect("minutes", "difference")
        assert effect is not None
        found.append(effect.icc)
    assert found[0] == pytest.approx(found[1], rel=1e-6)
    assert 0.1 < found[0] < 0.5


def test_bounds_of_a_trial_within_people_hold_what_is_compared_within_people(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    """Slow people had the tool more often: plain means would say the tool made work slower."""
    rng = np.random.default_rng(14)
    person = np.repeat(np.arange(10), 20)
    share = np.where(np.arange(10) < 5, 16, 4)
    arm = np.concatenate([rng.permutation([1] * n + [0] * (20 - n)) for n in share])
    minutes = 30 + 20 * (person < 5) - 7 * arm + rng.normal(size=200)
    known = [None if i % 20 == 7 else float(m) for i, m in enumerate(minutes)]
    table = make_table(
        arm=arm.tolist(),
        participant=[f"p{p}" for p in person],
        minutes=known,
        status=["done"] * 200,
    )
    trial = make_trial("within", {"cap": 80.0}, design={"status": "status"})
    analysis = evaluate(trial, table, snapshot="0" * 64)
    (bounds,) = analysis.bounds
    effect = analysis.effect("minutes", "difference")
    assert effect is not None
    assert bounds.model == "worst_case"
    assert bounds.low < effect.estimate < bounds.high
    assert bounds.high < 5


def test_one_person_in_both_arms_carries_no_comparison(
    make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]
) -> None:
    table = make_table(
        arm=[0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 1],
        participant=["a", "a", "a", "a", "b", "b", "c", "c", "d", "d", "e", "e"],
        minutes=[10.0, 12, 9, 14, 11, 8, 7, 10, 12, 9, 13, 10],
    )
    analysis = evaluate(make_trial("within"), table, snapshot="0" * 64, method="rerandomisation")
    assert not analysis.effects
    assert all("Too few" in str(gap.message) for gap in analysis.gaps)
