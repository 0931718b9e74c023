"""Realised against booked, in words: what is due, what wore off, what was not taken home."""

from __future__ import annotations

from htkeval.business_case import BusinessCase, Span
from htkeval.earlier import Earlier
from htkeval.follow_up import AreaSum, FollowUp, MinutesNow, Period, Point
from htkeval.realised import Realised
from htkeval.reporting.business import NOT_DECIDED, figure
from htkeval.reporting.business import amount as in_short
from htkeval.reporting.sentences import quoted
from htkeval.reporting.tables import Table
from htkeval.text import Text, say

HEADING = say("Was what is booked realised?")
ROWS = (
    say("Follow-up"),
    say("Area"),
    say("Booked until then"),
    say("Days told of"),
    say("Booked on those days"),
    say("Realised on them"),
    say("Difference"),
)
"""The head of the table of due points."""


def booking(of: FollowUp) -> Text:
    """What is booked, from when, where and on which account."""
    books = of.booking
    return say(
        "{title}: {kr:#,##0} kr. a year from {day:d MMMM y} in {year} prices, in {area}. Account: "
        "{account}. Answers for it: {owner}.",
        title=of.title,
        kr=books.kr_a_year,
        day=books.begins,
        year=str(books.price_level),
        area=books.area,
        account=books.account or NOT_DECIDED,
        owner=books.owner or NOT_DECIDED,
    )


def table(of: FollowUp) -> Table:
    """Each due point, and today: realised against booked, by area."""
    return Table(HEADING, ROWS, tuple(tuple(row) for row in rows(of)))


def rows(of: FollowUp) -> list[list[Text]]:
    """The same as rows: what has come, as far as today, and what is to come."""
    points = [*(one for one in of.points if one.passed), *([of.so_far] if of.so_far else [])]
    ahead = [one for one in of.points if not one.passed]
    body = [row for one in points for row in _rows(one)]
    area, nothing = quoted(of.booking.area), quoted("–")
    return [
        *body,
        *([_when(one), area, in_short(one.booked_kr), *[nothing] * 4] for one in ahead),
    ]


def _when(one: Point) -> Text:
    if one.months is None:
        return say("today")
    return say("{months} months: {due:d MMMM y}", months=one.months, due=one.due)


def _rows(one: Point) -> list[list[Text]]:
    return [
        [
            _when(one) if number == 0 else quoted(""),
            quoted(line.area),
            in_short(line.booked_kr),
            figure(one.covered, "share") if number == 0 else quoted("–"),
            in_short(line.told_booked_kr),
            in_short(line.realised_kr),
            in_short(line.difference_kr),
        ]
        for number, line in enumerate(one.lines)
    ]


def due(of: FollowUp) -> tuple[Text, ...]:
    """Due points that have come and of which something is not told, a sentence each."""
    return tuple(_due(of, one) for one in of.points if one.passed and one.untold)


def _due(of: FollowUp, one: Point) -> Text:
    first = one.untold[0]
    last = max(gap.until for gap in one.untold)
    if one.covered == 0:
        return say(
            "{months} months were on {due:d MMMM y}; nobody has said what was realised.",
            months=one.months,
            due=one.due,
        )
    gaps = tuple(_days(gap) for gap in one.untold)
    return say(
        "{months} months were on {due:d MMMM y}; nobody has said what was realised {when}.",
        months=one.months,
        due=one.due,
        when=gaps if len(gaps) < 4 else _days(Period(begins=first.begins, until=last)),
    )


def _days(gap: Period) -> Text:
    if gap.begins == gap.until:
        return say("on {day:d MMMM y}", day=gap.begins)
    return say("from {first:d MMMM y} to {last:d MMMM y}", first=gap.begins, last=gap.until)


def remarks(of: FollowUp) -> tuple[Text, ...]:
    """What wore off, what was not taken home, what arose elsewhere, what is in no sum."""
    told = [_worn_off(one) for one in of.decay]
    point = of.so_far
    if point is not None and point.leakage is not None:
        told.append(_leaked(point.leakage))
    if point is not None and point.elsewhere_kr:
        told.append(
            say(
                "{kr:kr} kr. were realised in another area than the one they are booked in.",
                kr=point.elsewhere_kr,
            )
        )
    if of.other_prices:
        told.append(
            say(
                "{ids}: in the prices of another year than the booking, and in no sum. Say it "
                "again in {year} prices with --instead.",
                ids=", ".join(of.other_prices),
                year=str(of.booking.price_level),
            )
        )
    return tuple(told)


