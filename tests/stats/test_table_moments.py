"""Moments of a table are the moments of its rows; every call that we make of Ibis, on DuckDB."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import duckdb
import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htkeval.stats.answer import Absence, Estimate
from htkeval.stats.moments import Moments, group_by, moments, table_moments, tables
from htkeval.stats.moments.table_moments import moments_of
from htkeval.stats.moments.tables import equals, log
from htkeval.stats.regression import cr2, sandwich, solve
from tests.often import often
from tests.oracles.sheets import answers, columns

R = answers("cr2")
ALONE: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def figures(m: Moments | Absence, column: str = "arm") -> tuple[float, float, float]:
    assert isinstance(m, Moments)
    found = sandwich(m, solve(m), column)
    return found.value, found.se, found.df


def reason(m: Moments | Absence, column: str = "arm") -> str:
    found = cr2(m, solve(m), column) if isinstance(m, Moments) else m
    assert isinstance(found, Absence)
    return found.reason


def codes(words: Any) -> np.ndarray:
    return np.unique(words, return_inverse=True)[1]


def invented(rows: int = 300, seed: int = 1) -> dict[str, Any]:
    """Teams of ten people, tasks of some hundred words, in both arms."""
    rng = np.random.default_rng(seed)
    person = rng.integers(0, 60, rows)
    treated = rng.random(rows) < 0.5
    words = np.exp(rng.normal(5, 1, rows))
    minutes = np.exp(rng.normal(3, 0.4, rows) + 0.2 * np.log(words) - 0.15 * treated + person / 90)
    return {
        "team": [f"team {each}" for each in person // 10],
        "participant": person,
        "arm": np.where(treated, "treatment", "baseline").tolist(),
        "words": words,
        "minutes": minutes,
    }


ROWS = invented()
X = {"words": log("words"), "arm": equals("arm", "treatment")}
BY_HAND = moments(
    ROWS["minutes"],
    {"words": np.log(ROWS["words"]), "arm": np.array(ROWS["arm"]) == "treatment"},
    cluster=codes(ROWS["team"]),
    absorb=ROWS["participant"],
)
"""What the arrays give."""


def of(table: Any, **other: Any) -> Moments | Absence:
    asked = {"y": "minutes", "x": X, "cluster": "team", "absorb": "participant"}
    return moments_of(table, **{**asked, **other})


class Frame:
    """Polars, as we see it: a frame that streams Arrow."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


# By hand and against R


def test_by_hand_three_pairs_give_the_paired_t() -> None:
    """Differences 1, 2, 6: mean 3, s.e. sqrt(7)/sqrt(3), 2 degrees of freedom."""
    y = [10.0, 11.0, 20.0, 22.0, 30.0, 36.0]
    table = pa.table({"y": y, "person": [0, 0, 1, 1, 2, 2], "arm": [False, True] * 3})
    m = moments_of(table, y="y", x=["arm"], cluster="person", absorb="person")
    assert figures(m) == pytest.approx((3, math.sqrt(7 / 3), 2), rel=1e-12)


def test_a_roll_out_from_a_file_is_clubsandwichs(tmp_path: Path) -> None:
    """R: `coef_test(lm(...), vcov = "CR2", cluster = team, test = "Satterthwaite")`, cr2.R."""
    d = columns("rollout")
    pq.write_table(pa.table(d), tmp_path / "rollout.parquet")
    periods = {f"period {each}": equals("period", each) for each in sorted(set(d["period"]))[1:]}
    m = moments_of(
        tmp_path / "rollout.parquet",
        y=log("minutes"),
        x=periods | {"arm": "arm"},
        cluster="team",
        absorb="team",
    )
    expected = R["rollout.ratio"]
    assert figures(m) == pytest.approx(
        (expected["estimate"], expected["se"], expected["df"]), rel=1e-8
    )


# Any kind of table


@pytest.mark.parametrize("kind", ["arrow", "pandas", "categories", "stream", "file", "files", "*"])
def test_any_kind_of_table_gives_what_its_arrays_give(kind: str, tmp_path: Path) -> None:
    table = pa.table(ROWS)
    parts = [tmp_path / "1.parquet", tmp_path / "2.parquet"]
    pq.write_table(table[:100], parts[0], row_group_size=30)
    pq.write_table(table[100:], parts[1])
    pq.write_table(table, tmp_path / "whole.parquet")
    frames = {
        "arrow": table,
        "pandas": pd.DataFrame(ROWS),
        "categories": pd.DataFrame(ROWS).astype({"team": "category", "arm": "category"}),
        "stream": Frame(table),
        "file": str(tmp_path / "whole.parquet"),
        "files": parts,
        "*": str(tmp_path / "[12].parquet"),
    }
    m = of(frames[kind])
    assert figures(m) == pytest.approx(figures(BY_HAND), rel=1e-12)
    assert isinstance(m, Moments)
    assert (m.columns, m.absorbed, m.rows.sum()) == (("words", "arm"), 60, 300)


