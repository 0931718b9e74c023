"""Input to the AI strategy, made of where every trial stands; its words for screen and page."""

from __future__ import annotations

from collections.abc import Iterator

from htkeval.analysis import Analysis
from htkeval.condition import STATES, ConditionStands
from htkeval.effect import Subgroup
from htkeval.finding import KINDS, Finding
from htkeval.municipality import same
from htkeval.note import Sent
from htkeval.portfolio import GateView, Portfolio, TrialState
from htkeval.reporting.decided import what
from htkeval.reporting.findings import how_far, measure_and_owner
from htkeval.reporting.notes import how_far as answered
from htkeval.reporting.notes import in_short, sent_to
from htkeval.reporting.numbers import change, digits, number
from htkeval.reporting.one_trial import story
from htkeval.reporting.otherwise import told_groups
from htkeval.reporting.plain import shortened
from htkeval.reporting.result import LOOKS
from htkeval.reporting.sentences import as_text, joined, listed, quoted
from htkeval.reporting.wording import decided, why
from htkeval.reporting.words import NEVER_JUDGED, VERDICTS, check_name, gate_name
from htkeval.strategy import Said, Shared, Strategy, TrialInput
from htkeval.text import Text, say
from htkeval.trial import Trial

HEADING = say("Input to the AI strategy")
LEAD = say(
    "What worked where, on which conditions, and what law or security holds back. Nothing here is "
    "added up across trials."
)
NOTES = say("Told by others, not measured")
_GAVE, _CONDITIONS = say("What it gave"), say("On which conditions")
_RESERVATIONS = say("What the figures do not settle")
_HELD, _SHARED = say("What law, security or co-operation holds back"), say("Experience to share")

Section = tuple[Text, tuple[Text, ...]]


def strategy(portfolio: Portfolio, area: str | None = None) -> Strategy:
    """What has the portfolio to say to the strategy?

    Args:
        portfolio: Where every trial stands.
        area: Only what matters to this area; None: all of it.
    """
    every = tuple(_trial(state) for state in portfolio.trials)
    if area is not None:
        every = tuple(kept for one in every if (kept := one.for_area(area)) is not None)
    notes = portfolio.notes
    if area is not None:
        notes = tuple(one for one in notes if any(same(to.area, area) for to in one.sent))
    return Strategy(
        municipality=portfolio.municipality,
        area=area,
        simulated=any(one.simulated for one in every),
        trials=every,
        notes=notes,
    )


def headed(one: TrialInput) -> Text:
    """A trial's name, where it was tried, and that its figures are invented where they are."""
    values = {"title": shortened(one.title, 90), "area": shortened(one.area, 60)}
    if one.simulated:
        return say("{title} ({area}): simulated figures", **values)
    return say("{title} ({area})", **values)


def sections(one: TrialInput, *, short: bool = False) -> tuple[Section, ...]:
    """What a trial says, under its headings; one that has nothing under it is left out.

    Args:
        one: The trial.
        short: Only the names of checks, whose figures stand on the trial's own page.
    """
    unsolved = tuple(told(each, one) for each in one.findings if each.unsolved)
    solved = tuple(told(each, one) for each in one.findings if _solved(each))
    shared = tuple(told(each, one) for each in one.findings if each.kind == "experience")
    checks = tuple(each for each in one.conditions if each.about.startswith("check:"))
    conditions = tuple(each for each in one.conditions if each not in checks)
    parts = (
        (_GAVE, _messages(one.gave)),
        (_CONDITIONS, (*_messages(conditions), *solved)),
        (_RESERVATIONS, _names(checks) if short else _messages(checks)),
        (_HELD, (*_messages(one.held_back), *unsolved)),
        (_SHARED, shared),
    )
    return tuple(part for part in parts if part[1])


def told(finding: Shared, one: TrialInput) -> Text:
    """A finding in a line, with the areas that it matters to where they are others."""
    if all(same(area, one.area) for area in finding.areas):
        return finding.message
    areas = tuple(quoted(area) for area in finding.areas)
    return joined([finding.message, say("[Matters to: {areas}]", areas=areas)])


def notes(found: Strategy) -> tuple[Text, ...]:
    """What others told, each with whom it was sent to and what came of it."""
    return tuple(
        joined([say("{note}.", note=in_short(one)), *(_sent(to) for to in one.sent)])
        for one in found.notes
    )


def quiet(found: Strategy) -> Text | None:
    """The trials that have nothing to tell yet, in one sentence; None where each has."""
    titles = [quoted(shortened(one.title, 90)) for one in found.trials if one.quiet]
    return say("Nothing to tell yet: {trials}.", trials=listed(titles)) if titles else None


def _sent(to: Sent) -> Text:
    return say("Sent to {to}: {how}.", to=sent_to(to), how=answered(to))


def _messages(said: tuple[Said, ...]) -> tuple[Text, ...]:
    return tuple(one.message for one in said)


def _names(checks: tuple[Said, ...]) -> tuple[Text, ...]:
    names = tuple(as_text(check_name(one.about.removeprefix("check:"))) for one in checks)
    return (say("{names}. The trial's own page says why.", names=names),) if names else ()


def _solved(one: Shared) -> bool:
    return one.kind != "experience" and not one.unsolved


