"""export: a trial as files that others can read and compute again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from htkeval.cli.options import acting, here, named_trial, now, placed
from htkeval.cli.output import line, paragraph, simulated_banner
from htkeval.cli.speech import words
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.decision import Actor
    from htkeval.steps.export import Exported


@click.command(
    help=words(say("Data under pseudonyms, codebook and registration as CSV and Parquet."))
)
@named_trial
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help=words(say("A new folder, or an empty one.")),
)
@click.option(
    "--public",
    is_flag=True,
    help=words(say("Without rows: counts and results that may be laid before everybody.")),
)
@acting
@placed
def export(trial: str, output: Path, public: bool, actor: Actor) -> None:
    """Stores who exported what; the folder is whole or not there."""
    from htkeval.steps.case import open_case
    from htkeval.steps.export import export as make
    from htkeval.steps.export import record

    at = now()
    with open_case(here(), trial) as case, new_folder(output) as folder:
        made = make(case, public=public, actor=actor, now=at)
        files = _with_readme(made)
        _write(folder, files)
        event = record(case, made, files, actor=actor, now=at)
    if made.simulated:
        line(simulated_banner())
    line(
        say(
            "{folder}: {n} files (event {seq}). README.da.md and README.en.md say what each is.",
            folder=str(output),
            n=len(files),
            seq=event.seq,
        )
    )
    for told in made.kept_back:
        line(say("  {what}", what=told))
    if not public:
        from htkeval.reporting.export_readme import PERSONAL

        paragraph(PERSONAL)


def _with_readme(made: Exported) -> dict[str, bytes]:
    """All files: what was made, the fingerprint of each, and what they are in both languages."""
    from hashlib import sha256

    from htkeval import __version__
    from htkeval.reporting.export_readme import Told, readme
    from htkeval.reporting.locking import locked
    from htkeval.text import LANGUAGES

    told = Told(
        trial=made.trial,
        names=sorted(made.files),
        public=made.public,
        fingerprints=(
            (say("Rows (snapshot)"), made.snapshot),
            (say("Registration"), made.registration),
            (say("Analysis"), made.analysis),
        ),
        same=made.same,
        kept_back=made.kept_back,
        locked=locked(made.locked.at, made.locked.actor.name) if made.locked else None,
        simulated=made.simulated,
        software=f"htkeval {__version__}",
    )
    files = {
        **made.files,
        **{f"README.{language}.md": readme(told, language) for language in LANGUAGES},
    }
    sums = [f"{sha256(content).hexdigest()}  {name}" for name, content in sorted(files.items())]
    return {**files, "SHA256SUMS": ("\n".join(sums) + "\n").encode()}


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder that has its name only when it is whole, and is gone where the work fails.

    Raises:
        StateError: Something of that name is there, and it is not an empty folder.
        EnvironmentFailed: It cannot be made.
    """
    import secrets

    from htkeval.cli.writing import unwritable
    from htkeval.errors import Problem, StateError

    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
        if taken:
            place, found = (
                say("folder {folder}", folder=str(folder)),
                say("a folder with something in it"),
            )
            raise StateError(Problem(place, found, say("a new folder, or an empty one")))
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = folder.with_name(f".htkeval-{secrets.token_hex(8)}.part")
        part.mkdir(mode=0o700)
    except OSError as failed:
        raise unwritable(folder, failed) from failed
    try:
        yield part
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    except OSError as failed:
        raise unwritable(folder, failed) from failed
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    from htkeval.cli.writing import settle

    for name, content in files.items():
        with (folder / name).open("xb") as new:
            new.write(content)
            settle(new)
