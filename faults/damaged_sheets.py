"""Do damaged sheets end in rows or in a sentence, within seconds and 1 GiB, with nothing stored?

Whole CSV, Excel and Parquet files are changed by chance, some thousands of times from a fixed seed:
bytes turned, cut out, doubled, put in; of a workbook the parts inside too, packed again so that the
damage is read and not refused at the door. Each is given to `add` in a process that may not take
more than 1 GiB; a process that ends, or takes longer than its seconds, is named with its case.

    python faults/damaged_sheets.py [--cases 3000] [--seed 20260112]
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import queue
import random
import resource
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

LONGEST = 20.0
"""Seconds for one file."""
MOST = 2**30
"""Bytes that a process may add to what it holds once everything is loaded."""
TOKENS = (
    b"", b"\x00", b"\xff", b'"', b";", b",", b"\r", b"\n", b"=1+1", b"1.234", b"NaN", b"1e999",
    b"<", b">", b"&#53;", b"&x;", b"<!--", b"]]>", b"A1048577", b"XFE1", b"-1", b"99999999999",
    "\u202e".encode(), "\ufeff".encode(), b"\x1b[2J", b"010203-1234", b't="s"', b"<f/>",
)  # fmt: skip


def whole_files(folder: Path) -> dict[str, bytes]:
    """One undamaged sheet of each kind."""
    import openpyxl
    import pyarrow as pa
    from pyarrow import parquet

    names = ("participant", "arm", "task_time", "note")
    rows = [(f"P{n % 4}", ("baseline", "treatment")[n % 2], 20.5 + n, "x") for n in range(8)]
    lines = [";".join(names), *(";".join(map(str, row)).replace(".", ",") for row in rows)]
    book = openpyxl.Workbook()
    for row in (names, *rows):
        book.active.append(row)
    book.save(folder / "whole.xlsx")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    parquet.write_table(
        pa.table({k: list(v) for k, v in columns.items()}), folder / "whole.parquet"
    )
    return {
        "csv": "\n".join(lines).encode(),
        "xlsx": (folder / "whole.xlsx").read_bytes(),
        "parquet": (folder / "whole.parquet").read_bytes(),
    }


def damaged(content: bytes, rng: random.Random) -> bytes:
    """The bytes with one to four changes."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(content) + 1)
        length = min(rng.choice((0, 1, 1, 4, 40)), len(content) - at)
        token = rng.choice(TOKENS)
        new = rng.choice((token, rng.randbytes(length), content[at : at + length] * 3))
        content = content[:at] + new + content[at + length :]
    return content


def damaged_inside(content: bytes, rng: random.Random) -> bytes:
    """A workbook with one part changed, and packed again."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        parts = old.namelist()
        hit = rng.choice([part for part in parts if "sheet1" in part or "workbook" in part])
        for part in parts:
            inside = old.read(part)
            new.writestr(part, damaged(inside, rng) if part == hit else inside)
    return out.getvalue()


def case_of(number: int, seed: int, whole: dict[str, bytes]) -> tuple[str, bytes]:
    """The ending and the bytes of one case."""
    rng = random.Random(seed * 1_000_003 + number)
    kind = ("csv", "xlsx", "xlsx", "parquet")[number % 4]
    change: Callable[[bytes, random.Random], bytes] = damaged
    if kind == "xlsx" and number % 4 == 1:
        change = damaged_inside
    return kind, change(whole[kind], rng)


def work(numbers: list[int], seed: int, folder: Path, results: Any) -> None:
    """Give each case to `add`; tell the number before and the outcome after."""
    from htkeval.decision import Actor
    from htkeval.errors import HtkevalError
    from htkeval.intake import rows
    from htkeval.store.store import open_store
    from tests.intake.trials import build_trial

    trial, whole = build_trial(), whole_files(folder)
    actor = Actor(name="faults", known_by="declared")
    for kind in whole:
        (folder / f"first.{kind}").write_bytes(whole[kind])
        rows.read(trial, folder / f"first.{kind}")
    held = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (held + MOST, held + MOST))
    with open_store(f"sqlite:///{folder / 'store.db'}") as store:
        for number in numbers:
            kind, content = case_of(number, seed, whole)
            file = folder / f"case.{kind}"
            file.write_bytes(content)
            results.put((number, "begun", 0.0))
            before, begun = store.last(), time.monotonic()
            try:
                batch = rows.read(trial, file)
                now = datetime(2026, 2, 1, tzinfo=UTC)
                store.add_batch(batch, actor=actor, now=now, participant="participant")
                outcome = f"{kind} taken"
            except HtkevalError as refused:
                outcome = f"{kind} refused"
                if not refused.problems or not refused.message("da").strip():
                    outcome = "! refused without a sentence"
                if store.last() != before:
                    outcome = "! refused and stored"
            except BaseException:  # noqa: BLE001 - whatever it is, it is told
                outcome = "! " + traceback.format_exc()
            results.put((number, outcome, time.monotonic() - begun))


def main() -> int:
    """Returns 0 where every case ended as promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=20260112)
    wanted = parser.parse_args()
    left, wrong, count, slowest = list(range(wanted.cases)), [], Counter[str](), 0.0
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        while left:
            results, at = context.Queue(), -1
            place = Path(tempfile.mkdtemp(dir=folder))
            worker = context.Process(target=work, args=(left, wanted.seed, place, results))
            worker.start()
            done = 0
            while done < len(left):
                try:
                    number, outcome, took = results.get(timeout=LONGEST + (40 if at < 0 else 0))
                except queue.Empty:  # the worker hangs, or has ended
                    wrong.append((at, "! no answer, or the process ended"))
                    count["! no answer"] += 1
                    done += 1
                    break
                at = number
                if outcome == "begun":
                    continue
                done += 1
                slowest = max(slowest, took)
                count[outcome.split("\n")[0]] += 1
                if outcome.startswith("!"):
                    wrong.append((number, outcome))
            worker.kill()
            worker.join()
            left = [number for number in left if number > at]
    for number, outcome in wrong[:10]:
        print(f"case {number} (seed {wanted.seed}): {outcome}")
    print(f"{wanted.cases} files: {dict(sorted(count.items()))}; slowest {slowest:.1f} s")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
