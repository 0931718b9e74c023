"""The days of a trial as a calendar file (.ics) that Outlook and telephones read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from htkeval.reporting.timetable import Moment, timetable
from htkeval.text import Language, render, say
from htkeval.trial import Trial

if TYPE_CHECKING:
    from icalendar import Event

PROPOSED = say("The day is a proposal, counted out from the plan. Move it as it suits.")


def calendar_file(
    trial: Trial, language: Language, *, stamp: datetime, afterwards: bool = True
) -> bytes:
    """Which days are these, as RFC 5545 has them?

    The same definition and stamp always give the same bytes; an appointment that is read in again
    takes the place of the old one, for its UID is made of the trial's id and the kind of day.

    Args:
        trial: The definition.
        language: Of the titles.
        stamp: When the plan was made: the registration's moment, or the file's. Aware of its zone.
        afterwards: With the days on which a gain is looked for when the trial is over.

    Returns:
        UTF-8, one all-day VEVENT a moment, lines ending in CRLF and folded at 75 octets.

    Source: RFC 5545, sections 3.1 (folding), 3.3.11 (escapes), 3.6.1 (VEVENT).
    """
    from icalendar import Calendar, vText

    made = Calendar()
    made.add("prodid", "-//htkeval//trial//DA")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", vText(trial.title))
    for moment in timetable(trial, afterwards=afterwards):
        made.add_component(_event(trial, moment, language, stamp))
    return bytes(made.to_ical())


def _event(trial: Trial, moment: Moment, language: Language, stamp: datetime) -> Event:
    from icalendar import Event

    title = render(moment.title, language)
    notes = [trial.question] + ([] if moment.firm else [render(PROPOSED, language)])
    event = Event()
    event.add("uid", f"{trial.id}-{moment.kind}@htkeval")
    event.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", moment.day)
    event.add("dtend", moment.day + timedelta(days=1))  # the day after: the end is not in it
    event.add("summary", f"{trial.title}: {title}")
    event.add("description", "\n\n".join(notes))
    event.add("status", "CONFIRMED" if moment.firm else "TENTATIVE")
    event.add("transp", "TRANSPARENT")  # a date to know, not an hour that is taken
    return event
