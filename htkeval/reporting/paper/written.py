"""A paper in one language: words and numbers as they will stand, in no format yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from htkeval.reporting.charts import Drawable
from htkeval.reporting.charts.files import svg
from htkeval.reporting.paper.content import (
    Block,
    Boxed,
    Figure,
    Heading,
    Listed,
    Paper,
    Said,
    Section,
    Tabled,
    Words,
    spoken,
)
from htkeval.reporting.plain import shortened, together
from htkeval.reporting.wording import SIMULATED
from htkeval.text import Language, Text, legible, say

LONGEST = 1200
"""Characters of one paragraph, so that nobody's own words push what is decided off the pages."""
LONGEST_CELL, LONGEST_TITLE = 500, 160

SIMULATED_PAPER = say(
    "Measurements invented to try the tool. They may not be the basis of a decision."
)
CLOSED, OPEN = say("Closed case"), say("Open case")
PUBLIC = say("Closed parts are left out.")


@dataclass(frozen=True)
class Written:
    """A paper in one language, as a value that every writer reads."""

    language: Language
    """Which."""
    content: dict[str, Any]
    """Strings by what they are; a chart also has its SVG, where it was asked for."""
    pictures: tuple[Drawable, ...] = ()
    """The charts in their order, for whoever draws them otherwise."""

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The two pages."""
        return list(self.content["sections"])

    @property
    def annex(self) -> list[dict[str, Any]]:
        """What lies after them."""
        return list(self.content["annex"])


def written(paper: Paper, language: Language, *, drawn: bool = True) -> Written:
    """Write a paper in a language.

    Args:
        paper: What it says.
        language: Of every word and number.
        drawn: Whether charts are drawn too, as SVG.
    """
    pen = _Pen(language, simulated=paper.simulated, drawn=drawn)
    content = {
        "lang": language,
        "title": pen.words(paper.title, LONGEST_TITLE),
        "under": pen.words(paper.under) if paper.under else None,
        "head": pen.words(
            say(
                "{municipality} · {committee} {day:d MMMM y}",
                municipality=shortened(paper.municipality, 60),
                committee=shortened(paper.committee, 40),
                day=paper.day,
            )
        ),
        "whose": paper.municipality,
        "status": pen.words(CLOSED if paper.closed else OPEN),
        "simulated": [pen.words(SIMULATED), pen.words(SIMULATED_PAPER)]
        if paper.simulated
        else None,
        "public": pen.words(PUBLIC) if paper.public else None,
        "foot": pen.words(foot(paper)),
        "page": pen.words(say("Page {n} of {all}", n="@1@", all="@2@")),
        "day": paper.day.isoformat(),
        "fingerprint": paper.fingerprint,
        "sections": [pen.section(one) for one in paper.sections],
        "annex": [pen.section(one) for one in paper.annex],
    }
    return Written(language, content, tuple(pen.pictures))


def foot(paper: Paper) -> Text:
    """What stands at the foot of every page."""
    mark = " ".join(paper.fingerprint[n : n + 4] for n in range(0, 12, 4))
    if paper.analysed is None:
        return say("Fingerprint {mark} · policy {policy}", mark=mark,
                   policy=shortened(paper.policy, 60))  # fmt: skip
    return say(
        "Fingerprint {mark} · analysed {day:d MMMM y} · policy {policy}",
        mark=mark, day=paper.analysed, policy=shortened(paper.policy, 60),
    )  # fmt: skip


@dataclass
class _Pen:
    """Writes blocks; counts charts and tables."""

    language: Language
    simulated: bool
    drawn: bool
    figures: int = 0
    tables: int = 0
    pictures: list[Drawable] = field(default_factory=list)

    def words(self, text: Words | str, longest: int | None = LONGEST) -> str:
        """One line: own words never run on, and a number stays beside its word."""
        told = text if isinstance(text, str) else spoken(text, self.language)
        return together(shortened(legible(" ".join(told.split()), keep=""), longest))

    def section(self, one: Section) -> dict[str, Any]:
        """A heading and its blocks."""
        return {
            "part": one.part,
            "heading": self.words(one.heading, LONGEST_TITLE),
            "blocks": [self.block(block) for block in one.blocks],
        }

    def block(self, one: Block) -> dict[str, Any]:
        """A block as strings."""
        if isinstance(one, Said):
            lead = self.words(one.lead) if one.lead else None
            return {
                "kind": one.kind,
                "lead": lead,
                "text": self.words(one.text),
                "small": one.small,
            }
        if isinstance(one, Boxed):
            lines = [self.words(line) for line in one.lines]
            return {"kind": one.kind, "lead": self.words(one.lead), "lines": lines}
        if isinstance(one, Listed):
            items = [self.words(item) for item in one.items]
            return {"kind": one.kind, "items": items, "numbered": one.numbered}
        if isinstance(one, Heading):
            return {"kind": one.kind, "text": self.words(one.text, LONGEST_TITLE)}
        return self.table(one) if isinstance(one, Tabled) else self.figure(one)

    def table(self, one: Tabled) -> dict[str, Any]:
        """A numbered table."""
        self.tables += 1
        named = say("Table {n}. {name}", n=self.tables, name=one.name)
        return {
            "kind": "table",
            "caption": self.words(named),
            "head": [self.words(name) for name in one.head],
            "rows": [[self.words(cell, LONGEST_CELL) for cell in row] for row in one.rows],
            "figures": one.figures,
        }

    def figure(self, one: Figure) -> dict[str, Any]:
        """A numbered chart."""
        self.figures += 1
        named = say("Figure {n}. {name}", n=self.figures, name=one.caption)
        found: dict[str, Any] = {
            "kind": "figure",
            "caption": self.words(named),
            "alt": self.words(one.alt),
            "reading": self.words(one.reading) if one.reading else None,
        }
        if self.drawn:
            found["svg"] = svg(one.picture, self.language, simulated=self.simulated)
        self.pictures.append(one.picture)
        return found
