"""From the measured minutes on every task to the hours that can be taken home, fall by fall."""

from dataclasses import dataclass
from typing import Literal

from htkeval.business_case import BusinessCase, Span

MINUTES_AN_HOUR = 60
NEEDED = (
    "measured_minutes", "checking_minutes", "extra_minutes", "tasks_a_year", "eligible", "adoption",
    "net_hours", "realisable_hours", "cashable_hours",
)  # fmt: skip
"""Lines of the business case without which there is no waterfall."""

FallOf = Literal[
    "measured",
    "checking_minutes",
    "extra_minutes",
    "eligible",
    "adoption",
    "net_hours",
    "realisable",
    "cashable",
    "cashable_hours",
]


@dataclass(frozen=True)
class Fall:
    """One step down, or what is left where it stands by itself."""

    of: FallOf
    """Which."""
    start: float
    """Hours a year before it; nought where it stands by itself."""
    end: float
    """Hours a year after it."""

    @property
    def whole(self) -> bool:
        """Whether it stands by itself: a sum, not a step."""
        return self.of in ("measured", "net_hours", "cashable_hours")


@dataclass(frozen=True)
class Waterfall:
    """All falls, and between which ends the last lies."""

    tasks: float
    """Tasks a year."""
    eligible: float
    """The share that the tool suits."""
    adoption: float
    """The share of employees who use it."""
    falls: tuple[Fall, ...]
    """From the top; a step that changes nothing is left out."""
    home: Span
    """Hours a year that can be taken home."""


def waterfall(case: BusinessCase) -> Waterfall | None:
    """Where do the measured hours go, as expected? None where a line is not known.

    The last figures are those of the business case; what is between them multiplies its shares in
    the order of its lines, so that each fall is what that line alone takes.

    Args:
        case: The business case.
    """
    spans = {}
    for name in NEEDED:
        step = case.step(name)
        if step.low is None or step.expected is None or step.high is None:
            return None
        spans[name] = Span(low=step.low, expected=step.expected, high=step.high)
    of = {name: span.expected for name, span in spans.items()}
    hours = of["tasks_a_year"] / MINUTES_AN_HOUR
    measured = of["measured_minutes"] * hours
    checked = measured - of["checking_minutes"] * hours
    extra = checked - of["extra_minutes"] * hours
    suited = extra * of["eligible"]
    falls = (
        Fall("measured", 0.0, measured),
        Fall("checking_minutes", measured, checked),
        Fall("extra_minutes", checked, extra),
        Fall("eligible", extra, suited),
        Fall("adoption", suited, of["net_hours"]),
        Fall("net_hours", 0.0, of["net_hours"]),
        Fall("realisable", of["net_hours"], of["realisable_hours"]),
        Fall("cashable", of["realisable_hours"], of["cashable_hours"]),
        Fall("cashable_hours", 0.0, of["cashable_hours"]),
    )
    return Waterfall(
        tasks=of["tasks_a_year"],
        eligible=of["eligible"],
        adoption=of["adoption"],
        falls=tuple(one for one in falls if one.whole or one.start != one.end),
        home=spans["cashable_hours"],
    )
