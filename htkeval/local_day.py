"""The day here of a moment: one zone for every day that is shown, asked for or stored."""

from __future__ import annotations

from datetime import date, datetime


def local_day(at: datetime) -> date:
    """The day on the wall calendar where the program runs."""
    return at.astimezone().date()
