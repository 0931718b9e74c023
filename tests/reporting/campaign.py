"""A small campaign of trials in which nothing happened, made by hand. The figures are invented."""

from typing import Any

from htkeval.reporting.calibration import Campaign, Cell

PLAIN: dict[str, Any] = {
    "design": "cluster",
    "units": 12,
    "kind": "duration",
    "scale": "ratio",
    "estimand": "effect",
    "weights": "task",
    "randomised": True,
    "allocation": "complete",
    "icc": 0.1,
    "rho": 0.0,
    "skew": False,
    "balanced": True,
    "sizes": "unequal",
    "reactions": 0.0,
    "method": "rerandomisation",
    "reported": 1.0,
    "alarms": 0.048,
    "covered": 0.951,
    "attainable": 0.0498,
    "limit": 0.05,
    "supported": True,
    "warning": None,
    "passed": True,
}


def cell(**changes: Any) -> Cell:
    """One kind of trial."""
    return Cell.model_validate({**PLAIN, **changes})


def campaign(*cells: Cell) -> Campaign:
    """Those cells, or a few of every sort."""
    found = cells or (
        cell(),
        cell(units=8, alarms=0.041, covered=0.962, skew=True, balanced=False, scale="difference"),
        cell(reactions=0.3, alarms=0.0746, covered=0.92, passed=False, limit=0.06),
        cell(design="within", units=24),
        cell(
            design="difference_in_differences",
            method="cr2",
            randomised=False,
            allocation=None,
            attainable=None,
            alarms=0.055,
            covered=0.944,
        ),
        cell(
            design="interrupted_time_series",
            units=12,
            method="reml",
            randomised=False,
            allocation=None,
            attainable=None,
            alarms=0.12,
            covered=0.88,
            rho=0.4,
            supported=False,
            warning="short_series",
        ),
        cell(
            design="cluster", units=4, method=None, reported=0.0, alarms=0.0, covered=0.0
        ).model_copy(update={"supported": False, "warning": "draw_reaches"}),
    )
    return Campaign(**{"schema": 1}, trials=2000, draws=999, seed=1, cells=found, failed=1)
