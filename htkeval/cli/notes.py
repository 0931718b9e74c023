"""evidence note: what others tell without data, whom it was sent to, and what they answered."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import DATE, acting, here, kept, now, placed, reading
from htkeval.cli.output import line
from htkeval.cli.speech import words
from htkeval.errors import Problem, UsageError
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.decision import Actor

TOLD = {"source": "--source", "day": "--date", "areas": "--area", "claim": "--claim"}
"""What a new note cannot be without."""
MORE = {"owner": "--owner", "technology": "--technology", "level": "--level"}
"""What may be said of it, and stays as it was said."""
FOLLOWS = {"seen": "--seen", "answer": "--answer"}
"""What an area did with one."""


@click.command(
    help=words(
        say(
            "What others tell without data: note it for the areas it matters to, and say what they "
            "did with it. Told, not measured: in no figure."
        )
    )
)
@click.argument("note", metavar="[ID]", required=False)
@click.option("--source", metavar="TEXT", callback=kept, help=words(say("Who told it, and where.")))
@click.option(
    "--date",
    "day",
    type=DATE,
    metavar=words(say("DATE")),
    help=words(say("The day on which it was told.")),
)
@click.option(
    "--area",
    "areas",
    metavar="TEXT",
    multiple=True,
    callback=kept,
    help=words(say("The area that it is sent to; may be given more than once.")),
)
@click.option(
    "--claim", metavar="TEXT", callback=kept, help=words(say("What was told, in your own words."))
)
@click.option(
    "--technology",
    type=click.Choice(["chatbot", "domain_chatbot", "speech_to_text", "other"]),
    help=words(say("What kind of tool it is about.")),
)
@click.option(
    "--level",
    metavar="E0|E1|E2",
    help=words(say("How well it is known: E1, or E2 where a comparison was told of.")),
)
@click.option(
    "--owner",
    metavar=words(say("ROLE")),
    callback=kept,
    help=words(say("Which role it is sent to; else the area's in municipality.toml.")),
)
@click.option("--seen", is_flag=True, help=words(say("The area has seen it.")))
@click.option(
    "--answer", metavar="TEXT", callback=kept, help=words(say("What the area will do with it."))
)
@click.option("--all", "every", is_flag=True, help=words(say("Also those that are answered.")))
@reading
@acting
@placed
def note(
    note: str | None, every: bool, form: str, actor: Actor, day: datetime | None, **said: Any
) -> None:
    """Without an option but --area it reads; else it stores a note, or what an area did with it."""
    from htkeval.cli.notes_shown import show

    told = {**said, "day": day.date() if day else None}
    given = {key: value for key, value in told.items() if value not in (None, (), False)}
    if not given.keys() - {"areas"}:
        show(note, given.get("areas", ()), every=every, form=form)
    elif note is None:
        _refuse_half(given)
        _record(given, actor)
    else:
        _refuse_told(note, given)
        _follow(note, given, actor)


def _record(given: dict[str, Any], actor: Actor) -> None:
    from htkeval.intake.names import listed
    from htkeval.reporting.notes import TOLD as TOLD_ONLY
    from htkeval.reporting.notes import sent_to
    from htkeval.steps.case import open_workspace_store
    from htkeval.steps.notes import record

    place = here()
    whose, names = place.municipality, listed(place.root, None)
    with open_workspace_store(place) as store:
        made = record(store, municipality=whose, names=names, actor=actor, now=now(), **given)
    line(
        say(
            "{id}: sent to {areas}. Stored as event {seq}.",
            id=made.id,
            areas=tuple(sent_to(to) for to in made.sent),
            seq=made.event,
        )
    )
    line(TOLD_ONLY)


def _follow(name: str, given: dict[str, Any], actor: Actor) -> None:
    from htkeval.intake.names import listed
    from htkeval.note import STATES
    from htkeval.steps.case import open_workspace_store
    from htkeval.steps.notes import follow

    place = here()
    names = listed(place.root, None)
    (area,) = given.get("areas") or (None,)
    with open_workspace_store(place) as store:
        one, to = follow(
            store,
            name,
            area=area,
            answer=given.get("answer"),
            names=names,
            actor=actor,
            now=now(),
        )
    line(
        say(
            "{id}, {area}: {status}. Stored as event {seq}.",
            id=one.id,
            area=to.area,
            status=STATES[to.state],
            seq=to.history[-1].event,
        )
    )


def _refuse_half(given: dict[str, Any]) -> None:
    """Whether a new note is told in full."""
    done = [option for key, option in FOLLOWS.items() if key in given]
    missing = [option for key, option in TOLD.items() if key not in given]
    if done or missing:
        raise UsageError(
            Problem(
                ", ".join(done or missing),
                say("no note's name") if done else say("nothing"),
                say("source, date, area and claim of a new note, or the ID of one that was sent"),
                say("`htkeval evidence note --help` shows how."),
            )
        )


def _refuse_told(name: str, given: dict[str, Any]) -> None:
    """Whether only what an area did is said, and of one area."""
    fixed = [option for key, option in {**TOLD, **MORE}.items() if key in given and key != "areas"]
    if fixed:
        raise UsageError(
            Problem(
                ", ".join(fixed),
                say("another word for a note that was sent"),
                say("what was told, left as it is"),
                say("Note it anew without an ID."),
            )
        )
    if all(key in given for key in FOLLOWS) or len(given.get("areas", ())) > 1:
        raise UsageError(
            Problem(
                "--seen, --answer, --area",
                say("more than one thing at once"),
                say("one of --seen and --answer, and one area"),
                say("`htkeval evidence note {id}` shows it.", id=name),
            )
        )
