"""What a paper says, in no format and no language: sections of sentences, lists, tables, charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date as Day
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from htkeval import canonical
from htkeval.frozen import Frozen
from htkeval.paper import PaperKind
from htkeval.reporting.charts import Drawable
from htkeval.reporting.tables import Table
from htkeval.reporting.words import Mark
from htkeval.text import Language, Text, render


class Own(Frozen):
    """The municipality's own words, in both languages."""

    da: str
    """In Danish."""
    en: str
    """In English."""


Words = Text | Own
"""A sentence of ours, which catalogues translate, or the municipality's own."""


def spoken(words: Words, language: Language) -> str:
    """Words in a language."""
    return render(words, language) if isinstance(words, Text) else getattr(words, language)


class Said(Frozen):
    """A paragraph."""

    kind: Literal["said"] = "said"
    """Which block it is."""
    lead: Text | None = None
    """Words in bold before it; None: none."""
    text: Words
    """What is said."""
    small: bool = False
    """Whether it is a remark about what stands above it."""


class Boxed(Frozen):
    """The answer: what a reader takes along who reads nothing else."""

    kind: Literal["box"] = "box"
    """Which block it is."""
    lead: Text
    """The answer in one sentence, in bold."""
    lines: tuple[Text, ...] = ()
    """What belongs to it, a paragraph each."""


class Listed(Frozen):
    """Points below one another."""

    kind: Literal["list"] = "list"
    """Which block it is."""
    items: tuple[Words, ...]
    """Each point."""
    numbered: bool = False
    """Whether they bear numbers, as what is to be decided does."""


class Heading(Frozen):
    """A heading inside a section."""

    kind: Literal["heading"] = "heading"
    """Which block it is."""
    text: Text
    """Its words."""


class Tabled(Frozen):
    """A table with its name."""

    kind: Literal["table"] = "table"
    """Which block it is."""
    name: Text
    """What it shows."""
    head: tuple[Text, ...]
    """The columns' names."""
    rows: tuple[tuple[Text, ...], ...]
    """The cells; the first of each row is its name."""
    figures: bool = False
    """Whether the columns after the first are figures."""


class Figure(Frozen):
    """A chart, with what is told to those who do not see it."""

    kind: Literal["figure"] = "figure"
    """Which block it is."""
    caption: Text
    """What is shown, with its unit."""
    alt: Text
    """The chart in a sentence."""
    reading: Text | None = None
    """How to read it; None where it needs no word."""
    table: Tabled
    """The same figures, for the annex."""
    picture: Any = Field(exclude=True, repr=False)
    """What is drawn: its figures stand in `alt` and `table`."""


Block = Annotated[Said | Boxed | Listed | Heading | Tabled | Figure, Field(discriminator="kind")]


class Section(Frozen):
    """A heading and what stands under it."""

    part: str
    """Which part it is, in files."""
    heading: Words
    """The heading: the municipality's own in each language, or a text."""
    blocks: tuple[Block, ...]
    """What stands under it."""


class Paper(Frozen):
    """All that a paper says. Two papers that say the same have the same fingerprint."""

    kind: PaperKind
    """Of all trials, of one, or what is new."""
    trial: str | None = None
    """The trial's id; None where it is of all."""
    title: Text
    """Its title, which is its finding."""
    under: Text | None = None
    """What it is about, in a line under the title."""
    municipality: str
    """Whose."""
    committee: str
    """Who decides."""
    day: Day
    """The day of the meeting."""
    since: Day | None = None
    """Of a status paper, the day after which all is new."""
    public: bool = False
    """Whether closed parts were left out."""
    closed: bool = False
    """Whether it holds something that only the committee may see."""
    simulated: bool = False
    """Whether any figure is invented."""
    analysed: Day | None = None
    """The newest day of analysis; None where nothing is analysed."""
    policy: str
    """The policy's version, and who adopted it."""
    analyses: tuple[str, ...] = ()
    """SHA-256 of each analysis that it tells of."""
    sections: tuple[Section, ...]
    """The two pages."""
    annex: tuple[Section, ...] = ()
    """The method annex."""

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all that it says: the same in every format and language."""
        return canonical.fingerprint(self.model_dump(mode="json"))


def words(cell: Text | Mark) -> Text:
    """A cell in words: on paper a mark is its word."""
    return cell.word if isinstance(cell, Mark) else cell


def tabled(shown: Table) -> Tabled:
    """A page's table as a block of a paper."""
    rows = tuple(tuple(words(cell) for cell in row) for row in shown.rows)
    return Tabled(name=shown.name, head=shown.head, rows=rows, figures=shown.figures)


def tables(found: Iterable[Table]) -> list[Tabled]:
    """Those of several tables that have rows."""
    return [tabled(one) for one in found if one.rows]


def figure(picture: Drawable, reading: Text | None = None) -> Figure:
    """A chart as a block of a paper."""
    return Figure(
        caption=picture.caption,
        alt=picture.alt,
        reading=reading,
        table=tabled(picture.table()),
        picture=picture,
    )


def said(texts: Sequence[Text | None]) -> list[Said]:
    """Those of several sentences that there are, a paragraph each."""
    return [Said(text=one) for one in texts if one is not None]
