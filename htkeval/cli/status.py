"""status: where every trial stands, and how far one of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import here, now, placed, reading
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

    from htkeval.portfolio import LookTaken, Portfolio, TrialState


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
        from htkeval.cli.printed.standing import Status, TrialLine

        lines = tuple(TrialLine(**row) for row in rows)
        name = workspace.municipality.name
        waiting = tuple(words(one) for one in _not_answered(found))
        print_json(Status(municipality=name, trials=lines, unreadable=unreadable, notes=waiting))
    elif form == "csv":
        lists = (
            "open_gates",
            "untold",
            "deviations",
            "looks",
            "void",
            "unsolved",
            "open_conditions",
            "follow_up_due",
        )
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
        for told in _not_answered(found):
            paragraph(say("told, not measured: {note}", note=told))
    for problem in unreadable:
        warn(problem)
    if unreadable:
        raise click.exceptions.Exit(1)


def _not_answered(found: Portfolio | None) -> tuple[Text, ...]:
    """What others told and an area has not answered; nothing where one trial is asked for."""
    from htkeval.reporting.notes import not_answered

    return not_answered(found.notes) if found else ()


def _row(state: TrialState, today: date) -> dict[str, Any]:
    """One trial's standing as plain values."""
    from htkeval.reporting.decided import open_conditions
    from htkeval.reporting.deviations import headed
    from htkeval.reporting.findings import in_short
    from htkeval.reporting.followed import due
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
        "unsolved": tuple(words(in_short(one)) for one in state.unsolved),
        "rows": sum(state.rows.values()),
        "open_conditions": tuple(words(one) for one in open_conditions(state, today)),
        "follow_up_due": tuple(words(one) for one in due(state.follow_up))
        if state.follow_up
        else (),
    }


def _until(state: TrialState) -> str | None:
    kept = state.trial.retention
    return kept.until.isoformat() if kept else None


def _looked(one: LookTaken) -> Text:
    """A look with its day and who took it."""
    from htkeval.reporting.tables import look_taken

    told, day = look_taken(one), local_day(one.at)
    return say("{told} Taken on {day:d MMMM y} by {who}.", told=told, day=day, who=one.by)


def _table(rows: list[dict[str, Any]]) -> None:
    from htkeval.reporting.labels import VERDICTS
    from htkeval.reporting.tables import group
    from htkeval.reporting.words import OUTCOMES
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
                OUTCOMES.get(row["decided"], "–"),
                str(row["unpublished"]),
            ]
            for row in rows
        ],
    )
    for row in rows:
        _remarks(row)


def _remarks(row: dict[str, Any]) -> None:
    """What a person should know of a trial's standing beside the table."""
    name = row["trial"]
    if row["file_differs"]:
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
        paragraph(say("{trial}: {told}", trial=name, told=told))
    for told in row["unsolved"]:
        paragraph(say("{trial}: not solved: {told}", trial=name, told=told))
    for told in row["open_conditions"]:
        paragraph(say("{trial}: condition: {told}", trial=name, told=told))
    for told in row["follow_up_due"]:
        paragraph(say("{trial}: {told}", trial=name, told=told))
    if row["retention_due"]:
        paragraph(
            say(
                "{trial}: its participants were to be known until {day}: htkeval erase {trial} "
                "--due forgets them.",
                trial=name,
                day=row["retention_until"],
            )
        )
    if row["all_forgotten"]:
        line(say("{trial}: everybody is forgotten, as promised.", trial=name))
    elif row["data_changed"]:
        line(say("{trial}: data changed after the analysis; run it again.", trial=name))
    elif row["stale"]:
        line(say("{trial}: something came in after the analysis; run it again.", trial=name))
