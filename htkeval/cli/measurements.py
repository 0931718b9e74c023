"""add, simulate, status: what comes in and how far we are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import Command, acting, here, named_trial, now, placed, reading
from htkeval.cli.output import (
    line,
    paragraph,
    print_csv,
    print_json,
    print_table,
    simulated_banner,
    warn,
)
from htkeval.cli.speech import words
from htkeval.local_day import local_day
from htkeval.small_cells import small
from htkeval.text import Text, say

if TYPE_CHECKING:
    from datetime import date

    from htkeval.decision import Actor
    from htkeval.portfolio import LookTaken, TrialState
    from htkeval.steps.case import Case
    from htkeval.store.store import Added

FILE = click.Path(path_type=Path)


def practising(command: Command) -> Command:
    """`--simulated`, which must be said to store invented rows in a trial registered for real."""
    return click.option(
        "--simulated",
        "practice",
        is_flag=True,
        help=words(
            say("Make a trial that is registered a simulated one, for good; else it is refused.")
        ),
    )(command)


@click.command(help=words(say("Measurements in: every row of a file is stored, or none.")))
@named_trial
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option(
    "--watch",
    is_flag=True,
    help=words(say("FILE is a folder: deliver each sheet that comes into it, in order, once.")),
)
@click.option("--once", is_flag=True, help=words(say("With --watch: what waits now, then stop.")))
@practising
@click.option(
    "--preview", is_flag=True, help=words(say("Show how each column is read; store nothing."))
)
@click.option(
    "--names",
    type=FILE,
    help=words(
        say("Names that no cell may hold, one a line; else configs/names.txt. It is not kept.")
    ),
)
@acting
@placed
def add(
    trial: str,
    files: tuple[Path, ...],
    watch: bool,
    once: bool,
    practice: bool,
    preview: bool,
    names: Path | None,
    actor: Actor,
) -> None:
    """Reads and validates every file, then stores each as one batch.

    With --preview: exit code 1 where the files would be refused.
    """
    from htkeval.intake.names import listed
    from htkeval.steps.add import add_files
    from htkeval.steps.case import open_case

    known = listed(here().root, names)
    if preview:
        from htkeval.cli.preview import show_preview

        show_preview(here(), trial, files, practice=practice, names=known)
        return
    if watch or once:
        from htkeval.cli.watching import watch as look_after

        look_after(here(), trial, files, once=once, practice=practice, names=known, actor=actor)
        return
    with open_case(here(), trial) as case:
        stored = add_files(case, files, actor=actor, now=now(), practice=practice, names=known)
        for file, added in zip(files, stored, strict=True):
            tell(case, file.name, added)
        if case.registration is None and case.store.counts(case.file.id).get("treatment"):
            warn(
                say(
                    "{trial} is not registered, and there are measurements with AI: "
                    "a registration from now on is not in time.",
                    trial=case.file.id,
                )
            )


def tell(case: Case, file: str, added: Added) -> None:
    """What became of one sheet, and what somebody should look at in it."""
    line(_came_in(case, file, added))
    for remark in added.remarks:
        warn(say("{file}: {remark}.", file=file, remark=remark))


def _came_in(case: Case, file: str, added: Added) -> Text:
    """What became of one sheet."""
    seq = added.event.seq
    n = added.rows - added.here
    values = {"file": file, "n": n, "k": _delivery(case, seq), "seq": seq, "here": added.here}
    if added.duplicate:
        return say("{file}: already here as delivery {k}; nothing new was stored.", **values)
    if added.here:
        return say(
            "{file}: {n:#,##0} measurements stored as delivery {k} (event {seq}); {here:#,##0} "
            "were here already and count once.",
            **values,
        )
    if added.event.simulated:
        return say(
            "{file}: {n:#,##0} simulated measurements stored as delivery {k} (event {seq}); the "
            "trial is a simulated one from now on.",
            **values,
        )
    return say("{file}: {n:#,##0} measurements stored as delivery {k} (event {seq}).", **values)


def _delivery(case: Case, seq: int) -> int:
    """Which of the trial's deliveries an event is, from 1: events are numbered over all trials."""
    return sum(batch.seq <= seq for batch in case.store.events(case.file.id, "batch"))