def test_an_ibis_table_is_read_where_it_lives_or_in_memory() -> None:
    home = ibis.duckdb.connect(**ALONE)
    home.con.register("sheet", pa.table(ROWS))
    assert figures(of(home.table("sheet"))) == pytest.approx(figures(BY_HAND), rel=1e-12)
    assert figures(of(ibis.memtable(pa.table(ROWS)))) == pytest.approx(figures(BY_HAND), rel=1e-12)


@pytest.mark.parametrize("absorb", [None, "participant", "team"])
def test_sums_and_totals_are_those_of_the_arrays(absorb: str | None) -> None:
    x = {"words": np.log(ROWS["words"]), "arm": np.array(ROWS["arm"]) == "treatment"}
    effect = None if absorb is None else codes(ROWS[absorb])
    plain = moments(ROWS["minutes"], x, cluster=codes(ROWS["team"]), absorb=effect)
    m = of(pa.table(ROWS), absorb=absorb)
    assert figures(m) == pytest.approx(figures(plain), rel=1e-12)
    assert isinstance(m, Moments)
    assert (m.columns, m.absorbed) == (plain.columns, plain.absorbed)
    assert sorted(m.rows) == sorted(plain.rows)
    for one, other in zip(in_units(m), in_units(plain), strict=True):
        assert one == pytest.approx(other, rel=1e-12, abs=1e-9)


def in_units(m: Moments) -> tuple[Any, ...]:
    """Sums over clusters and totals with their powers of two put back."""
    unit = np.ldexp(1.0, np.array(m.exponents))
    y = math.ldexp(1.0, m.y_exponent)
    xx, xy = m.xx.sum(axis=0) * np.multiply.outer(unit, unit), m.xy.sum(axis=0) * unit * y
    yy, rounding = np.sort(m.yy) * y**2, m.y_rounding * y
    return xx, xy, yy, m.totals * unit**2, m.y_total * y**2, rounding


def test_a_column_is_its_name_or_what_computes_it_in_the_database() -> None:
    computed = {
        "words": lambda table: table.words.cast("float64").log(),
        "arm": ibis._.arm == "treatment",
    }
    later = of(pa.table(ROWS), x=computed, cluster=lambda table: table.team.upper())
    assert figures(later) == pytest.approx(figures(BY_HAND), rel=1e-12)


# Which rows count


def test_a_row_counts_when_every_number_is_finite_and_cluster_and_effect_are_known() -> None:
    d = pa.table(ROWS).to_pylist()
    for row, (name, value) in enumerate(
        [
            ("minutes", None),
            ("minutes", math.nan),
            ("minutes", math.inf),
            ("minutes", -math.inf),
            ("words", None),
            ("words", 0.0),
            ("words", -3.0),
            ("arm", None),
            ("team", None),
            ("participant", None),
        ]
    ):
        d[row][name] = value
    m = of(pa.Table.from_pylist(d))
    assert isinstance(m, Moments)
    assert m.rows.sum() == 290
    assert figures(m) == pytest.approx(figures(of(pa.table(ROWS)[10:])), rel=1e-12)


def test_a_cluster_that_is_no_number_is_not_known() -> None:
    table = pa.table({"y": [1.0, 2.0, 4.0], "g": [1.0, 2.0, math.nan]})
    m = moments_of(table, y="y", x=[], cluster="g")
    assert isinstance(m, Moments)
    assert m.rows.tolist() == [1, 1]


def test_no_row_no_row_that_counts_one_row_and_one_cluster_have_reasons() -> None:
    table = pa.table(ROWS)
    assert of(table[:0]) == Absence("no_rows")
    unknown = pd.DataFrame(ROWS).assign(minutes=math.nan)
    assert of(unknown) == Absence("no_rows")
    assert reason(of(table[:1], absorb=None)) == "not_identified"
    one = table.append_column("all", pa.array(["all"] * 300))
    assert reason(of(one, cluster="all")) == "one_cluster"


# Nothing is lost


def test_a_million_rows_with_a_mean_of_a_million_lose_nothing(tmp_path: Path) -> None:
    """Thousandths of a minute in powers of two: whole numbers k whose sums DuckDB holds exactly."""
    file = tmp_path / "far.parquet"
    whole = duckdb.connect(config=ALONE)
    whole.execute(
        "create table k as select i % 2000 team, i % 2 arm, "
        "cast(hash(i) % 3000 as bigint) + cast(hash(i + 7) % 3000 as bigint) - 3000 k "
        "from range(1000000) t(i)"
    )
    whole.execute(
        "copy (select team, arm, 1000000 + k / 1024 far, k / 1024 near from k) "
        f"to '{file.as_posix()}' (format parquet)"
    )
    n, total, squares = whole.sql("select count(*), sum(k), sum(k * k) from k").fetchall()[0]
    exact = (squares * n - total**2) / (n * 1024**2)
    far, near = (moments_of(file, y=y, x=["arm"], cluster="team") for y in ("far", "near"))
    assert isinstance(far, Moments)
    assert far.y_total * 4.0**far.y_exponent == pytest.approx(exact, rel=1e-13)
    assert figures(far) == pytest.approx(figures(near), rel=1e-12)


