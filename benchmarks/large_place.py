"""A workspace of many trials and very many measurements, for benchmarks of what people look at.

    python -m benchmarks.large_place FOLDER [TRIALS] [ROWS]

Each trial is one of the examples under a name of its own, registered, measured with invented rows,
analysed, and some of them decided. It takes minutes; the other benchmarks make it where it is not
there yet.
"""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

TRIALS, ROWS = 100, 1_000_000
EXAMPLES = ("chatbot-kompetence",)
PEOPLE = 90
MARK = "ready"
"""A file that stands there once all of it was made."""


def made(folder: Path, *, trials: int = TRIALS, rows: int = ROWS) -> Path:
    """The workspace; made now where it is not there yet."""
    from htkeval.steps.case import open_workspace_store
    from htkeval.workspace import find

    if (folder / MARK).exists():
        return folder
    from htkeval.steps.start import make_workspace

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    make_workspace(folder)
    names = [_copied(folder, number) for number in range(trials)]
    for name in ("tale-til-tekst", "fagbot", "chatbot-kompetence"):
        shutil.rmtree(folder / "experiments" / name)
    workspace = find(folder)
    with open_workspace_store(workspace) as store:
        for number, name in enumerate(names):
            _measured(workspace, store, name, number, rows // trials)
            print(f"{number + 1} of {trials}", file=sys.stderr, flush=True)
    (folder / MARK).write_text("", encoding="utf-8")
    return folder


def _copied(folder: Path, number: int) -> str:
    """An example under another name."""
    example = EXAMPLES[number % len(EXAMPLES)]
    name = f"{example}-{number:03}"
    target = folder / "experiments" / name
    shutil.copytree(folder / "experiments" / example, target)
    file = target / "trial.toml"
    text = file.read_text(encoding="utf-8")
    text = text.replace(f'id = "{example}"', f'id = "{name}"', 1)
    title = next(line for line in text.splitlines() if line.startswith("title = "))
    file.write_text(text.replace(title, f'{title[:-1]} {number:03}"', 1), encoding="utf-8")
    return name


def _measured(workspace, store, name: str, number: int, rows: int) -> None:  # type: ignore[no-untyped-def]
    """Registered, measured and analysed; every tenth decided."""
    from htkeval.decision import Actor
    from htkeval.design.scenario import load_scenario
    from htkeval.design.simulate import simulate
    from htkeval.measurement import Batch
    from htkeval.steps.add import add
    from htkeval.steps.analyse import analyse
    from htkeval.steps.case import Case
    from htkeval.steps.register import register
    from htkeval.trial_file import load

    folder = workspace.root / "experiments" / name
    case = Case(store=store, blobs=workspace.blobs, file=load(folder / "trial.toml"))
    who = Actor(name="benchmark", known_by="declared")
    begins = datetime.combine(case.file.starts - timedelta(days=4), time(12), UTC)
    ended = datetime.combine(case.file.ends + timedelta(days=1), time(12), UTC)
    register(case, policy=workspace.policy, actor=who, now=begins, simulated=True)
    larger = {"participants": PEOPLE, "tasks_each": rows // PEOPLE, "tasks_each_sd": 0}
    scenario = load_scenario(folder / "scenario.toml").model_copy(update=larger)
    invented = simulate(case.trial, scenario, seed=number)
    batch = Batch(trial=name, name=f"invented-{number}", measurements=invented)
    add(case, batch, actor=who, now=ended, simulated=True)
    analyse(case, actor=who, now=ended)


if __name__ == "__main__":
    where = Path(sys.argv[1])
    asked = [int(text) for text in sys.argv[2:4]]
    made(where, **dict(zip(("trials", "rows"), asked, strict=False)))
