"""The documents that commands print beside the nouns themselves, and the JSON Schema of each."""

from __future__ import annotations

import json
from datetime import date as Day
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field

from htkeval.analysis import Analysis
from htkeval.annex import BudgetChances, Chances
from htkeval.attachment import Attachment, Withdrawal
from htkeval.business_case import BusinessCase
from htkeval.condition import ConditionStands
from htkeval.decision import GateState, Recommendation, Verdict
from htkeval.effect import Check
from htkeval.evidence import Level
from htkeval.evidence_package import EvidencePackage
from htkeval.evidence_pool import PooledQuestion
from htkeval.finding import Finding
from htkeval.follow_up import AreaSum, FollowUp
from htkeval.frozen import Finite, Frozen, Spoken
from htkeval.fund import ApplicationState, Grant, Pool, Spending
from htkeval.kept_row import KeptRow, RuleApplied
from htkeval.law import AiClass, GateLaw
from htkeval.money import Year
from htkeval.note import Note
from htkeval.outlook import Outlook
from htkeval.paper import KeptPaper, PaperKind
from htkeval.participation import Standing
from htkeval.progress import Progress
from htkeval.query import Query
from htkeval.realised import Realised
from htkeval.resources import PACKAGE
from htkeval.second import Agreement, Timed
from htkeval.strategy import Strategy
from htkeval.supported import Supported
from htkeval.trial import DesignKind


class Printed(Frozen):
    """A document with its version at the top."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    """Version of the document's form."""


class Definition(Printed):
    """What `check` prints."""

    trial: str
    """The trial's id."""
    file: str
    """The file that was read."""
    remarks: tuple[str, ...]
    """What is allowed but will limit the conclusion."""


class TrialLine(Frozen):
    """One trial in `status`."""

    trial: str
    """The trial's id."""
    title: str
    """Its name for people."""
    registered: bool
    """Whether the promise is frozen."""
    registered_in_time: bool | None
    """Whether before the first treatment measurement; None where it is not registered."""
    file_differs: bool
    """Whether trial.toml says something else now than what counts."""
    rows: int
    """Measurements so far, in both arms."""
    baseline: int | None
    """Measurements without the tool."""
    treatment: int | None
    """Measurements with it; None, and the others too, where an arm is of one to four people."""
    snapshot: str | None
    """Fingerprint of the newest snapshot."""
    analysis: str | None
    """Fingerprint of the newest analysis."""
    stale: bool
    """Whether measurements came in after it."""
    data_changed: bool = False
    """Whether other rows count than when it was made (more, corrected or left out)."""
    evidence_level: Level | None
    """How well the effect was measured."""
    verdict: Verdict | None
    """What is recommended."""
    decided: Verdict | None
    """What was decided last; None too where that is void."""
    open_gates: tuple[str, ...]
    """Required gates that are open."""
    unpublished: int
    """Runs that MLflow does not have yet."""
    simulated: bool
    """Whether the measurements were invented."""
    untold: tuple[str, ...] = ()
    """Keys of trial.toml that say something else than what counts, and no deviation tells of."""
    deviations: tuple[str, ...] = ()
    """What was changed after the registration and told, a sentence each."""
    looks: tuple[str, ...] = ()
    """The looks that were taken, a sentence each with when and by whom."""
    attachments: tuple[Attachment, ...] = ()
    """Technical measurements of the tool, oldest first; no evidence of time saved."""
    people: int | None = 0
    """Participants whom it knows; whoever was forgotten is none of them; None where they are one to
    four."""
    retention_until: str | None = None
    """The last day (ISO) on which people are to be known; None where none is stated."""
    retention_due: bool = False
    """Whether it has passed and somebody is known still: `erase TRIAL --due`."""
    all_forgotten: bool = False
    """Whether it has passed, nobody is known and nothing counts: as promised."""
    progress: Progress | None = None
    """Rows against the plan, queries, refusals and what became of each row; null where all trials
    are told."""
    locked: str | None = None
    """That data are final, since when and by whom; None while rows may come in."""
    void: tuple[str, ...] = ()
    """Decisions that hold no more, a sentence each with who unlocked what they rest on, and why."""
    withdrawn: tuple[Withdrawal, ...] = ()
    """Which of those were taken back, and why."""
    unsolved: tuple[str, ...] = ()
    """Findings about security, data protection or law that are not closed, a sentence each."""
    open_conditions: tuple[str, ...] = ()
    """Conditions of the decision that holds which are neither met nor dropped, a sentence each."""
    follow_up_due: tuple[str, ...] = ()
    """Days of follow-up that have come and of which something is not told, a sentence each."""


