"""Spark gives what DuckDB gives: the same expressions over the same rows, in two threads here."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from htkeval.stats.answer import Absence
from htkeval.stats.moments import Moments
from htkeval.stats.moments.group_by import FIRST
from htkeval.stats.moments.spark import SETTINGS, local_session
from htkeval.stats.moments.table_moments import moments_of
from htkeval.stats.moments.tables import equals, log
from htkeval.stats.regression import sandwich, solve

pytestmark = [
    pytest.mark.service,
    pytest.mark.skipif(shutil.which("java") is None, reason="no Java"),
    # PySpark 4.0.5 leaves each socket by which rows come here to the garbage collector
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]

X = {
    "words": log("words"),
    "age": "age",
    "arm": equals("arm", "treatment"),
    "modern": lambda table: (table.age + table.words).sqrt(),
}


def rows(n: int = 4000) -> dict[str, Any]:
    rng = np.random.default_rng(11)
    person = rng.integers(0, 200, n)
    treated = rng.random(n) < 0.5
    words = np.exp(rng.normal(5, 1, n))
    minutes = 1e6 + rng.normal(30, 5, n) + np.log(words) - 3 * treated + person / 20
    d = {
        "team": [f"team {each}" for each in person // 10],
        "participant": person,
        "age": rng.integers(20, 65, n),
        "arm": np.where(treated, "treatment", "baseline").tolist(),
        "words": words,
        "minutes": minutes,
    }
    d["minutes"][:2], d["words"][2], d["team"][3] = (math.nan, math.inf), 0.0, None
    return d


@pytest.fixture(scope="module", autouse=True)
def session() -> Iterator[Any]:
    spark = local_session()
    yield spark
    spark.stop()


def both(table: Any, **asked: Any) -> list[tuple[float, float, float]]:
    found = []
    for engine in ("spark", "duckdb"):
        m = moments_of(table, **asked, engine=engine)
        assert isinstance(m, Moments)
        one = sandwich(m, solve(m), m.columns[-1])
        found.append((one.value, one.se, one.df))
    return found


@pytest.mark.parametrize("absorb", [None, "participant", "team"])
@pytest.mark.parametrize("kind", ["frame", "file", "files"])
def test_spark_agrees_with_duckdb(absorb: str | None, kind: str, tmp_path: Path) -> None:
    table = pa.table(rows())
    pq.write_table(table[:1500], tmp_path / "1.parquet", row_group_size=400)
    pq.write_table(table[1500:], tmp_path / "2.parquet")
    files = [tmp_path / "1.parquet", tmp_path / "2.parquet"]
    read = {"frame": table, "file": str(tmp_path / "*.parquet"), "files": files}[kind]
    spark, duck = both(read, y="minutes", x=X, cluster="team", absorb=absorb)
    assert spark == pytest.approx(duck, rel=1e-10)


def test_the_second_look_of_effects_far_apart_agrees() -> None:
    d = rows()
    d["minutes"] = d["minutes"] + 1e6 * d["participant"]
    spark, duck = both(pa.table(d), y="minutes", x=["words"], cluster="team", absorb="participant")
    assert spark == pytest.approx(duck, rel=1e-10)


def test_the_look_for_the_largest_number_agrees() -> None:
    d = rows()
    d["minutes"][: FIRST + 100] = 0.0
    d["minutes"] = d["minutes"] * 1e290
    spark, duck = both(pa.table(d), y="minutes", x=["words"], cluster="team")
    assert spark == pytest.approx(duck, rel=1e-10)


def test_a_table_that_lives_in_spark_is_read_there(session: Any) -> None:
    table = pa.table(rows())
    session.createDataFrame(table).createOrReplaceTempView("sheet")
    asked: dict[str, Any] = {"y": "minutes", "x": X, "cluster": "team"}
    spark = moments_of(ibis.pyspark.connect(session).table("sheet"), **asked)
    duck = moments_of(table, **asked)
    assert isinstance(spark, Moments)
    assert isinstance(duck, Moments)
    assert spark.rows.sum() == duck.rows.sum() == 3996
    assert moments_of(table[:0], **asked, engine="spark", session=session) == Absence("no_rows")


def test_our_spark_listens_on_this_machine_only(session: Any) -> None:
    assert {name: session.conf.get(name) for name in SETTINGS} == SETTINGS
    assert session.sparkContext.uiWebUrl is None
    assert session.sparkContext.master == "local[2]"
