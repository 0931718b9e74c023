"""The day here of a moment: one zone for every day that is shown, asked for or stored."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Copenhagen")
"""Where municipalities are, wherever their servers run and however those are set: a paper says the
same day on every machine."""


def local_day(at: datetime) -> date:
    """The day on the municipality's wall calendar."""
    return here(at).date()


def here(at: datetime) -> datetime:
    """A moment as the clock on the wall says it."""
    return at.astimezone(ZONE)
