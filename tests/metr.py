"""A real trial as a sheet and a definition: 246 tasks by 16 developers, AI allowed or not by lot.

The measurements are not ours to pass on: they are read from beside the checkout where they are.
"""

from __future__ import annotations

import csv
from pathlib import Path
from statistics import fmean

DATA = Path(__file__).parents[2] / "shared" / "data" / "metr-oss-devs" / "data_complete.csv"

TRIAL = """\
id = "metr"
title = "AI til erfarne udviklere"
question = "Bliver en opgave hurtigere færdig, når AI er tilladt?"
area = "Udvikling"
technology = "other"
starts = 2025-02-01
ends = 2025-06-30

[arms.baseline]
label = "Uden AI"
value = "0"
[arms.treatment]
label = "AI tilladt"
value = "1"

[design]
kind = "within"
randomised = true
allocation = "bernoulli"
arm = "ai_treatment"
participant = "dev_id"

[[metrics]]
id = "task_time"
label = "Minutter pr. opgave"
kind = "duration"
columns = ["initial_implementation_time", "post_review_implementation_time"]
unit = "min"
better = "lower"
role = "primary"
worthwhile = -0.10
source = "timed"

[[covariates]]
column = "predicted_time_no_ai"
scale = "log"

[forecast]
relative_change = -0.24
"""


def write_sheet(file: Path) -> None:
    """The source's rows; a missing post-review time is its arm's mean, as the source has it."""
    with DATA.open(newline="", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    post = "post_review_implementation_time"
    known = {
        arm: fmean(float(r[post]) for r in rows if r[post] and r["ai_treatment"] == arm)
        for arm in ("0.0", "1.0")
    }
    assert sum(not row[post] for row in rows) == 16
    for row in rows:
        row[post] = row[post] or repr(known[row["ai_treatment"]])
    with file.open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
