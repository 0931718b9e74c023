"""Plans of every design, and the numbers that they are asked with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from htkeval.decision import Policy
from htkeval.planning.assumed import assume
from htkeval.planning.outlook import Question
from htkeval.trial import BY_CALENDAR, BY_TEAM, NEVER_RANDOMISED, Trial

POLICY = Policy(version="2026-1", valid_from=date(2026, 1, 1), status="Udkast")


def trial_of(
    kind: str = "within", *, primary: Any = None, more: Any = None, **design: Any
) -> Trial:
    columns = {"participant": "participant"}
    columns |= {"team": "team"} if kind in BY_TEAM else {}
    columns |= {"period": "period"} if kind in BY_CALENDAR else {}
    metric = {
        "id": "minutes",
        "label": "Minutter",
        "kind": "duration",
        "column": "minutes",
        "unit": "min",
        "better": "lower",
        "role": "primary",
        "worthwhile": -0.2,
        "source": "timed",
    }
    drawn = kind not in NEVER_RANDOMISED
    return Trial.model_validate(
        {
            "id": "proeve",
            "title": "Prøve",
            "question": "Går det hurtigere?",
            "area": "Borgerservice",
            "technology": "other",
            "starts": "2026-01-12",
            "ends": "2026-04-10",
            "arms": {"baseline": {"label": "Uden AI"}, "treatment": {"label": "Med AI"}},
            "design": {"kind": kind, "randomised": drawn, **columns, **design},
            "metrics": [metric | (primary or {})],
        }
        | (more or {})
    )


@pytest.fixture
def few_verdicts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody asks what the policy would say: most of an outlook's time."""
    monkeypatch.setattr("htkeval.planning.outlook.VERDICTS", 10)


@pytest.fixture(scope="session")
def make_trial() -> Callable[..., Trial]:
    return trial_of


@pytest.fixture(scope="session")
def ask() -> Callable[..., Question]:
    """A question of a plan; numbers of `assume` are handed on."""

    def make(
        kind: str = "within",
        *,
        units: int = 12,
        tasks_each: float = 8,
        trials: int = 400,
        draws: int = 99,
        sizes: bool = False,
        trial: Trial | None = None,
        policy: Policy = POLICY,
        **numbers: float,
    ) -> Question:
        plan = trial or trial_of(kind)
        return Question(
            trial=plan,
            policy=policy,
            assumed=assume(plan, **numbers),  # type: ignore[arg-type]
            units=units,
            tasks_each=tasks_each,
            trials=trials,
            draws=draws,
            sizes=sizes,
        )

    return make
