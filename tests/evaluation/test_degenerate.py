"""Input that cannot be answered: a gap or a failed check with a sentence, never a number."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from htkeval.analysis import Analysis
from htkeval.effect import Effect, Gap
from htkeval.evaluation import arm_figures, evaluate
from htkeval.text import render
from htkeval.trial import Trial

Weigh = Callable[..., Analysis]
N = 24


@pytest.fixture(scope="session")
def weigh(make_trial: Callable[..., Trial], make_table: Callable[..., pa.Table]) -> Weigh:
    """Analyse 24 rows of six people in six teams, with some columns replaced."""
    rng = np.random.default_rng(11)
    ordinary = {
        "participant": [f"p{i % 6}" for i in range(N)],
        "team": [f"t{i % 6}" for i in range(N)],
        "minutes": np.round(np.exp(rng.normal(3, 0.4, N)), 1).tolist(),
        "words": rng.integers(100, 900, N).tolist(),
    }
    arms = {"within": [(i // 6) % 2 for i in range(N)]}

    def weigh(design: str = "within", metric: dict[str, Any] | None = None, **changes: Any):
        sections = changes.pop("sections", {})
        columns = {"arm": arms.get(design, [i % 2 for i in range(N)]), **ordinary, **changes}
        length = min(len(column) for column in columns.values())
        table = make_table(**{name: list(column)[:length] for name, column in columns.items()})
        trial = make_trial(design, metric or {}, **sections)
        return evaluate(trial, table, snapshot="0" * 64)

    return weigh


def reason(analysis: Analysis, scale: str = "ratio") -> str:
    """The sentence of the gap on a scale; there must be one, and no effect."""
    (gap,) = (gap for gap in analysis.gaps if gap.scale == scale)
    assert not [effect for effect in analysis.effects if effect.scale == scale]
    return render(gap.message, "en")


def passed(analysis: Analysis, name: str) -> bool | None:
    (check,) = (check for check in analysis.checks if check.name == name)
    assert render(check.message, "en")
    return check.passed


def test_ordinary_rows_have_no_gap(weigh: Weigh) -> None:
    for design in ("within", "parallel", "cluster"):
        analysis = weigh(design, sections={"analysis": {"method": "cr2"}})
        assert [gap.message for gap in analysis.gaps] == []
        assert [effect.scale for effect in analysis.effects] == ["ratio", "difference"]
        assert [effect.confirmatory for effect in analysis.effects] == [True, False]


def test_no_rows_is_e0_and_a_gap_for_every_scale(weigh: Weigh) -> None:
    analysis = weigh(minutes=[])
    assert (analysis.rows, analysis.evidence_level) == (0, "E0")
    assert reason(analysis) == reason(analysis, "difference") == "There is no usable measurement."
    assert passed(analysis, "missing") is None
    assert passed(analysis, "few_clusters") is False


def test_an_empty_arm_is_named(weigh: Weigh) -> None:
    analysis = weigh(arm=[1] * N)
    assert 'in the arm "uden"' in reason(analysis)
    assert analysis.evidence_level == "E1"


@pytest.mark.parametrize("design", ["parallel", "cluster"])
def test_one_unit_in_an_arm_gives_a_gap(weigh: Weigh, design: str) -> None:
    arm = [int(i % 6 == 0) for i in range(N)]
    assert "alone carries the comparison" in reason(weigh(design, arm=arm))


def test_one_participant_with_one_task_in_an_arm_gives_a_gap(weigh: Weigh) -> None:
    alone = {"participant": [str(i) for i in range(N)], "arm": [1] + [0] * (N - 1)}
    assert "Too few of the participants" in reason(weigh("parallel", **alone))
    not_drawn = {"sections": {"design": {"randomised": False}}}
    assert "alone carries the comparison" in reason(weigh("parallel", **alone, **not_drawn))


@pytest.mark.parametrize("minutes", [7.0, 1e300, 0.1])
@pytest.mark.parametrize("design", ["within", "parallel", "cluster"])
def test_a_constant_outcome_has_no_uncertainty_to_show(
    weigh: Weigh, design: str, minutes: float
) -> None:
    analysis = weigh(design, minutes=[minutes] * N)
    assert "do not vary" in reason(analysis)
    assert "do not vary" in reason(analysis, "difference")


def test_a_sum_of_columns_that_is_constant_but_for_rounding_is_constant(weigh: Weigh) -> None:
    a, b = [0.1, 0.2] * 12, [0.5, 0.4] * 12
    metric = {"column": None, "columns": ["a", "b"]}
    assert len({x + y for x, y in zip(a, b, strict=True)}) == 2
    assert "do not vary" in reason(weigh(metric=metric, a=a, b=b), "difference")


def test_a_metric_that_is_missing_throughout_is_a_gap_and_a_failed_check(weigh: Weigh) -> None:
    for change in ({"minutes": [None] * N}, {"metric": {"column": "not_there"}}):
        analysis = weigh(**change)
        assert reason(analysis) == "There is no usable measurement."
        assert passed(analysis, "missing") is False


def test_times_that_are_not_above_zero_have_no_logarithm_but_a_sum(weigh: Weigh) -> None:
    minutes = [0.0, *np.linspace(10, 40, N - 1)]
    analysis = weigh(minutes=minutes)
    assert reason(analysis).endswith("rows where it is not: 1.")
    assert [effect.scale for effect in analysis.effects] == ["difference"]
    assert analysis.confirmatory is None, "no other effect takes the promised one's place"
    assert passed(analysis, "tail") is None
    negative = weigh(minutes=[-5.0, *minutes[1:]])
    assert {gap.scale for gap in negative.gaps} == {"ratio", "difference"}


def test_a_covariate_that_equals_the_arm_leaves_nothing_to_the_arm(weigh: Weigh) -> None:
    arm = [i % 2 for i in range(N)]
    same = {"arm": arm, "words": [100 + 50 * a for a in arm]}
    sections = {"covariates": [{"column": "words"}]}
    assert "from the covariates" in reason(weigh("parallel", sections=sections, **same))
    within = weigh("within", sections=sections, words=[(i // 6) % 2 for i in range(N)])
    assert "from the participants and covariates" in reason(within)


@pytest.mark.usefixtures("all_told")
def test_a_covariate_without_a_logarithm_drops_its_rows_and_says_so(weigh: Weigh) -> None:
    sections = {"covariates": [{"column": "words", "scale": "log"}]}
    words = [0, None, -3, *range(100, 121)]
    analysis = weigh(sections=sections, words=words)
    tasks = analysis.effects[0].baseline.tasks + analysis.effects[0].treatment.tasks
    assert tasks == N - 3
    (check,) = (check for check in analysis.checks if check.name == "covariates_known")
    assert check.message.values["n"] == 3


def test_participants_with_one_arm_each_cannot_be_compared_within(weigh: Weigh) -> None:
    assert "No participant has tasks in both arms" in reason(weigh(arm=[i % 2 for i in range(N)]))


def test_two_clusters_give_a_gap_not_a_guess(weigh: Weigh) -> None:
    two = [f"p{i % 2}" for i in range(N)]
    within = weigh("within", participant=two)
    assert "Too few of the participants" in reason(within)
    assert passed(within, "few_clusters") is False
    by_cr2 = {"sections": {"analysis": {"method": "cr2"}}}
    assert "degrees of freedom 1.0" in reason(weigh("within", participant=two, **by_cr2))
    for design in ("parallel", "cluster"):
        analysis = weigh(design, participant=two, team=two)
        assert "alone carries the comparison" in reason(analysis)
        assert passed(analysis, "draw_reaches") is False


def test_three_or_four_people_are_computed_but_not_reported(weigh: Weigh) -> None:
    by_cr2 = {"sections": {"analysis": {"method": "cr2"}}}
    analysis = weigh("within", participant=[f"p{i % 4}" for i in range(N)], **by_cr2)
    assert "at least 4 are needed" in reason(analysis)


def test_values_of_1e300_are_answered_or_named(weigh: Weigh) -> None:
    minutes = [1e300 * (1 + (i * 7 % 5) / 10) for i in range(N)]
    effects = {effect.scale: effect for effect in weigh(minutes=minutes).effects}
    assert set(effects) == {"ratio", "difference"}
    assert effects["difference"].baseline.mean > 1e299
    far = weigh(
        minutes=[(1 + i % 7) * (1e300 if i % 2 else 1e-300) for i in range(N)],
        arm=[i % 2 for i in range(N)],
        participant=[f"p{i // 4}" for i in range(N)],
    )
    assert "too large" in reason(far)


@pytest.mark.usefixtures("all_told")
def test_words_and_infinities_in_a_number_column_are_missing(weigh: Weigh) -> None:
    minutes = pa.array([math.inf, math.nan, None, *np.linspace(10, 40, N - 3)])
    analysis = weigh(minutes=minutes.to_pylist())
    (check,) = (check for check in analysis.checks if check.name == "missing")
    assert check.message.values["n"] == 3
    as_text = weigh(minutes=["12", "many", *map(str, np.linspace(10, 40, N - 2))])
    (check,) = (check for check in as_text.checks if check.name == "missing")
    assert check.message.values["n"] == 1


def test_binary_share_and_rate_refuse_what_they_cannot_be(weigh: Weigh) -> None:
    binary = {"kind": "binary", "unit": None}
    share = {"kind": "share", "unit": None}
    of = {**share, "exposure": "words"}
    two, high = [0, 1, 2] * 8, [0.2, 1.4] * 12
    assert "cannot be right" in reason(weigh(metric=binary, minutes=two), "difference")
    assert "cannot be right" in reason(weigh(metric=share, minutes=high), "difference")
    assert "cannot be right" in reason(weigh(metric=of, minutes=[1000] * N), "difference")
    rate = {"kind": "rate", "exposure": "words", "unit": None}
    none = weigh(metric=rate, words=[0] * N)
    assert "is zero in an arm" in reason(none, "difference")
    assert "cannot be right" in reason(weigh(metric=rate, words=[-1] * N), "difference")
    silent = [0 if i % 6 == 2 else 100 for i in range(N)]
    by_unit = weigh(metric=rate, words=silent, sections={"analysis": {"weights": "unit"}})
    assert "for one of the participants" in reason(by_unit, "difference")
    assert weigh(metric=rate, words=silent).effects, "by task the others' words still divide"


def test_a_banded_answer_is_a_gap_with_bounds(weigh: Weigh) -> None:
    banded = {"source": "banded", "column": None, "bounds": ["low", "high"]}
    low = [float(10 * (i * 7 % 5)) for i in range(N)]
    analysis = weigh(metric=banded, low=low, high=[one + 9 for one in low])
    assert "only the limits between which the effect lies" in reason(analysis)
    (bounds,) = analysis.bounds
    assert bounds.model == "banded"
    assert bounds.ci[0] <= bounds.low <= bounds.high <= bounds.ci[1]


def test_methods_that_are_asked_for_but_cannot_be_had_are_named_gaps(weigh: Weigh) -> None:
    plan = {"analysis": {"method": "rerandomisation"}, "design": {"randomised": False}}
    assert "needs a draw" in reason(weigh(sections=plan))
    assert "one task for each participant" in reason(
        weigh("parallel", sections={"analysis": {"method": "welch"}})
    )


CELL = st.one_of(
    st.none(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, 1.0, 5.0, -1.0, 1e300, -1e300, 1e-300, 5e-324, 1.7e308]),
)
KINDS: list[dict[str, Any]] = [
    {},
    {"kind": "binary", "unit": None},
    {"kind": "count", "unit": None, "worthwhile": None},
    {"kind": "share", "unit": None, "exposure": "words"},
    {"kind": "rate", "unit": None, "exposure": "words", "per": 1e6},
    {"kind": "rating", "unit": None},
]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_in_the_table_the_answer_is_finite_or_a_sentence(
    weigh: Weigh,
    make_trial: Callable[..., Trial],
    make_table: Callable[..., pa.Table],
    data: st.DataObject,
) -> None:
    n = data.draw(st.integers(0, 14))

    def column(cell: st.SearchStrategy[Any]) -> list[Any]:
        return data.draw(st.lists(cell, min_size=n, max_size=n))

    name = st.one_of(st.none(), st.sampled_from(["a", "b", "c", "d"]))
    trial = make_trial(
        data.draw(st.sampled_from(["within", "parallel", "cluster", "before_after"])),
        data.draw(st.sampled_from(KINDS)),
        covariates=data.draw(
            st.sampled_from(
                [
                    [],
                    [{"column": "words", "scale": "log"}],
                    [{"column": "words"}],
                    [{"column": "team", "scale": "category"}],
                ]
            )
        ),
        analysis={"weights": data.draw(st.sampled_from(["task", "unit"]))},
    )
    table = make_table(
        arm=column(st.sampled_from([0, 0, 1, 1, None])),
        participant=column(name),
        team=column(name),
        minutes=pa.array(column(CELL), pa.float64()).to_pylist(),
        words=pa.array(column(CELL), pa.float64()).to_pylist(),
    )
    holds(trial, table)


def holds(trial: Trial, table: pa.Table) -> Analysis:
    """The analysis, after everything that must be true of any."""
    analysis = evaluate(trial, table, snapshot="0" * 64)
    assert Analysis.model_validate_json(analysis.model_dump_json(by_alias=True)) == analysis
    answered = [*analysis.effects, *analysis.gaps]
    assert all(isinstance(one, Effect | Gap) for one in answered)
    assert all(render(one.message, "da") for one in (*analysis.gaps, *analysis.checks))
    for effect in analysis.effects:
        assert effect.ci[0] <= effect.estimate <= effect.ci[1]
        assert 0 < effect.p_value <= 1
    for figures in arm_figures(trial, table).values():
        assert all(math.isfinite(value) for value in figures.values())
    return analysis


EVERY_DESIGN = (
    "within",
    "parallel",
    "cluster",
    "crossover",
    "stepped_wedge",
    "before_after",
    "difference_in_differences",
    "interrupted_time_series",
)
MORE_KINDS: list[dict[str, Any]] = [
    *KINDS,
    {"cap": 50.0},
    {"kind": "binary", "unit": None, "rater": "rater"},
    {"kind": "rating", "unit": None, "rater": "rater"},
    {"source": "banded", "column": None, "bounds": ["minutes", "words"]},
    {"pre_period": "words"},
]


def ugly(kind: str, seed: int) -> dict[str, list[Any]]:
    """A sheet that nearly follows its design, with the faults that sheets have."""
    rng = np.random.default_rng(seed)
    units, periods, each = (int(rng.integers(1, high)) for high in (9, 7, 5))
    unit, period, _ = (a.ravel() for a in np.indices((units, periods, each)))
    n = len(unit)
    start = rng.integers(0, periods + 2, units)[unit]
    arm = {
        "within": rng.integers(0, 2, n),
        "parallel": rng.integers(0, 2, units)[unit],
        "cluster": rng.integers(0, 2, units)[unit],
        "crossover": (rng.integers(0, 2, units)[unit] + period) % 2,
        "before_after": (period >= periods / 2).astype(int),
        "interrupted_time_series": (period >= periods / 2).astype(int),
    }.get(kind, (period >= start).astype(int))
    wrong = rng.random(n) < rng.choice([0.0, 0.0, 0.05])
    arm = np.where(wrong, 1 - arm, arm)
    level = np.exp(rng.normal(3, 1, units)[unit] + rng.normal(0, 0.5, n))
    few = np.round(level) % 3
    minutes: list[Any] = [level, few, np.ones(n), rng.integers(0, 2, n) * 1.0][
        rng.integers(4)
    ].tolist()
    odd = [None, math.nan, math.inf, 0.0, -1.0, 1e300, -1e300, 5e-324, 1e-300]
    for place in np.flatnonzero(rng.random(n) < rng.choice([0.0, 0.05, 0.4])):
        minutes[place] = odd[rng.integers(len(odd))]
    gone = rng.random((4, n)) < rng.choice([0.0, 0.05])

    def words(values: list[str], lost: np.ndarray) -> list[str | None]:
        return [None if off else value for value, off in zip(values, lost, strict=True)]

    return {
        "arm": arm.tolist(),
        "participant": words(
            [f"p{u}{rng.integers(2) if kind == 'cluster' else ''}" for u in unit], gone[0]
        ),
        "team": words([f"t{u}" for u in unit], gone[1]),
        "period": words([str(p) for p in period], gone[2]),
        "task": words([f"q{rng.integers(1, 9)}" for _ in unit], gone[3]),
        "date": [f"2026-02-{1 + int(p):02d}" for p in period],
        "status": [str(rng.choice(["done", "done", "abandoned", "refused"])) for _ in unit],
        "used": [str(rng.choice(["baseline", "treatment"])) for _ in unit],
        "rater": [str(rng.choice(["r", "s"])) for _ in unit],
        "size": [f"s{u % 2}" for u in unit],
        "minutes": minutes,
        "words": rng.choice([0.0, 1.0, 250.0, 900.0], n).tolist(),
    }


COLUMNS = {"task": "task", "date": "date", "status": "status", "realised_arm": "used"}


@pytest.mark.campaign
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), seed=st.integers(0, 2**32 - 1))
def test_whatever_the_design_and_its_faults_the_answer_is_finite_or_a_sentence(
    make_trial: Callable[..., Trial],
    make_table: Callable[..., pa.Table],
    data: st.DataObject,
    seed: int,
) -> None:
    kind = data.draw(st.sampled_from(EVERY_DESIGN))
    drawn = kind not in EVERY_DESIGN[5:]
    mechanisms = [None, "bernoulli", "complete", "blocks", "minimisation"]
    how = st.sampled_from(mechanisms[:-1] if kind == "stepped_wedge" else mechanisms)
    design = {
        **{key: COLUMNS[key] for key in data.draw(st.sets(st.sampled_from(sorted(COLUMNS))))},
        "randomised": drawn,
        "allocation": data.draw(how) if drawn else None,
        "block": 4,
        "strata": data.draw(st.sampled_from([[], ["size"]])),
        "task_type": data.draw(st.sampled_from([None, "size"])),
        "wash_in_days": data.draw(st.sampled_from([0, 2])),
    }
    covariates: list[list[dict[str, str]]] = [
        [],
        [{"column": "words"}],
        [{"column": "team", "scale": "category"}],
    ]
    trial = make_trial(
        kind,
        data.draw(st.sampled_from(MORE_KINDS)),
        design={key: value for key, value in design.items() if value is not None},
        covariates=data.draw(st.sampled_from(covariates)),
        analysis={
            "weights": data.draw(st.sampled_from(["task", "unit"])),
            "method": data.draw(st.sampled_from(["auto", "auto", "cr2", "rerandomisation"])),
            "level": data.draw(st.sampled_from([0.95, 0.8])),
        },
    )
    holds(trial, make_table(**ugly(kind, seed)))
