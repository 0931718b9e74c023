"""Input to the AI strategy: what worked where, on which conditions, what held it back."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from htkeval.decision import Verdict
from htkeval.evidence import Level
from htkeval.finding import CHALLENGES, UNSOLVED, FindingKind, FindingStatus
from htkeval.frozen import Frozen, Spoken
from htkeval.municipality import same
from htkeval.note import Note


class Said(Spoken):
    """One sentence, and what it rests on."""

    about: str
    """By name: `effect`, `look`, `verdict`, `decision`, `stale`, `gate:dpia`, `forbidden:dpia`,
    `condition:C1`, `check:drop_out`, `subgroup:task_type`."""


class Shared(Spoken):
    """A finding, with the areas that it matters to."""

    finding: str
    """Its name in the trial."""
    kind: FindingKind
    """What it is about."""
    status: FindingStatus
    """How far it is."""
    areas: tuple[str, ...]
    """The areas that it matters to; the trial's own where nobody said."""

    @property
    def unsolved(self) -> bool:
        """Whether it is a challenge that holds back."""
        return self.kind in CHALLENGES and self.status in UNSOLVED

    def matters_to(self, area: str) -> bool:
        """Whether an area is among those that it matters to."""
        return any(same(name, area) for name in self.areas)


class TrialInput(Frozen):
    """What one trial has to say to the strategy."""

    trial: str
    """The trial's id."""
    title: str
    """What it is called."""
    area: str
    """Where it was tried."""
    technology: str
    """What kind of tool."""
    simulated: bool
    """Whether it rests on invented measurements."""
    level: Level | None
    """How well it was measured; None where nothing was analysed."""
    verdict: Verdict | None
    """What is recommended; None where nothing was analysed."""
    decided: Verdict | None
    """What was signed last; None where nothing was, or it is void."""
    gave: tuple[Said, ...]
    """What it gave in plain words, why the verdict, what was decided; nothing between looks."""
    conditions: tuple[Said, ...]
    """On which conditions: those of the decision, gates that may be closed later, checks that
    failed or cannot be told, and groups as the analysis tells them."""
    held_back: tuple[Said, ...]
    """Gates that hold it back: open, or such that the law does not allow the use."""
    findings: tuple[Shared, ...]
    """Experiences and challenges, each with the areas that it matters to."""

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to tell yet: not analysed, nothing found, nothing forbidden."""
        forbidden = any(one.about.startswith("forbidden:") for one in self.held_back)
        return self.level is None and not self.findings and not forbidden

    def for_area(self, area: str) -> TrialInput | None:
        """The same for one area; of another area's trial the findings that matter there.

        None where nothing of it does.
        """
        if same(self.area, area):
            return self
        there = tuple(one for one in self.findings if one.matters_to(area))
        return self.model_copy(update={"findings": there}) if there else None


class Strategy(Frozen):
    """What the portfolio ends with: written to be read by those who write the strategy."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    """Version of the document's form."""
    municipality: str
    """Whose."""
    area: str | None
    """The area that it was chosen for; None: all of them."""
    simulated: bool
    """Whether any of it rests on invented measurements."""
    trials: tuple[TrialInput, ...]
    """Each trial, in the portfolio's order."""
    notes: tuple[Note, ...]
    """What others told: told, not measured, and in no figure."""