@click.command(
    help=words(say("Invent measurements from a trial's own design, marked as simulated for good."))
)
@named_trial
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help=words(say("Seed of the draws; else the scenario's own.")),
)
@click.option(
    "--scenario", type=FILE, help=words(say("What is true; else scenario.toml beside the trial."))
)
@click.option("-o", "--output", type=FILE, help=words(say("Write a CSV instead of storing them.")))
@practising
@acting
@placed
def simulate(
    trial: str,
    seed: int | None,
    scenario: Path | None,
    output: Path | None,
    practice: bool,
    actor: Actor,
) -> None:
    """Stores the invented measurements, or writes them to a file."""
    from htkeval.cli.writing import write_new
    from htkeval.design.scenario import load_scenario
    from htkeval.design.simulate import simulate as invent
    from htkeval.design.simulate import to_csv
    from htkeval.measurement import Batch
    from htkeval.steps.add import add as keep
    from htkeval.steps.case import open_case

    workspace = here()
    file = workspace.trial_file(trial)
    truth = load_scenario(scenario or file.parent / "scenario.toml")
    used = truth.seed if seed is None else seed
    if output is not None:
        definition = workspace.trial(trial)
        rows = invent(definition, truth, seed=used)
        write_new(output, to_csv(definition, rows))
        line(say("{file}: {n:#,##0} simulated measurements.", file=output.name, n=len(rows)))
        return
    with open_case(workspace, trial) as case:
        rows = invent(case.trial, truth, seed=used)
        name = f"simulated-seed-{used}"
        batch = Batch(trial=case.file.id, name=name, measurements=rows, simulated=True)
        added = keep(case, batch, actor=actor, now=now(), simulated=True, practice=practice)
    line(say("{n:#,##0} simulated measurements stored.", n=added.rows))


@click.command(help=words(say("Where every trial stands, or one of them.")))
@click.argument("trial", metavar=words(say("[TRIAL]")), required=False)
@reading
@placed
def status(trial: str | None, form: str) -> None:
    """Reads the store; computes nothing. Exit code 1 where a definition cannot be read."""
    from htkeval.steps.states import portfolio, state_of

    workspace = here()
    found = None if trial else portfolio(workspace)
    states = found.trials if found else (state_of(workspace, str(trial)),)
    unreadable = tuple(words(problem) for problem in found.unreadable) if found else ()
    rows = [_row(state, local_day(now())) for state in states]
    if trial:  # of one trial; of all it would cost what reading all rows costs
        from htkeval.cli import progress

        rows[0]["progress"] = progress.progress_of(workspace, trial)
    if form == "json":
        from htkeval.cli.documents import Status, TrialLine

        lines = tuple(TrialLine(**row) for row in rows)
        name = workspace.municipality.name
        print_json(Status(municipality=name, trials=lines, unreadable=unreadable))
    elif form == "csv":
        lists = ("open_gates", "untold", "deviations", "looks", "void")
        flat = [
            {
                **row,
                **{name: ";".join(row[name]) for name in lists},
                "attachments": ";".join(one.file for one in row["attachments"]),
                **(progress.flat(row["progress"]) if trial else {}),
                "withdrawn": ";".join(one.file for one in row["withdrawn"]),
            }
            for row in rows
        ]
        print_csv(flat, list(flat[0]) if flat else ["trial"])
    else:
        _table(rows)
        if trial:
            progress.show(states[0].trial.id, rows[0]["progress"])
    for problem in unreadable:
        warn(problem)
    if unreadable:
        raise click.exceptions.Exit(1)


