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
    share = None if followed.untold else point.share
    met = None if share is None else share >= needs * (1 - SLACK)
    return (
        Requirement(
            id="realised",
            met=met,
            evidence=f"decision:{followed.decision}",
            message=_unknown(followed, point) if met is None else _known(followed, point, needs),
        ),
    )


def _unknown(followed: FollowUp, point: Point) -> Text:
    gaps = followed.untold
    return say(
        "{months} months were on {due:d MMMM y}; of {n:#,##0} days until then nobody has said what "
        "was realised, first of {first:d MMMM y}.",
        months=point.months,
        due=point.due,
        n=sum((gap.until - gap.begins).days + 1 for gap in gaps),
        first=gaps[0].begins,
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
        "{told} Elsewhere {kr:kr} kr. were, which do not count here.",
        told=told,
        kr=point.elsewhere_kr,
    )
