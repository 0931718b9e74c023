"""A paper as a file, in each format."""

from __future__ import annotations

from collections.abc import Callable

from htkeval.paper_file import PaperFormat
from htkeval.reporting.paper.content import Paper
from htkeval.reporting.paper.html_file import html
from htkeval.reporting.paper.pdf import pdf
from htkeval.reporting.paper.word_file import docx
from htkeval.reporting.paper.written import Written, written
from htkeval.text import Language

WRITERS: dict[PaperFormat, Callable[[Written], bytes]] = {"pdf": pdf, "docx": docx, "html": html}
MEDIA: dict[PaperFormat, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
}
"""What each is called to a browser."""


def file(paper: Paper, form: PaperFormat, language: Language) -> bytes:
    """The bytes of a paper in a format and a language: the same for the same paper."""
    return WRITERS[form](written(paper, language, drawn=form != "docx"))
