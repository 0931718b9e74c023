"""What `paper` prints."""

from __future__ import annotations

from datetime import date as Day
from typing import Literal

from htkeval.cli.printed.document import Printed
from htkeval.frozen import Frozen
from htkeval.paper import KeptPaper, PaperKind


class PaperBlock(Frozen):
    """A block of a paper: what it has depends on its kind."""

    kind: Literal["said", "box", "list", "heading", "table", "figure"]
    """A paragraph, the answer, points, a heading, a table or a chart."""
    lead: str | None = None
    """Words in bold before it."""
    text: str | None = None
    """What is said."""
    small: bool = False
    """Whether it is a remark about what stands above it."""
    lines: tuple[str, ...] = ()
    """Of the answer: what belongs to it."""
    items: tuple[str, ...] = ()
    """Of points: each."""
    numbered: bool = False
    """Whether they bear numbers."""
    caption: str | None = None
    """Of a table or chart: its number and name."""
    head: tuple[str, ...] = ()
    """Of a table: the columns' names."""
    rows: tuple[tuple[str, ...], ...] = ()
    """Of a table: the cells."""
    figures: bool = False
    """Whether the columns after the first are figures."""
    alt: str | None = None
    """Of a chart: what is told to those who do not see it."""
    reading: str | None = None
    """Of a chart: how to read it."""


class PaperSection(Frozen):
    """A heading of a paper and what stands under it."""

    part: str
    """Which part it is."""
    heading: str
    """The heading."""
    blocks: tuple[PaperBlock, ...]
    """What stands under it."""


class PaperDocument(Printed):
    """What `paper … --format json` prints."""

    kind: PaperKind
    """Of all trials, of one, or what is new."""
    trial: str | None
    """The trial's id; None where it is of all."""
    lang: str
    """Its language."""
    title: str
    """Its title."""
    under: str | None
    """What it is about."""
    municipality: str
    """Whose."""
    committee: str
    """Who decides."""
    day: Day
    """The day of the meeting."""
    since: Day | None
    """Of a status paper, the day after which all is new."""
    public: bool
    """Whether closed parts were left out."""
    closed: bool
    """Whether it holds something that only the committee may see."""
    simulated: bool
    """Whether any figure is invented."""
    analysed: Day | None
    """The newest day of analysis."""
    policy: str
    """The policy's version, and who adopted it."""
    analyses: tuple[str, ...]
    """SHA-256 of each analysis that it tells of."""
    fingerprint: str
    """SHA-256 of what it says: the same in every format and language."""
    sections: tuple[PaperSection, ...]
    """The two pages."""
    annex: tuple[PaperSection, ...]
    """The method annex."""


class Papers(Printed):
    """What `paper` prints: the papers that are kept."""

    papers: tuple[KeptPaper, ...]
    """Each, oldest first."""
