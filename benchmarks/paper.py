"""How long does a paper with four charts take, after everything is loaded?

    python benchmarks/paper.py

Prints milliseconds of what it says, of its charts and words, and of the file; promised are 1,500
for the PDF together.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

TIMES = 7


def main() -> None:
    """Measure, and print a line each."""
    from dataclasses import replace

    from htkeval.business.supporting import support
    from htkeval.economics import Rates
    from htkeval.paper_file import FORMATS
    from htkeval.reporting.paper.content import Figure
    from htkeval.reporting.paper.files import WRITERS
    from htkeval.reporting.paper.make import make
    from htkeval.reporting.paper.written import written
    from tests.business.test_appraising import booked
    from tests.business.test_case import RATES
    from tests.business.test_supporting import policy
    from tests.dashboards.examples import go
    from tests.reporting.papers import behind

    state = go()
    second = state.trial.metrics[1].model_copy(update={"id": "again", "label": "Fejl igen"})
    trial = state.trial.model_copy(update={"metrics": (*state.trial.metrics, second)})
    assert state.analysis is not None
    errors = state.analysis.effects[2].model_copy(update={"metric": "again"})
    analysis = state.analysis.model_copy(update={"effects": (*state.analysis.effects, errors)})
    state = replace(state, trial=trial, analysis=analysis)
    budget = support(booked(), Rates.model_validate(RATES), policy(), [state])
    told = behind(state, budget=budget)
    paper = make(told, trial=trial.id)
    charts = sum(isinstance(one, Figure) for part in paper.sections for one in part.blocks)
    for form in FORMATS:
        svg = form != "docx"
        WRITERS[form](written(paper, "da", drawn=svg))  # loads what it needs
        spent = []
        for _ in range(TIMES):
            begun = time.perf_counter()
            again = make(told, trial=trial.id)
            said = time.perf_counter()
            drawn = written(again, "da", drawn=svg)
            words = time.perf_counter()
            WRITERS[form](drawn)
            spent.append((said - begun, words - said, time.perf_counter() - words))
        parts = [1e3 * statistics.median(of) for of in zip(*spent, strict=True)]
        print(
            f"{form:5} {charts} charts: content {parts[0]:4.0f} ms, words and charts "
            f"{parts[1]:5.0f} ms, file {parts[2]:5.0f} ms; together {sum(parts):5.0f} ms"
            "   (promised 1,500)"
        )


if __name__ == "__main__":
    main()
