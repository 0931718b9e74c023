"""What was realised of the saving that was booked, as a requirement of the next decision."""

from __future__ import annotations

from htkeval.decision import Requirement
from htkeval.follow_up import FollowUp, Point
from htkeval.text import Text, say

SLACK = 1e-9
"""Of what is asked: kroner spread over days do not add up exactly."""


def realised_share(needs: float | None, followed: FollowUp | None) -> tuple[Requirement, ...]:
    """Was enough realised at the newest day of follow-up? None where that is not asked.

    It is asked where the policy does, something is booked, and the first such day has come: before,
    nobody could have said it. What is not told of every day until then is not known, for a day
    that nobody tells of may have cost something.

    Args:
        needs: The policy's share; None: it does not ask.
        followed: What became of the booking that holds; None: nothing is booked.
    """
    point = followed.newest if followed is not None else None
    if needs is None or followed is None or point is None:
        return ()
    known = not followed.untold and point.share is not None
    met = point.share >= needs * (1 - SLACK) if known and point.share is not None else None
    return (
        Requirement(
            id="realised",
            met=met,
            evidence=f"decision:{followed.decision}",
            message=_unknown(point) if met is None else _known(followed, point, needs),
        ),
    )


def _unknown(point: Point) -> Text:
    return say(
        "What was realised until {due:d MMMM y}, {months} months on, is told of {covered:0} % of "
        "the days only.",
        due=point.due,
        months=point.months,
        covered=100 * (point.covered or 0.0),
    )


def _known(followed: FollowUp, point: Point, needs: float) -> Text:
    told = say(
        "{months} months on, {share:0} % of what was booked in {area} was realised there; the "
        "policy asks for {needs:0} %.",
        months=point.months,
        share=100 * (point.share or 0.0),
        area=followed.booking.area,
        needs=100 * needs,
    )
    if not point.elsewhere_kr:
        return told
    return say(
        "{told} Elsewhere {kr:#,##0} kr. were, which do not count here.",
        told=told,
        kr=point.elsewhere_kr,
    )
