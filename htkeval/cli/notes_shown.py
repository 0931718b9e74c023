"""evidence note without an option: the notes as a table, JSON or CSV; nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from htkeval.cli.options import here
from htkeval.cli.output import line, paragraph, print_csv, print_json, print_table
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.note import Note

_COLUMNS = (
    "note",
    "date",
    "source",
    "claim",
    "technology",
    "level",
    "measured",
    "area",
    "owner",
    "state",
    "answer",
    "by",
    "at",
)
"""A contract: columns are added at the end, never renamed. A line for each area."""


def show(wanted: str | None, areas: tuple[str, ...], *, every: bool, form: str) -> None:
    """All notes, one of them, or those that were sent to some areas."""
    from htkeval.municipality import same
    from htkeval.steps.case import read_workspace_store
    from htkeval.steps.notes import notes, the_one

    with read_workspace_store(here()) as store:
        found = notes(store)
    if wanted is not None:
        found = (the_one(found, wanted),)
    if areas:
        found = tuple(
            one for one in found if any(same(to.area, area) for to in one.sent for area in areas)
        )
    if form == "json":
        from htkeval.cli.printed.lists import Notes

        waiting = sum(len(one.waiting) for one in found)
        print_json(Notes(waiting=waiting, notes=found))
    elif form == "csv":
        print_csv([row for one in found for row in _flat(one)], _COLUMNS)
    else:
        _table(found, every=every or wanted is not None, whole=wanted is not None)


def _flat(one: Note) -> list[dict[str, Any]]:
    shared = one.model_dump(mode="json", exclude={"id", "sent", "event"})
    return [
        {
            **shared,
            "note": one.id,
            "area": to.area,
            "owner": to.owner,
            "state": to.state,
            "answer": to.answer,
        }
        for to in one.sent
    ]


def _table(found: tuple[Note, ...], *, every: bool, whole: bool) -> None:
    from htkeval.reporting import notes as shown

    line(shown.TOLD)
    rows = [one for one in found if every or one.waiting]
    if rows:
        print_table(
            [say("ID"), say("What was told"), say("By whom and when"), say("Level"),
             say("Area and owner"), say("How far")],
            [row for one in rows for row in _lines(one)],
        )  # fmt: skip
    for one in rows if whole else ():
        for to in one.sent:
            for step in to.history[1:]:
                paragraph(shown.step_of(to, step))
    waiting = sum(bool(one.waiting) for one in found)
    if not found:
        line(say("Nothing was noted."))
    elif waiting < len(found) and not every:
        line(
            say(
                "Waiting for an answer: {n:#,##0}. Answered: {done:#,##0} (--all shows them).",
                n=waiting,
                done=len(found) - waiting,
            )
        )
    paragraph(
        say(
            'A new one: htkeval evidence note --source "…" --date 2026-11-24 --area "…" --claim '
            '"…". What an area does with it: htkeval evidence note ID --seen, or --answer "…".'
        )
    )


def _lines(one: Note) -> list[list[Text | str]]:
    """A line for each area; what is the same stands in the first."""
    from htkeval.reporting import notes as shown
    from htkeval.reporting.sentences import quoted

    when = say("{source}, {day:d MMMM y}", source=one.source, day=one.date)
    told: list[Text | str] = [one.id, quoted(one.claim), when, one.level]
    blank: list[Text | str] = [""] * len(told)
    return [
        [*(blank if number else told), shown.sent_to(to), shown.how_far(to)]
        for number, to in enumerate(one.sent)
    ]
