"""gate: what law, security and co-operation ask, and how each gate stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import DATE, acting, here, kept, named_trial, now, placed, reading
from htkeval.cli.output import warn
from htkeval.cli.speech import words
from htkeval.errors import Problem, UsageError
from htkeval.local_day import local_day
from htkeval.text import say

if TYPE_CHECKING:
    from datetime import datetime

    from htkeval.decision import Actor

_OPTIONS = {"day": "--date", "ai_class": "--class"}
"""What the others are called is their own name."""


@click.command(
    help=words(say("Law, security, co-operation: what each gate asks, and how it stands."))
)
@named_trial
@click.argument("gate_id", metavar="[ID]", required=False)
@click.option(
    "--state",
    type=click.Choice(["open", "closed", "not_needed", "forbidden"]),
    help=words(say("How it stands now; without it, the gates are only read.")),
)
@click.option(
    "--date",
    "day",
    type=DATE,
    metavar=words(say("DATE")),
    help=words(say("The day it was closed, or the deadline; else today.")),
)
@click.option(
    "--responsible",
    metavar="NAME",
    callback=kept,
    help=words(say("Who answers for it; else who acts.")),
)
@click.option(
    "--document",
    metavar="REF",
    callback=kept,
    help=words(say("Where the papers are: a case number.")),
)
@click.option(
    "--class",
    "ai_class",
    type=click.Choice(["prohibited", "high_risk", "limited", "minimal", "not_ai"]),
    help=words(say("Of ai_act: its class; a closed gate then needs --why.")),
)
@click.option(
    "--why",
    metavar="TEXT",
    callback=kept,
    help=words(say("Why; needed where a gate is not_needed or forbidden.")),
)
@reading
@acting
@placed
def gate(
    trial: str, gate_id: str | None, state: str | None, form: str, actor: Actor, **said: Any
) -> None:
    """With a state it stores that as an event; without one it reads."""
    if state is None:
        given = [_OPTIONS.get(key, f"--{key}") for key, value in said.items() if value is not None]
        if given:
            what = say("{option} without --state", option=given[0])
            raise UsageError(Problem("--state", say("nothing"), say("how it stands now"), what))
        _read(trial, gate_id, form)
    elif gate_id is None:
        raise UsageError(Problem("ID", say("nothing"), say("the gate that stands so")))
    else:
        _store(trial, gate_id, state, form, actor, **said)


def _read(trial: str, gate_id: str | None, form: str) -> None:
    from htkeval.cli.gate_shown import show, show_one
    from htkeval.steps.case import read_case
    from htkeval.steps.gate import gates, known_gate
    from htkeval.steps.law import law

    workspace = here()
    with read_case(workspace, trial) as case:
        views, name, of = gates(case), case.file.id, case.trial
    if gate_id is None:
        show(name, views, form)
        return
    known_gate(of, gate_id)
    today = local_day(now())
    texts = law(workspace, today)
    view = next(each for each in views if each.id == gate_id)
    show_one(name, view, texts.gates.get(gate_id) if texts else None, form, today=today)


def _store(
    trial: str,
    gate_id: str,
    state: str,
    form: str,
    actor: Actor,
    *,
    day: datetime | None,
    responsible: str | None,
    **said: Any,
) -> None:
    from htkeval.cli.gate_shown import show
    from htkeval.steps.case import open_case
    from htkeval.steps.gate import gates, set_gate

    moment = now()
    with open_case(here(), trial) as case:
        set_gate(
            case,
            gate_id,
            state,  # type: ignore[arg-type]  # click.Choice saw to it
            on=day.date() if day else local_day(moment),
            responsible=responsible or actor.name,
            **said,
            actor=actor,
            now=moment,
        )
        show(case.file.id, gates(case), form)
    if gate_id == "ai_act" and state == "closed" and said["ai_class"] is None:
        warn(say("It is not stated which class the use has: --class and --why."))