def test_participants_a_million_minutes_apart_do_not_blur_the_effect_within_them() -> None:
    person, difference = np.repeat(np.arange(8), 2), np.array([1, 2, 3, 4, 5, 6, 7, 9.0])
    y = 1e6 * person
    y[1::2] += difference
    table = pa.table({"y": y, "person": person, "arm": np.tile([0, 1], 8)})
    m = moments_of(table, y="y", x=["arm"], cluster="person", absorb="person")
    expected = (difference.mean(), difference.std(ddof=1) / math.sqrt(8))
    assert figures(m)[:2] == pytest.approx(expected, rel=1e-9)


def test_effects_far_apart_in_outcome_and_covariate_cost_a_second_look_and_no_digit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(8)
    person = np.repeat(np.arange(40), 6)
    age = np.round(rng.normal(size=240) * 1024) / 1024  # so that 100,000 is added exactly
    y = np.round((rng.normal(size=240) + age) * 1024) / 1024
    near = moments(y, {"age": age}, cluster=person, absorb=person)
    table = pa.table({"y": y + 1e5 * person, "age": age + 1e5 * person, "person": person})
    asked: dict[str, Any] = {"y": "y", "x": ["age"], "cluster": "person", "absorb": "person"}
    assert figures(moments_of(table, **asked), "age") == pytest.approx(figures(near, "age"), 1e-10)
    monkeypatch.setattr(table_moments, "LOST", math.inf)  # without the second look
    assert figures(moments_of(table, **asked), "age") != pytest.approx(figures(near, "age"), 1e-5)


def test_first_rows_that_tell_nothing_of_the_others_cost_a_second_look_and_no_digit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng, start = np.random.default_rng(6), group_by.FIRST
    team, near = rng.integers(0, 30, 3000), np.round(rng.normal(size=3000) * 1024) / 1024
    far, y = near + 1e7, near + np.round(rng.normal(size=3000) * 1024) / 1024 + 1e7
    far[:start], y[:start] = 0.0, 0.0
    table = pa.table({"far": far, "y": y, "team": [None] * start + team[start:].tolist()})
    expected = figures(moments(y[start:] - 1e7, {"far": near[start:]}, cluster=team[start:]), "far")
    asked: dict[str, Any] = {"y": "y", "x": ["far"], "cluster": "team"}
    assert figures(moments_of(table, **asked), "far") == pytest.approx(expected, rel=1e-10)
    monkeypatch.setattr(table_moments, "LOST", math.inf)  # without the second look
    assert figures(moments_of(table, **asked), "far") != pytest.approx(expected, rel=1e-5)


BEYOND = [
    (absorb, start, size)
    for absorb in (None, "participant")
    for start in (0, group_by.FIRST + 500)
    for size in (1e300, 1e-300, 1e-312)
]
"""What is absorbed, the row from where on they are so large or small, and how large."""


@pytest.mark.parametrize(
    ("absorb", "start", "size"),
    often(
        BEYOND,
        [BEYOND[0], BEYOND[4], BEYOND[8], BEYOND[9]],
    ),
)
def test_numbers_beyond_what_can_be_squared_are_computed(
    size: float, start: int, absorb: str | None
) -> None:
    """Also where the first rows are zeros, which tell nothing of the size."""
    d = invented(3000)
    d["minutes"] = np.round(d["minutes"])
    d["minutes"][:start] = 0.0
    small = of(pa.table(d), absorb=absorb)
    large = of(pa.table({**d, "minutes": d["minutes"] * size}), absorb=absorb)
    (value, se, df), (same, error, freedom) = figures(small), figures(large)
    assert freedom == pytest.approx(df, rel=1e-9)
    if size > 1e-308:  # else the answer itself has lost digits
        assert (same / size, error / size) == pytest.approx((value, se), rel=1e-9)


# Degenerate numbers keep their reasons


@pytest.mark.parametrize("value", [5.0, 0.1 + 0.2, 1e300, 0.0, -1e-300])
@pytest.mark.parametrize("absorb", [None, "participant"])
def test_an_outcome_that_does_not_vary_has_no_spread(value: float, absorb: str | None) -> None:
    flat = pa.table({**ROWS, "minutes": np.full(300, value)})
    assert reason(of(flat, absorb=absorb)) == "no_spread"


