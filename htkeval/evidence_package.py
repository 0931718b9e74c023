"""What one trial found, as other municipalities may know it: no rows, no names, one fingerprint."""

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from htkeval.canonical import canonical_json
from htkeval.decision import Verdict
from htkeval.effect import Effect, Estimand, Scale
from htkeval.evidence import LEVELS, Level, highest, judged_blind
from htkeval.frozen import Contradiction, Finite, Frozen
from htkeval.metric import MetricKind, Role, Source
from htkeval.municipality import SizeClass
from htkeval.small_cells import small
from htkeval.trial import NEVER_RANDOMISED, QUESTION_ID, DesignKind, Technology

KIND: Literal["evidence_package"] = "evidence_package"
"""What such a file says it is."""
SCHEMA: Literal[1] = 1
"""The version of its form that this program writes, and the only one that it reads."""
SUFFIX = ".evidence.json"
"""How the file of a package is called, after the trial."""
SEAL = "sha256"
"""The key that stands beside everything that it covers."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Line = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\r\n\t]+$")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Direction = Literal["lower", "higher"]
_LOOK = {"k", "of", "nominal_level"}


class Measure(Frozen):
    """What was measured, as the definition says it; no column of a sheet."""

    id: Name
    """The metric's id."""
    label: Line
    """Its name on screen."""
    kind: MetricKind
    """What sort of quantity."""
    unit: Line | None
    """Its unit."""
    better: Direction
    """The direction that is an improvement."""
    role: Role
    """`primary`, `guardrail` or `secondary`."""
    source: Source | None
    """How the value came to be; None counts as self-reported."""
    worthwhile: Finite | None
    """Smallest relative change worth having."""
    margin: Finite | None
    """Of a guardrail: the worsening that was accepted beforehand, in the unit."""
    blind: bool
    """Whether whoever rated did not know the arm."""


LEAST_LEVEL, MOST_LEVEL = 0.5, 1 - 1e-9
"""Between which a confidence level lies; outside, an interval says nothing of its error."""
LEAST_LIMIT = 1e-12
"""The smallest limit of a look whose normal quantile is still a number that means something."""
FARTHEST = 1000.0
"""A ratio further from 1 than this, either way, is a slip and no measurement."""


class Comparison(Frozen):
    """How units came to be in an arm, and how many were planned."""

    kind: DesignKind
    """The plan of the comparison."""
    randomised: bool
    """Whether chance decided the arm."""
    clusters: int | None = Field(ge=2)
    """Participants or teams that were planned."""
    tasks_each: Finite | None = Field(ge=1)
    """Tasks that each of them was planned to do."""

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        if self.randomised and self.kind in NEVER_RANDOMISED:
            raise Contradiction("design {kind} is never randomised", kind=self.kind)
        return self


class Population(Frozen):
    """Where and on what kind of work it was tried."""

    area: Line
    """The part of the administration."""
    technology: Technology
    """The kind of tool."""
    task: Line | None
    """What several tasks are called."""
    size: SizeClass | None
    """How many people live in the municipality, roughly; None where it is not stated."""


class PackagedGap(Frozen):
    """A figure that cannot be told."""

    metric: Name
    """The metric's id."""
    scale: Scale
    """The scale that has no answer."""
    estimand: Estimand
    """Which average over exposure times has none."""
    reason: Line
    """Why, in English."""
    reason_da: Line
    """Why, in Danish."""


class Versions(Frozen):
    """What made it, and what it rests on, by fingerprint."""

    software: Line
    """Name and version of the program that analysed."""
    registration: Digest
    """The promise as it was first frozen; municipalities with one plan may share it."""
    promise: Digest
    """The promise as deviations left it."""
    analysis: Digest
    """The analysis."""
    policy: Digest
    """The policy that the verdict follows."""


