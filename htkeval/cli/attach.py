"""attach: what another program measured, beside the trial; never evidence of time saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import FiniteRange, acting, here, kept, named_trial, now, placed, reading
from htkeval.cli.output import alarm, line, paragraph, print_csv, print_json
from htkeval.cli.speech import words
from htkeval.errors import Problem, UsageError
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.attachment import Tool
    from htkeval.decision import Actor
    from htkeval.steps.attach import Attached

TOOLS = ("wer", "inspect_ai", "mlflow", "promptfoo", "ragas", "forms", "odk", "banded")
"""As `htkeval.attachment.TOOLS`, which a test holds; spelt out, for pydantic loads later."""


@click.command(
    help=words(
        say(
            "Attach what another program measured of the tool: figures only, no text. The "
            "evidence level stays what it is."
        )
    )
)
@named_trial
@click.argument("file", metavar=words(say("[FILE]")), required=False)
@click.option(
    "--tool",
    type=click.Choice(TOOLS),
    help=words(
        say(
            "wer: recognised speech, a CSV with id, speaker, reference and recognised, or a text "
            "beside --reference. inspect_ai: a log of an evaluation. mlflow: the number of a run, "
            "or a run as JSON. promptfoo: results.json. ragas: a frame as CSV, Parquet or JSON. "
            "forms: answers of a Microsoft form in Excel. odk: an audit as CSV. banded: a survey "
            "with a row a band (lower, upper, n or share)."
        )
    ),
)
@click.option(
    "--reference",
    type=click.Path(path_type=Path),
    help=words(say("What was really said, a line an utterance: words (speaker-utterance).")),
)
@click.option(
    "--cap",
    metavar="MINUTES",
    type=FiniteRange(0, 100_000, min_open=True),
    help=words(say("Of a survey in bands: the upper end of a top band that has none.")),
)
@click.option(
    "--withdraw",
    metavar="ID",
    type=click.IntRange(min=1),
    help=words(say("Take an attachment back, by the number of its event; it stays on record.")),
)
@click.option("--why", callback=kept, help=words(say("Why it is withdrawn, in your own words.")))
@acting
@reading
@placed
def attach(
    trial: str,
    file: str | None,
    tool: Tool | None,
    withdraw: int | None,
    why: str | None,
    form: str,
    actor: Actor,
    **given: Any,
) -> None:
    """Stores the figures; the same file again is found, not stored."""
    if withdraw is not None:
        if file or tool or why is None or any(each is not None for each in given.values()):
            expected = say("--withdraw ID with --why, and no file")
            raise UsageError(Problem("--withdraw", say("another call"), expected))
        _take_back(trial, withdraw, why, form, actor)
        return
    if file is None or tool is None or why is not None:
        expected = say("FILE with --tool, or --withdraw with --why")
        raise UsageError(Problem("htkeval attach", say("another call"), expected))
    from htkeval.steps.attach import attach as keep
    from htkeval.steps.case import open_case
    from htkeval.steps.measured import Beside

    beside = Beside(workspace=here(), **given)
    with open_case(here(), trial) as case:
        stored = keep(case, file, tool=tool, beside=beside, actor=actor, now=now())
        name = case.file.id
    if form == "json":
        from htkeval.cli.printed.lists import Attached as Document

        print_json(
            Document(
                trial=name, attachment=stored.attachment.without_persons, duplicate=stored.duplicate
            )
        )
    elif form == "csv":
        rows = [one.model_dump() for one in stored.attachment.scores]
        print_csv(rows, ["scorer", "name", "value", "n", "missing"])
    else:
        _print(stored)


def _take_back(trial: str, number: int, why: str, form: str, actor: Actor) -> None:
    from htkeval.steps.attach import withdraw
    from htkeval.steps.case import open_case

    with open_case(here(), trial) as case:
        one, gone = withdraw(case, number, why=why, actor=actor, now=now())
        name = case.file.id
    if form == "json":
        from htkeval.cli.printed.lists import Attached as Document

        print_json(
            Document(trial=name, attachment=one.without_persons, duplicate=False, withdrawn=gone)
        )
    elif form == "csv":
        print_csv([gone.model_dump()], ["event", "withdraws", "file", "why", "at", "by"])
    else:
        line(
            say(
                "{file} (event {seq}) is withdrawn by event {event}: it stays in the record and "
                "is shown as evidence no more.",
                file=one.file,
                seq=one.event,
                event=gone.event,
            )
        )


def _print(stored: Attached) -> None:
    """What was stored; of speakers none alone, for each of them is one person."""
    from htkeval.reporting import technical

    one = stored.attachment
    values = {"file": one.file, "seq": one.event}
    if stored.duplicate:
        line(say("{file}: already attached as event {seq}; nothing new was stored.", **values))
    else:
        line(say("{file}: its figures are stored as event {seq}; its text is not.", **values))
    for warning in technical.warnings(one):
        alarm(warning)
    for sentence in technical.figures(one):
        paragraph(sentence)
    paragraph(technical.meaning(one))
