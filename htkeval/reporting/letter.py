"""A letter as blocks, in no format yet, and the same as Markdown or as a plain page."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from htkeval.text import Language, Text, render


@dataclass(frozen=True)
class Heading:
    """A heading within the letter."""

    text: Text
    """Its words."""


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: Text
    """Its sentences."""


@dataclass(frozen=True)
class Points:
    """A list."""

    points: tuple[Text | str, ...]
    """Each point."""
    numbered: bool = False
    """Whether the points have numbers, so that one can be referred to."""


@dataclass(frozen=True)
class Rows:
    """A table of words."""

    head: tuple[Text, ...]
    """What stands above each column."""
    body: tuple[tuple[Text | str, ...], ...]
    """The rows."""


Block = Heading | Paragraph | Points | Rows


@dataclass(frozen=True)
class Letter:
    """A letter about a trial."""

    title: Text
    """What stands at the top."""
    blocks: tuple[Block, ...]
    """What follows, in order."""


def markdown(letter: Letter, language: Language) -> str:
    """The letter as Markdown; what a person wrote is shown as it stands, never as formatting."""

    def said(text: Text | str) -> str:
        return _literal(render(text, language))

    def block(each: Block) -> str:
        if isinstance(each, Heading):
            return f"## {said(each.text)}"
        if isinstance(each, Paragraph):
            return said(each.text)
        if isinstance(each, Points):
            mark = "1." if each.numbered else "-"
            return "\n".join(f"{mark} {said(point)}" for point in each.points)
        rows = [each.head, *each.body]
        lines = ["| " + " | ".join(said(cell) for cell in row) + " |" for row in rows]
        return "\n".join([lines[0], "|" + "---|" * len(each.head), *lines[1:]])

    parts = [f"# {said(letter.title)}", *(block(each) for each in letter.blocks)]
    return "\n\n".join(parts) + "\n"


_SIGNS = re.compile(r"[\\`*<>|#~&]|(?<!\w)_|_(?!\w)|(?<=\])[\[(:]")


def _literal(text: str) -> str:
    """One line on which every sign that Markdown reads is shown as itself."""
    return _SIGNS.sub(r"\\\g<0>", " ".join(text.split()))


STYLE = (
    "body{font:17px/1.5 'IBM Plex Sans','Segoe UI',system-ui,sans-serif;color:#1A2530;"
    "max-width:42em;margin:2.5em auto;padding:0 1em}h1{font-size:2rem}h2{font-size:1.4rem}"
    "table{border-collapse:collapse}th,td{text-align:left;padding:4px 16px 4px 0;"
    "border-bottom:1px solid #7F8C9A}"
)


def page(letter: Letter, language: Language) -> str:
    """The letter as one HTML page that needs nothing else."""

    def said(text: Text | str) -> str:
        return html.escape(" ".join(render(text, language).split()))

    def items(tag: str, texts: tuple[Text | str, ...]) -> str:
        return "".join(f"<{tag}>{said(text)}</{tag}>" for text in texts)

    def block(each: Block) -> str:
        if isinstance(each, Heading):
            return f"<h2>{said(each.text)}</h2>"
        if isinstance(each, Paragraph):
            return f"<p>{said(each.text)}</p>"
        if isinstance(each, Points):
            tag = "ol" if each.numbered else "ul"
            return f"<{tag}>{items('li', each.points)}</{tag}>"
        head = "".join(f'<th scope="col">{said(cell)}</th>' for cell in each.head)
        body = "".join(f"<tr>{items('td', row)}</tr>" for row in each.body)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    lines = [
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">',
        f"<title>{said(letter.title)}</title><style>{STYLE}</style></head><body>",
        f"<h1>{said(letter.title)}</h1>",
        *(block(each) for each in letter.blocks),
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"
