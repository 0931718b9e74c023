"""What a trial needs next, as the command line and the lead's page say it."""

from __future__ import annotations

from datetime import date

from htkeval.deviation import BASELINE
from htkeval.portfolio import TrialState
from htkeval.reporting.wording import waiting
from htkeval.text import Language, Text, render, say

NEARLY = 0.95
"""So much of the tasks of a look are as good as all: how much is known is not counted in tasks."""
_COMMAND = ": htkeval "
"""From here on a step is a command, in every language."""


def step(state: TrialState, *, today: date | None = None) -> Text:
    """What this trial needs next: the first of the steps that is not done.

    Args:
        state: Where it stands.
        today: The day that it is; None: whether people are known too long is not asked.
    """
    if today is not None and (forgetting := _forget(state, today)) is not None:
        return forgetting
    early = today is not None and today <= state.trial.ends and _early(state)
    look = _go_on if early else _look
    steps = (_promise, _baseline, _lots, _measure, look, _analyse, _gates, _decide)
    needed = (one(state) for one in steps)
    late = any(one.late(today) for one in state.conditions) if today is not None else False
    for text in (*needed, _conditions(state) if late else None, _realise(state)):
        if text is not None:
            return text
    if any(one.state == "open" for one in state.conditions):
        return say("decided; its conditions wait: htkeval condition {trial}", trial=state.trial.id)
    return say("decided; nothing waits")


def in_two(told: Text, language: Language) -> tuple[str, str | None]:
    """A step as somebody at a page reads it: what to do, and beside it the command that does it.

    Example:
        >>> in_two(say("draw lots: htkeval allocate {trial} --units FILE", trial="t"), "en")
        ('draw lots', 'htkeval allocate t --units FILE')
    """
    what, _, command = render(told, language).partition(_COMMAND)
    return what, _COMMAND.removeprefix(": ") + command if command else None


def measures(command: str | None) -> bool:
    """Whether the step is to measure, for which there are pages."""
    return command is not None and command.startswith("htkeval add ")


def draws_there(command: str | None) -> bool:
    """Whether the step is to draw lots that the page of the stopwatch draws as well."""
    return command is not None and command.endswith(" --next")


def signs(command: str | None) -> bool:
    """Whether the step is to decide, which only a decider may."""
    return command is not None and "htkeval decide " in command


def _conditions(state: TrialState) -> Text:
    return say(
        "a condition of the decision is late: htkeval condition {trial}", trial=state.trial.id
    )


def _forget(state: TrialState, today: date) -> Text | None:
    """That people are known longer than was promised, or that all of them are forgotten."""
    begun = state.registration is not None or state.analysis is not None
    if state.all_forgotten(today) and begun:
        return say("everybody is forgotten, as promised; nothing waits")
    if not state.overdue(today) or not state.people or state.trial.retention is None:
        return None
    return say(
        "forget its participants, who were to be known until {day:d MMMM y}: "
        "htkeval erase {trial} --due",
        day=state.trial.retention.until,
        trial=state.trial.id,
    )


def _promise(state: TrialState) -> Text | None:
    if state.registration is not None:
        return None
    return say("freeze the promise: htkeval register {trial}", trial=state.trial.id)


def _baseline(state: TrialState) -> Text | None:
    """Tasks without the tool that must be in first, unless a deviation says otherwise."""
    wanted = state.trial.design.baseline_tasks
    told = any(BASELINE in one.what for one in state.deviations)
    if wanted is None or told or state.rows.get("treatment"):
        return None
    missing = wanted - state.rows.get("baseline", 0)
    if missing <= 0:
        return None
    return say(
        "measure without AI first, {n:#,##0} tasks are missing: htkeval add {trial} FILE",
        n=missing,
        trial=state.trial.id,
    )


def _lots(state: TrialState) -> Text | None:
    """The draw, which comes before a unit is measured; rows with the tool mean one was made."""
    design, name = state.trial.design, state.trial.id
    if state.drawn or not design.drawable or state.rows.get("treatment"):
        return None
    if not design.one_by_one:
        return say("draw lots: htkeval allocate {trial} --units FILE", trial=name)
    return say(
        "draw lots, of a list or one at a time: htkeval allocate {trial} --units FILE, or --next",
        trial=name,
    )


def _measure(state: TrialState) -> Text | None:
    name = state.trial.id
    if state.rows.get("treatment"):
        return None
    if state.rows:
        return say("measure with the tool: htkeval add {trial} FILE", trial=name)
    if state.trial.design.randomised:
        return say("measure as it was drawn: htkeval add {trial} FILE", trial=name)
    return say("measure without AI first: htkeval add {trial} FILE", trial=name)


def _early(state: TrialState) -> bool:
    """Whether so few of the planned tasks are in that an analysis now would be no planned look."""
    trial, taken = state.trial, len(state.looks)
    people, each = trial.design.clusters, trial.design.tasks_each
    if state.registration is None or people is None or each is None or state.decisions:
        return False
    if taken >= len(trial.analysis.looks) or not (state.stale or state.analysis is None):
        return False
    return sum(state.rows.values()) < NEARLY * trial.analysis.looks[taken] * people * each


def _go_on(state: TrialState) -> Text:
    return say(
        "go on measuring until the next planned look: htkeval add {trial} FILE",
        trial=state.trial.id,
    )


def _look(state: TrialState) -> Text | None:
    """The planned look that can be taken, or that measuring goes on until one can."""
    found, name = state.analysis, state.trial.id
    if found is None or state.stale or not found.between_looks:
        return None
    if found.look_due:
        k = len(state.looks) + 1
        return say("take the planned look: htkeval analyse {trial} --look {k}", trial=name, k=k)
    return _go_on(state)


def _analyse(state: TrialState) -> Text | None:
    if state.analysis is not None and not state.stale:
        return None
    return say("analyse what was measured: htkeval analyse {trial}", trial=state.trial.id)


def _gates(state: TrialState) -> Text | None:
    open_gates = [g.id for g in state.gates if g.required and g.state == "open"]
    verdict = state.recommendation.verdict if state.recommendation else None
    if not open_gates or verdict not in ("go", "prolong"):
        return None
    return say(
        "close {gates}: htkeval gate {trial} ID --state closed",
        gates=", ".join(open_gates),
        trial=state.trial.id,
    )


def _decide(state: TrialState) -> Text | None:
    name = state.trial.id
    if state.standing and not waiting(state):
        return None
    if state.standing:
        return say(
            "the decision rests on an older analysis: htkeval recommend {trial}, htkeval decide "
            "{trial}",
            trial=name,
        )
    return say("read it and sign: htkeval recommend {trial}, htkeval decide {trial}", trial=name)


def _realise(state: TrialState) -> Text | None:
    """That a day of follow-up has come, and nobody has said all that was realised until it."""
    if state.follow_up is None or not state.follow_up.untold:
        return None
    return say(
        "say what was realised of what is booked: htkeval realise {trial}", trial=state.trial.id
    )
