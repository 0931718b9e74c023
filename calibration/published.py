"""What published trials found, computed again here: `python -m calibration.published DATA -o FILE`.

DATA is the folder of the studies' own measurements, which do not travel with the project; what is
stored is each published figure, ours, and how many decimals were published.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]
METR = {
    "id": "metr",
    "title": "metr",
    "question": "?",
    "area": "?",
    "technology": "other",
    "starts": "2025-02-01",
    "ends": "2025-06-30",
    "arms": {"baseline": {"label": "without"}, "treatment": {"label": "with"}},
    "design": {"kind": "within", "randomised": True, "participant": "dev_id"},
    "metrics": [
        {
            "id": "time",
            "label": "time",
            "kind": "duration",
            "column": "total",
            "unit": "min",
            "better": "lower",
            "role": "primary",
            "worthwhile": -0.1,
            "source": "timed",
        }
    ],
    "covariates": [{"column": "predicted_time_no_ai", "scale": "log"}],
}
POOLED = {
    "pooled_classic": (1.188, 1.013, 1.395),
    "pooled_hc3": (1.188, 1.013, 1.394),
    "pooled_cluster": (1.188, 1.016, 1.390),
}
"""arXiv 2507.09089, the publication's three pooled intervals."""


def main() -> int:
    """Compute, print, store; 1 where a figure is another than the published one."""
    parser = argparse.ArgumentParser(prog="python -m calibration.published", description=__doc__)
    parser.add_argument("data", type=Path, help="the studies' measurements")
    parser.add_argument("-o", "--output", type=Path, required=True, help="where the document goes")
    asked = parser.parse_args()
    rows = [*_metr(asked.data), *_echoes(asked.data), *_bands(asked.data)]
    for row in rows:
        ours = [round(one, row["decimals"]) for one in row["ours"]]
        sys.stdout.write(f"{row['id']}: published {row['published']}, here {ours}\n")
    text = json.dumps({"schema": 1, "figures": rows}, indent=1, sort_keys=True)
    asked.output.write_text(text + "\n", encoding="utf-8")
    return int(any(not same(row) for row in rows))


def same(row: Row) -> bool:
    """Whether ours is the published figure, at as many decimals as were published."""
    ours = [round(one, row["decimals"]) for one in row["ours"]]
    return bool(ours == [round(one, row["decimals"]) for one in row["published"]])


def _row(name: str, published: tuple[float, ...], ours: tuple[float, ...], decimals: int) -> Row:
    return {"id": name, "published": list(published), "ours": list(ours), "decimals": decimals}


def _metr(data: Path) -> Iterator[Row]:
    """The three pooled intervals of 246 tasks by 16 developers, from the panel of other ways."""
    import pyarrow as pa

    from htkeval.evaluation import evaluate
    from htkeval.trial import Trial

    with (data / "metr-oss-devs" / "data_complete.csv").open(encoding="utf-8") as source:
        read = list(csv.DictReader(source))
    post = "post_review_implementation_time"
    mean = {
        arm: statistics.fmean(float(r[post]) for r in read if r["ai_treatment"] == arm and r[post])
        for arm in {r["ai_treatment"] for r in read}
    }
    first = "initial_implementation_time"
    total = [float(r[first]) + float(r[post] or mean[r["ai_treatment"]]) for r in read]
    table = pa.table(
        {
            "arm": ["treatment" if float(r["ai_treatment"]) else "baseline" for r in read],
            "dev_id": [r["dev_id"] for r in read],
            "total": total,
            "predicted_time_no_ai": [float(r["predicted_time_no_ai"]) for r in read],
        }
    )
    found = evaluate(Trial.model_validate(METR), table, snapshot="0" * 64)
    for name, published in POOLED.items():
        row = next(s for s in found.sensitivity if (s.model, s.scale) == (name, "ratio"))
        assert row.estimate is not None
        assert row.ci is not None
        yield _row(f"metr_{name}", published, (row.estimate, *row.ci), 3)


def _echoes(data: Path) -> Iterator[Row]:
    """Medians of the first task, and Cliff's delta of both (arXiv 2507.00788)."""
    import numpy as np

    from htkeval.stats.ranks import RelativeEffect, relative_effect

    for task, delta in ((1, -0.4201), (2, -0.0793)):
        file = data / "echoes-of-ai" / f"task{task}_preprocessed_nofreetext.csv"
        with file.open(encoding="utf-8") as source:
            read = [row for row in csv.DictReader(source) if row["clean_time"]]
        using = np.array([r["ai"] == "True" if task == 1 else r["treatment"] == "ai" for r in read])
        times = np.array([float(r["clean_time"]) for r in read])
        if task == 1:
            change = 100 * (float(np.median(times[using]) / np.median(times[~using])) - 1)
            yield _row("echoes_medians", (-30.7,), (change,), 1)
        ranked = relative_effect(times[~using], times[using])
        assert isinstance(ranked, RelativeEffect)
        yield _row(f"echoes_delta_{task}", (delta,), (2 * ranked.value - 1,), 4)


def _bands(data: Path) -> Iterator[Row]:
    """The mean of a survey that asked in bands, from the middles of its bands."""
    from htkeval.evaluation.banded_answers import mean_bounds
    from htkeval.intake.technical.bands import read_bands

    found = read_bands(data / "gds-copilot-bands" / "bands.csv", cap=120)
    made = {
        one.name: one.value
        for one in mean_bounds(found.low, found.high, found.weights, cap=found.cap)
    }
    yield _row("gds_middles", (26.0,), (made["mean.of_middles"],), 0)


if __name__ == "__main__":
    sys.exit(main())