class EvidencePackage(Frozen):
    """What one trial found. Covered by `sha256`, which is no signature: it shows damage only."""

    schema_: Literal[1] = Field(default=SCHEMA, alias="schema")
    """Version of the document's form."""
    kind: Literal["evidence_package"] = KIND
    """What this file is."""
    sha256: Digest
    """SHA-256 of the canonical JSON of all that stands beside it."""
    origin: Digest
    """Which trial it is, so that none counts twice: the hash of its registration in the record it
    comes from. A copied plan has the same `versions.registration`, never the same origin."""
    question_id: str = Field(pattern=QUESTION_ID)
    """The question as municipalities have agreed to call it."""
    municipality: Line | None
    """Who tried it; None where that is not told."""
    measures: tuple[Measure, ...] = Field(min_length=1, max_length=100)
    """What was measured; exactly one is primary."""
    comparison: Comparison
    """The design."""
    population: Population
    """Where, and on what."""
    starts: date
    """First day of measurement, as planned."""
    ends: date
    """Last day, as planned."""
    analysed: date
    """The day of the analysis."""
    evidence_level: Level
    """How well the effect was measured."""
    registered_in_time: bool
    """Whether the promise came before the first measurement with the tool."""
    deviations: int = Field(ge=0)
    """How many changes of the promise were told."""
    rows: int = Field(ge=0, le=10**12)
    """Rows in all; of an arm only where that is told (`effects`)."""
    effects: tuple[Effect, ...] = Field(max_length=500)
    """What moved; counts that tell of few people are null, as in the analysis."""
    gaps: tuple[PackagedGap, ...] = Field(max_length=500)
    """What cannot be told, and why."""
    failed: tuple[Name, ...] = Field(max_length=200)
    """Checks that failed."""
    unknown: tuple[Name, ...] = Field(max_length=200)
    """Checks that could not be made."""
    verdict: Verdict
    """What the municipality's own policy recommends."""
    stale: bool
    """Whether something came in after the analysis."""
    simulated: bool
    """Whether the measurements were invented."""
    versions: Versions
    """What made it."""

    @property
    def primary(self) -> Measure:
        """What the trial is decided on."""
        return next(one for one in self.measures if one.role == "primary")

    @property
    def confirmatory(self) -> Effect | None:
        """The one effect that the trial is decided on."""
        return next((effect for effect in self.effects if effect.confirmatory), None)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        ids = [one.id for one in self.measures]
        if len(set(ids)) < len(ids):
            raise Contradiction("a measure stands twice")
        if sum(one.role == "primary" for one in self.measures) != 1:
            raise Contradiction("exactly one metric must have role = primary")
        figures = {e.metric for e in self.effects} | {gap.metric for gap in self.gaps}
        if figures - set(ids):
            raise Contradiction("a figure of something that is not among the measures")
        if self.ends < self.starts:
            raise Contradiction("ends is before starts")
        told = [(e.metric, e.scale, e.estimand) for e in self.effects if e.confirmatory]
        if len(told) > 1 or (told and told[0][0] != self.primary.id):
            raise Contradiction("exactly one effect, of the primary metric, is confirmatory")
        for effect in self.effects:
            self._check(effect)
        self._check_level()
        return self

    def _check(self, effect: Effect) -> None:
        low, high = effect.ci
        measure = next(one for one in self.measures if one.id == effect.metric)
        values = {"metric": effect.metric, "scale": effect.scale}
        if (effect.better, effect.role) != (measure.better, measure.role):
            raise Contradiction("the figure and the measure {metric} disagree", **values)
        if not low <= effect.estimate <= high:
            raise Contradiction(
                "{metric} ({scale}): the estimate is outside its interval", **values
            )
        if effect.scale == "ratio" and low <= 0:
            raise Contradiction("{metric}: a ratio is above nought", **values)
        if effect.scale == "probability" and not 0 <= effect.estimate <= 1:
            raise Contradiction("{metric}: a probability is from 0 to 1", **values)
        if not LEAST_LEVEL <= effect.level <= MOST_LEVEL or not _a_look(effect.look):
            raise Contradiction("{metric} ({scale}): a level is between 0 and 1", **values)
        if effect.scale == "ratio" and not 1 / FARTHEST <= low <= high <= FARTHEST:
            raise Contradiction("{metric}: a ratio so far from 1 is no measurement", **values)
        arms = (effect.baseline, effect.treatment)
        if any((n or 0) < 0 for arm in arms for n in (arm.tasks, arm.clusters)):
            raise Contradiction("{metric} ({scale}): a count below nought", **values)
        if any(small(arm.tasks) for arm in arms if arm.tasks):
            raise Contradiction("{metric} ({scale}): it tells of fewer than five tasks", **values)

    def _check_level(self) -> None:
        most = highest(
            self.comparison.kind,
            randomised=self.comparison.randomised,
            source=self.primary.source,
            registered=True,
            blind=judged_blind(self.measures),
        )
        most = max(0, most - (not self.registered_in_time))
        if LEVELS.index(self.evidence_level) > most:
            raise Contradiction(
                "evidence level {level} of a design and a way of measuring that reach {most}",
                level=self.evidence_level,
                most=LEVELS[most],
            )


def _a_look(look: Mapping[str, float] | None) -> bool:
    least = look.get("nominal_level", 0.5) if look is not None else 0.5
    return look is None or (look.keys() <= _LOOK and LEAST_LIMIT <= least < 1)


def seal(content: Mapping[str, Any]) -> str:
    """The fingerprint of a package: of all its keys but the one that holds it."""
    covered = {key: value for key, value in content.items() if key != SEAL}
    return sha256(canonical_json(covered).encode()).hexdigest()


def sealed(**content: Any) -> EvidencePackage:
    """A package of its contents, with the fingerprint that they have."""
    bare = EvidencePackage(sha256="0" * 64, **content)
    return bare.model_copy(update={SEAL: seal(as_written(bare))})


_ON_A_LINE = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True)


def as_written(package: EvidencePackage) -> dict[str, Any]:
    """The package as JSON values, as it stands in its file."""
    return package.model_dump(mode="json", by_alias=True)


def file_bytes(package: EvidencePackage) -> bytes:
    """The file of a package, a line for each key; the same package, the same bytes."""
    written = sorted(as_written(package).items())
    lines = (f' "{key}": {_ON_A_LINE.encode(value)}' for key, value in written)
    return "{{\n{}\n}}\n".format(",\n".join(lines)).encode()
