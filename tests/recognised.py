"""Recognised speech, published and invented, and a library that is not there."""

from __future__ import annotations

import csv
from pathlib import Path

DATA = Path(__file__).parents[2] / "shared" / "data"
UTTERANCES = DATA / "sclite-wer" / "lvc_utterances.csv"
KNOWN = DATA / "sclite-wer" / "wer_known_values.csv"
LOGS = DATA / "inspect-logs"

SPOKEN = """\
id;speaker;reference;recognised
1;Anna;Sagen er afsluttet.;sagen er afsluttet
2;Anna;Ja;nej
3;Bo;Borgeren har fået svar i dag;borgeren fik svar
"""
"""Errors by utterance: 0 of 3, 1 of 1, 4 of 6. All: 5 of 10; the mean of rates would be 0.556."""


def published() -> list[dict[str, str]]:
    """The 57 utterances of NIST's example."""
    with UTTERANCES.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_pair(folder: Path) -> tuple[Path, Path]:
    """The same as two texts, the recognised one in the opposite order."""
    rows = published()
    said, heard = folder / "said.trn", folder / "heard.trn"
    said.write_text("".join(f"{row['ref']} ({row['utt_id']})\n" for row in rows), "utf-8")
    heard.write_text("".join(f"{row['hyp']} ({row['utt_id']})\n" for row in rows[::-1]), "utf-8")
    return said, heard