def _worn_off(one: MinutesNow) -> Text:
    months = say("{first:MMMM y} to {last:MMMM y}", first=one.begins, last=one.until)
    values = {"id": one.record, "when": months, "minutes": one.minutes}
    if one.ratio is None:
        return say(
            "{id}, {when}: {minutes:#,##0.0} minutes a task are saved now; the trial measured no "
            "saving beside which that could be held.",
            **values,
        )
    if one.ratio_low is None or one.ratio_high is None:
        return say(
            "{id}, {when}: {minutes:#,##0.0} minutes a task are saved now, {ratio:0} % of what the "
            "trial measured.",
            ratio=100 * one.ratio,
            **values,
        )
    return say(
        "{id}, {when}: {minutes:#,##0.0} minutes a task are saved now, {ratio:0} % of what the "
        "trial measured (from {low:0} to {high:0} %).",
        ratio=100 * one.ratio,
        low=100 * one.ratio_low,
        high=100 * one.ratio_high,
        **values,
    )


def _leaked(of: Span) -> Text:
    if of.expected < 0:
        return say(
            "More was taken out of the budget than the hours freed are worth, by {expected:0} % "
            "(from {low:0} to {high:0} %).",
            expected=-100 * of.expected,
            low=-100 * of.low,
            high=-100 * of.high,
        )
    return say(
        "{expected:0} % of what the hours freed are worth was not taken out of the budget (from "
        "{low:0} to {high:0} %).",
        expected=100 * of.expected,
        low=100 * of.high,
        high=100 * of.low,
    )


RECORDS = (
    say("ID"), say("Period"), say("Area"), say("Realised"), say("Source"), say("Said by"),
)  # fmt: skip
"""The head of the table of records."""


def record(one: Realised) -> list[Text | str]:
    """A record as a row of a table."""
    period = say("{first:dd-MM-y} to {last:dd-MM-y}", first=one.begins, last=one.until)
    return [one.id, period, one.area, amount(one.kr), one.source, one.by]


def amount(kr: int) -> Text:
    """Kroner; what is below nought is said to be a cost."""
    if kr < 0:
        return say("{n:#,##0} kr. (it cost)", n=kr)
    return figure(kr, "kr")


def beside(one: Realised) -> tuple[Text, ...]:
    """What a record tells beside its kroner, and why."""
    told = []
    for value, shape in (
        (one.posts, say("{n:#,##0.0##} full-time posts", n=one.posts)),
        (one.hours, say("{n:#,##0.#} hours freed", n=one.hours)),
        (one.tasks, say("{n:#,##0} tasks", n=one.tasks)),
        (
            one.adoption,
            say("{n:0.#} % use it", n=None if one.adoption is None else 100 * one.adoption),
        ),
    ):
        if value is not None:
            told.append(shape)
    if one.why is not None:
        told.append(quoted(one.why))
    return tuple(told)


AREAS = (
    say("Area"),
    say("Bookings"),
    say("Booked a year"),
    say("Booked so far"),
    say("Booked on the days told of"),
    say("Realised on them"),
    say("Difference"),
)
"""The head of the table of areas."""


def area(one: AreaSum) -> list[Text | str]:
    """An area as a row of a table."""
    amounts = (
        one.a_year_kr,
        one.booked_kr,
        one.told_booked_kr,
        one.realised_kr,
        one.difference_kr,
    )
    return [one.area, str(one.bookings), *(in_short(kr) for kr in amounts)]


def earlier(case: BusinessCase) -> tuple[Text, ...]:
    """What earlier bookings gave, beside what is assumed here; a sentence each."""
    if not case.earlier:
        return ()
    shares = [case.step(name).expected for name in ("realisable", "cashable")]
    if shares[0] is None or shares[1] is None:
        assumed = say("How much of the net hours is taken out of the budget is not stated here.")
    else:
        assumed = say(
            "Assumed here: {share:0} % of the net hours is taken out of the budget.",
            share=100 * shares[0] * shares[1],
        )
    return (assumed, *(_earlier(one) for one in case.earlier), _IN_NO_SUM)


_IN_NO_SUM = say("What earlier bookings gave is in no sum of this table.")


def _earlier(one: Earlier) -> Text:
    told = say(
        "{title}, booked in {area}: {share:0} % of what was booked was realised ({kr:kr} of "
        "{booked:kr} kr.; told of {covered:0} % of the days).",
        title=one.title,
        area=one.area,
        share=100 * one.share,
        kr=one.realised_kr,
        booked=one.booked_kr,
        covered=100 * one.covered,
    )
    return say("{told} Simulated.", told=told) if one.simulated else told