def _trial(state: TrialState) -> TrialInput:
    advice, analysis = state.recommendation, state.analysis
    signed = [one for one in state.decisions[-1:] if one.void is None]
    return TrialInput(
        trial=state.trial.id,
        title=state.trial.title,
        area=state.trial.area,
        technology=state.trial.technology,
        simulated=state.simulated,
        level=analysis.evidence_level if analysis else None,
        verdict=advice.verdict if advice else None,
        decided=signed[-1].decision.outcome if signed else None,
        gave=tuple(_gave(state)),
        conditions=tuple(_conditions(state)),
        held_back=tuple(_held_back(state)),
        findings=tuple(_shared(one, state.trial) for one in state.findings),
    )


def _gave(state: TrialState) -> Iterator[Said]:
    """The answer, why, and what was signed; between looks only that nothing is told."""
    if state.analysis is not None and state.analysis.between_looks:
        under_way = say("The trial is under way; nothing of it is told between the planned looks.")
        yield Said(about="look", message=under_way)
    else:
        yield Said(about="effect", message=joined(story(state)))
        if (advice := state.recommendation) is not None:
            verdict = VERDICTS[advice.verdict].word
            because = say("{verdict}: {why}", verdict=verdict, why=why(state))
            yield Said(about="verdict", message=because)
    if state.stale:
        came = say("Something came in after the analysis; it is to be run again.")
        yield Said(about="stale", message=came)
    if (signed := decided(state)) is not None:
        yield Said(about="decision", message=signed)


def _conditions(state: TrialState) -> Iterator[Said]:
    yield from (_asked(one) for one in state.conditions if one.state != "dropped")
    advice, analysis = state.recommendation, state.analysis
    if advice is not None and advice.verdict == "go_with_conditions":
        yield from (_gate(gate) for gate in _open(state))
    if analysis is None or analysis.between_looks:
        return
    for check in analysis.checks:
        shown_only = check.passed is None and check.name in (*NEVER_JUDGED, *LOOKS)
        if check.passed is not True and not shown_only:
            name, text = as_text(check_name(check.name)), check.message
            spoken = say("{name}: {text}", name=name, text=text)
            yield Said(about=f"check:{check.name}", message=spoken)
    yield from _groups(state.trial, analysis)


def _groups(trial: Trial, analysis: Analysis) -> Iterator[Said]:
    """The main measure by group, by its best guess: a sentence for each column."""
    told: dict[str, list[Text]] = {}
    for one in told_groups(analysis):
        if one.metric == trial.primary.id:
            told.setdefault(one.column, []).append(_group(one, trial))
    for column, groups in told.items():
        label = next((c.label for c in trial.covariates if c.column == column and c.label), None)
        message = say(
            "By {column}, the best guess: {groups}",
            column=label or column.replace("_", " "),
            groups=_side_by_side(groups),
        )
        yield Said(about=f"subgroup:{column}", message=message)


def _group(one: Subgroup, trial: Trial) -> Text:
    if one.scale == "ratio":
        percent = number(100 * (one.shrunken - 1), 0, signed=True)
        return say("{value} {percent} %", value=one.value, percent=percent)
    moved = change(trial.primary, one.shrunken, digits(one.shrunken), signed=True)
    return say("{value} {change}", value=one.value, change=moved)


def _side_by_side(groups: list[Text]) -> Text:
    """A list whose full stops stay: they are those of abbreviations."""
    values = {f"group{number}": group for number, group in enumerate(groups)}
    return Text(template=", ".join(f"{{{name}}}" for name in values), values={**values})


def _held_back(state: TrialState) -> Iterator[Said]:
    for gate in state.gates:
        if gate.state == "forbidden":
            message = say("{gate}: the law does not allow the use.", gate=gate_name(gate.id))
            because = [quoted(gate.why)] if gate.why else []
            yield Said(about=f"forbidden:{gate.id}", message=joined([message, *because]))
    advice = state.recommendation
    if advice is None or advice.verdict != "go_with_conditions":
        yield from (_gate(gate) for gate in _open(state))


def _asked(one: ConditionStands) -> Said:
    """A condition of the decision that holds."""
    message = say(
        "{what} ({owner}, by {day:d MMMM y}): {state}.",
        what=what(one),
        owner=one.condition.owner,
        day=one.condition.due,
        state=STATES[one.state],
    )
    return Said(about=f"condition:{one.condition.id}", message=message)


def _open(state: TrialState) -> Iterator[GateView]:
    """The required gates that are open and no condition of the decision asks for."""
    asked = {one.condition.gate for one in state.conditions}
    return (
        gate
        for gate in state.gates
        if gate.required and gate.state == "open" and gate.id not in asked
    )


def _gate(gate: GateView) -> Said:
    name = gate_name(gate.id)
    message = say("{gate} is not closed.", gate=name)
    if gate.responsible:
        message = say("{gate} is not closed ({who}).", gate=name, who=gate.responsible)
    return Said(about=f"gate:{gate.id}", message=message)


def _shared(one: Finding, trial: Trial) -> Shared:
    values = {"id": one.id, "text": one.text, "kind": KINDS[one.kind], "how": how_far(one)}
    if one.kind == "experience":
        message = say("{id}: {text}", **values)
        if one.measure:
            message = say("{id}: {text} – {measure}", **values, measure=one.measure)
    else:
        done = measure_and_owner(one)
        message = say("{id}, {kind}: {text} – {what}: {how}", **values, what=done)
    return Shared(
        finding=one.id,
        kind=one.kind,
        status=one.status,
        areas=one.areas or (trial.area,),
        message=message,
    )
