"""How long does it take to save a press and a form? `python benchmarks/form.py`

Prints milliseconds in the store of a press of the stopwatch and of the form that follows, in a
trial that holds a thousand timed tasks already, each of thirty people. Promised: a form in 5 ms.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from htkeval.decision import Actor
from htkeval.steps.case import Case
from htkeval.steps.stopwatch import Task, press, save
from htkeval.store.store import open_store
from htkeval.timing import Kind, Press
from htkeval.trial import Trial

PEOPLE, TASKS = 30, 1000
WHO = Actor(name="benchmark", known_by="os")
BEGAN = datetime(2026, 1, 12, 8, tzinfo=UTC)


def main() -> None:
    """Measure, and print the median and the slowest of the last hundred."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with open_store(f"sqlite:///{(place / 'store.db').as_posix()}") as store:
            case = Case(store=store, blobs=place / "blobs", file=trial())
            times: dict[str, list[float]] = {"press": [], "form": []}
            for n in range(TASKS + 100):
                one(case, n, times)
    for name, seconds in times.items():
        last = [1000 * each for each in seconds[-100:]]
        print(f"{name:6} {statistics.median(last):6.2f} ms   slowest {max(last):6.2f} ms")


def one(case: Case, n: int, times: dict[str, list[float]]) -> None:
    """Time one task, and save it."""
    task = Task(f"P{n % PEOPLE:02}", "baseline", {"task": f"sag {n}"})
    name = letters(n)
    begun = BEGAN + timedelta(seconds=n)
    for kind, after in (("start", 0.0), ("stop", 60.0)):
        pressed = make(name, kind, after, begun)  # type: ignore[arg-type]
        clock = time.perf_counter()
        press(case, pressed, task, actor=WHO, now=begun + timedelta(seconds=after))
        times["press"].append(time.perf_counter() - clock)
    clock = time.perf_counter()
    save(case, task, {"errors": 1.0}, client=name, time=None, actor=WHO, now=begun)
    times["form"].append(time.perf_counter() - clock)


def make(name: str, kind: Kind, after: float, begun: datetime) -> Press:
    """A press as a browser would send it."""
    return Press(
        id=name[::-1] + kind,
        timing=name,
        kind=kind,
        life="l" * 20,
        monotonic=1000 * after,
        clock=1000 * (begun.timestamp() + after),
    )


def letters(n: int) -> str:
    """A number as twenty letters."""
    return "".join(chr(97 + int(digit)) for digit in f"{n:020}")


def trial() -> Trial:
    """Without lots, so that the arm is chosen."""
    return Trial.model_validate(
        {
            "id": "formular",
            "title": "Formular",
            "question": "Går det hurtigere?",
            "area": "Ingen",
            "technology": "other",
            "starts": "2026-01-12",
            "ends": "2026-04-10",
            "arms": {"baseline": {"label": "uden"}, "treatment": {"label": "med"}},
            "design": {
                "kind": "within",
                "randomised": False,
                "participant": "participant",
                "task": "task",
            },
            "metrics": [
                {
                    "id": "minutes",
                    "label": "Minutter",
                    "kind": "duration",
                    "column": "minutes",
                    "unit": "min",
                    "better": "lower",
                    "role": "primary",
                },
                {
                    "id": "errors",
                    "label": "Fejl",
                    "kind": "count",
                    "column": "errors",
                    "better": "lower",
                    "role": "guardrail",
                },
            ],
        }
    )


if __name__ == "__main__":
    main()