class Status(Printed):
    """What `status` prints."""

    municipality: str
    """Whose trials."""
    trials: tuple[TrialLine, ...]
    """Each trial."""
    unreadable: tuple[str, ...] = ()
    """Definitions that could not be read, a sentence each."""
    notes: tuple[str, ...] = ()
    """What others told and an area has not answered, a sentence each: told, not measured. Empty
    where one trial is told."""


class Checks(Printed):
    """What `doctor` and `verify` print."""

    failed: int
    """How many checks failed."""
    checks: tuple[Check, ...]
    """Each check."""


class Delivery(Printed):
    """What `sync` prints."""

    delivered: int
    """Runs that were made or finished now."""
    already: int
    """Runs that were there."""
    failed: int
    """Runs that could not be delivered; they wait."""
    problems: tuple[str, ...]
    """Why."""


class Rows(Printed):
    """What `rows` prints."""

    trial: str
    """The trial's id."""
    rows: tuple[KeptRow, ...]
    """Each row as it stands, in the order in which they came, with its history."""


class Exclusions(Printed):
    """What `exclude --rules` prints."""

    trial: str
    """The trial's id."""
    registration: str | None
    """Fingerprint of the promise that the rules stand in; null where nothing was promised."""
    rows: int
    """Rows that count, before the rules."""
    left_out: int
    """How many of them any rule leaves out."""
    rules: tuple[RuleApplied, ...]
    """Each rule, in the order of the definition."""


class Participants(Printed):
    """What `participants` prints: for the trial lead, in the order of pseudonyms."""

    trial: str
    """The trial's id."""
    counts: dict[str, int] | None
    """Always null now: who stands where can be counted from the list beside it, and a number of
    fewer than five people is not to be copied from here without it."""
    participants: tuple[Standing, ...]
    """Each person whom the trial knows; whoever was forgotten is not shown."""


class Queries(Printed):
    """What `query` prints."""

    trial: str
    """The trial's id."""
    waiting: int
    """How many somebody still has to answer or close."""
    queries: tuple[Query, ...]
    """Each query, those that wait first; also those that are done with."""


class Findings(Printed):
    """What `finding` prints."""

    trial: str
    """The trial's id."""
    unsolved: int
    """How many are neither solved nor accepted, of every kind."""
    findings: tuple[Finding, ...]
    """Each finding in the order in which they were told, also those that are closed."""


class Notes(Printed):
    """What `evidence note` prints: told, not measured."""

    waiting: int
    """How many answers are waited for: one of each area that a note was sent to."""
    notes: tuple[Note, ...]
    """Each note in the order in which they were told, also those that are answered."""


class Conditions(Printed):
    """What `condition` prints."""

    trial: str
    """The trial's id."""
    simulated: bool
    """Whether it rests on invented measurements."""
    conditions: tuple[ConditionStands, ...]
    """Each condition of the decision that holds; none where none does."""


class FollowUps(Printed):
    """What `realise` prints, of one trial or of all."""

    simulated: bool
    """Whether any of it rests on invented measurements."""
    price_level: Year | None
    """The year in whose prices the sums by area are; null where nothing is booked."""
    areas: tuple[AreaSum, ...]
    """All bookings that hold, by area, as far as today."""
    bookings: tuple[FollowUp, ...]
    """Each booking that holds, and what became of it."""
    due: tuple[str, ...]
    """What nobody has told of days of follow-up that have come, a sentence each."""
    remarks: tuple[str, ...]
    """What wore off, was not taken home or arose elsewhere, a sentence each."""
    records: tuple[Realised, ...]
    """Everything that was said, in the order in which it was, also what was replaced."""


