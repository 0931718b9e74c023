"""How long does it take to save a press and a form? `python benchmarks/form.py`

Prints milliseconds in the store of a press of the stopwatch and of the form that follows, in a
trial that holds a thousand timed tasks of thirty people already: one without lots, and one that
is registered and whose tasks were drawn as a list. Beside them what one row takes that nobody asks
anything about: its share depends less on the machine. Promised: a form in 5 ms.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from htkeval.decision import Actor, Policy
from htkeval.measurement import Batch, Measurement
from htkeval.steps.allocate import allocate
from htkeval.steps.case import Case
from htkeval.steps.register import register
from htkeval.steps.stopwatch import Task, press, save
from htkeval.steps.task_arm import task_arm
from htkeval.store.store import open_store
from htkeval.timing import Kind, Press
from htkeval.trial import Trial

PEOPLE, TASKS, MEASURED = 30, 1000, 100
WHO = Actor(name="benchmark", known_by="os")
POLICY = Policy(version="1", valid_from=date(2026, 1, 1), status="udkast")
BEGAN = datetime(2026, 1, 12, 8, tzinfo=UTC)


def main() -> None:
    """Measure, and print the median and the slowest of the last hundred."""
    for drawn in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            with open_store(f"sqlite:///{(place / 'store.db').as_posix()}") as store:
                case = Case(store=store, blobs=place / "blobs", file=trial(drawn=drawn))
                if drawn:
                    register(case, policy=POLICY, actor=WHO, now=BEGAN)
                    allocate(case, units(place / "units.csv"), actor=WHO, now=BEGAN)
                print("registered, with lots" if drawn else "without lots")
                tell(measure(case))


def measure(case: Case) -> dict[str, list[float]]:
    """Seconds of each press and each form, and of rows without either."""
    times: dict[str, list[float]] = {"start": [], "stop": [], "form": [], "row": []}
    for n in range(TASKS + MEASURED):
        one(case, n, times)
    for n in range(MEASURED):
        bare = Measurement(arm="baseline", keys={"task": f"t{n}"}, values={"minutes": 1.0 * n})
        batch = Batch(trial="andet", name="row", measurements=(bare,))
        clock = time.perf_counter()
        case.store.add_batch(batch, actor=WHO, now=BEGAN, participant=None)
        times["row"].append(time.perf_counter() - clock)
    return times


def tell(times: dict[str, list[float]]) -> None:
    """A line each."""
    row = statistics.median(times["row"])
    for name, seconds in times.items():
        last = sorted(seconds[-MEASURED:])
        middle, slow = statistics.median(last), last[len(last) * 95 // 100]
        print(
            f"  {name:6} {1000 * middle:6.2f} ms   95 of 100: {1000 * slow:6.2f} ms"
            f"   {middle / row:4.1f} bare rows"
        )


def one(case: Case, n: int, times: dict[str, list[float]]) -> None:
    """Time one task, and save it."""
    names = {"participant": f"P{n % PEOPLE:02}", "task": f"sag {n}"}
    arm = task_arm(case, names).arm or "baseline"
    task = Task(names["participant"], arm, {"task": names["task"]})
    name, begun = letters(n), BEGAN + timedelta(seconds=n)
    kinds: tuple[tuple[Kind, float], ...] = (("start", 0.0), ("stop", 60.0))
    for kind, after in kinds:
        pressed = make(name, kind, after, begun)
        clock = time.perf_counter()
        press(case, pressed, task, actor=WHO, now=begun + timedelta(seconds=after))
        times[kind].append(time.perf_counter() - clock)
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


def units(path: Path) -> Path:
    """A list of every task, by person."""
    rows = (f"P{n % PEOPLE:02};sag {n}" for n in range(TASKS + MEASURED))
    path.write_text("\n".join(("participant;task", *rows)) + "\n", encoding="utf-8")
    return path


def trial(*, drawn: bool) -> Trial:
    """With lots for each task, or without, so that the arm is chosen."""
    lots = {"randomised": True, "allocation": "bernoulli"} if drawn else {"randomised": False}
    label = {"baseline": {"label": "uden"}, "treatment": {"label": "med"}}
    minutes = {"kind": "duration", "unit": "min", "role": "primary", "label": "Minutter"}
    errors = {"kind": "count", "role": "guardrail", "label": "Fejl"}
    return Trial.model_validate(
        {
            "id": "formular",
            "title": "Formular",
            "question": "Går det hurtigere?",
            "area": "Ingen",
            "technology": "other",
            "starts": "2026-01-12",
            "ends": "2026-04-10",
            "arms": label,
            "design": {"kind": "within", "participant": "participant", "task": "task", **lots},
            "metrics": [
                {"id": "minutes", "column": "minutes", "better": "lower", **minutes},
                {"id": "errors", "column": "errors", "better": "lower", **errors},
            ],
        }
    )


if __name__ == "__main__":
    main()