@pytest.mark.parametrize("absorb", [None, "participant"])
def test_constant_and_redundant_columns_are_dropped_by_name(absorb: str | None) -> None:
    rounding = np.where(np.arange(300) % 4 == 0, 0.1 + 0.2, 0.3)
    table = pa.table({**ROWS, "rounding": rounding, "own": rounding * (1 + ROWS["participant"])})
    x = {
        "one": lambda t: t.words * 0 + 0.3,
        "rounding": "rounding",
        "words": "words",
        "twice": lambda t: 2 * t.words - 7,
        "own": "own",
        "arm": X["arm"],
    }
    m = of(table, x=x, absorb=absorb)
    assert isinstance(m, Moments)
    dropped = ("one", "rounding", "twice") + (("own",) if absorb else ())
    assert solve(m).dropped == dropped


def test_a_perfect_fit_has_no_spread() -> None:
    table = pa.table({**ROWS, "minutes": 3.7 + 0.1 * (np.array(ROWS["arm"]) == "treatment")})
    assert reason(of(table, absorb=None)) == "no_spread"


# Symmetries and small tables


@pytest.mark.parametrize("absorb", [None, "participant", "team"])
def test_the_order_and_the_cutting_up_of_rows_change_nothing(
    absorb: str | None, tmp_path: Path
) -> None:
    table = pa.table(ROWS)
    shuffled = table.take(np.random.default_rng(5).permutation(300))
    for part in range(7):
        pq.write_table(shuffled[part::7], tmp_path / f"{part}.parquet", row_group_size=9)
    again = of(str(tmp_path / "*.parquet"), absorb=absorb)
    assert figures(again) == pytest.approx(figures(of(table, absorb=absorb)), rel=1e-12)


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    groups=st.integers(3, 7),
    absorbed=st.sampled_from(["none", "cluster", "person"]),
    centre=st.sampled_from([0.0, 1e6, -1e6]),
    spread=st.sampled_from([1e-3, 1.0, 1e3]),
)
def test_a_small_table_gives_what_its_arrays_give(
    seed: int, groups: int, absorbed: str, centre: float, spread: float
) -> None:
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(groups), rng.integers(4, 9, groups))
    n = len(cluster)
    person = cluster * 2 + rng.integers(0, 2, n)
    x = {"age": rng.normal(50, 9, n), "arm": rng.normal(size=n)}
    y = centre + spread * (rng.normal(size=n) + cluster)
    table = pa.table({"y": y, "cluster": cluster, "person": person, **x})
    effect = {"none": None, "cluster": cluster, "person": person}[absorbed]
    absorb = None if absorbed == "none" else absorbed
    m = moments_of(table, y="y", x=list(x), cluster="cluster", absorb=absorb)
    expected = moments(y, x, cluster=cluster, absorb=effect)
    assert figures(m) == pytest.approx(figures(expected), rel=1e-10)
    answers = [cr2(each, solve(each), "arm") for each in (m, expected)]  # type: ignore[arg-type]
    assert type(answers[0]) is type(answers[1])


# Mistakes


def test_what_is_asked_for_and_not_there_is_named(tmp_path: Path) -> None:
    table = pa.table(ROWS)
    with pytest.raises(ValueError, match="no column 'minuts'; expected one of team, participant"):
        of(table, y="minuts")
    with pytest.raises(ValueError, match="no column 'length'"):
        of(table, x={"length": log("length")})
    with pytest.raises(ValueError, match="column team: found string; expected numbers"):
        of(table, y="team")
    with pytest.raises(ValueError, match=r"found no .*away\.parquet; expected a file"):
        of(tmp_path / "away.parquet")
    with pytest.raises(ValueError, match="needs no extension"):
        of("https://example.org/a.parquet")


def test_an_effect_in_two_clusters_is_refused() -> None:
    table = pa.table({"y": [1.0, 2.0, 3.0, 5.0], "team": [0, 0, 1, 1], "person": [0, 1, 1, 2]})
    with pytest.raises(ValueError, match="more than one cluster"):
        moments_of(table, y="y", x=[], cluster="team", absorb="person")


def test_our_duckdb_calls_nobody() -> None:
    asked = "select current_setting('autoinstall_known_extensions')"
    also = "select current_setting('autoload_known_extensions')"
    connection = tables._duckdb().con
    assert connection.sql(asked).fetchall() == connection.sql(also).fetchall() == [(False,)]


def test_spark_without_java_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from htkeval.errors import EnvironmentFailed

    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(EnvironmentFailed, match=r"no (Java|PySpark)"):
        of(pa.table(ROWS), engine="spark")


def test_answers_are_estimates_that_can_be_reported() -> None:
    m = of(pa.table(ROWS))
    assert isinstance(m, Moments)
    found = cr2(m, solve(m), "arm")
    assert isinstance(found, Estimate)
    assert found.value < 0