class Second(Printed):
    """What `second` prints."""

    trial: str
    """The trial's id."""
    tasks: tuple[Timed, ...]
    """The tasks that two observers are to time: those that are measured, then those to come."""
    agreement: Agreement | None
    """How far the two agree; null where it cannot be told."""
    reason: str | None
    """Why it cannot."""


class DrawnUnit(Frozen):
    """What one unit was given."""

    unit: dict[str, str]
    """By the sheet's column: the names of the participant, the task or the team."""
    strata: dict[str, str]
    """By column of strata: its value."""
    drawn: str
    """The arm in the sheet's own word; `AB` (baseline first) or `BA`; or the period, from 1, in
    which a team of a roll-out starts."""
    arms: tuple[str, ...]
    """The arm of each period, in the sheet's own words; one where arms are drawn."""


class BalanceLine(Frozen):
    """How many units of one level were given what."""

    column: str | None
    """The column of strata; null for all units."""
    level: str | None
    """Its value; null for all units."""
    counts: dict[str, int]
    """By what was drawn: how many units."""


class Allocation(Printed):
    """What `allocate` prints."""

    trial: str
    """The trial's id."""
    registration: str
    """Fingerprint of the promise that the lots come from."""
    mechanism: Literal["complete", "bernoulli", "blocks", "minimisation"]
    """How chance decided."""
    list: str | None
    """SHA-256 of what was asked for (units and strata in their order, people as tokens) in the
    newest draw; null where all draws are shown."""
    units: tuple[DrawnUnit, ...]
    """The units that were drawn now, or all where nothing was drawn now."""
    balance: tuple[BalanceLine, ...]
    """All units of the trial, and by each level of strata."""
    key: str | None = None
    """The key from which lots drawn one at a time can be drawn again, as hexadecimal digits; null
    where it was not asked for."""
    commitment: str | None = None
    """SHA-256 of that key, as the record has held it since the first lot; null as for `key`."""
    differences: dict[str, float | None]
    """By column of numbers in the list: mean with the tool (or in the order BA) less that without,
    in standard deviations; null where it cannot be computed."""


class Attached(Printed):
    """What `attach` prints."""

    trial: str
    """The trial's id."""
    attachment: Attachment
    """What was stored."""
    duplicate: bool
    """Whether it was there already, so that nothing new was stored."""
    withdrawn: Withdrawal | None = None
    """That it was taken back just now; null where it was attached."""


class FundLine(Frozen):
    """One application to the pool."""

    id: str
    """Its number among all of them: `A1`."""
    trial: str
    """The trial's id."""
    area: str
    """Who asks."""
    purpose: str
    """What for."""
    applied_kr: int
    """Kroner that are asked for."""
    granted_kr: int
    """Kroner granted so far."""
    spent_kr: int
    """Kroner spent so far, less what came back."""
    remaining_kr: int
    """Kroner that are granted and not spent."""
    value_kr: Finite | None
    """Expected value, in kroner, of the information that is asked for; null: not known yet."""
    state: ApplicationState
    """How far it has come."""
    refused: str | None
    """Why it was refused; null where it was not."""
    simulated: bool
    """Whether the trial rested on invented measurements when it applied."""
    grants: tuple[Grant, ...]
    """What was granted, oldest first."""
    spendings: tuple[Spending, ...]
    """What was spent, in the order in which it was recorded."""


class FundStatus(Printed):
    """What `fund status` prints."""

    pool: Pool
    """What there is to grant."""
    granted_kr: int
    """Kroner granted in all."""
    spent_kr: int
    """Kroner spent in all."""
    remaining_kr: int
    """Kroner that can still be granted; below nought where the pool became smaller."""
    applications: tuple[FundLine, ...]
    """Each, by the expected value of the information; unknown ones last, in their order."""


