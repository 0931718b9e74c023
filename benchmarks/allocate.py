"""How long does it take to allocate 100,000 units? `python benchmarks/allocate.py`

Prints the seconds that each mechanism takes to draw a list with three columns of strata, and that
the whole step takes in a new store: a CSV sheet read and checked, lots drawn, tokens made for
people, the list kept in the chain. Promised: an allocation in 2 s.
"""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from htkeval.decision import Actor, Policy
from htkeval.design.entrants import Entrants
from htkeval.design.listing import draw_list
from htkeval.steps.allocate import allocate
from htkeval.steps.case import Case
from htkeval.steps.register import register
from htkeval.store.store import open_store
from htkeval.trial import Design, Trial

UNITS = 100_000
MECHANISMS = ("complete", "blocks", "minimisation", "bernoulli")
STRATA = {"kommune": 2, "rolle": 5, "anciennitet": 8}
WHO = Actor(name="benchmark", known_by="os")
POLICY = Policy(version="1", valid_from=date(2026, 1, 1), status="udkast")


def main() -> None:
    """Measure, and print a line each."""
    rng = np.random.default_rng(1)
    levels = tuple(rng.integers(0, n, UNITS) for n in STRATA.values())
    who = Entrants(levels, np.zeros(UNITS, dtype=np.int64), np.ones(UNITS, dtype=np.int64))
    none = np.zeros(0, dtype=np.int64)
    for mechanism in MECHANISMS:
        plan = design(mechanism)
        begun = time.perf_counter()
        draw_list(plan, who, none, patterns=2, rng=rng)
        print(f"{mechanism:13} drawn           {time.perf_counter() - begun:6.3f} s")
    for mechanism in MECHANISMS:
        for kind in ("parallel", "cluster"):
            print(f"{mechanism:13} {kind:9} whole {whole(mechanism, kind, levels):6.3f} s")


def design(mechanism: str, kind: str = "parallel") -> Design:
    """Participants or teams with three columns of strata."""
    block = {"block": 4} if mechanism == "blocks" else {}
    return Design.model_validate(
        {
            "kind": kind,
            "randomised": True,
            "participant": "participant",
            "team": "team",
            "allocation": mechanism,
            "strata": list(STRATA),
            **block,
        }
    )


def whole(mechanism: str, kind: str, levels: tuple[np.ndarray, ...]) -> float:
    """Seconds from a sheet to a stored list."""
    trial = Trial.model_validate(
        {
            "id": "stor",
            "title": "Stor",
            "question": "Går det hurtigere?",
            "area": "Ingen",
            "technology": "other",
            "starts": "2026-01-12",
            "ends": "2026-04-10",
            "arms": {"baseline": {"label": "uden"}, "treatment": {"label": "med"}},
            "design": design(mechanism, kind).model_dump(),
            "metrics": [
                {
                    "id": "minutes",
                    "label": "Minutter",
                    "kind": "duration",
                    "column": "minutes",
                    "unit": "min",
                    "better": "lower",
                    "role": "primary",
                }
            ],
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        rows = zip(*(column.tolist() for column in levels), strict=True)
        name = "participant" if kind == "parallel" else "team"
        lines = [f"{name};" + ";".join(STRATA)]
        lines += [f"P{n:06};" + ";".join(f"v{v}" for v in row) for n, row in enumerate(rows)]
        (place / "units.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        with open_store(f"sqlite:///{(place / 'store.db').as_posix()}") as store:
            case = Case(store=store, blobs=place / "blobs", file=trial)
            register(case, policy=POLICY, actor=WHO, now=datetime.now(UTC))
            begun = time.perf_counter()
            allocate(case, place / "units.csv", actor=WHO, now=datetime.now(UTC))
            return time.perf_counter() - begun


if __name__ == "__main__":
    main()
