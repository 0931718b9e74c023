"""The pictures that both of the analyst's pages show, each with its table and what it means."""

from __future__ import annotations

from dashboards import elements
from dashboards.views.analyst_head import Shown
from htkeval.in_groups import InGroups
from htkeval.local_day import local_day
from htkeval.reporting import analyst as words
from htkeval.reporting import course as courses
from htkeval.reporting import lines
from htkeval.reporting.charts import Drawable
from htkeval.reporting.sentences import day_text
from htkeval.reporting.tables import look_taken
from htkeval.text import Language, Text, say

Groups = InGroups | Text | None
NOT_READ = say("The frozen rows cannot be read now.")


def draw(picture: Drawable, shown: Shown, language: Language, *, key: str) -> None:
    """A chart and its table."""
    elements.chart(picture, language, key=key, simulated=shown.analysis.simulated)
    elements.figures_as_table(picture, language, key=f"figures-{key}")


def distribution(shown: Shown, groups: Groups, language: Language) -> None:
    """How the values are spread in each arm."""
    if not isinstance(groups, InGroups):
        elements.sentence(groups or NOT_READ, language)
        return
    picture = lines.distribution(shown.trial, groups)
    if picture is None:
        elements.sentence(groups.missing.get("curves", NOT_READ), language)
        return
    draw(picture, shown, language, key="distribution")
    if picture.note is not None:
        elements.sentence(picture.note, language)
    elements.small(words.CURVE_MEANS, language)


def pairs(shown: Shown, groups: Groups, language: Language) -> None:
    """What the same people did with and without."""
    if not isinstance(groups, InGroups):
        elements.sentence(groups or NOT_READ, language)
        return
    picture = lines.pairs(shown.trial, groups)
    if picture is None:
        elements.sentence(groups.missing.get("paired", NOT_READ), language)
        return
    draw(picture, shown, language, key="pairs")
    elements.small(words.PAIRS_MEAN, language)


def by_group(shown: Shown, groups: Groups, language: Language) -> None:
    """The effect by week, kind of task and team."""
    elements.sentence(words.GROUPS_MEAN, language)
    kinds = words.of_kind(shown.trial, shown.analysis)
    found = groups if isinstance(groups, InGroups) else None
    parts = (
        ("weeks", say("By week"), words.of_weeks(shown.trial, found) if found else None),
        ("kinds", say("By kind of task"), kinds),
        ("teams", say("By team"), words.of_teams(shown.trial, found) if found else None),
    )
    for key, heading, picture in parts:
        elements.subheader(heading, language)
        if picture is not None:
            draw(picture, shown, language, key=key)
        elif key == "kinds":
            elements.sentence(words.NO_KINDS, language)
        elif found is not None:
            elements.sentence(found.missing.get(key, NOT_READ), language)
        else:
            elements.sentence(groups if isinstance(groups, Text) else NOT_READ, language)


def course(shown: Shown, groups: Groups, language: Language) -> None:
    """What was seen at each look, and what it took to stop."""
    for one in shown.state.looks:
        told = say("{day}: {look}", day=day_text(local_day(one.at)), look=look_taken(one))
        elements.sentence(told, language)
    if not isinstance(groups, InGroups):
        elements.sentence(groups or NOT_READ, language)
        return
    picture = courses.course(shown.trial, groups)
    if picture is None:
        elements.sentence(words.NO_LOOK, language)
        return
    draw(picture, shown, language, key="course")
    elements.sentence(words.COURSE_MEANS, language)
    elements.sentence(courses.sides(shown.trial), language)
    if not groups.followed and "followed" in groups.missing:
        why = say(
            "No interval that holds at all moments can be drawn: {why}",
            why=groups.missing["followed"],
        )
        elements.small(why, language)


def left_over(shown: Shown, groups: Groups, language: Language) -> None:
    """What the model leaves over."""
    if not isinstance(groups, InGroups):
        elements.sentence(groups or NOT_READ, language)
        return
    picture = lines.left_over(groups)
    if picture is None:
        elements.sentence(groups.missing.get("residuals", NOT_READ), language)
        return
    draw(picture, shown, language, key="residuals")
    elements.small(words.LEFT_OVER_MEANS, language)