class GateLine(Frozen):
    """One gate in `gate TRIAL`."""

    id: str
    """The gate's id."""
    required: bool
    """Whether the trial must close it."""
    state: GateState
    """Open until somebody says otherwise."""
    date: Day | None
    """When it was closed or found not to be needed, or the deadline of an open one."""
    responsible: str | None
    """Who answers for it."""
    document: str | None
    """Where the papers are."""
    ai_class: AiClass | None
    """The class of the AI Act, where it was stated."""
    why: str | None
    """Why it stands so; of a class, its reasoning."""


class Gates(Printed):
    """What `gate` prints: every gate, or one of them with the texts it rests on."""

    trial: str
    """The trial's id."""
    gates: tuple[GateLine, ...]
    """Each gate, or the one that was asked for."""
    law: GateLaw | None = None
    """What the one has to settle; null where all are told, and where configs/law.toml has none."""
    law_old: bool = False
    """Whether one of those texts was read more than a year ago."""


class PackageLine(Frozen):
    """One trial in `evidence list`."""

    question: str
    """The question as municipalities have agreed to call it."""
    own: bool
    """Whether the trial is ours."""
    trial: str | None
    """The trial's id, where it is ours."""
    municipality: str | None
    """Whose it is, where that is told."""
    origin: str
    """Which trial, by the hash of its registration in the record it comes from."""
    sha256: str | None
    """The package's fingerprint; null for ours, which is made when it is exported."""
    design: DesignKind
    """The plan of the comparison."""
    evidence_level: Level
    """How well the effect was measured."""
    analysed: Day
    """The day of the analysis."""
    verdict: Verdict
    """What the policy of whoever tried it recommends."""
    stale: bool
    """Whether something came in after the analysis."""
    simulated: bool
    """Whether the measurements were invented."""


class EvidenceList(Printed):
    """What `evidence list` prints."""

    packages: tuple[PackageLine, ...]
    """Each trial: ours as they stand, then the newest package of each trial elsewhere."""


class EvidencePool(Printed):
    """What `evidence pool` prints."""

    questions: tuple[PooledQuestion, ...]
    """Each question, with its trials by how they are compared."""


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


DOCUMENTS: dict[str, type[BaseModel]] = {
    "analysis": Analysis,
    "plan": Outlook,
    "recommendation": Recommendation,
    "business": BusinessCase,
    "business_annex": Chances,
    "budget": Supported,
    "budget_annex": BudgetChances,
    "check": Definition,
    "status": Status,
    "rows": Rows,
    "participants": Participants,
    "exclusions": Exclusions,
    "queries": Queries,
    "findings": Findings,
    "notes": Notes,
    "strategy": Strategy,
    "conditions": Conditions,
    "follow_up": FollowUps,
    "second": Second,
    "checks": Checks,
    "sync": Delivery,
    "allocate": Allocation,
    "attach": Attached,
    "fund": FundStatus,
    "gates": Gates,
    "paper": PaperDocument,
    "papers": Papers,
    "evidence_package": EvidencePackage,
    "evidence_list": EvidenceList,
    "evidence_pool": EvidencePool,
}
"""Every document, by the name of its schema file."""


def schema(noun: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of a document as printed: every sentence also in words."""
    made: dict[str, Any] = noun.model_json_schema(by_alias=True, mode="serialization")
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    for spoken in Spoken.__subclasses__():
        here = made if spoken is noun else made.get("$defs", {}).get(spoken.__name__)
        if here:
            here["properties"][spoken.word] = {"type": "string"}
            here["required"] = sorted({*here["required"], spoken.word})
    return made


def write_schemas(folder: Path) -> None:
    """Write every schema as `<name>.schema.json`."""
    for name, noun in DOCUMENTS.items():
        text = json.dumps(schema(noun), ensure_ascii=False, indent=2, sort_keys=True)
        (folder / f"{name}.schema.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_schemas(PACKAGE / "schemas")
