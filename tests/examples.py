"""A small trial that is right, and ways to make it wrong."""

from __future__ import annotations

from pathlib import Path

TRIAL = """\
id = "prøve"
title = "En prøve"
question = "Går det hurtigere?"
area = "Social"
technology = "speech_to_text"
starts = 2026-01-12
ends = 2026-04-10

[arms.baseline]
label = "I hånden"
value = "uden"
[arms.treatment]
label = "Med AI"
value = "med"

[design]
kind = "within"
randomised = true
arm = "arm"
participant = "medarbejder"
date = "dato"

[[metrics]]
id = "task_time"
label = "Minutter pr. referat"
kind = "duration"
column = "minutter"
unit = "min"
better = "lower"
role = "primary"
worthwhile = -0.15
source = "timed"

[[metrics]]
id = "errors"
label = "Fejl i referatet"
kind = "binary"
column = "fejl"
better = "lower"
role = "guardrail"
margin = 0.10

[[gates]]
id = "dpia"
""".replace('id = "prøve"', 'id = "proeve"')


TO_COME = TRIAL.replace("2026-", "2099-").replace("margin = 0.10", "margin = 0.50")
"""The same in days to come, so that it can be registered in time whenever the tests run."""


def write_trial(folder: Path, text: str = TRIAL) -> Path:
    """A `trial.toml` in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "trial.toml"
    file.write_text(text, encoding="utf-8")
    return file


def write_workspace(folder: Path, text: str = TRIAL, slug: str = "proeve") -> Path:
    """A workspace with one trial."""
    from htkeval.resources import bundled

    configs = folder / "configs"
    configs.mkdir(parents=True)
    for file in bundled("configs").glob("*.toml"):
        (configs / file.name).write_bytes(file.read_bytes())
    write_trial(folder / "experiments" / slug, text)
    return folder


def sheet(rows: int = 48, *, gain: float = 0.7, people: int = 6, year: int = 2026) -> str:
    """A semicolon-and-comma sheet: every person does tasks both ways, faster with the tool.

    Minutes are 20 plus a little that repeats every five tasks, times `gain` with the tool; half the
    people make their one error without the tool, half with it.
    """
    lines = ["medarbejder;arm;dato;minutter;fejl"]
    for task in range(rows):
        arm = "med" if (task // people) % 2 else "uden"
        minutes = (20 + (task * 7) % 5 + (task % people)) * (gain if arm == "med" else 1.0)
        wrong = int(task // people == (task % people) % 2)
        number = f"{minutes:.2f}".replace(".", ",")
        lines.append(f"M{task % people:02d};{arm};{1 + task % 28:02d}-02-{year};{number};{wrong}")
    return "\n".join(lines) + "\n"
