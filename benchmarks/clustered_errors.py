"""What do clustered standard errors of a million rows cost? `python benchmarks/clustered_errors.py`

A million rows in 20,000 clusters, teams and arms in words and in row groups as snapshots have them,
as Parquet in a temporary folder. One process, everything warm, rounds that alternate between: our
whole road from file to CR2 estimate; one hand-written DuckDB statement that computes the same
aggregates (and no standard error); statsmodels' clustered OLS, from the file, from a frame in
memory, and from columns that were made ready for it.
The speed of a machine that others use drifts, so a ratio is the median of the rounds' ratios, by
the clock and in processor time (of all threads).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import statsmodels.api as sm
import statsmodels.formula.api as smf

from htkeval.stats.answer import Estimate
from htkeval.stats.moments import Moments
from htkeval.stats.moments.table_moments import moments_of
from htkeval.stats.moments.tables import equals
from htkeval.stats.regression import cr2, solve
from htkeval.store.snapshots import ROWS_IN_A_GROUP

ROWS, CLUSTERS, ROUNDS = 1_000_000, 20_000, 15
SLOW_ROUNDS = 3
"""Rounds of what takes seconds."""
Spent = dict[str, list[tuple[float, float]]]

BY_HAND = """
select team, count(*), sum(y), sum(x), sum(a),
       sum(y * y), sum(y * x), sum(y * a), sum(x * x), sum(x * a), sum(a * a)
from (select team, minutes - 100 as y, log_words - 5 as x,
             case when arm = 'treatment' then 0.5 else -0.5 end::double as a from '{file}')
group by team
"""


def main() -> None:
    """Measure, and print medians and ratios."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.parquet"
        pq.write_table(invented(), file, row_group_size=ROWS_IN_A_GROUP)
        print_figures(rounds(file))


def invented() -> pa.Table:
    """Minutes with an effect of the arm, a covariate and a level of each team; rows unsorted."""
    rng = np.random.default_rng(1)
    team, arm = rng.integers(0, CLUSTERS, ROWS), rng.integers(0, 2, ROWS)
    log_words = rng.normal(5, 1, ROWS)
    level = rng.normal(size=CLUSTERS)[team]
    names = pa.array([f"team {each}" for each in range(CLUSTERS)])
    return pa.table(
        {
            "team": names.take(pa.array(team)),
            "arm": pa.array(["baseline", "treatment"]).take(pa.array(arm)),
            "log_words": log_words,
            "minutes": 100 + 0.5 * log_words - 0.2 * arm + level + rng.normal(size=ROWS),
        }
    )


def rounds(file: Path) -> Spent:
    """Seconds by the clock and of processor time of every way, round by round."""
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    statement = BY_HAND.format(file=file.as_posix())
    frame = pd.read_parquet(file)
    ready = prepared(frame)
    found = compressed(file)
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: estimated(compressed(file)),
        "  of which solve and CR2": lambda: estimated(found),
        "hand-written statement": lambda: connection.sql(statement).to_arrow_table(),
        "statsmodels, columns ready": lambda: fitted(*ready),
        "statsmodels, frame": lambda: formula(frame),
        "statsmodels, file": lambda: formula(pd.read_parquet(file)),
    }
    spent: Spent = {name: [] for name in ways}
    for turn in range(ROUNDS + 1):
        for name, way in ways.items():
            if "statsmodels, f" in name and turn > SLOW_ROUNDS:
                continue
            clock, processor = time.perf_counter(), time.process_time()
            way()
            if turn:  # the first round warms up
                spent[name].append((time.perf_counter() - clock, time.process_time() - processor))
    print(f"ours        {estimated(found)}\nstatsmodels {fitted(*ready)}")
    return spent


def compressed(file: Path) -> Moments:
    """A file's moments."""
    x = {"log_words": "log_words", "arm": equals("arm", "treatment")}
    found = moments_of(file, y="minutes", x=x, cluster="team")
    assert isinstance(found, Moments)
    return found


def estimated(found: Moments) -> tuple[float, float]:
    """Effect of the arm and its CR2 standard error."""
    effect = cr2(found, solve(found), "arm")
    assert isinstance(effect, Estimate)
    return effect.value, effect.se


def prepared(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outcome, regressors and clusters as numbers."""
    arm = (frame["arm"] == "treatment").to_numpy(float)
    x = np.column_stack([np.ones(len(frame)), frame["log_words"], arm])
    return frame["minutes"].to_numpy(), x, pd.factorize(frame["team"])[0]


def fitted(y: np.ndarray, x: np.ndarray, team: np.ndarray) -> tuple[float, float]:
    """The same coefficient with statsmodels' clustered standard error."""
    found = sm.OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": team})
    return float(found.params[2]), float(found.bse[2])


def formula(frame: pd.DataFrame) -> object:
    """The same from a frame with words in it."""
    team = pd.factorize(frame["team"])[0]
    model = smf.ols("minutes ~ log_words + arm", frame)
    return model.fit(cov_type="cluster", cov_kwds={"groups": team}).bse


def print_figures(spent: Spent) -> None:
    """A line each."""
    for name, each in spent.items():
        clock, processor = (median(one) * 1000 for one in zip(*each, strict=True))
        least = min(each)[0] * 1000
        print(f"{name:<28} {clock:7.1f} ms (least {least:7.1f}), processor {processor:7.1f} ms")
    ours, by_hand = spent["ours"], spent["hand-written statement"]
    print(f"ours / hand-written: {ratios(ours, by_hand)}; promised at most 1.5")
    for name in ("columns ready", "frame", "file"):
        found = ratios(spent[f"statsmodels, {name}"], ours)
        print(f"statsmodels, {name} / ours: {found}; promised at least 5")


def ratios(one: list[tuple[float, float]], other: list[tuple[float, float]]) -> str:
    """The median over rounds of one to the other, by the clock and in processor time."""
    pairs = list(zip(one, other, strict=False))
    clock, processor = (median(a[kind] / b[kind] for a, b in pairs) for kind in (0, 1))
    return f"{clock:.2f} (processor {processor:.2f})"


if __name__ == "__main__":
    main()
