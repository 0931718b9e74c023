"""What the packages `krippendorff` 0.9.0 and `irrCAC` 0.4.4 say of the ratings in agreement.csv.

Neither is a requirement of ours: in an environment of their own,
`pip install krippendorff==0.9.0 irrCAC==0.4.4`, then `python tests/oracles/agreement.py`.
Writes agreement.json beside itself.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
from irrCAC.raw import CAC

HERE = Path(__file__).parent
LEVELS = ("nominal", "ordinal", "interval")


def main() -> None:
    with (HERE / "agreement.csv").open(newline="", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    answers = {}
    for name in dict.fromkeys(row["set"] for row in rows):
        cells = [[row[c] for c in "abcd"] for row in rows if row["set"] == name]
        ratings = np.array([[float(cell or "nan") for cell in row] for row in cells])
        ratings = ratings[:, ~np.isnan(ratings).all(axis=0)]
        found = {
            level: float(krippendorff.alpha(ratings.T, level_of_measurement=level))
            for level in LEVELS
        }
        gwet = CAC(pd.DataFrame(ratings), digits=15).gwet()["est"]
        low, high = gwet["confidence_interval"]
        found |= {"ac1": gwet["coefficient_value"], "ac1_se": gwet["se"]}
        answers[name] = found | {"ac1_low": low, "ac1_high": high}
    lines = [f'  "{name}": {json.dumps(found)}' for name, found in answers.items()]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    (HERE / "agreement.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
