"""Tables and the lines of a card as HTML: one element to draw, where Streamlit's own reads every
cell and line as Markdown, which is what a page of many takes its time for.

Nothing that somebody wrote is markup in it: every word is escaped here, and the browser's side of
`st.html` takes away what is no plain HTML.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from htkeval.evidence import Level
from htkeval.reporting.certainty import NO_FIGURE
from htkeval.reporting.plain import in_one_line
from htkeval.reporting.tables import Table
from htkeval.reporting.words import LEVEL_WORDS, Mark, place, squares
from htkeval.text import Language, Text, render, say


def table(shown: Table, language: Language) -> str:
    """The table with its name for those who do not see it, and the name of each row and column."""
    head = "".join(f'<th scope="col">{_text(name, language)}</th>' for name in shown.head)
    body = "".join(_row(row, shown.head, language) for row in shown.rows)
    kind = "figures" if shown.figures else "words"
    name = _text(shown.name, language)
    return (
        f'<table class="{kind}" aria-label="{name}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(row: tuple[Text | Mark, ...], head: Iterable[Text], language: Language) -> str:
    first, *others = (_cell(cell, language) for cell in row)
    names = [_text(name, language) for name in head][1:]  # on a telephone each stands at its cell
    rest = "".join(
        f'<td data-label="{name}">{cell}</td>' for name, cell in zip(names, others, strict=True)
    )
    return f'<tr><th scope="row">{first}</th>{rest}</tr>'


def _cell(cell: Text | Mark, language: Language) -> str:
    if not isinstance(cell, Mark):
        return _text(cell, language)
    icon = f'<span class="icon {cell.colour}" aria-hidden="true">{cell.icon}</span>'
    return f'<span class="mark">{icon} <b>{_text(cell.word, language)}</b></span>'


def block(lines: Iterable[str]) -> str:
    """Lines below one another."""
    return '<div class="lines">' + "".join(f"<p>{line}</p>" for line in lines) + "</div>"


def line(text: Text | str, language: Language) -> str:
    """A sentence."""
    return _text(text, language)


def bold(text: Text | str, language: Language) -> str:
    """What is read first."""
    return f"<b>{_text(text, language)}</b>"


def small(text: Text | str, language: Language) -> str:
    """A side remark."""
    return f'<span class="small">{_text(text, language)}</span>'


def label(text: Text, language: Language) -> str:
    """What the lines below answer, inside a card."""
    return f'<b class="small">{_text(text, language)}</b>'


def strength(level: Level | None, language: Language) -> str:
    """How well it was measured: five squares, a word, a count; no square where there is no figure
    that could be well measured."""
    if level is None:
        return f"{bold(say('Not yet'), language)} {small(NO_FIGURE, language)}"
    told = small(say("({n} of 5)", n=place(level)), language)
    word = bold(LEVEL_WORDS[level], language)
    return f'<span class="blue">{squares(level)}</span> {word} {told}'


def _text(text: Text | str, language: Language) -> str:
    return escape(in_one_line(render(text, language)))
