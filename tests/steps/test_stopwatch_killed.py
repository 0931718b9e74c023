"""A process that is killed while somebody times and saves tasks: what was acknowledged is there."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from htkeval.measurement import CLIENT_ID
from htkeval.steps.case import Case
from htkeval.store.store import open_store
from htkeval.store.verify import verify
from tests.intake.trials import build_trial

KILLS = 4
DESIGN = {"kind": "within", "randomised": False, "participant": "participant", "task": "task"}
CODE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from htkeval.decision import Actor
from htkeval.steps.case import Case
from htkeval.steps.stopwatch import Task, press, save
from htkeval.store.store import open_store
from htkeval.timing import Press
from htkeval.trial import Trial
place, begin = Path(sys.argv[1]), int(sys.argv[2])
trial = Trial.model_validate_json(sys.stdin.read())
who = Actor(name="x", known_by="os")
letters = lambda n: "".join(chr(97 + int(d)) for d in f"{n:018}")
with open_store(f"sqlite:///{place.as_posix()}/store.db") as store:
    case = Case(store=store, blobs=place / "blobs", file=trial)
    for n in range(begin, begin + 100_000):
        task = Task(f"P{begin}-{n % 3}", "baseline", {"task": f"sag {n}"})
        for kind, after in (("start", 0), ("stop", 60)):
            at = 1e12 + 1000 * after
            one = Press(id=letters(n) + kind, timing=letters(n), kind=kind, life="l" * 20,
                        monotonic=1000 * after, clock=at)
            press(case, one, task, actor=who, now=datetime.now(UTC))
        save(case, task, {}, client=letters(n), time=None, actor=who, now=datetime.now(UTC))
        print(letters(n), flush=True)
"""


@pytest.mark.campaign
def test_every_acknowledged_row_of_a_form_is_there_once_whenever_the_process_is_killed(
    tmp_path: Path,
) -> None:
    trial = build_trial(design=DESIGN)
    place, chance, acknowledged = tmp_path, random.Random(7), []
    for round_ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", CODE, str(place), str(round_ * 100_000)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(trial.model_dump_json())
            child.stdin.close()
            acknowledged.append(child.stdout.readline().strip())  # it is under way
            time.sleep(chance.uniform(0.0, 0.15))
            child.kill()
            acknowledged += child.stdout.read().split("\n")[:-1]
    with open_store(f"sqlite:///{(place / 'store.db').as_posix()}") as store:
        case = Case(store=store, blobs=place / "blobs", file=trial)
        counted = Counter(row.keys[CLIENT_ID] for row in store.measurements(trial.id))
        assert set(acknowledged) <= set(counted)
        assert set(counted.values()) == {1}
        # a row without its "saved", or the other way round, would be half a save
        saved = {t.id for who in store.people(trial.id) for t in store.timings(trial.id, who)
                 if t.state == "saved"}  # fmt: skip
        assert saved == set(counted)
        assert [one.name for one in verify(store, case.blobs) if not one.passed] == []
    assert len(acknowledged) > KILLS
