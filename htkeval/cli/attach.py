"""attach: a technical measurement of the tool beside the trial, never evidence of time saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from htkeval.cli.options import acting, here, named_trial, now, placed, reading
from htkeval.cli.output import alarm, line, paragraph, print_csv, print_json, print_table
from htkeval.cli.speech import words
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.attachment import Attachment, Tool
    from htkeval.decision import Actor
    from htkeval.steps.attach import Attached

FILE = click.Path(path_type=Path)


@click.command(
    help=words(
        say(
            "Attach what another program measured of the tool: figures only, no text. The "
            "evidence level stays what it is."
        )
    )
)
@named_trial
@click.argument("file", metavar="FILE", type=FILE)
@click.option(
    "--tool",
    required=True,
    type=click.Choice(["wer", "inspect_ai"]),
    help=words(
        say(
            "wer: recognised speech, a CSV with id, speaker, reference and recognised, or a text "
            "beside --reference. inspect_ai: a log of an evaluation."
        )
    ),
)
@click.option(
    "--reference",
    type=FILE,
    help=words(say("What was really said, a line an utterance: words (speaker-utterance).")),
)
@acting
@reading
@placed
def attach(
    trial: str, file: Path, tool: Tool, reference: Path | None, form: str, actor: Actor
) -> None:
    """Stores the figures; the same file again is found, not stored."""
    from htkeval.steps.attach import attach as keep
    from htkeval.steps.case import open_case

    with open_case(here(), trial) as case:
        kept = keep(case, file, tool=tool, reference=reference, actor=actor, now=now())
        name = case.file.id
    if form == "json":
        from htkeval.cli.documents import Attached as Document

        print_json(Document(trial=name, attachment=kept.attachment, duplicate=kept.duplicate))
    elif form == "csv":
        rows = [one.model_dump() for one in kept.attachment.scores]
        print_csv(rows, ["scorer", "name", "value"])
    else:
        _print(kept)


def _print(kept: Attached) -> None:
    """What was stored, and of the speakers each, for whoever has the file knows them anyway."""
    from htkeval.reporting import technical

    one = kept.attachment
    values = {"file": one.file, "seq": one.event}
    if kept.duplicate:
        line(say("{file}: already attached as event {seq}; nothing new was stored.", **values))
    else:
        line(say("{file}: its figures are stored as event {seq}; its text is not.", **values))
    for warning in technical.warnings(one):
        alarm(warning)
    for sentence in technical.figures(one):
        paragraph(sentence)
    if one.speakers:
        _speakers(one)
    paragraph(technical.MEANING)


def _speakers(one: Attachment) -> None:
    from htkeval.reporting.numbers import number

    print_table(
        [say("Speaker"), say("Utterances"), say("Words"), say("Errors"), say("Of 100 words")],
        [
            [
                str(each.number),
                str(each.utterances),
                str(each.words),
                str(each.errors),
                "–" if each.rate is None else number(100 * each.rate, 1),
            ]
            for each in one.speakers
        ],
    )
