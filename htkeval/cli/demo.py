"""demo: the whole story on three trials, with simulated measurements."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from htkeval.cli.options import placed
from htkeval.cli.output import line, paragraph, print_table, program, simulated_banner
from htkeval.cli.speech import words
from htkeval.reporting.labels import VERDICTS
from htkeval.text import Text, say

if TYPE_CHECKING:
    from htkeval.portfolio import TrialState
    from htkeval.workspace import Workspace

STEPS: dict[str, Text] = {
    "check": say("reading the definition"),
    "register": say("freezing the promise"),
    "simulate": say("inventing measurements"),
    "add": say("storing them"),
    "snapshot": say("freezing the rows"),
    "analyse": say("analysing"),
    "recommend": say("weighing against the policy"),
    "sync": say("delivering to MLflow"),
    "verify": say("proving that nothing was changed"),
}


@click.command(help=words(say("The whole story on three trials, with simulated measurements.")))
@click.argument(
    "folder",
    metavar=words(say("[FOLDER]")),
    default="htkeval-demo",
    type=click.Path(path_type=Path),
)
@placed
def demo(folder: Path) -> None:
    """Makes a workspace in a folder of its own, afresh each time, and runs the story in it."""
    from htkeval.steps.start import make_demo
    from htkeval.steps.states import portfolio

    workspace = make_demo(folder)
    failed = _run(workspace)
    line(simulated_banner())
    _show(portfolio(workspace).trials)
    _against_the_budget(workspace)
    line(say("Kept in {folder}. Next:", folder=str(folder)))
    place = f"--workspace {folder}"
    for step in ("dashboard", "server", "recommend tale-til-tekst", "business fagbot", "budget"):
        line(f"  {program()} {step} {place}")
    line(
        say("dashboard: the evidence in a browser; server: the same runs in MLflow's own screens.")
    )
    if failed:
        raise click.exceptions.Exit(1)


def _run(workspace: Workspace) -> bool:
    """Tell the story with a progress bar; returns whether the proof failed."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    from htkeval.steps.case import open_workspace_store
    from htkeval.steps.deliver import deliver_from
    from htkeval.steps.prove import prove
    from htkeval.steps.tell import CHAPTERS, tell

    total = len(workspace.trial_files) * len(CHAPTERS) + 2
    columns = (BarColumn(), TextColumn("{task.completed}/{task.total} {task.description}"))
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total)

        def before(name: str, chapter: str) -> None:
            bar.update(task, advance=1, description=f"{name}: {words(STEPS[chapter])}")

        with open_workspace_store(workspace) as store:
            tell(workspace, store, before=before)
            before("MLflow", "sync")
            deliver_from(store, workspace)
        before("htkeval", "verify")
        checks = prove(workspace, runs=True)
    return any(check.passed is False for check in checks)


def _show(states: tuple[TrialState, ...]) -> None:
    """What was tried, what came out, what is advised, and why."""
    from htkeval.reporting.wording import why

    print_table(
        [
            say("Trial"),
            say("Measurements"),
            say("Change in time"),
            say("Interval"),
            say("Level"),
            say("Recommendation"),
        ],
        [_row(state) for state in states],
    )
    for state in states:
        paragraph(say("{title}: {why}", title=state.trial.title, why=why(state)))


def _against_the_budget(workspace: Workspace) -> None:
    """What the trials together carry of the last booked year."""
    from htkeval.steps.worth import supported

    last = supported(workspace).years[-1]
    paragraph(
        say(
            "Booked for {year}: {booked:kr} kr. The evidence carries {kr:kr} kr. of it as "
            "expected, from {low:kr} to {high:kr} kr.",
            year=str(last.year),
            booked=last.booked_kr,
            kr=last.kr.expected,
            low=last.kr.low,
            high=last.kr.high,
        )
    )


def _row(state: TrialState) -> list[Text | str]:
    effect = state.analysis.confirmatory if state.analysis else None
    change: list[Text | str] = ["–", "–"]
    if effect is not None and effect.relative is not None:
        ends = [effect.relative_of(end) or 0.0 for end in effect.ci]
        shown = [words(say("{x:+#,##0;-#,##0}", x=100 * x)) for x in (effect.relative, *ends)]
        change = [say("{x} %", x=shown[0]), say("{low} to {high} %", low=shown[1], high=shown[2])]
    verdict = state.recommendation.verdict if state.recommendation else None
    return [
        state.trial.title,
        str(sum(state.rows.values())),
        *change,
        state.analysis.evidence_level if state.analysis else "–",
        VERDICTS[verdict] if verdict else "–",
    ]
