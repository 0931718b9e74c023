"""The municipality's rules, what they say of a trial, and what a person signed."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StrictBool

from htkeval import canonical
from htkeval.booking import Booking
from htkeval.condition import Condition
from htkeval.evidence import Level
from htkeval.frozen import Finite, Frozen, Spoken
from htkeval.knowing import Knowing
from htkeval.paper_file import PaperFile
from htkeval.text import Text, say

Verdict = Literal["go", "go_with_conditions", "prolong", "no_go", "stop", "not_permitted"]
KnownBy = Literal["oidc", "proxy", "declared", "os"]
GateState = Literal["open", "closed", "not_needed", "forbidden"]

GATE_NAMES: dict[str, Text] = {
    "dpia": say("Data protection impact assessment (DPIA)"),
    "legal_basis": say("Legal basis"),
    "ai_act": say("AI Act: class and reasoning"),
    "security": say("Information security"),
    "accessibility": say("Accessibility"),
    "med": say("Staff consultation (MED)"),
    "supplier": say("Supplier terms"),
}
"""What the gates that every municipality knows are called; others are called by their id."""


class Actor(Frozen):
    """Who acts, and how we know."""

    name: str = Field(min_length=1)
    """The name."""
    known_by: KnownBy
    """Logged in (`oidc`, `proxy`), said by the caller (`declared`), or the computer's account."""


class GateTold(Frozen):
    """What was said of a gate beside its state."""

    on: date | None = None
    """The day it was closed or found not to be needed, or the deadline of an open one."""
    responsible: str | None = None
    """Who answers for it."""


class GoCriteria(Frozen):
    """What must hold before a trial is recommended for scaling."""

    evidence_level: Level = "E4"
    """The lowest level that may carry a saving."""
    excludes_no_effect: StrictBool = True
    """The confirmatory interval lies wholly on the side of the benefit."""
    worthwhile: StrictBool = True
    """The estimate is at least the smallest change worth having."""
    arithmetic_agrees: StrictBool = True
    """The interval of the arithmetic difference, which money follows, also excludes no effect."""
    guardrails_inside_margin: StrictBool = True
    """Every guardrail's whole interval lies inside its margin."""
    gates_closed: StrictBool = True
    """Every required gate is closed or not needed."""
    conditions: tuple[str, ...] = ()
    """Gates that may still be open where everything else holds: the go is then on conditions."""
    difference_in_differences: StrictBool = False
    """Whether teams that nobody drew, compared over time, may carry a saving."""
    realised: Annotated[Finite, Field(gt=0, le=1)] | None = None
    """Share of what the decision before booked that must have been realised at the newest day of
    follow-up; None: not asked."""
    neighbours: StrictBool = False
    """Whether trials of other municipalities, five or more by lot, must speak for it too."""


_SILENT: tuple[tuple[str, object], ...] = (
    ("conditions", []),
    ("difference_in_differences", False),
    ("realised", None),
    ("neighbours", False),
)
"""Later criteria, and what a policy that says nothing of them has."""


class Policy(Frozen):
    """The municipality's rules, versioned. Mirrors `configs/policy.toml`."""

    version: str = Field(min_length=1)
    """Name of this version; stands on every decision."""
    valid_from: date
    """From which day."""
    status: str = Field(min_length=1)
    """Who adopted it, or that nobody has yet."""
    go: GoCriteria = Field(default_factory=GoCriteria)
    """What `go` takes."""
    power: Finite = Field(default=0.8, gt=0.5, lt=1)
    """With which chance a prolonged trial should see the worthwhile effect."""
    decide_known_by: tuple[KnownBy, ...] = ("oidc", "proxy", "declared", "os")
    """Which ways of knowing who signs are good enough."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of its contents; one that says nothing of a later criterion has the one it always
        had."""
        dumped = self.model_dump(mode="json")
        for name, silent in _SILENT:
            if dumped["go"][name] == silent:
                del dumped["go"][name]
        return canonical.fingerprint(dumped)


class Requirement(Spoken):
    """One criterion, and whether it is met."""

    id: str
    """Name in files."""
    met: bool | None
    """True, false, or None: not known yet."""
    evidence: str
    """What it rests on: the effect, check or gate, by name."""


class NextStep(Spoken):
    """What would bring an answer nearer."""

    word: ClassVar[str] = "what"

    n_more: int | None = Field(default=None, ge=0)
    """How many tasks more, by the same design; None where that cannot be told."""
    knowing: Knowing | None = None
    """What they would be worth, and cost; None where that was not asked."""


class Recommendation(Frozen):
    """What the policy says of the evidence. Computed."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    """Version of the document's form."""
    trial: str
    """The trial's id."""
    analysis: str | None
    """SHA-256 of the analysis; None where there is none."""
    policy: str
    """The policy's version."""
    policy_status: str
    """Who adopted it, or that nobody has yet."""
    policy_fingerprint: str
    """SHA-256 of its contents: two policies of one version are told apart."""
    verdict: Verdict
    """What is recommended."""
    simulated: bool = False
    """Whether it rests on invented measurements."""
    stale: bool = False
    """Whether measurements, a registration or a change of it came after the analysis."""
    deviations: tuple[str, ...] = ()
    """What had been changed after the registration when it was analysed: keys and why."""
    requirements: tuple[Requirement, ...]
    """Each criterion."""
    next: NextStep
    """What would bring an answer nearer."""


class Decision(Frozen):
    """What a person signed. May differ from the recommendation, and then says why."""

    trial: str
    """The trial's id."""
    analysis: str
    """SHA-256 of the analysis it rests on."""
    policy: str
    """The policy's version."""
    recommended: Verdict
    """What was recommended."""
    outcome: Verdict
    """What was decided."""
    reason: str = Field(min_length=1)
    """Why, in the signer's words."""
    signed_by: Actor
    """Who."""
    policy_fingerprint: str | None = None
    """SHA-256 of the policy's contents; None in records from before it was kept."""
    departure: str | None = None
    """Why it departs from the recommendation, in the signer's words; None where it does not."""
    unmet: tuple[str, ...] = ()
    """Requirements that were not met or not known on that day, by name."""
    outdated: bool = False
    """Whether it was signed although something had come in after the analysis."""
    conditions: tuple[Condition, ...] = ()
    """What must be in place, by whom and when."""
    books: Booking | None = None
    """The saving that is taken out of the budget with it; None: none."""
    business_case: str | None = None
    """SHA-256 of the business case as it stood; None where there was none."""
    replaces: int | None = None
    """The event of the decision that it takes the place of; None: it is the first that holds."""
    paper: str | None = None
    """Fingerprint of what the newest paper on this analysis says; None: none was kept."""
    papers: tuple[PaperFile, ...] = ()
    """The files of that paper, in each format and language in which it was kept."""

    @classmethod
    def kept(cls, payload: Mapping[str, Any]) -> "Decision":
        """As an event keeps it, which holds more, and in older records less."""
        return cls.model_validate({k: payload[k] for k in cls.model_fields if k in payload})
