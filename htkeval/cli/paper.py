"""paper: two pages and an annex for the committee, or what is new since the last meeting."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import DATE, acting, here, now, placed, spoken_in
from htkeval.cli.output import line, print_csv, print_json, print_table, simulated_banner
from htkeval.cli.speech import words
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.decision import Actor
    from htkeval.paper import KeptPaper
    from htkeval.paper_file import PaperFormat
    from htkeval.reporting.paper.content import Paper
    from htkeval.text import Language
    from htkeval.workspace import Workspace

_COLUMNS = (
    "id", "kind", "trial", "title", "day", "since", "format", "language", "public", "simulated",
    "content", "sha256", "at", "by", "event",
)  # fmt: skip
LAST = "last"


@click.command(
    help=words(
        say(
            "Two pages and a method annex for the committee: of one trial, or of all of them "
            "(--portfolio). Without either it lists the papers that are kept. A paper is written "
            "to a file and stores nothing; --keep also keeps it in the record, and a decision on "
            "the same analysis then takes it along."
        )
    )
)
@click.argument("trial", metavar=words(say("[TRIAL]")), required=False)
@click.option("--portfolio", "whole", is_flag=True, help=words(say("Of all trials.")))
@click.option(
    "--since",
    metavar=words(say("DATE|last")),
    help=words(
        say(
            "With --portfolio: what is new since a day, or since the newest paper of all trials "
            "that is kept."
        )
    ),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["pdf", "docx", "html", "json", "table", "csv"]),
    help=words(
        say(
            "pdf, docx or html; else as FILE ends. json: what the paper says, on the screen. Of "
            "the list: table, json or csv."
        )
    ),
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=words(say("A new file.")),
)
@click.option(
    "--public",
    is_flag=True,
    help=words(
        say(
            "Leave closed parts out: what suppliers charge, case numbers, weaknesses of security "
            "that are not closed, who signed."
        )
    ),
)
@click.option(
    "--date",
    "day",
    type=DATE,
    metavar=words(say("DATE")),
    help=words(say("The day of the meeting; else today.")),
)
@click.option("--keep", is_flag=True, help=words(say("Keep it in the record too.")))
@click.option("--kept", metavar="ID", help=words(say("Write a paper that is kept once more.")))
@acting
@placed
def paper(
    trial: str | None,
    whole: bool,
    since: str | None,
    form: str | None,
    output: Path | None,
    public: bool,
    day: datetime | None,
    keep: bool,
    kept: str | None,
    actor: Actor,
) -> None:
    """Reads; stores only with `--keep`."""
    from htkeval.errors import Problem, UsageError

    if kept is not None:
        _again(kept, output)
        return
    if trial is None and not whole:
        if output or since or public or keep:
            raise UsageError(
                Problem(
                    "paper", say("neither of them"), say("one of {keys}", keys="TRIAL, --portfolio")
                )
            )
        _list(form or "table")
        return
    if trial is not None and whole:
        raise UsageError(
            Problem("paper", say("both of them"), say("one of {keys}", keys="TRIAL, --portfolio"))
        )
    if since is not None and not whole:
        raise UsageError(
            Problem("--since", say("a paper of one trial"), say("a paper of all: --portfolio"))
        )
    wanted = _format(form, output)
    if wanted != "json" and output is None and not keep:
        raise UsageError(Problem("-o", say("nothing"), say("a file to write it to, or --keep")))
    workspace = here()
    made = _made(workspace, trial, since, public=public, day=day.date() if day else None)
    if wanted == "json":
        _print(made, spoken_in(workspace))
        return
    _written(made, workspace, wanted, output, keep=keep, actor=actor)


def _format(form: str | None, output: Path | None) -> Any:
    """The format that is asked for; else as the file's name ends."""
    from htkeval.errors import Problem, UsageError
    from htkeval.paper_file import FORMATS

    ending = output.suffix.lower().removeprefix(".") if output else ""
    if form is None:
        if output is not None and ending not in FORMATS:
            raise UsageError(
                Problem(
                    say("file {file}", file=str(output)),
                    say("an ending that is none of them"),
                    say("one of {keys}", keys=", ".join(f".{one}" for one in FORMATS)),
                )
            )
        return ending or "pdf"
    if form in ("table", "csv"):
        raise UsageError(
            Problem("--format", form, say("one of {keys}", keys="pdf, docx, html, json"))
        )
    if form in FORMATS and output is not None and ending != form:
        raise UsageError(
            Problem(
                say("file {file}", file=str(output)),
                say("another ending than --format {form}", form=form),
                f".{form}",
            )
        )
    return form


def _made(
    workspace: Workspace, trial: str | None, since: str | None, *, public: bool, day: date | None
) -> Paper:
    from htkeval.local_day import local_day
    from htkeval.reporting.paper.make import make
    from htkeval.steps.papers import behind

    name = workspace.trial(trial).id if trial is not None else None
    on = day or local_day(now())
    after = _since(workspace, since, on) if since is not None else None
    return make(behind(workspace, day=on, trial=name), trial=name, since=after, public=public)


