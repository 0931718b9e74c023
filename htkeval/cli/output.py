"""How a command answers: a table for people, or one JSON or CSV document and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.speech import language, words
from htkeval.text import Text, say

if TYPE_CHECKING:
    from pydantic import BaseModel

MARKS = {True: "✓", False: "✗", None: "?"}
"""Met, not met, not known."""


def print_json(noun: BaseModel) -> None:
    """One JSON document on standard output, its sentences in the chosen language."""
    import json

    from htkeval.frozen import document

    content = document(noun, language())
    click.echo(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False))


def print_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """One CSV document: comma, decimal point, the columns' own names, for scripts."""
    from htkeval.csv_text import csv_text

    cells = ([row.get(name) for name in columns] for row in rows)
    click.echo(csv_text(columns, cells), nl=False)


def print_table(headers: Sequence[Text | str], rows: Sequence[Sequence[Text | str]]) -> None:
    """A table for people, with a blank line before and after."""
    from htkeval.cli.table import table

    said = [[words(cell) for cell in row] for row in rows]
    click.echo(f"\n{table([words(header) for header in headers], said)}\n")


def program() -> str:
    """What a person types to call this program: its name, or the path by which it was called."""
    import shutil

    return "htkeval" if shutil.which("htkeval") else sys.argv[0]


def line(text: Text | str) -> None:
    """One line for people."""
    click.echo(words(text))


def paragraph(text: Text | str) -> None:
    """A sentence for people, broken where the reader's screen ends."""
    from htkeval.cli.table import wrapped

    click.echo(wrapped(words(text)))


def alarm(text: Text | str) -> None:
    """One line for people, in red on a screen that has colours."""
    click.secho(words(text), fg="red")


def warn(text: Text | str) -> None:
    """One line for people, on standard error, so that a document stays a document."""
    click.echo(words(text), err=True)


def simulated_banner() -> Text:
    """What stands above every view of invented measurements."""
    return say("SIMULATED: the measurements were invented to try the tool.")
