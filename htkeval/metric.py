"""What is measured in a trial."""

from typing import Literal, Self

from pydantic import Field, model_validator

from htkeval.frozen import Contradiction, Finite, Frozen

MetricKind = Literal["duration", "share", "rate", "rating", "count", "binary"]
Role = Literal["primary", "guardrail", "secondary"]
Source = Literal["timed", "system_log", "self_reported", "banded"]
DurationUnit = Literal["s", "min", "min:s", "h"]


class Metric(Frozen):
    """One quantity that every task gets a value of."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """Name in files and on the command line: small letters, digits, underscores."""
    label: str = Field(min_length=1)
    """Name on screen, with the unit: `Minutter pr. referat`."""
    kind: MetricKind
    """Decides which effects are computed."""
    column: str | None = None
    """The column of the sheet that holds the value."""
    columns: tuple[str, ...] = ()
    """Instead of `column`: columns whose sum is the value, in the same unit."""
    exposure: str | None = None
    """For a rate or a share: the column that the value is divided by (words, answers)."""
    per: Finite = Field(default=1.0, gt=0)
    """For a rate: per so many units of exposure."""
    unit: str | None = None
    """Unit of the value; a duration is in s, min, min:s or h."""
    better: Literal["lower", "higher"]
    """The direction that is an improvement."""
    role: Role
    """`primary` (exactly one), `guardrail` (must not get worse) or `secondary`."""
    worthwhile: Finite | None = None
    """Smallest relative change worth having, signed: -0.15 is fifteen per cent less."""
    margin: Finite | None = Field(default=None, ge=0)
    """For a guardrail: the worsening that was accepted beforehand, in the metric's unit."""
    source: Source | None = None
    """How the value came to be; not stated counts as `self_reported`, the weakest."""
    bounds: tuple[str, str] | None = None
    """For a banded answer: the columns with its lower and upper bound."""
    cap: Finite | None = Field(default=None, gt=0)
    """For a duration: the time at which an unfinished task is counted, in `unit`."""
    rater: str | None = None
    """The column that says who rated."""
    blind: bool = False
    """Whether the rater or counter of errors did not know the arm."""
    pre_period: str | None = None
    """The column with the unit's value before the trial, as a covariate."""

    @property
    def parts(self) -> tuple[str, ...]:
        """The columns whose sum is the value."""
        return self.columns or ((self.column,) if self.column else ())

    @property
    def sheet_columns(self) -> tuple[str, ...]:
        """Every column of the sheet that this metric reads."""
        extra = (self.exposure, self.rater, self.pre_period, *(self.bounds or ()))
        return (*self.parts, *(name for name in extra if name))

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.column and self.columns:
            raise Contradiction("give column or columns, not both")
        if not self.parts and not self.bounds:
            raise Contradiction("give the column that holds the value")
        if self.kind == "duration" and self.unit not in ("s", "min", "min:s", "h"):
            raise Contradiction("a duration needs unit = s, min, min:s or h")
        if self.kind == "rate" and not self.exposure:
            raise Contradiction("a rate needs the column of its exposure")
        if self.exposure and self.kind not in ("rate", "share"):
            raise Contradiction("only a rate or a share has an exposure")
        if self.source == "banded" and not self.bounds:
            raise Contradiction("a banded answer needs bounds = [lower column, upper column]")
        self._check_direction()
        return self

    def _check_direction(self) -> None:
        if self.worthwhile is None:
            return
        if self.worthwhile == 0 or (self.worthwhile < 0) != (self.better == "lower"):
            raise Contradiction(
                "worthwhile must be a change for the better, so signed as better says"
            )
        if not 0.001 <= abs(self.worthwhile) < (1 if self.better == "lower" else 10):
            raise Contradiction("worthwhile is a share: -0.15 is fifteen per cent less")