def _row(state: TrialState, today: date) -> dict[str, Any]:
    """One trial's standing as plain values."""
    from htkeval.reporting.deviations import headed
    from htkeval.reporting.locking import held, voids

    advice, signed = state.recommendation, state.decisions
    locked = held(state)
    return {
        "trial": state.trial.id,
        "title": state.trial.title,
        "registered": state.registration is not None,
        "registered_in_time": state.registered_in_time if state.registration else None,
        "file_differs": state.file_differs,
        "baseline": state.rows_told["baseline"],
        "treatment": state.rows_told["treatment"],
        "snapshot": state.snapshot,
        "analysis": state.analysis_fingerprint,
        "stale": state.stale,
        "data_changed": state.data_changed,
        "evidence_level": state.analysis.evidence_level if state.analysis else None,
        "verdict": advice.verdict if advice else None,
        "decided": signed[-1].decision.outcome if signed and not signed[-1].void else None,
        "open_gates": tuple(g.id for g in state.gates if g.required and g.state == "open"),
        "unpublished": state.unpublished,
        "simulated": state.simulated,
        "untold": state.untold,
        "deviations": tuple(words(headed(one)) for one in state.deviations),
        "looks": tuple(words(_looked(one)) for one in state.looks),
        "attachments": tuple(one.without_persons for one in state.attachments),
        "people": None if small(state.people) else state.people,
        "retention_until": _until(state),
        "retention_due": state.overdue(today) and state.people > 0,
        "all_forgotten": state.all_forgotten(today),
        "locked": None if locked is None else words(locked),
        "void": tuple(words(one) for one in voids(state)),
        "withdrawn": state.withdrawn,
        "rows": sum(state.rows.values()),
    }


def _until(state: TrialState) -> str | None:
    kept = state.trial.retention
    return kept.until.isoformat() if kept else None


def _looked(one: LookTaken) -> Text:
    """A look with its day and who took it."""
    from htkeval.local_day import local_day
    from htkeval.reporting.tables import look_taken

    told, day = look_taken(one), local_day(one.at)
    return say("{told} Taken on {day:d MMMM y} by {who}.", told=told, day=day, who=one.by)


def _table(rows: list[dict[str, Any]]) -> None:
    from htkeval.reporting.labels import VERDICTS
    from htkeval.reporting.tables import group
    from htkeval.trial import ARMS

    if any(row["simulated"] for row in rows):
        line(simulated_banner())
    yes, no = words(say("yes")), words(say("no"))
    print_table(
        [
            say("Trial"),
            say("Registered"),
            say("Without AI"),
            say("With AI"),
            say("Level"),
            say("Recommendation"),
            say("Decided"),
            say("Unpublished"),
        ],
        [
            [
                row["trial"],
                yes if row["registered"] else no,
                *(group(row[arm], people=True) for arm in ARMS),
                row["evidence_level"] or "–",
                VERDICTS.get(row["verdict"], "–"),
                VERDICTS.get(row["decided"], "–"),
                str(row["unpublished"]),
            ]
            for row in rows
        ],
    )
    for row in rows:
        if row["file_differs"]:
            name = row["trial"]
            keys = ", ".join(row["untold"])
            line(
                say(
                    "{trial}: trial.toml has changed ({keys}); the registered one counts.",
                    trial=name,
                    keys=keys,
                )
            )
        locked = (row["locked"],) if row["locked"] else ()
        for told in (*row["deviations"], *row["looks"], *locked, *row["void"]):
            paragraph(say("{trial}: {told}", trial=row["trial"], told=told))
        if row["retention_due"]:
            paragraph(
                say(
                    "{trial}: {n:#,##0} participants were to be known until {day}: htkeval erase "
                    "{trial} --due forgets them.",
                    trial=row["trial"],
                    n=row["people"],
                    day=row["retention_until"],
                )
            )
        if row["all_forgotten"]:
            line(say("{trial}: everybody is forgotten, as promised.", trial=row["trial"]))
        elif row["data_changed"]:
            line(say("{trial}: data changed after the analysis; run it again.", trial=row["trial"]))
        elif row["stale"]:
            name = row["trial"]
            line(say("{trial}: something came in after the analysis; run it again.", trial=name))
