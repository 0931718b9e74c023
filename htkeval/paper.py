"""A committee's paper: what it is called, what it is made from, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Day
from datetime import datetime
from typing import Literal, Self

from pydantic import Field, model_validator

from htkeval.business_case import BusinessCase
from htkeval.frozen import Contradiction, Frozen
from htkeval.fund import Fund
from htkeval.knowing import Knowing
from htkeval.paper_file import PaperFile
from htkeval.portfolio import Portfolio
from htkeval.supported import Supported
from htkeval.text import Language

PaperKind = Literal["portfolio", "trial", "status"]
Part = Literal["summary", "background", "case", "economy", "law", "proposal", "annexes"]
PARTS: tuple[Part, ...] = (
    "summary", "background", "case", "economy", "law", "proposal", "annexes",
)  # fmt: skip


class Words(Frozen):
    """The headings of a paper in one language."""

    summary: str = Field(min_length=1)
    """The answer in a box."""
    background: str = Field(min_length=1)
    """Why it was tried."""
    case: str = Field(min_length=1)
    """What was tried and what it gave."""
    economy: str = Field(min_length=1)
    """What it is worth, beside the budget."""
    law: str = Field(min_length=1)
    """Law, security and co-operation."""
    proposal: str = Field(min_length=1)
    """What the committee is asked to decide."""
    annexes: str = Field(min_length=1)
    """What lies beside the paper."""
    proposes: str = Field(min_length=1)
    """What comes before the numbered points; `{committee}` is who decides."""
    about: str | None = None
    """Own words under the heading of the background; None: none."""


class ListedAnnex(Frozen):
    """An annex beside the method annex."""

    da: str = Field(min_length=1)
    """What it is called in Danish."""
    en: str = Field(min_length=1)
    """The same in English."""
    closed: bool = False
    """Whether only the committee may see it."""


class Template(Frozen):
    """What papers say around the figures. Mirrors `configs/paper.toml`."""

    order: tuple[Part, ...] = PARTS
    """The parts from the top; one that is left out is not in the paper."""
    da: Words
    """In Danish."""
    en: Words
    """In English."""
    annexes: tuple[ListedAnnex, ...] = ()
    """Annexes beside the method annex."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(set(self.order)) < len(self.order):
            raise Contradiction("order: each part once")
        return self

    def words(self, language: Language) -> Words:
        """The headings in a language."""
        return self.da if language == "da" else self.en


@dataclass(frozen=True)
class Behind:
    """All that a paper is made from: it reads nothing else and computes nothing."""

    portfolio: Portfolio
    """Where every trial stands."""
    template: Template
    """Headings, in both languages."""
    day: Day
    """The day of the meeting, or on which it is made."""
    policy: str
    """The policy's version, and who adopted it."""
    budget: Supported | None = None
    """The budget beside the evidence; None where the municipality's figures are missing."""
    worths: Mapping[str, BusinessCase] = field(default_factory=dict)
    """By trial, what it is worth."""
    fund: Fund | None = None
    """The pool; None where there is none."""
    going_on: Mapping[str, Knowing] = field(default_factory=dict)
    """By trial, where the advice is to go on: what that costs and is worth."""


class KeptPaper(PaperFile):
    """A paper that is kept in the store."""

    id: str
    """`P1`, `P2`, …: its number among all papers of the workspace."""
    kind: PaperKind
    """Of all trials, of one, or what is new since a day."""
    trial: str | None = None
    """The trial's id; None where it is of all."""
    content: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Fingerprint of what it says, in no format and no language; it is printed on it."""
    title: str
    """Its title, in its language."""
    day: Day
    """The day of the meeting."""
    since: Day | None = None
    """Of a status paper, the day after which all is new."""
    public: bool = False
    """Whether closed parts were left out."""
    simulated: bool = False
    """Whether it rests on invented measurements."""
    analyses: tuple[str, ...] = ()
    """SHA-256 of each analysis that it tells of."""
    at: datetime
    """When it was kept, in UTC."""
    by: str
    """Who kept it."""
    event: int
    """The event that keeps it."""
