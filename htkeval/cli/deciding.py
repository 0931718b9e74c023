"""decide, condition: a person signs, and what the signature asks for is seen to."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from htkeval.cli.options import DATE, Kroner, acting, here, kept, named_trial, now, placed, reading
from htkeval.cli.output import line, print_csv, print_json, print_table, simulated_banner, warn
from htkeval.cli.speech import words
from htkeval.reporting.labels import VERDICTS
from htkeval.text import say

if TYPE_CHECKING:
    from htkeval.business_case import BusinessCase
    from htkeval.condition import ConditionStands
    from htkeval.decision import Actor, Decision
    from htkeval.event import Event
    from htkeval.steps.case import Case
    from htkeval.workspace import Workspace


def _kept_conditions(ctx: click.Context, parameter: click.Parameter, value: Any) -> Any:
    kept(ctx, parameter, tuple(text for text, owner, _ in value for text in (text, owner)))
    return value


@click.command(help=words(say("A person signs: what was decided, on which analysis, and why.")))
@named_trial
@click.option(
    "--outcome",
    required=True,
    type=click.Choice(list(VERDICTS)),
    help=words(say("What was decided.")),
)
@click.option(
    "--reason",
    required=True,
    callback=kept,
    help=words(say("Why, in the signer's own words.")),
)
@click.option(
    "--departure",
    metavar="TEXT",
    callback=kept,
    help=words(say("Why it departs from the recommendation; else the reason says so.")),
)
@click.option(
    "--condition",
    "conditions",
    multiple=True,
    type=(str, str, DATE),
    metavar=words(say("TEXT ROLE DATE")),
    callback=_kept_conditions,
    help=words(
        say(
            "What must be in place (of a gate its id), which role sees to it, by when; may be "
            "given more than once."
        )
    ),
)
@click.option(
    "--book",
    type=Kroner(),
    metavar="KR",
    help=words(say("Kroner a year that are taken out of the budget with it.")),
)
@click.option(
    "--from",
    "begins",
    type=DATE,
    metavar=words(say("DATE")),
    help=words(say("From which day they are; else the trial's own.")),
)
@click.option(
    "--outdated", is_flag=True, help=words(say("Sign although measurements came in since."))
)
@acting
@placed
def decide(
    trial: str,
    outcome: str,
    conditions: tuple[tuple[str, str, datetime], ...],
    begins: datetime | None,
    actor: Actor,
    **said: Any,
) -> None:
    """Stores the decision."""
    from htkeval.decision import Decision
    from htkeval.steps.case import open_case
    from htkeval.steps.conditions import Asked
    from htkeval.steps.decide import decide as sign
    from htkeval.steps.decide import standing

    workspace = here()
    with open_case(workspace, trial) as case:
        before = standing(case)
        event = sign(
            case,
            outcome,  # type: ignore[arg-type]  # click.Choice saw to it
            policy=workspace.policy,
            conditions=[Asked(text, owner, due.date()) for text, owner, due in conditions],
            begins=begins.date() if begins else None,
            worth=_worth(case, workspace),
            actor=actor,
            now=now(),
            **said,
        )
    _signed(event, Decision.kept(event.payload), before)


def _worth(case: Case, workspace: Workspace) -> BusinessCase | None:
    """The business case as it stands; none where the municipality has no figures for it."""
    from htkeval.errors import HtkevalError, StateError
    from htkeval.steps.worth import RATES, worth

    if not (workspace.root / RATES).is_file():
        return None
    try:
        return worth(case, workspace)
    except StateError:  # what the signature itself lacks is told by the step
        return None
    except HtkevalError as failed:
        for problem in failed.problems:
            warn(problem.sentence)
        return None


def _signed(event: Event, decision: Decision, before: Decision | None) -> None:
    from htkeval.reporting.decided import beside, lapsed
    from htkeval.reporting.words import OUTCOMES, gate_name
    from htkeval.steps.booking import MAY_BOOK

    line(
        say(
            "{trial}: decided “{what}”, signed by {who} (known by {how}).",
            trial=decision.trial,
            what=OUTCOMES[decision.outcome],
            who=decision.signed_by.name,
            how=decision.signed_by.known_by,
        )
    )
    for told in beside(decision):
        line(told)
    for one in decision.conditions:
        line(
            say(
                "{id}: {text}. {owner} sees to it by {due:d MMMM y}.",
                id=one.id,
                text=one.text if one.gate is None else gate_name(one.gate),
                owner=one.owner,
                due=one.due,
            )
        )
    if decision.books is None and decision.outcome in MAY_BOOK:
        line(say("No saving is booked with it (--book KR, --from DATE)."))
    if before is not None:
        line(say("It takes the place of the decision of event {seq}.", seq=decision.replaces))
        for told in lapsed(before, decision):
            warn(told)
    if decision.books is not None:
        line(
            say(
                "What comes of it is told later: htkeval realise {trial} --from … --until … --kr …",
                trial=decision.trial,
            )
        )


@click.command(help=words(say("The conditions of the decision that holds, and how far each is.")))
@named_trial
@click.argument("condition", metavar="[ID]", required=False)
@click.option(
    "--state",
    type=click.Choice(["open", "met", "dropped"]),
    help=words(say("How far it is now.")),
)
@click.option(
    "--date",
    "on",
    type=DATE,
    metavar=words(say("DATE")),
    help=words(say("The day it was met or dropped; else today.")),
)
@click.option("--why", metavar="TEXT", callback=kept, help=words(say("Why, in your own words.")))
@reading
@acting
@placed
def condition(
    trial: str,
    condition: str | None,
    state: str | None,
    on: datetime | None,
    why: str | None,
    form: str,
    actor: Actor,
) -> None:
    """Without a state it reads; with one it stores a new record."""
    from htkeval.errors import Problem, UsageError
    from htkeval.local_day import local_day
    from htkeval.reporting.decided import how_far
    from htkeval.steps.case import open_case
    from htkeval.steps.conditions import settle

    if state is None and on is None and why is None:
        _show(trial, condition, form)
        return
    if form != "table":
        raise UsageError(
            Problem(
                "--format", say("a new state too (--state)"), say("one of them: read, or store")
            )
        )
    if condition is None or state is None or why is None:
        raise UsageError(
            Problem("condition", say("a part of it"), say("an ID, --state and --why together"))
        )
    with open_case(here(), trial) as case:
        event, after = settle(
            case,
            condition,
            state,  # type: ignore[arg-type]  # click.Choice saw to it
            why=why,
            on=on.date() if on else None,
            actor=actor,
            now=now(),
        )
    line(
        say(
            "{id}: {status}. Stored as event {seq}.",
            id=after.condition.id,
            status=how_far(after, local_day(now())),
            seq=event.seq,
        )
    )


_COLUMNS = (
    "condition", "text", "gate", "owner", "due", "state", "late", "date", "why", "by", "simulated",
)  # fmt: skip


def _show(trial: str, wanted: str | None, form: str) -> None:
    from htkeval.errors import Problem, StateError
    from htkeval.local_day import local_day
    from htkeval.steps.case import read_case
    from htkeval.steps.conditions import conditions

    with read_case(here(), trial) as case:
        found = conditions(case)
        name, simulated = case.trial.id, case.store.is_simulated(case.file.id)
    if wanted is not None:
        known, id_ = found, wanted.strip().upper()
        found = tuple(one for one in known if one.condition.id == id_)
        if not found:
            raise StateError(
                Problem(
                    say("condition {id}", id=wanted),
                    say("no such condition of the decision that holds"),
                    say("one of {keys}", keys=", ".join(one.condition.id for one in known) or "–"),
                )
            )
    today = local_day(now())
    if form == "json":
        from htkeval.cli.printed.lists import Conditions

        print_json(Conditions(trial=name, simulated=simulated, conditions=found))
    elif form == "csv":
        rows = [{**_flat(one, today), "simulated": simulated} for one in found]
        print_csv(rows, list(_COLUMNS))
    else:
        if simulated:
            line(simulated_banner())
        _table(found, today)


def _flat(one: ConditionStands, today: date) -> dict[str, Any]:
    return {
        "condition": one.condition.id,
        "text": one.condition.text,
        "gate": one.condition.gate,
        "owner": one.condition.owner,
        "due": one.condition.due.isoformat(),
        "state": one.state,
        "late": one.late(today),
        "date": one.on.isoformat() if one.on else None,
        "why": one.why,
        "by": one.by,
    }


def _table(found: tuple[ConditionStands, ...], today: date) -> None:
    from htkeval.reporting.decided import how_far, what
    from htkeval.reporting.sentences import quoted

    if not found:
        line(say("No decision that holds has conditions."))
        return
    print_table(
        [say("ID"), say("Condition"), say("Owner"), say("How far")],
        [
            [one.condition.id, what(one), quoted(one.condition.owner), how_far(one, today)]
            for one in found
        ],
    )
