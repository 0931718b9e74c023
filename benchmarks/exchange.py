"""How long do export and import of 1,000 packages take?

    python benchmarks/exchange.py

Makes 1,000 packages of one analysed trial, each as `evidence export` makes it and of another
origin, writes them, reads and checks them as `evidence import` does and stores them in a fresh
record; then pools forty of them. Prints seconds after everything is loaded (and, in brackets,
seconds of this process alone); promised are 10 together.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

PACKAGES, POOLED = 1_000, 40


def main() -> None:
    """Measure, and print a line each."""
    os.environ["HTKEVAL_LANG"] = "en"
    from htkeval.decision import Actor
    from htkeval.evaluation.together import pooled
    from htkeval.evidence_package import SUFFIX, as_written, file_bytes
    from htkeval.intake.evidence_file import files_of, read
    from htkeval.steps.exchange import kept, take
    from htkeval.steps.packaging import package
    from htkeval.store.store import open_store
    from tests.packages import digest, resealed

    who, now = Actor(name="Ida", known_by="declared"), datetime.now(UTC)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        case, place = analysed(folder / "place")
        more = {"policy": place.policy, "municipality": place.municipality, "named": False}
        package(case, **more)  # loads what it needs
        begun = clocks()
        for number in range(PACKAGES):
            made = package(case, **more)
            (folder / f"{number}").write_bytes(file_bytes(made))
        exported = since(begun)
        sent = folder / "sent"
        sent.mkdir()
        content = as_written(made)
        for number in range(PACKAGES):
            other = resealed({**content, "origin": digest(number)})
            (sent / f"{number}{SUFFIX}").write_bytes(other)
        with open_store(f"sqlite:///{(folder / 'theirs.db').as_posix()}") as store:
            begun = clocks()
            coming = [read(file) for file in files_of((sent,))]
            taken = take(store, coming, directions={}, actor=who, now=now)
            imported = since(begun)
            assert sum(one.event is not None for one in taken) == PACKAGES
            begun = clocks()
            found = pooled(made.question_id, kept(store)[:POOLED])
            together = since(begun)
        case.store.close()
    for what, spent in (("exported", exported), ("imported", imported)):
        print(f"{what:10} {told(spent)} {PACKAGES:,} packages of {len(file_bytes(made)):,} bytes")
    both = (exported[0] + imported[0], exported[1] + imported[1])
    print(f"{'together':10} {told(both)} promised 10")
    print(f"{'pooled':10} {told(together)} {len(found.strata[0].trials)} trials")


def clocks() -> tuple[float, float]:
    """Seconds on the wall and of this process."""
    return time.perf_counter(), time.process_time()


def since(begun: tuple[float, float]) -> tuple[float, float]:
    """Seconds since then, by both."""
    now = clocks()
    return now[0] - begun[0], now[1] - begun[1]


def told(spent: tuple[float, float]) -> str:
    """Both, in words."""
    return f"{spent[0]:6.2f} s   ({spent[1]:.2f} s)  "


def analysed(root: Path):
    """A workspace with one registered and analysed trial that states its question."""
    from htkeval import workspace
    from htkeval.decision import Actor
    from htkeval.intake import rows
    from htkeval.steps.analyse import analyse
    from htkeval.steps.case import Case
    from htkeval.steps.register import register
    from htkeval.store.store import open_store
    from tests.examples import TO_COME, sheet, write_workspace

    question = 'question_id = "tale-til-tekst-referat"\nstarts ='
    write_workspace(root, TO_COME.replace("starts =", question, 1))
    place = workspace.at(root, {})
    store = open_store(place.store)
    case = Case(store=store, blobs=place.blobs, file=place.trial("proeve"))
    more = {"actor": Actor(name="Ida", known_by="declared"), "now": datetime.now(UTC)}
    register(case, policy=place.policy, **more)
    file = root / "maal.csv"
    file.write_text(sheet(year=2099), encoding="utf-8")
    batch = rows.read(case.trial, file)
    store.add_batch(batch, participant=case.trial.design.participant, **more)
    analyse(case, **more)
    return case, place


if __name__ == "__main__":
    main()
