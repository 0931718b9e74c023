"""All cells, judged together, as the document that the method page shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from calibration.grid import Cell
from calibration.met import warning
from calibration.verdict import SAID, Tally, judge, tally
from calibration.weighing import weighed

SCHEMA = 1
"""Version of the document."""
DIGITS = 4
"""Of a share: one trial in 2,000 is 0.0005."""

Doing = Callable[[Callable[[Cell], "Counted"], Sequence[Cell]], Iterable["Counted"]]
"""`map`, or a pool's: calls a function for each cell, in order."""
Counted = tuple[Tally, str | None]


def campaign(
    cells: Sequence[Cell], *, trials: int, draws: int, seed: int, each: Doing = map
) -> dict[str, Any]:
    """Run the cells and judge them.

    Args:
        cells: Which.
        trials: Null trials a cell.
        draws: Re-randomisations of a trial whose allocations are too many to look at each.
        seed: The same seed gives the same document, whatever the number of processes.
        each: How cells are shared out.
    """
    run = Run(trials, draws, seed)
    found = [
        _written(cell, counted, met, cells=len(cells))
        for cell, (counted, met) in zip(cells, each(run, cells), strict=True)
    ]
    return {
        "schema": SCHEMA,
        "trials": trials,
        "draws": draws,
        "seed": seed,
        "cells": found,
        "failed": sum(not cell["passed"] for cell in found),
    }


class Run:
    """One cell's trials; a class, so that another process can be handed it."""

    def __init__(self, trials: int, draws: int, seed: int) -> None:
        self.trials, self.draws, self.seed = trials, draws, seed

    def __call__(self, cell: Cell) -> Counted:
        found = tally(weighed(cell, seed=self.seed, trials=self.trials, draws=self.draws))
        refused = found.reported < SAID * found.trials
        return found, warning(cell, seed=self.seed, refused=refused)


def _written(cell: Cell, found: Tally, met: str | None, *, cells: int) -> dict[str, Any]:
    verdict = judge(cell, found, cells=cells)
    of = max(1, found.counted)
    return {
        "design": cell.design,
        "units": cell.units,
        "kind": cell.kind,
        "scale": cell.scale,
        "estimand": cell.estimand,
        "weights": cell.weights,
        "randomised": cell.randomised,
        "allocation": cell.allocation if cell.randomised else None,
        "icc": cell.icc,
        "rho": cell.rho,
        "skew": cell.skew,
        "balanced": cell.balanced,
        "sizes": cell.sizes,
        "reactions": cell.reactions,
        "method": found.method,
        "reported": round(found.reported / found.trials, DIGITS),
        "alarms": round(found.alarms / of, DIGITS),
        "covered": round(found.covered / of, DIGITS),
        "attainable": None if verdict.attainable is None else round(verdict.attainable, DIGITS),
        "df": None if found.df is None else round(found.df, DIGITS),
        "limit": verdict.limit,
        "supported": verdict.supported,
        "warning": met,
        "passed": verdict.passed,
    }


def as_json(document: dict[str, Any]) -> str:
    """Sorted, a cell a line: two campaigns can be laid side by side."""
    rest = {name: value for name, value in document.items() if name != "cells"}
    lines = [json.dumps(cell, sort_keys=True) for cell in document["cells"]]
    head = json.dumps({"cells": [], **rest}, sort_keys=True)
    return head.replace('"cells": []', '"cells": [\n' + ",\n".join(lines) + "\n]", 1) + "\n"


def as_table(document: dict[str, Any]) -> str:
    """The same for a person at a terminal."""
    lines = [f"{'design':27}{'n':>3} {'what':52}{'method':16}{'alarms':>7}{'covered':>8}  "]
    lines += [_line(cell) for cell in document["cells"]]
    told = f"{document['failed']} of {len(document['cells'])} cells failed"
    return "\n".join([*lines, f"{told} ({document['trials']} trials a cell)."]) + "\n"


def _line(cell: dict[str, Any]) -> str:
    most = cell["attainable"] if cell["limit"] == 0.05 and cell["attainable"] else cell["limit"]
    said = "FAILED" if not cell["passed"] else "" if cell["supported"] else "not supported"
    careful = "careful" if not said and cell["alarms"] < most / 2 else ""
    drawn = cell["design"] if cell["randomised"] else f"({cell['design']})"
    return (
        f"{drawn:27}{cell['units']:>3} {_what(cell):52}{cell['method'] or '-':16}"
        f"{100 * cell['alarms']:6.1f}%{100 * cell['covered']:7.1f}%  "
        f"{', '.join(word for word in (said, careful, cell['warning']) if word)}"
    ).rstrip()


def _what(cell: dict[str, Any]) -> str:
    words = {
        cell["kind"]: cell["kind"] != "duration",
        cell["scale"]: True,
        f"icc {cell['icc']}": cell["icc"],
        f"rho {cell['rho']}": cell["rho"],
        "unequal arms": not cell["balanced"],
        f"{cell['sizes']} sizes": cell["sizes"] == "equal",
        "one task each": cell["sizes"] == "one",
        "reactions": cell["reactions"],
        str(cell["allocation"]): cell["allocation"] not in (None, "complete"),
        "by unit": cell["weights"] == "unit",
        cell["estimand"]: cell["estimand"] != "effect",
    }
    return ", ".join(word for word, said in words.items() if said)
