"""How many cells a second are searched for what gives a person away: one million different ones.

    python benchmarks/privacy.py

Ids, decimals, times, notes with Danish letters and case numbers, eight in a row, as a sheet holds
them. The search is the one that `add` makes, from rows in memory to findings; Arrow is loaded
before the clock starts. In a hard sheet one row in a hundred has to be looked at cell by cell.
"""

from __future__ import annotations

import random
from statistics import median
from time import perf_counter

from htkeval.intake import suspicion
from htkeval.intake.findings import Findings
from htkeval.intake.header import Header
from htkeval.intake.search import NOBODY, Given, Search
from htkeval.intake.sheet import AT_ONCE

CELLS = 1_000_000
WIDTH = 8
ROUNDS = 5
WORDS = ["referat", "møde", "kort", "notat", "borger", "indstilling", "team", "ændring"]


def cell(at: int, rng: random.Random) -> str:
    """A cell that no other is."""
    kind = at % 5
    if kind == 0:
        return f"P{at:07d}"
    if kind == 1:
        return f"{rng.random() * 100:.6f}".replace(".", ",") + str(at)
    if kind == 2:
        return f"2026-{at % 12 + 1:02d}-{at % 28 + 1:02d} {at % 24:02d}:{at % 60:02d}.{at}"
    if kind == 3:
        return f"{rng.choice(WORDS)} {rng.choice(WORDS)} {at}"
    return f"S2026-{at:07d}"


def rows(hard: bool) -> list[list[str]]:
    """A million cells; in a hard sheet every hundredth row holds ten digits that are no day."""
    rng = random.Random(1)
    cells = [cell(at, rng) for at in range(CELLS)]
    table = [cells[at : at + WIDTH] for at in range(0, CELLS, WIDTH)]
    for number in range(0, len(table), 100) if hard else ():
        table[number][1] = f"311{number % 10}25{number:07d}"[:6] + f"-{number % 10000:04d}"
    return table


def searched(table: list[list[str]], given: Given = NOBODY) -> float:
    """Cells a second of one search."""
    names = tuple(f"c{at}" for at in range(WIDTH))
    search = Search(Findings("a.csv"), Header(1, names), names[:3], given, texts=True)
    start = perf_counter()
    rows = list(enumerate(table, start=2))
    for at in range(0, len(rows), AT_ONCE):
        search.rows(rows[at : at + AT_ONCE])
    search.finish()
    return CELLS / (perf_counter() - start)


def main() -> None:
    """Print cells a second; promised are 1,000,000."""
    suspicion.suspicious(["warm"])
    easy, hard = rows(hard=False), rows(hard=True)
    named = Given(names=frozenset({"mette", "holm", "jørgensen"}))
    for what, table, given in (
        ("different cells", easy, NOBODY),
        ("one row in 100 looked at", hard, NOBODY),
        ("held against names too", easy, named),
    ):
        speeds = [searched(table, given) for _ in range(ROUNDS)]
        told = f"{median(speeds):12,.0f} cells a second (least {min(speeds):,.0f})"
        print(f"{what:<26}{told}; promised 1,000,000")


if __name__ == "__main__":
    main()
