"""A sheet of A4 as a PDF that archives: own fonts, its words as text, the same bytes each time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from htkeval.reporting.plain import shortened, together
from htkeval.resources import PACKAGE
from htkeval.text import Language, Text, render, say

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS = PACKAGE / "reporting" / "fonts"
FAMILY = "IBM Plex Sans"
INK, BLUE, GRAY, RED = (26, 37, 48), (0, 71, 143), (74, 86, 98), (138, 16, 32)
PALE, LINE = (243, 246, 249), (127, 140, 154)
MARGIN, NAMES, SIZE, LEADING = 22.0, 42.0, 10.0, 5.0
"""Millimetres, but for the size of the letters in points; `NAMES` is the left column."""


class Sheet:
    """Puts titles, rows and boxes below one another; breaks the page where a row ends."""

    def __init__(
        self, *, title: str, head: str, foot: str, at: datetime, language: Language
    ) -> None:
        self.language = language
        self.pdf = _blank(shortened(head, 90), foot, language)
        self.pdf.set_title(title)
        self.pdf.set_author(head)
        self.pdf.set_creator("htkeval")
        self.pdf.set_producer("htkeval")
        self.pdf.set_lang(language)
        self.pdf.set_creation_date(at)
        self.pdf.add_page()

    def words(self, text: Text | str) -> str:
        """A sentence in the paper's language, a number kept beside its word."""
        lines = render(text, self.language).split("\n")
        told = "\n".join(together(" ".join(line.split())) for line in lines)
        return _writable(told, self.pdf)

    def title(self, text: Text | str, under: Text | str) -> None:
        """The paper's one title, and what kind of paper it is."""
        self._paragraph(text, size=18, bold=True, leading=7.6)
        self.pdf.ln(0.8)
        self._paragraph(under, size=SIZE, colour=GRAY)
        self.pdf.ln(2.5)

    def section(self, text: Text | str) -> None:
        """A heading that never stands alone at the foot of a page."""
        if self.pdf.will_page_break(6 * LEADING):
            self.pdf.add_page()
        self.pdf.ln(3.5)
        self._paragraph(text, size=12.5, bold=True, colour=BLUE, leading=6.2)
        self.pdf.ln(0.8)

    def row(self, name: Text | str, told: Text | str | Sequence[Text | str]) -> None:
        """A name to the left, what is said of it to the right; several things, a line each."""
        said = [told] if isinstance(told, Text | str) else list(told)
        text = "\n".join(self.words(one) for one in said)
        label, width = self.words(name), self.pdf.epw - NAMES
        self._font(SIZE)
        high = max(self._height(label, NAMES - 4, bold=True), self._height(text, width))
        if self.pdf.will_page_break(high):
            self.pdf.add_page()
        top, page = self.pdf.get_y(), self.pdf.page
        self._font(SIZE, bold=True)
        self.pdf.multi_cell(NAMES - 4, LEADING, label, align="L")
        self.pdf.set_xy(self.pdf.l_margin + NAMES, top)
        self._font(SIZE)
        self.pdf.multi_cell(width, LEADING, text, align="L")
        below = top + high if self.pdf.page == page else self.pdf.get_y()  # it may fill pages
        self.pdf.set_xy(self.pdf.l_margin, below + 1.4)

    def box(self, text: Text | str, *, alarming: bool = False) -> None:
        """What a reader must know before the rest: pale with a line to the left."""
        told, inside = self.words(text), self.pdf.epw - 8
        colour = RED if alarming else BLUE
        high = self._height(told, inside) + 5
        if high > self.pdf.eph:  # no box is taller than its page
            self._paragraph(text, size=SIZE, colour=RED if alarming else INK)
            return
        if self.pdf.will_page_break(high):
            self.pdf.add_page()
        top, left = self.pdf.get_y(), self.pdf.l_margin
        self.pdf.set_fill_color(*PALE)
        self.pdf.rect(left, top, self.pdf.epw, high, style="F")
        self.pdf.set_fill_color(*colour)
        self.pdf.rect(left, top, 1.0, high, style="F")
        self.pdf.set_xy(left + 5, top + 2.5)
        self._font(SIZE, colour=RED if alarming else INK)
        self.pdf.multi_cell(inside, LEADING, told, align="L")
        self.pdf.set_xy(left, top + high + 2)

    def finished(self) -> bytes:
        """The paper's bytes."""
        return bytes(self.pdf.output())

    def _paragraph(
        self,
        text: Text | str,
        *,
        size: float,
        bold: bool = False,
        colour: tuple[int, int, int] = INK,
        leading: float = LEADING,
    ) -> None:
        self._font(size, bold=bold, colour=colour)
        width = self.pdf.epw
        self.pdf.multi_cell(
            width, leading, self.words(text), align="L", new_x="LMARGIN", new_y="NEXT"
        )

    def _font(self, size: float, *, bold: bool = False, colour: tuple[int, int, int] = INK) -> None:
        self.pdf.set_font(FAMILY, "B" if bold else "", size)
        self.pdf.set_text_color(*colour)

    def _height(self, text: str, width: float, *, bold: bool = False) -> float:
        """Millimetres that a text takes, before it is set."""
        self._font(SIZE, bold=bold)
        lines = self.pdf.multi_cell(width, LEADING, text, align="L", dry_run=True, output="LINES")
        assert isinstance(lines, list)  # what LINES asks for
        return LEADING * len(lines)


def _writable(text: str, pdf: FPDF) -> str:
    """A text with a question mark for each sign that the fonts lack: none is left out unseen."""
    letters = getattr(pdf.fonts[FAMILY.lower()], "cmap", {})  # our own font has one
    return "".join(sign if sign == "\n" or ord(sign) in letters else "?" for sign in text)


def _blank(head: str, foot: str, language: Language) -> FPDF:
    """An empty document with its fonts, and what stands at the head and foot of each page."""
    from fpdf import FPDF

    class Paper(FPDF):
        def header(self) -> None:
            self.set_font(FAMILY, "", 8.5)
            self.set_text_color(*GRAY)
            self.set_draw_color(*LINE)
            self.cell(self.epw, 5, _writable(head, self), new_x="LMARGIN", new_y="NEXT")
            self.line(self.l_margin, self.get_y() + 0.8, self.w - self.r_margin, self.get_y() + 0.8)
            self.ln(6)

        def footer(self) -> None:
            self.set_y(-16)
            self.set_font(FAMILY, "", 8)
            self.set_text_color(*GRAY)
            self.set_draw_color(*LINE)
            self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
            self.ln(1.2)
            page = render(say("Page {n} of {all}", n=str(self.page_no()), all="{nb}"), language)
            self.cell(self.epw, 5, f"{foot} · {page}")

    paper = Paper(format="A4")
    paper.set_margins(MARGIN, 14, MARGIN)
    paper.c_margin = 0  # words stand flush with the lines
    paper.set_auto_page_break(True, margin=20)
    paper.add_font(FAMILY, "", FONTS / "IBMPlexSans-Regular.ttf")
    paper.add_font(FAMILY, "B", FONTS / "IBMPlexSans-SemiBold.ttf")
    return paper
