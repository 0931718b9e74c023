"""A table as HTML: one element to draw, where Streamlit's own reads every cell as Markdown.

Nothing that somebody wrote is markup in it: every word is escaped here, and the browser's side of
`st.html` takes away what is no plain HTML.
"""

from __future__ import annotations

from html import escape

from htkeval.reporting.plain import in_one_line
from htkeval.reporting.tables import Table
from htkeval.reporting.words import Mark
from htkeval.text import Language, Text, render


def html(shown: Table, language: Language) -> str:
    """The table with its name for those who do not see it, and the name of each row and column."""
    head = "".join(f'<th scope="col">{_text(name, language)}</th>' for name in shown.head)
    body = "".join(_row(row, language) for row in shown.rows)
    kind = "figures" if shown.figures else "words"
    name = _text(shown.name, language)
    return (
        f'<table class="{kind}" aria-label="{name}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(row: tuple[Text | Mark, ...], language: Language) -> str:
    first, *others = (_cell(cell, language) for cell in row)
    rest = "".join(f"<td>{cell}</td>" for cell in others)
    return f'<tr><th scope="row">{first}</th>{rest}</tr>'


def _cell(cell: Text | Mark, language: Language) -> str:
    if not isinstance(cell, Mark):
        return _text(cell, language)
    icon = f'<span class="icon {cell.colour}" aria-hidden="true">{cell.icon}</span>'
    return f'<span class="mark">{icon} <b>{_text(cell.word, language)}</b></span>'


def _text(text: Text | str, language: Language) -> str:
    return escape(in_one_line(render(text, language)))
