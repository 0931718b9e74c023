"""Net kroner a year by the table's own formula, for a number or for many draws at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from htkeval.business.lines import MINUTES_AN_HOUR

Values = Mapping[str, Any]
"""By a given figure's name: a number, or an array of draws."""

GIVEN = (
    "measured_minutes", "checking_minutes", "extra_minutes", "tasks_a_year", "eligible", "adoption",
    "realisable", "cashable", "hour_kr", "licence_kr", "support_kr",
)  # fmt: skip
"""What the net kroner of a year are worked out from."""


def net_kr(of: Values) -> Any:
    """Net kroner a year, by the same formula as the table; numbers or arrays of draws.

    Args:
        of: Every figure of `GIVEN`.
    """
    import numpy as np

    minutes = of["measured_minutes"] - of["checking_minutes"] - of["extra_minutes"]
    hours = minutes * of["tasks_a_year"] * of["eligible"] * of["adoption"] / MINUTES_AN_HOUR
    share = of["realisable"] * of["cashable"]
    home = np.where(hours > 0, hours * share, hours)  # a loss is carried in whole
    return home * of["hour_kr"] - of["licence_kr"] - of["support_kr"]
