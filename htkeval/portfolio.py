"""Where every trial stands: what screens, papers and `status` read."""

from dataclasses import dataclass, field
from datetime import date as Day
from datetime import datetime

from htkeval.analysis import Analysis
from htkeval.attachment import Attachment, Withdrawal
from htkeval.condition import ConditionStands
from htkeval.decision import Decision, GateState, Recommendation
from htkeval.deviation import Deviation
from htkeval.finding import Finding
from htkeval.follow_up import FollowUp
from htkeval.law import AiClass
from htkeval.note import Note
from htkeval.prior import SCEPTICAL, Prior
from htkeval.realised import Realised
from htkeval.text import Text
from htkeval.trial import ARMS, Arm, Trial


@dataclass(frozen=True)
class GateView:
    """A gate as it stands."""

    id: str
    """The gate's id."""
    required: bool
    """Whether the trial must close it."""
    state: GateState
    """Open until somebody says otherwise."""
    date: Day | None = None
    """When it was closed or found not to be needed, or the deadline of an open one."""
    responsible: str | None = None
    """Who answers for it."""
    why: str | None = None
    """Why it stands so, in the words of who said it; always of a gate that is not needed."""
    document: str | None = None
    """Where the papers are: a case number."""
    ai_class: AiClass | None = None
    """The class of the AI Act, where somebody said it; `why` is its reasoning."""


@dataclass(frozen=True)
class Voided:
    """Why a decision does not hold any more: what it rests on was unlocked."""

    at: datetime
    """When, in UTC."""
    by: str
    """Who unlocked it."""
    why: str
    """Why, in his words."""


@dataclass(frozen=True)
class LockHeld:
    """The lock that makes a trial's measurements final."""

    at: datetime
    """When, in UTC."""
    by: str
    """Who locked it."""
    snapshot: str
    """Fingerprint of the rows."""


@dataclass(frozen=True)
class SignedDecision:
    """A decision with its day."""

    at: datetime
    """When, in UTC."""
    decision: Decision
    """What was signed."""
    void: Voided | None = None
    """Why it holds no more; None while it holds."""
    event: int = 0
    """The event that keeps it."""


@dataclass(frozen=True)
class LookTaken:
    """A look before the end, or at it, and who looked."""

    k: int
    """Its number, from 1."""
    of: int
    """How many there are."""
    fraction: float
    """Share of the planned information that was in."""
    at: datetime
    """When, in UTC."""
    by: str
    """Who."""


@dataclass(frozen=True)
class TrialState:
    """One trial and all that has happened to it."""

    trial: Trial
    """The definition that counts: the registered one, else the file's."""
    registration: str | None = None
    """Fingerprint of the registration; a deviation that changed it has its own."""
    registered_at: datetime | None = None
    """When it was frozen."""
    registered_by: str | None = None
    """Who froze it."""
    registered_in_time: bool = False
    """Whether that was before the first treatment measurement."""
    file_differs: bool = False
    """Whether trial.toml says something else now than what counts."""
    untold: tuple[str, ...] = ()
    """Which keys of it do, and no deviation tells of."""
    deviations: tuple[Deviation, ...] = ()
    """What was changed and told, oldest first."""
    looks: tuple[LookTaken, ...] = ()
    """The looks that were taken, oldest first."""
    attachments: tuple[Attachment, ...] = ()
    """Technical measurements of the tool, oldest first; no evidence of time saved."""
    withdrawn: tuple[Withdrawal, ...] = ()
    """Which of those were taken back, and why."""
    policy_changed: bool = False
    """Whether the policy in force is another than the one at the registration."""
    drawn: bool = False
    """Whether lots were drawn for it here."""
    prior: Prior = SCEPTICAL
    """What was believed of its minutes before they were measured."""
    prior_registered: bool = False
    """Whether that was frozen with the promise."""
    rows: dict[str, int] = field(default_factory=dict)
    """Measurements so far, by arm."""
    few_in_an_arm: bool = False
    """Whether an arm has those of one to four people, so that no view tells them by arm."""
    snapshot: str | None = None
    """Fingerprint of the newest snapshot."""
    analysis: Analysis | None = None
    """The newest analysis."""
    analysis_fingerprint: str | None = None
    """SHA-256 of it as stored."""
    analysed_at: datetime | None = None
    """When."""
    analysed_by: str | None = None
    """Who had it computed."""
    stale: bool = False
    """Whether measurements or a deviation came in after what was analysed."""
    data_changed: bool = False
    """Whether other rows count than when it was analysed: it is to be run again."""
    recommendation: Recommendation | None = None
    """What the policy says of the newest analysis."""
    gates: tuple[GateView, ...] = ()
    """Every gate of the trial."""
    decisions: tuple[SignedDecision, ...] = ()
    """What was signed, oldest first; also what is void."""
    conditions: tuple[ConditionStands, ...] = ()
    """The conditions of the decision that holds, as they stand."""
    follow_up: FollowUp | None = None
    """What became of the saving that the decision which holds booked; None: it booked none."""
    realised: tuple[Realised, ...] = ()
    """What was said of savings that were booked, also under decisions that held before."""
    lock: LockHeld | None = None
    """The lock that holds; None while rows may come in."""
    simulated: bool = False
    """Whether any event of this trial carries the mark."""
    unpublished: int = 0
    """Runs that MLflow does not have yet."""
    people: int = 0
    """Participants whom it knows; whoever was forgotten is none of them."""
    findings: tuple[Finding, ...] = ()
    """Experiences and challenges, in the order in which they were told."""

    @property
    def unsolved(self) -> tuple[Finding, ...]:
        """The challenges that nobody has solved or accepted: the whole municipality sees them."""
        return tuple(one for one in self.findings if one.travels)

    def overdue(self, today: Day) -> bool:
        """Whether the day has passed until which people were to be known."""
        kept = self.trial.retention
        return kept is not None and kept.until < today

    def all_forgotten(self, today: Day) -> bool:
        """Whether that day has passed, and nobody is known and nothing counts any more."""
        return self.overdue(today) and not self.people and not any(self.rows.values())

    @property
    def rows_told(self) -> dict[Arm, int | None]:
        """Measurements by arm, as a view may tell them; those of one arm alone are all there are,
        and how many these are is told anyway."""
        held = self.few_in_an_arm and all(self.rows.get(arm) for arm in ARMS)
        return {arm: None if held else self.rows.get(arm, 0) for arm in ARMS}

    @property
    def standing(self) -> tuple[SignedDecision, ...]:
        """The decisions that hold, oldest first."""
        return tuple(one for one in self.decisions if one.void is None)


VERDICT_ORDER = ("stop", "go", "go_with_conditions", "prolong", "no_go", "not_permitted")


@dataclass(frozen=True)
class Portfolio:
    """All trials of a municipality together."""

    municipality: str
    """Whose."""
    committee: str
    """Who decides."""
    trials: tuple[TrialState, ...]
    """Each trial, those that ask for a decision first."""
    unreadable: tuple[Text, ...] = ()
    """Definitions that could not be read, a sentence each; the other trials are shown."""
    notes: tuple[Note, ...] = ()
    """What others told without data, in the order in which it was told; in no figure."""


def in_order(trials: tuple[TrialState, ...]) -> tuple[TrialState, ...]:
    """By verdict, a stop always first, trials without one last; then by title."""

    def place(state: TrialState) -> tuple[int, str]:
        verdict = state.recommendation.verdict if state.recommendation else None
        rank = VERDICT_ORDER.index(verdict) if verdict else len(VERDICT_ORDER)
        return rank, state.trial.title

    return tuple(sorted(trials, key=place))
