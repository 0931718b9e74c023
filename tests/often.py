"""Of many cases that show one thing, which run every day. The rest are campaigns, which CI runs."""

from collections.abc import Collection, Iterable
from typing import Any

import pytest


def often(cases: Iterable[Any], every_day: Collection[Any]) -> list[Any]:
    """Cases for `parametrize`, those not named marked as campaigns. A tuple is several values."""
    there = list(cases)
    assert set(every_day) <= set(there), "a case of every day that there is not"
    return [case if case in every_day else _param(case) for case in there]


def _param(case: Any) -> Any:
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.campaign)