def _since(workspace: Workspace, since: str, day: date) -> date:
    """The day after which all is new."""
    from htkeval.errors import Problem, StateError, UsageError
    from htkeval.steps.case import read_workspace_store
    from htkeval.steps.papers import last

    if since.strip().casefold() == LAST:
        with read_workspace_store(workspace) as store:
            before = last(store)
        if before is None:
            raise StateError(
                Problem(
                    "--since last",
                    say("no paper of all trials that is kept"),
                    say("one that was kept (--keep), or a day"),
                )
            )
        return before.day
    try:
        found = DATE.convert(since, None, None).date()
    except click.BadParameter:
        raise UsageError(
            Problem("--since", since, say("a day such as 2026-06-16, or last"))
        ) from None
    if found > day:
        raise UsageError(
            Problem(
                "--since",
                say("{day:d MMMM y}, after the meeting", day=found),
                say("a day before it"),
            )
        )
    return date(found.year, found.month, found.day)


def _written(
    made: Paper,
    workspace: Workspace,
    form: PaperFormat,
    output: Path | None,
    *,
    keep: bool,
    actor: Actor,
) -> None:
    """Draw it, write it, keep it: the file is on the disk before the record says so."""
    from htkeval.cli.writing import refuse_taken, write_new
    from htkeval.reporting.paper.files import file
    from htkeval.text import render

    refuse_taken(output)
    language = spoken_in(workspace)
    content = file(made, form, language)
    if output is not None:
        write_new(output, content)
    if made.simulated:
        line(simulated_banner())
    if output is not None:
        line(say("Written to {file}.", file=str(output)))
    line(say("What it says has the fingerprint {hash}.", hash=made.fingerprint))
    if keep:
        _keep(made, workspace, form, language, content, render(made.title, language), actor)


def _keep(
    made: Paper,
    workspace: Workspace,
    form: PaperFormat,
    language: Language,
    content: bytes,
    title: str,
    actor: Actor,
) -> None:
    from htkeval.steps.case import open_workspace_store
    from htkeval.steps.papers import keep as keep_it

    with open_workspace_store(workspace) as store:
        one = keep_it(
            store,
            workspace,
            content,
            kind=made.kind,
            trial=made.trial,
            form=form,
            language=language,
            fingerprint=made.fingerprint,
            title=title,
            day=made.day,
            since=made.since,
            public=made.public,
            simulated=made.simulated,
            analyses=made.analyses,
            actor=actor,
            now=now(),
        )
    line(say("Kept as {id} (event {seq}).", id=one.id, seq=one.event))


def _print(made: Paper, language: Language) -> None:
    from htkeval.cli.printed.paper import PaperDocument
    from htkeval.reporting.paper.written import written

    told = written(made, language, drawn=False).content
    kept = ("kind", "trial", "municipality", "committee", "day", "since", "public", "closed",
            "analysed", "policy", "analyses")  # fmt: skip
    print_json(
        PaperDocument.model_validate(
            {
                **{key: getattr(made, key) for key in kept},
                "simulated": made.simulated,
                "fingerprint": made.fingerprint,
                **{key: told[key] for key in ("lang", "title", "under", "sections", "annex")},
            }
        )
    )


def _again(wanted: str, output: Path | None) -> None:
    """The bytes of a paper that is kept, as they were."""
    from htkeval.cli.writing import write_new
    from htkeval.errors import Problem, UsageError
    from htkeval.steps.case import read_workspace_store
    from htkeval.steps.papers import the_one
    from htkeval.store import blobs

    if output is None:
        raise UsageError(Problem("-o", say("nothing"), say("a file to write it to")))
    workspace = here()
    with read_workspace_store(workspace) as store:
        one = the_one(store, wanted)
    write_new(output, blobs.read(workspace.blobs, one.sha256))
    line(say("Written to {file}.", file=str(output)))
    line(say("What it says has the fingerprint {hash}.", hash=one.content))


def _list(form: str) -> None:
    from htkeval.errors import Problem, UsageError
    from htkeval.steps.case import read_workspace_store
    from htkeval.steps.papers import kept

    if form not in ("table", "json", "csv"):
        raise UsageError(
            Problem(
                "paper", say("neither of them"), say("one of {keys}", keys="TRIAL, --portfolio")
            )
        )
    with read_workspace_store(here()) as store:
        found = kept(store)
    if form == "json":
        from htkeval.cli.printed.paper import Papers

        print_json(Papers(papers=found))
    elif form == "csv":
        print_csv([_flat(one) for one in found], _COLUMNS)
    elif not found:
        line(say("No paper is kept yet: `htkeval paper --portfolio -o FILE.pdf --keep`."))
    else:
        _table(found)


def _flat(one: KeptPaper) -> dict[str, Any]:
    told = one.model_dump(mode="json")
    return {key: told[key] for key in _COLUMNS}


def _table(found: tuple[KeptPaper, ...]) -> None:
    from htkeval.reporting.papers import KINDS

    print_table(
        [say("ID"), say("Paper"), say("Meeting"), say("File"), say("Fingerprint"), say("Kept")],
        [
            [
                one.id,
                say("{kind}: {title}", kind=KINDS[one.kind], title=one.title),
                say("{day:d MMMM y}", day=one.day),
                f"{one.format} {one.language}",
                one.content[:12],
                say("{day:d MMMM y}, {by}", day=one.at.date(), by=one.by),
            ]
            for one in found
        ],
    )
    if any(one.simulated for one in found):
        marked = ", ".join(one.id for one in found if one.simulated)
        line(say("Of invented measurements: {ids}.", ids=marked))
