"""The registration for the case file: what was agreed before the trial, on paper."""

from __future__ import annotations

from collections.abc import Sequence

from htkeval.decision import GATE_NAMES
from htkeval.deviation import Deviation
from htkeval.metric import Metric
from htkeval.plan import Covariate, Exclusion
from htkeval.registration import Registration
from htkeval.reporting import promise as said
from htkeval.reporting.deviations import headed
from htkeval.reporting.sentences import as_text, quoted
from htkeval.reporting.sheet_of_paper import Sheet
from htkeval.text import Language, Text, render, say
from htkeval.trial import Trial

KNOWN_BY = {
    "oidc": say("logged in"),
    "proxy": say("logged in at the gateway"),
    "declared": say("by own declaration"),
    "os": say("by the computer's account"),
}
"""How the person who registered is known."""

_SOURCES = {
    "timed": say("Taken with a clock."),
    "system_log": say("Read from a system."),
    "self_reported": say("Told by the participants."),
    "banded": say("Told by the participants, in broad steps."),
    None: say("How it is measured is not stated; it counts as told by the participants."),
}


def printed(
    promise: Registration,
    deviations: Sequence[Deviation] = (),
    *,
    municipality: str,
    in_time: bool,
    language: Language,
) -> bytes:
    """The paper as a PDF; the same promise and deviations give the same bytes.

    Args:
        promise: What was frozen.
        deviations: What was changed and told since, oldest first; they get a section of their own.
        municipality: Whose trial it is.
        in_time: Whether it was frozen before the first measurement with the tool.
        language: Of every word but the trial's own.
    """
    trial = promise.definition
    kind = say("Registration of a trial")
    sheet = Sheet(
        title=f"{trial.title}: {render(kind, language)}",
        head=f"{municipality} · {render(kind, language)}",
        foot=render(say("Fingerprint {hash}", hash=promise.fingerprint[:16]), language),
        at=promise.at,
        language=language,
    )
    sheet.title(trial.title, say("What was agreed before the trial"))
    if promise.simulated:
        sheet.box(
            say("Simulated figures. The measurements of this trial are invented to try the tool.")
        )
    sheet.box(_frozen(promise))
    if not in_time:
        late = say("Work with AI began before this was frozen: not registered in time, for good.")
        sheet.box(late, alarming=True)
    _question(sheet, trial)
    _figures(sheet, promise)
    _analysis(sheet, promise)
    _conditions(sheet, trial)
    if deviations:
        sheet.section(say("Deviations since then"))
        for one in deviations:
            sheet.box(headed(one), alarming=one.grave)
    _record(sheet, promise)
    return sheet.finished()


def _frozen(promise: Registration) -> Text:
    return say(
        "{who} froze this on {day}. What is written here cannot be changed unseen: a later change "
        "is a deviation, with who, when and why, and stands beside every result.",
        who=promise.by.name,
        day=promise.at.date(),
    )


def _question(sheet: Sheet, trial: Trial) -> None:
    sheet.section(say("What the trial answers"))
    sheet.row(say("Question"), trial.question)
    sheet.row(say("Where"), trial.area)
    sheet.row(say("When"), say("{starts} to {ends}", starts=trial.starts, ends=trial.ends))
    sheet.row(say("Compared"), said.arms(trial))
    sheet.row(say("Plan"), said.design(trial))
    sheet.row(say("Expected"), said.forecast(trial))


def _figures(sheet: Sheet, promise: Registration) -> None:
    trial = promise.definition
    sheet.section(say("What is measured"))
    source = _SOURCES[trial.primary.source]
    sheet.row(say("Decides"), [said.primary(trial), source])
    if promise.estimand is not None:
        sheet.row(say("Precisely"), promise.estimand)
    guardrails = [metric for metric in trial.metrics if metric.role == "guardrail"]
    limits = [_limit(metric) for metric in guardrails] or [said.guardrails(trial)]
    sheet.row(say("Must not get worse"), limits)
    others = [metric.label for metric in trial.metrics if metric.role == "secondary"]
    if others:
        sheet.row(say("Also shown"), others)
    if trial.hard_stops:
        sheet.row(say("Must not happen"), [stop.text for stop in trial.hard_stops])


def _limit(metric: Metric) -> Text:
    if metric.kind == "duration":
        return said.limit(metric)
    blind = (
        say("Judged by people who do not know who used AI.")
        if metric.blind
        else say("Whoever judges may know who used AI.")
    )
    return say("{limit} {blind}", limit=said.limit(metric), blind=blind)


def _analysis(sheet: Sheet, promise: Registration) -> None:
    trial = promise.definition
    sheet.section(say("How the result is found"))
    sheet.row(say("Method"), said.method(promise))
    sheet.row(say("When"), said.looks(trial))
    if promise.information:
        sheet.row(say("Looks"), said.limits(promise))
    if trial.covariates:
        sheet.row(say("Taken into account"), [_covariate(one) for one in trial.covariates])
    left_out = [_rule(trial, one) for one in trial.exclusions]
    left_out = left_out or [say("Nothing is left out by a rule.")]
    sheet.row(say("Left out"), left_out)
    if trial.analysis.effect_modifiers:
        groups = tuple(_column(name) for name in trial.analysis.effect_modifiers)
        sheet.row(say("Also by group"), say("{names}", names=groups))


def _covariate(one: Covariate) -> Text:
    if one.scale == "linear":
        return _column(one.column)
    scale = say("as groups") if one.scale == "category" else say("by its logarithm")
    return say("{column} ({scale})", column=_column(one.column), scale=scale)


def _column(name: str) -> Text:
    """A column by its name in the sheet, so that nobody takes it for a word."""
    return say("the column “{name}”", name=name)


def _rule(trial: Trial, one: Exclusion) -> Text:
    """What is left out and why, by the label of what is measured in that column."""
    read = (metric.label for metric in trial.metrics if metric.parts == one.parts[:1])
    what = next((quoted(label) for label in read), say("A rule"))
    return say("{what} (“{rule}”): {why}", what=what, rule=one.rule, why=one.reason)


def _conditions(sheet: Sheet, trial: Trial) -> None:
    needed = [as_text(GATE_NAMES.get(gate.id, gate.id)) for gate in trial.gates if gate.required]
    if needed:
        sheet.section(say("What must be in place before it can be scaled"))
        sheet.row(say("Conditions"), say("{all}.", all=tuple(needed)))
    if trial.retention is not None:
        until = say("Participants are known until {day:d MMMM y}.", day=trial.retention.until)
        sheet.section(say("How long people are known"))
        sheet.row(say("Until"), until)


def _record(sheet: Sheet, promise: Registration) -> None:
    sheet.section(say("How this paper is checked"))
    moment = f"{promise.at:%H.%M}" if sheet.language == "da" else f"{promise.at:%H:%M}"
    sheet.row(
        say("Frozen by"),
        say("{who} ({how})", who=promise.by.name, how=KNOWN_BY[promise.by.known_by]),
    )
    sheet.row(say("Frozen on"), say("{day}, {time} UTC", day=promise.at.date(), time=moment))
    sheet.row(say("Policy"), said.policy(promise))
    if promise.software:
        sheet.row(say("Program"), promise.software)
    sheet.row(say("Fingerprint"), [promise.fingerprint[:32], promise.fingerprint[32:]])
    sheet.row(
        say("To check"),
        say(
            "The command htkeval verify computes the fingerprint (SHA-256) again from what is "
            "stored; one changed letter gives another."
        ),
    )
